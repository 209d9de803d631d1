"""The desk's pages about patients: found, taken in, weighed, asked; nothing guessed, nobody twice unseen."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.patients.known import allergies_of, weight_of
from stillroom.patients.models import Answer, Patient, Weight
from tests.cast import Cast, signed_in

NEW = {
    "given_name": "Marta",
    "family_name": "Alder",
    "birth_date": "4 May 1985",
    "sex": "female",
    "height_cm": "168",
    "identifier": "",
}
SAID = {"motion_sickness": "yes", "nausea_after_anaesthesia": "unknown", "smokes": "not_asked"}


@pytest.fixture
def fay(cast: Cast) -> Client:
    return signed_in(cast.fay)


@pytest.fixture
def ben(cast: Cast) -> Client:
    return signed_in(cast.ben)


def address(cast: Cast, page: str = "") -> str:
    return f"/office/patients/{cast.patient.pk}/{page}"


def weights(cast: Cast) -> list[Weight]:
    with clinic_scope(cast.clinic.pk):
        return list(Weight.objects.filter(patient=cast.patient).select_related("measured_by"))


def patients_called(cast: Cast, family_name: str) -> list[Patient]:
    with clinic_scope(cast.clinic.pk):
        return list(Patient.objects.filter(family_name=family_name))


def test_the_front_desk_takes_a_patient_in_and_nothing_is_taken_for_granted(cast: Cast, fay: Client) -> None:
    answer = fay.post("/office/patients/new/", NEW, follow=True)
    (marta,) = patients_called(cast, "Alder")
    assert answer.redirect_chain == [(f"/office/patients/{marta.pk}/", 302)]
    assert marta.identifier == "3"
    page = answer.content.decode()
    assert "Not asked." in page
    assert "Not weighed yet" in page
    with clinic_scope(cast.clinic.pk):
        assert (allergies_of(marta), weight_of(marta), marta.motion_sickness) == (None, None, Answer.NOT_ASKED)


@pytest.mark.parametrize("typed", ["exam", "KIM", "t-neighbour", "17.05.1984", "17 May 1984", "example kim"])
def test_a_patient_is_found_by_what_one_knows_of_them(cast: Cast, fay: Client, typed: str) -> None:
    page = fay.post("/office/patients/", {"typed": typed}).content.decode()
    assert str(cast.neighbour.pk) in page


def test_nobody_is_found_by_a_name_that_is_not_theirs_and_a_record_is_offered(cast: Cast, fay: Client) -> None:
    page = fay.post("/office/patients/", {"typed": "Zimmer"}).content.decode()
    assert str(cast.patient.pk) not in page
    assert "/office/patients/new/" in page


def test_a_name_that_was_looked_for_never_stands_in_an_address(cast: Cast, fay: Client) -> None:
    assert 'method="post"' in fay.get("/office/patients/").content.decode()
    assert str(cast.neighbour.pk) in fay.get("/office/patients/?typed=Zimmer").content.decode()


def test_who_may_be_the_same_person_is_shown_before_there_are_two_records(cast: Cast, fay: Client) -> None:
    twice = {**NEW, "given_name": "Pat", "family_name": "Exámple"}
    answer = fay.post("/office/patients/new/", twice)
    assert answer.status_code == 409
    assert str(cast.patient.pk) in answer.content.decode()
    assert patients_called(cast, "Exámple") == []
    fay.post("/office/patients/new/", {**twice, "is_somebody_else": "on"})
    assert len(patients_called(cast, "Exámple")) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("birth_date", "1 January 2999"),
        ("birth_date", "31.02.1985"),
        ("birth_date", "last spring"),
        ("birth_date", "04.05.0085"),
        ("given_name", ""),
        ("height_cm", "1,68"),
        ("height_cm", "1.68"),
        ("identifier", "T-patient"),
    ],
)
def test_what_cannot_be_is_asked_again_and_nothing_is_lost(cast: Cast, fay: Client, field: str, typed: str) -> None:
    answer = fay.post("/office/patients/new/", {**NEW, field: typed})
    assert answer.status_code == 422
    assert patients_called(cast, "Alder") == []
    kept = re.search(rf'name="{field}" value="([^"]*)"', answer.content.decode())
    assert (kept[1] if kept else "") == typed


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_two_who_change_one_record_both_are_read(cast: Cast, fay: Client, ben: Client) -> None:
    """The second is shown what the first wrote, keeps what they typed, and is asked again."""
    drawn = seen_on(fay.get(address(cast, "change/")).content.decode())
    first = {**NEW, "identifier": "T-patient", "seen": drawn}
    assert ben.post(address(cast, "change/"), {**first, "given_name": "Patricia"}).status_code == 302
    answer = fay.post(address(cast, "change/"), {**first, "given_name": "Patrick"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Patricia" in page
    assert 'value="Patrick"' in page
    assert (
        fay.post(address(cast, "change/"), {**first, "given_name": "Patrick", "seen": seen_on(page)}).status_code == 302
    )
    assert [each.given_name for each in patients_called(cast, "Alder")] == ["Patrick"]


def test_a_weight_has_who_and_when(cast: Cast, ben: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ben.post(
        address(cast, "weight/"), {"weight_kg": "71.2", "measured_on": f"{yesterday:%d.%m.%Y}", "measured_at": "09:05"}
    )
    found = next(each for each in weights(cast) if each.weight_kg == Decimal("71.2"))
    assert found.measured_by == cast.ben
    with timezone.override("Europe/Dublin"):
        assert f"{timezone.localtime(found.measured_at):%H:%M}" == "09:05"


@pytest.mark.parametrize(
    "typed", [".5", "70,2", "1.500", "1 000", "\u0667\u0660", "7e1", "+70", "070", "70.", "7", "700"]
)
@pytest.mark.parametrize("language", ["en-gb", "de", "ar"])
def test_a_weight_that_is_not_written_in_the_one_way_is_refused(
    cast: Cast, ben: Client, typed: str, language: str
) -> None:
    answer = ben.post(address(cast, "weight/"), {"weight_kg": typed}, headers={"accept-language": language})
    assert answer.status_code == 422
    assert len(weights(cast)) == 1


def test_pounds_are_shown_as_kilograms_first_and_kilograms_are_kept(cast: Cast, ben: Client) -> None:
    """154 lb are 69.85 kg (154 x 0.45359237 = 69.8532...): SR-02's own example."""
    page = ben.post(address(cast, "weight/"), {"weight_lb": "154"}).content.decode()
    assert "69.85 kg" in page
    assert len(weights(cast)) == 1
    ben.post(address(cast, "weight/"), {"weight_kg": "69.85"})
    assert weights(cast)[0].weight_kg == Decimal("69.85")


