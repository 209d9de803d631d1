"""The pages for two records of one patient: found, compared, merged with a reason, undone, and whom they refuse."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.patients.models import Look, Patient, RecordMerge
from tests.cast import Cast, signed_in


@pytest.fixture
def ben(cast: Cast) -> Client:
    return signed_in(cast.ben)


@pytest.fixture
def second(cast: Cast) -> Patient:
    """Pat is here a second time, written down in a hurry."""
    with clinic_scope(cast.clinic.pk):
        return Patient.objects.create(
            clinic=cast.clinic, identifier="1017", given_name="Patrizia", family_name="Example", birth_date="1984-05-17"
        )


def both(cast: Cast, second: Patient) -> str:
    return f"/office/patients/{cast.patient.pk}/merge/{second.pk}/"


def merged(ben: Client, cast: Cast, second: Patient) -> str:
    answer = ben.post(both(cast, second), {"reason": "asked her", "given_name": "kept"})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_whoever_may_be_the_same_is_offered_and_anybody_can_be_found(ben: Client, cast: Cast, second: Patient) -> None:
    address = f"/office/patients/{cast.patient.pk}/merge/"
    assert both(cast, second) in ben.get(address).text
    assert both(cast, second) in ben.post(address, {"typed": "1017"}).text
    assert "Nobody else here is called that" in ben.post(address, {"typed": "Nobody"}).text


def test_what_differs_has_to_be_chosen_and_why_has_to_be_said(ben: Client, cast: Cast, second: Patient) -> None:
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=second.pk).update(birth_date="1948-05-17")
    page = ben.get(both(cast, second)).text
    assert "17 May 1984" in page
    assert "17 May 1948" in page
    refused = ben.post(both(cast, second), {"given_name": "kept"})
    assert refused.status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not RecordMerge.objects.exists()


def test_afterwards_both_names_and_numbers_lead_to_the_one_record(ben: Client, cast: Cast, second: Patient) -> None:
    merged(ben, cast, second)
    page = f"/office/patients/{cast.patient.pk}/"
    for typed in ("1017", "Patrizia", "T-patient", "Pat"):
        assert page in ben.post("/office/patients/", {"typed": typed}).text
    assert "1017" in ben.get(page).text
    assert "1017" in ben.get(f"/office/patients/{second.pk}/").text
    assert f"/office/patients/{second.pk}/" not in ben.get("/office/patients/").text


def test_a_new_patient_is_held_to_the_names_of_merged_records_too(ben: Client, cast: Cast, second: Patient) -> None:
    merged(ben, cast, second)
    new = {"given_name": "Patrizia", "family_name": "Example", "birth_date": "2 March 1990", "sex": "female"}
    answer = ben.post("/office/patients/new/", new)
    assert answer.status_code == 409
    assert f"/office/patients/{cast.patient.pk}/" in answer.text


def test_it_is_undone_with_a_reason(ben: Client, cast: Cast, second: Patient) -> None:
    address = merged(ben, cast, second)
    assert ben.post(address, {}).status_code == 422
    assert ben.post(address, {"reason": "her sister"}).status_code == 302
    assert f"/office/patients/{second.pk}/" in ben.get("/office/patients/").text
    assert "her sister" in ben.get(address).text
    assert ben.post(address, {"reason": "again"}).status_code == 409


def test_one_record_is_not_two_and_none_of_another_clinic_is_either(ben: Client, cast: Cast) -> None:
    for other in (cast.patient.pk, cast.other_patient.pk, uuid4()):
        assert ben.get(f"/office/patients/{cast.patient.pk}/merge/{other}/").status_code == 404


def test_a_patient_still_reads_who_looked_at_the_record_that_is_part_of_theirs(
    ben: Client, cast: Cast, second: Patient
) -> None:
    ben.get(f"/office/patients/{second.pk}/")
    merged(ben, cast, second)
    with person_scope(cast.pat.pk):
        assert Look.objects.filter(patient=second.pk).exists()
    with person_scope(cast.kim.pk):
        assert not Look.objects.filter(patient=second.pk).exists()
