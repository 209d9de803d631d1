"""Consents at the clinic: the text written by one and approved by another, signed on a screen or noted from paper."""

from __future__ import annotations

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.consent import Consented
from stillroom.patients.consents import consented, withdraw
from stillroom.patients.models import Consent, ConsentText
from stillroom.schedule.models import BeforeYouCome
from tests.bedside.house import planned
from tests.cast import Cast, signed_in
from tests.office.test_plan import address, fields_of, make_ready
from tests.patients.test_consents import text_of

TOLD = {
    "full_meal_h": "8", "light_meal_h": "6", "clear_fluids_h": "2", "fasting_source": "The anaesthetist here",
    "opens_door_with_adult": "on", "opens_door_stay_until_clear": "on", "price": "450 €", "price_covers": "All of it.",
}  # fmt: skip


def test_a_text_is_written_by_one_and_approved_by_another(cast: Cast) -> None:
    ada, ann = signed_in(cast.ada), signed_in(cast.ann)
    assert "Treatment with ketamine infusions" in ada.get("/office/consents/new/").content.decode()
    ada.post("/office/consents/new/", {"language": "en", "words": "What it is\nA drug.\n\nI agree."})
    with clinic_scope(cast.clinic.pk):
        (text,) = ConsentText.objects.all()
    assert "waits to be approved" in ann.get("/office/consents/").content.decode()
    assert "I have read all of it" not in ada.get(f"/office/consents/{text.pk}/").content.decode()
    own = ada.post(f"/office/consents/{text.pk}/approve/")
    assert own.status_code == 409
    assert "You wrote this text" in own.content.decode()
    assert "I have read all of it" in ann.get(f"/office/consents/{text.pk}/").content.decode()
    ann.post(f"/office/consents/{text.pk}/approve/")
    assert "<strong>in force</strong>" in ann.get("/office/consents/").content.decode()


def test_a_one_doctor_clinic_has_its_second_signer_approve(cast: Cast) -> None:
    signed_in(cast.ada).post("/office/consents/new/", {"language": "en", "words": "I agree."})
    with clinic_scope(cast.clinic.pk):
        (text,) = ConsentText.objects.all()
    sig = signed_in(cast.sig)
    assert sig.post(f"/office/consents/{text.pk}/approve/").status_code == 302
    assert sig.get("/office/consents/new/").status_code == 403


def test_approving_asks_for_a_fresh_sign_in(cast: Cast) -> None:
    signed_in(cast.ada).post("/office/consents/new/", {"language": "en", "words": "I agree."})
    with clinic_scope(cast.clinic.pk):
        (text,) = ConsentText.objects.all()
    assert signed_in(cast.ann, recently=False).post(f"/office/consents/{text.pk}/approve/").status_code == 403


