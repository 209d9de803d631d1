"""Records from elsewhere: sent once by a link, kept whole, judged by content, and in the record only when taken in."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stillroom.clinics.rows import clinic_scope, open_link, row_transaction
from stillroom.intake.models import Link, Sent, SentFile, SentItem
from stillroom.intake.receiving import MOST_FILES
from stillroom.patients.history import items_of
from stillroom.patients.known import allergies_of
from stillroom.patients.models import AllergyStatement
from stillroom.schedule.models import Appointment
from tests.bedside.house import planned
from tests.cast import Cast, signed_in
from tests.exchange.test_sent import FILES, bundle, resource

SAYS = {
    "sender": "Dr Weber, Quay Street",
    "about_name": "Pat Example",
    "about_born": "17 May 1984",
    "words": "Thank you for seeing her.",
}
PAT = resource("Patient", name=[{"family": "Example", "given": ["Pat"]}], birthDate="1984-05-17")
LITHIUM = resource("MedicationStatement", status="active", medicationCodeableConcept={"text": "Lithium 450 mg"})
ASTHMA = resource("Condition", code={"text": "Asthma"})
LATEX = resource("AllergyIntolerance", code={"text": "Latex"})
SHOT = resource("Immunization", status="completed")
SUMMARY = bundle(PAT, LITHIUM, ASTHMA, LATEX, SHOT)


def link_of(cast: Cast) -> str:
    page = signed_in(cast.fay).post("/intake/sent/new/", {"for_whom": "Dr Weber", "days": "14"})
    found = re.search(r"http://testserver(/intake/send/[\w-]{43}/)", page.content.decode())
    assert found is not None
    return found[1]


def file_of(content: bytes, name: str = "summary.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def content_of(file: SentFile) -> bytes:
    return b"".join(bytes(piece.content) for piece in file.pieces.all())


def downloaded(answer: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(whole)()


def sent_by(link: str, *files: SimpleUploadedFile, **said: str) -> int:
    return Client(enforce_csrf_checks=True).post(link, {**SAYS, **said, "files": list(files)}).status_code


def the_sent(cast: Cast) -> Sent:
    with clinic_scope(cast.clinic.pk):
        return Sent.objects.get()


def items(cast: Cast) -> dict[str, str]:
    with clinic_scope(cast.clinic.pk):
        return {item.words: str(item.pk) for item in SentItem.objects.all()}


def test_what_was_sent_is_kept_byte_for_byte_and_shown_with_who_and_when(cast: Cast) -> None:
    assert sent_by(link_of(cast), file_of(SUMMARY), file_of(b"%PDF-1.7 x", "letter.pdf")) == 302
    with clinic_scope(cast.clinic.pk):
        assert {content_of(each) for each in SentFile.objects.all()} == {SUMMARY, b"%PDF-1.7 x"}
    page = signed_in(cast.ben).get(f"/intake/sent/{the_sent(cast).pk}/").content.decode()
    for words in ("Dr Weber, Quay Street", "Thank you for seeing her.", "Lithium 450 mg", "letter.pdf", "Immunization"):
        assert words in page


def test_nothing_is_in_the_record_before_it_is_taken_in_item_by_item(cast: Cast) -> None:
    sent_by(link_of(cast), file_of(SUMMARY))
    with clinic_scope(cast.clinic.pk):
        assert not items_of(cast.patient)
    found, path = items(cast), f"/intake/sent/{the_sent(cast).pk}/"
    typed = {"patient": str(cast.patient.pk), found["Lithium 450 mg"]: "taken", found["Asthma"]: "left"}
    assert signed_in(cast.ben).post(path, typed).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert [(each.kind, each.words) for each in items_of(cast.patient)] == [("medicine", "Lithium 450 mg, active")]
        assert allergies_of(cast.patient) == ()
        assert not items_of(cast.neighbour)
    page = signed_in(cast.ben).get(path).content.decode()
    assert "Read by Ben Osei" in page
    assert "Latex" in page  # still to be decided


def test_an_allergy_in_a_letter_is_added_to_those_on_record(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        AllergyStatement.objects.create(
            clinic=cast.clinic, patient=cast.patient, is_none_known=False, substances=["penicillin"], stated_by=cast.ben
        )
    sent_by(link_of(cast), file_of(SUMMARY))
    typed = {"patient": str(cast.patient.pk), items(cast)["Latex"]: "taken"}
    signed_in(cast.ben).post(f"/intake/sent/{the_sent(cast).pk}/", typed)
    with clinic_scope(cast.clinic.pk):
        assert allergies_of(cast.patient) == ("penicillin", "Latex")


def test_the_link_takes_one_sending_and_shows_nothing_of_anybody(cast: Cast) -> None:
    link = link_of(cast)
    assert "Example" not in Client().get(link).content.decode()
    assert sent_by(link, file_of(SUMMARY)) == 302
    again = Client().post(link, {**SAYS, "files": [file_of(b"more", "more.txt")]})
    assert "Received, thank you" in again.content.decode()
    assert "Lithium" not in again.content.decode()
    with clinic_scope(cast.clinic.pk):
        assert SentFile.objects.count() == 1


def test_a_revoked_link_takes_nothing(cast: Cast) -> None:
    link = link_of(cast)
    with clinic_scope(cast.clinic.pk):
        pk = Link.objects.get().pk
    signed_in(cast.fay).post(f"/intake/links/{pk}/revoke/")
    assert sent_by(link, file_of(SUMMARY)) == 404


def test_a_bundle_of_two_patients_is_kept_and_nothing_of_it_offered(cast: Cast) -> None:
    other = resource("Patient", name=[{"family": "Birch"}], birthDate="1990-01-01")
    sent_by(link_of(cast), file_of(bundle(PAT, other, ASTHMA)))
    assert items(cast) == {}
    page = signed_in(cast.ben).get(f"/intake/sent/{the_sent(cast).pk}/").content.decode()
    assert "This file is about 2 people" in page
    assert "condition: Asthma" in page


def test_a_file_about_somebody_else_is_kept_and_nothing_of_it_can_be_taken_in(cast: Cast) -> None:
    other = resource("Patient", name=[{"family": "Birch"}], birthDate="1990-01-01")
    sent_by(link_of(cast), file_of(bundle(other, LITHIUM)))
    path = f"/intake/sent/{the_sent(cast).pk}/"
    assert "nothing of it is offered. Ask the sender" in signed_in(cast.ben).get(path).content.decode()
    signed_in(cast.ben).post(path, {"patient": str(cast.patient.pk), items(cast)["Lithium 450 mg"]: "taken"})
    with clinic_scope(cast.clinic.pk):
        assert not items_of(cast.patient)


@pytest.mark.parametrize("name", ["letter.pdf", "scan.png"])
def test_a_file_that_lies_about_its_type_is_kept_named_and_never_run(cast: Cast, name: str) -> None:
    evil = b"<html><script>alert(1)</script></html>"
    sent_by(link_of(cast), file_of(evil, name))
    ben = signed_in(cast.ben)
    assert "its name says something else" in ben.get(f"/intake/sent/{the_sent(cast).pk}/").content.decode()
    with clinic_scope(cast.clinic.pk):
        pk = SentFile.objects.get().pk
    answer = ben.get(f"/intake/sent/files/{pk}/")
    assert downloaded(answer) == evil
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_too_many_files_are_refused_with_a_word_and_the_link_is_still_good(cast: Cast) -> None:
    link = link_of(cast)
    many = [file_of(b"x", f"{n}.txt") for n in range(MOST_FILES + 1)]
    answer = Client().post(link, {**SAYS, "files": many})
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()
    assert sent_by(link, many[0]) == 302


def test_what_is_typed_wrong_is_asked_again(cast: Cast) -> None:
    link = link_of(cast)
    assert sent_by(link, file_of(SUMMARY), about_born="31 February 1984") == 422
    assert sent_by(link, words="") == 422
    with clinic_scope(cast.clinic.pk):
        assert not Sent.objects.exists()


def test_records_of_who_comes_tomorrow_stand_first_until_they_are_read(cast: Cast) -> None:
    sent_by(link_of(cast), file_of(SUMMARY))
    with clinic_scope(cast.clinic.pk):
        zone = ZoneInfo(cast.clinic.time_zone)
        starts_at = datetime.combine(cast.clinic.today() + timedelta(days=1), time(9), zone)
        ends_at = starts_at + timedelta(hours=2)
        Appointment.objects.create(
            clinic=cast.clinic, patient=cast.patient, room=cast.room, starts_at=starts_at, ends_at=ends_at,
            made_by=cast.fay,
        )  # fmt: skip
    ben = signed_in(cast.ben)
    for path in ("/intake/sent/", "/office/", "/office/coming/"):
        page = ben.get(path).content.decode()
        assert "Pat Example: <strong>nobody has read</strong> what Dr Weber, Quay Street sent" in page
        assert f"/intake/sent/{the_sent(cast).pk}/" in page
    at_the_desk = signed_in(cast.fay).get("/office/").content.decode()
    assert "Pat Example: <strong>nobody has read</strong>" in at_the_desk
    assert "/intake/sent/" + str(the_sent(cast).pk) not in at_the_desk
    ben.post(f"/intake/sent/{the_sent(cast).pk}/", {"patient": str(cast.patient.pk)})
    for path in ("/intake/sent/", "/office/", "/office/coming/"):
        page = ben.get(path).content.decode()
        assert "nobody has read" not in page
        assert "from Dr Weber, Quay Street, reviewed by Ben Osei" in page


def test_who_is_expected_without_an_appointment_stands_there_too(cast: Cast) -> None:
    sent_by(link_of(cast), file_of(SUMMARY))
    planned(cast)
    for path in ("/office/", "/office/coming/"):
        assert "Pat Example: <strong>nobody has read</strong>" in signed_in(cast.ben).get(path).content.decode()


def test_with_nobody_coming_the_day_says_what_will_stand_there(cast: Cast) -> None:
    assert "What was sent about who comes stands here" in signed_in(cast.ben).get("/office/").content.decode()


def test_a_link_reads_nothing_of_the_clinic_but_its_own(cast: Cast) -> None:
    sent_by(link_of(cast), file_of(SUMMARY))
    link_of(cast)
    with clinic_scope(cast.clinic.pk):
        other = Link.objects.get(sent=None).pk
    with row_transaction():
        open_link(other)
        assert not Sent.objects.exists()
        assert not SentFile.objects.exists()
        assert not SentItem.objects.exists()


def test_every_public_example_is_taken_in_whole(cast: Cast) -> None:
    files = [file_of(path.read_bytes(), path.name) for path in sorted(FILES.glob("*.json"))]
    assert sent_by(link_of(cast), *files) == 302
    with clinic_scope(cast.clinic.pk):
        assert SentFile.objects.filter(kind="fhir").count() == len(files)
    assert signed_in(cast.ben).get(f"/intake/sent/{the_sent(cast).pk}/").status_code == 200


def test_signs_that_a_database_cannot_hold_break_nothing(cast: Cast) -> None:
    odd = json.dumps({"resourceType": "Condition", "code": {"text": "Asth\x00ma"}}).encode()
    assert sent_by(link_of(cast), file_of(odd, "a\x00b.json")) == 302
    assert list(items(cast)) == ["Asth ma"]