def test_pounds_taken_for_kilograms_ask(cast: Cast, ben: Client) -> None:
    answer = ben.post(address(cast, "weight/"), {"weight_kg": "154"})
    assert answer.status_code == 422
    assert "69.85 kg, read in pounds?" in answer.content.decode()
    assert len(weights(cast)) == 1
    ben.post(address(cast, "weight/"), {"weight_kg": "154", "reason": "another scale, twice"})
    assert weights(cast)[0].reason == "another scale, twice"


def test_a_weight_of_tomorrow_is_refused(cast: Cast, ben: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = ben.post(address(cast, "weight/"), {"weight_kg": "70", "measured_on": f"{tomorrow:%d.%m.%Y}"})
    assert answer.status_code == 422
    assert len(weights(cast)) == 1


def test_none_known_named_and_not_asked_are_three_things(cast: Cast, ben: Client) -> None:
    page = ben.get(f"/office/patients/{cast.neighbour.pk}/").content.decode()
    assert "Not asked." in page
    ben.post(address(cast, "allergies/"), {"said": "none_known"})
    assert "None known." in ben.get(address(cast)).content.decode()
    ben.post(address(cast, "allergies/"), {"said": "named", "substances": "penicillin: rash\nlatex"})
    assert "penicillin: rash; latex" in ben.get(address(cast)).content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"said": "named", "substances": " , "}, {"said": "none_known", "substances": "latex"}]
)
def test_an_answer_about_allergies_that_says_two_things_or_none_is_asked_again(
    cast: Cast, ben: Client, said: dict[str, str]
) -> None:
    assert ben.post(address(cast, "allergies/"), said).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert cast.patient.allergy_statements.count() == 1


def test_easily_sick_has_four_answers(cast: Cast, ben: Client) -> None:
    ben.post(address(cast, "nausea/"), SAID)
    with clinic_scope(cast.clinic.pk):
        asked = Patient.objects.get(pk=cast.patient.pk)
    assert (asked.motion_sickness, asked.nausea_after_anaesthesia, asked.smokes) == ("yes", "unknown", "not_asked")


@pytest.mark.parametrize("page", ["allergies/", "nausea/"])
def test_the_front_desk_asks_no_clinical_question(cast: Cast, fay: Client, page: str) -> None:
    assert fay.post(address(cast, page), {"said": "none_known", **SAID}).status_code == 403


@pytest.mark.parametrize("page", ["", "change/", "weight/", "allergies/", "nausea/"])
def test_a_patient_of_another_clinic_is_not_there(cast: Cast, ben: Client, page: str) -> None:
    assert ben.get(f"/office/patients/{cast.other_patient.pk}/{page}").status_code == 404
