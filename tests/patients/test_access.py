"""The only door to patients: who gets through, to whom, and that looking is written down."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import Http404

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.patients.access import WORKS_WITH_PATIENTS, patient_for, patients_for
from stillroom.patients.models import Look
from tests.cast import Cast


def working(cast: Cast, role: str) -> Actor:
    return Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({role}))


@pytest.mark.parametrize("role", Role.values)
def test_only_roles_that_work_with_patients_see_any(cast: Cast, role: str) -> None:
    with clinic_scope(cast.clinic.pk):
        seen = set(patients_for(working(cast, role)))
    assert seen == ({cast.patient, cast.neighbour} if role in WORKS_WITH_PATIENTS else set())


def test_a_patient_of_another_clinic_does_not_exist(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        for patient_id in (cast.other_patient.pk, uuid4()):
            with pytest.raises(Http404):
                patient_for(working(cast, "nurse"), patient_id)


def test_a_person_sees_their_own_record_and_not_a_neighbours(cast: Cast) -> None:
    pat = Actor(Proof.SIGN_IN, cast.pat)
    with person_scope(cast.pat.pk):
        assert patient_for(pat, cast.patient.pk) == cast.patient
        with pytest.raises(Http404):
            patient_for(pat, cast.neighbour.pk)


def test_nobody_sees_nothing(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        assert not patients_for(Actor()).exists()


def test_that_staff_looked_is_written_down_and_the_patient_may_read_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        patient_for(working(cast, "nurse"), cast.patient.pk)
    with person_scope(cast.pat.pk):
        assert [look.by for look in Look.objects.all()] == [f"person:{cast.ben.pk}"]