def test_the_patient_signs_on_the_clinics_screen_and_who_saw_it_is_kept(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
    fay = signed_in(cast.fay)
    address = f"/office/patients/{cast.patient.pk}/consent/sign/"
    page = fay.get(address).content.decode()
    assert "What it is." in page
    assert 'aria-label="Stillroom"' not in page  # no bar: the screen is in the patient's hand
    assert "hand the screen back" in fay.post(address, {"text": text.pk, "name": "Pat Example"}).content.decode()
    with clinic_scope(cast.clinic.pk):
        kept = Consent.objects.get(text=text)
        assert (kept.how, kept.witnessed_by, kept.signed_name) == ("tablet", cast.fay, "Pat Example")


def test_a_paper_is_noted_with_its_day_as_a_version_of_the_text_in_force(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text = text_of(cast)
    fay, address = signed_in(cast.fay), f"/office/patients/{cast.patient.pk}/consent/"
    (content,) = (fay.get(f"{address}{text.pk}/paper/").content,)
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "What it is." in paper
    assert "version 1" in paper
    day = cast.clinic.today() - timedelta(days=3)
    said = {"text": text.pk, "name": "P. Example", "signed_on": f"{day:%d.%m.%Y}"}
    assert fay.post(address, said | {"signed_on": "1 May 2099"}).status_code == 422
    assert fay.post(address, said).status_code == 302
    with clinic_scope(cast.clinic.pk):
        kept = Consent.objects.get(text=text)
        assert (kept.how, kept.witnessed_by, kept.version) == ("paper", cast.fay, "1")
        assert kept.signed_at.astimezone(ZoneInfo("Europe/Dublin")).date() == day


def test_without_a_text_the_clinics_own_paper_is_noted(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        withdraw(cast.patient, by="-")
    said = {"version": "June 2026", "name": "Pat Example", "signed_on": f"{cast.clinic.today():%d.%m.%Y}"}
    signed_in(cast.ben).post(f"/office/patients/{cast.patient.pk}/consent/", said)
    with clinic_scope(cast.clinic.pk):
        assert consented(cast.patient) is Consented.SIGNED
        assert cast.patient.consents.first().version == "June 2026"  # type: ignore[union-attr]


def test_it_is_seen_on_the_patients_page_and_taken_back_in_one_act(cast: Cast) -> None:
    fay, page = signed_in(cast.fay), f"/office/patients/{cast.patient.pk}/"
    assert "Consent signed" in fay.get(page).content.decode()
    assert fay.post(f"{page}consent/back/").status_code == 302
    assert "Consent was taken back" in fay.get(page).content.decode()
    whole = fay.get(f"{page}consent/").content.decode()
    assert "of January 2026" in whole


def test_it_is_seen_at_the_order_at_its_signature_and_in_the_room_before_the_drip(cast: Cast) -> None:
    make_ready(cast)
    house = planned(cast)
    ada, ben = signed_in(cast.ada), signed_in(cast.ben)
    for stands in ("Consent signed", "Consent was taken back"):
        page = ada.get(address(cast)).content.decode()
        assert stands in page
        answer = ada.post(address(cast), fields_of(page), follow=True)
        assert "Sign this order?" in answer.content.decode()
        assert stands in answer.content.decode()
        assert stands in ben.get(house.href).content.decode()
        with clinic_scope(cast.clinic.pk):
            withdraw(cast.patient, by="-")


def test_a_start_on_the_page_says_what_is_missing_and_a_prescriber_answers_for_it(cast: Cast) -> None:
    house = planned(cast).make_ready()
    house.let_it_be_watched()
    with clinic_scope(cast.clinic.pk):
        withdraw(cast.patient, by="-")
    said = {"said_family_name": "Example", "said_born": "17 May 1984"}
    for who in (cast.ben, cast.ada):
        refused = house.post(signed_in(who), "start", **said)
        assert "took their consent back" in refused.content.decode()
    house.done(signed_in(cast.ada), "start", **said, reason="She wants it again, and signs when her hand is free.")


def test_the_clinics_facts_are_kept_as_versions_and_its_doors_with_them(cast: Cast) -> None:
    ann = signed_in(cast.ann)
    page = ann.get("/office/before-you-come/").content.decode()
    assert 'value="8"' in page
    assert "American Society of Anesthesiologists" in page
    assert ann.post("/office/before-you-come/", TOLD).status_code == 302
    ann.post("/office/before-you-come/", {**TOLD, "opens_door_with_adult": "", "price": "500 €"})
    with clinic_scope(cast.clinic.pk):
        assert [(each.number, each.price) for each in BeforeYouCome.objects.all()] == [(2, "500 €"), (1, "450 €")]
        clinic = Clinic.objects.get(pk=cast.clinic.pk)
        assert (clinic.opens_door_with_adult, clinic.opens_door_stay_until_clear) == (False, True)


@pytest.mark.parametrize(
    "typed",
    [
        {"clear_fluids_h": "9"}, {"full_meal_h": "25"}, {"light_meal_h": "5,5"}, {"price": ""}, {"fasting_source": ""},
        {"opens_door_with_adult": "", "opens_door_stay_until_clear": ""},
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_asked_again(cast: Cast, typed: dict[str, str]) -> None:
    assert signed_in(cast.ann).post("/office/before-you-come/", {**TOLD, **typed}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not BeforeYouCome.objects.exists()
