"""What is known of a patient: a weight as typed, allergies as stated; that nobody asked is not that there are none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import DecimalField, FloatField

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.patients.known import (
    allergies_of,
    state_allergies,
    state_none_known,
    weigh,
    weight_of,
)
from stillroom.patients.models import AllergyStatement, Answer, Patient
from tests.cast import Cast


@pytest.fixture
def ben(cast: Cast) -> Iterator[Actor]:
    with clinic_scope(cast.clinic.pk):
        yield Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({"nurse"}))


def test_of_a_new_patient_nobody_has_asked_anything(cast: Cast, ben: Actor) -> None:
    new = Patient.objects.get(pk=cast.neighbour.pk)
    assert allergies_of(new) is None
    assert weight_of(new) is None
    assert {new.motion_sickness, new.nausea_after_anaesthesia, new.smokes} == {Answer.NOT_ASKED}


def test_none_known_is_said_by_somebody(cast: Cast, ben: Actor) -> None:
    said = state_none_known(cast.neighbour, ben)
    assert allergies_of(cast.neighbour) == ()
    assert said.stated_by == cast.ben


def test_the_newest_statement_counts_and_the_others_stay(cast: Cast, ben: Actor) -> None:
    state_none_known(cast.neighbour, ben)
    state_allergies(cast.neighbour, ["penicillin (rash)", " latex "], ben)
    assert allergies_of(cast.neighbour) == ("penicillin (rash)", "latex")
    assert AllergyStatement.objects.filter(patient=cast.neighbour).count() == 2


def test_to_name_nothing_is_not_to_say_none(cast: Cast, ben: Actor) -> None:
    with pytest.raises(Refused, match="no_substance_named"):
        state_allergies(cast.neighbour, [" "], ben)


@pytest.mark.parametrize(("is_none_known", "substances"), [(True, ["latex"]), (False, [])])
def test_a_statement_that_says_both_or_neither_cannot_be_kept(
    cast: Cast, ben: Actor, is_none_known: bool, substances: list[str]
) -> None:
    with pytest.raises(IntegrityError, match="none_known_or_listed"), transaction.atomic():
        AllergyStatement.objects.create(
            clinic=cast.clinic,
            patient=cast.patient,
            is_none_known=is_none_known,
            substances=substances,
            stated_by=cast.ben,
        )


def test_a_weight_is_kept_as_it_was_typed(cast: Cast, ben: Actor) -> None:
    assert weigh(cast.neighbour, "70.50", ben).weight_kg == Decimal("70.50")
    assert weight_of(cast.neighbour).weight_kg == Decimal("70.50")  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", [".5", "70,5", "1 70", "7e1", "70.555", "٧٠", "0", "1000", ""])
def test_what_is_no_weight_is_refused_and_never_changed(cast: Cast, ben: Actor, typed: str) -> None:
    with pytest.raises(Refused):
        weigh(cast.neighbour, typed, ben)
    assert weight_of(cast.neighbour) is None


def test_pounds_for_kilograms_need_a_reason(cast: Cast, ben: Actor) -> None:
    with pytest.raises(Refused, match="weight_differs_from_last"):
        weigh(cast.patient, "154", ben)
    assert weigh(cast.patient, "82", ben, reason="fluid, seen by Dr Okafor").reason == "fluid, seen by Dr Okafor"
    assert weigh(cast.patient, "82", ben, reason="not needed").reason == ""


@pytest.mark.parametrize("table", ["patients_weight", "patients_allergystatement", "patients_look"])
def test_what_was_measured_or_said_is_never_overwritten(cast: Cast, ben: Actor, table: str) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_no_amount_of_a_patient_is_kept_as_a_float_or_without_its_unit() -> None:
    rooms = ("clinics", "patients", "protocols")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    columns = [field for model in models for field in model._meta.fields]
    assert not [field for field in columns if isinstance(field, FloatField)]
    amounts = {field.name for field in columns if isinstance(field, DecimalField)}
    bands = {"hard_low", "soft_low", "typical", "soft_high", "hard_high"}  # their quantity's name carries the unit
    assert amounts - bands == {"height_cm", "weight_kg", "concentration_mg_per_ml"}
