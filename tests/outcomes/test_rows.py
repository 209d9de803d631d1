"""Who may add and read what: a patient their own rows, the clinic those of its patients, and nobody of it the notes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.outcomes.models import CheckIn, Note, Questionnaire, Reach, ReminderChoice, Wishes
from stillroom.patients.models import Patient
from tests.cast import Cast

DAY = date(2026, 11, 20)
ADDED: list[tuple[type[models.Model], dict[str, Any]]] = [
    (CheckIn, {"day": DAY, "low": 0}),
    (Questionnaire, {"day": DAY, "instrument": "phq9", "version": "v", "source": "patient", "total": 3}),
    (ReminderChoice, {"is_wanted": True}),
    (Wishes, {"music": "slow strings"}),
    (Note, {"day": DAY, "words": "the sea"}),
]


def add(model: type[models.Model], patient: Patient, **fields: Any) -> models.Model:
    by = f"person:{patient.person_id}"
    return model._default_manager.create(clinic_id=patient.clinic_id, patient=patient, by=by, **fields)


@pytest.mark.parametrize(("model", "fields"), ADDED, ids=lambda each: getattr(each, "__name__", ""))
def test_a_patient_adds_and_reads_their_own_and_nobody_elses(
    cast: Cast, model: type[models.Model], fields: dict[str, Any]
) -> None:
    rows = model._default_manager
    with person_scope(cast.pat.pk):
        add(model, cast.patient, **fields)
        assert rows.count() == 1
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            add(model, cast.neighbour, **fields)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.update(by="somebody else")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.all().delete()
    with person_scope(cast.kim.pk):
        assert rows.count() == 0
    with clinic_scope(cast.other_clinic.pk):
        assert rows.count() == 0
    with clinic_scope(cast.clinic.pk):
        assert rows.count() == (0 if model is Note else 1)


def test_nobody_of_the_clinic_writes_a_note_in_a_patients_name(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), clinic_scope(cast.clinic.pk):
        add(Note, cast.patient, day=DAY, words="not theirs")


def test_a_row_of_a_patient_stays_in_their_clinic(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="same_clinic"), person_scope(cast.pat.pk):
        CheckIn.objects.create(clinic=cast.other_clinic, patient=cast.patient, by="person:x", day=DAY, low=1)


def test_a_day_begins_once_and_each_entry_is_replaced_once(cast: Cast) -> None:
    with person_scope(cast.pat.pk):
        first = add(CheckIn, cast.patient, day=DAY, low=4)
        with pytest.raises(IntegrityError), transaction.atomic():
            add(CheckIn, cast.patient, day=DAY, low=5)
        add(CheckIn, cast.patient, day=DAY, low=5, replaces=first)
        with pytest.raises(IntegrityError), transaction.atomic():
            add(CheckIn, cast.patient, day=DAY, low=6, replaces=first)


@pytest.mark.parametrize("fields", [{}, {"low": 11}, {"sleep_h": 11}])
def test_an_empty_or_impossible_check_in_is_not_kept(cast: Cast, fields: dict[str, int]) -> None:
    with person_scope(cast.pat.pk), pytest.raises(IntegrityError), transaction.atomic():
        add(CheckIn, cast.patient, day=DAY, **fields)


def test_a_patient_reads_what_their_clinics_say_of_themselves_and_no_others(cast: Cast) -> None:
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk):
            Reach.objects.create(clinic=clinic, read_by="nurses", read_when="9 to 5", call_now="988")
    with person_scope(cast.pat.pk):
        assert [each.clinic_id for each in Reach.objects.all()] == [cast.clinic.pk]
        with pytest.raises(DatabaseError), transaction.atomic():
            Reach.objects.create(clinic=cast.clinic, read_by="x", read_when="x", call_now="1")
