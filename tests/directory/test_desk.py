"""The editors' pages, by request: from an application to a clinic that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.directory import deciding
from stillroom.directory.models import Judgement, Listing, Removal
from stillroom.directory.publishing import today
from stillroom.directory.records import signed
from tests.cast import Cast, signed_in
from tests.directory.listed import another_editor, applied, listed, newest_said, said_about
from tests.directory.test_records import KEY, PUBLIC, SAID


@pytest.fixture(autouse=True)
def kept_by_alder(cast: Cast) -> Iterator[None]:
    with override_settings(DIRECTORY_RUN_BY="Test", PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield


def test_an_editor_takes_an_application_up_and_judges_it_into_the_list(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        application = applied(cast)
    edi = signed_in(cast.edi)
    assert "Alder House (invented)" in edi.get("/directory/desk/").content.decode()
    address = edi.post(f"/directory/desk/applications/{application.pk}/").headers["Location"]
    page = edi.get(address).content.decode()
    assert "not listed" in page
    with clinic_scope(cast.clinic.pk):
        said = newest_said(Listing.objects.get())
    for each in said:
        answer = edi.post(f"/directory/desk/statements/{each.pk}/", {f"{each.pk}-verdict": "stated"})
        assert answer.status_code == 302
    assert "Let stand as the clinic’s word" in edi.get(address).content.decode()
    assert "Alder House (invented)" in Client().get("/directory/").content.decode()


def test_what_an_editor_typed_stands_again_with_what_to_do(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        said = said_about(listed(cast), "flow")
    answer = signed_in(cast.edi).post(
        f"/directory/desk/statements/{said.pk}/",
        {f"{said.pk}-verdict": "refused", f"{said.pk}-reason": "It drips freely"},
    )
    assert answer.status_code == 422
    assert "another editor must agree" in answer.content.decode()
    assert "It drips freely" in answer.content.decode()


def test_one_proposes_and_another_agrees_on_their_pages(cast: Cast) -> None:
    other = another_editor(cast)
    with clinic_scope(cast.clinic.pk):
        listing = listed(cast)
    edi, ola = signed_in(cast.edi), signed_in(other)
    edi.post(f"/directory/desk/clinics/{listing.pk}/remove/", {"reason": "Strangers in a circle"})
    with clinic_scope(cast.clinic.pk):
        removal = Removal.objects.get()
    page = edi.get(f"/directory/desk/clinics/{listing.pk}/").content.decode()
    assert "another editor must agree" in page
    assert "I agree" not in page
    refused = edi.post(f"/directory/desk/removals/{removal.pk}/agree/")
    assert (refused.status_code, "Another editor must agree" in refused.content.decode()) == (422, True)
    assert "I agree" in ola.get(f"/directory/desk/clinics/{listing.pk}/").content.decode()
    ola.post(f"/directory/desk/removals/{removal.pk}/agree/")
    assert "Alder House" not in Client().get("/directory/").content.decode()
    page = ola.get(f"/directory/desk/clinics/{listing.pk}/").content.decode()
    assert "taken out by two editors" in page
    assert "Strangers in a circle" in page
    assert "Strangers in a circle" not in Client().get("/directory/clinics.json").content.decode()


def test_a_reason_that_was_not_given_is_asked_for(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listing = listed(cast)
    edi = signed_in(cast.edi)
    assert edi.post(f"/directory/desk/clinics/{listing.pk}/remove/", {"reason": ""}).status_code == 422
    said = None
    with clinic_scope(cast.clinic.pk):
        said = said_about(listing, "flow")
    assert edi.post(f"/directory/desk/statements/{said.pk}/remove/", {"reason": " "}).status_code == 422


def test_an_application_is_turned_down_with_a_reason_that_stays_at_the_desk(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        application = applied(cast)
    edi = signed_in(cast.edi)
    assert edi.post(f"/directory/desk/applications/{application.pk}/", {"turn_down": "yes"}).status_code == 422
    edi.post(f"/directory/desk/applications/{application.pk}/", {"turn_down": "yes", "reason": "No such clinic"})
    assert "No such clinic" in edi.get(f"/directory/desk/applications/{application.pk}/").content.decode()
    again = edi.post(f"/directory/desk/applications/{application.pk}/")
    assert again.status_code == 422


def test_hostile_words_of_a_clinic_are_words_at_the_desk(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        application = applied(cast, name="<script>alert(1)</script>")
        page = signed_in(cast.edi).get("/directory/desk/").content.decode()
        assert "<script>alert" not in page
        listing = deciding.take_up(application, by=cast.edi)
    for path in (f"applications/{application.pk}/", f"clinics/{listing.pk}/"):
        assert "<script>alert" not in signed_in(cast.edi).get(f"/directory/desk/{path}").content.decode()


def test_a_signed_statement_is_pasted_verified_and_says_what_it_proves(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listing = listed(cast)
    address, edi = f"/directory/desk/clinics/{listing.pk}/", signed_in(cast.edi)
    file = signed(replace(SAID, from_day=today() - timedelta(days=30), until_day=today()), KEY)
    assert edi.post(f"{address}key/", {"public_key": PUBLIC}).status_code == 302
    assert edi.post(f"{address}records/", {"text": file.replace("\n", "\r\n")}).status_code == 302
    page = edi.get(address).content.decode()
    assert "Signed, and unchanged: 40 infusions" in page
    assert "Blood pressure at least every 10 min: 39 of 40 infusions" in page
    changed = edi.post(f"{address}records/", {"text": file.replace("39", "40")})
    assert changed.status_code == 422
    assert "The signature is not that of the registered key, or something was changed." in changed.content.decode()
    assert "&quot;signature&quot;" in changed.content.decode()
    assert "39 of 40 infusions" in edi.get(address).content.decode()


def test_a_judgement_names_who_made_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listed(cast)
        assert {each.judged_by for each in Judgement.objects.all()} == {cast.edi}
