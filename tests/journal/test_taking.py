"""A patient takes their record along, brings one from elsewhere, and loses nothing on the way."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from stillroom.clinics.models import Room as OtherRoom
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.exchange.archive import packed, unpacked
from stillroom.exchange.gather import Gathered
from stillroom.exchange.judging import Signed, judge
from stillroom.exchange.making import made
from stillroom.exchange.models import BroughtPart
from stillroom.exchange.part import Part, log_path
from stillroom.exchange.sealing import is_sealed, opened, sealed
from stillroom.exchange.signing import fingerprint, key_of, known_keys, make_key
from stillroom.outcomes.models import CheckIn
from stillroom.patients.models import Patient
from tests.cast import Cast, signed_in
from tests.examples import PLAN, infusing
from tests.exchange.records import furnish
from tests.journal.records import ELSEWHERE, file_elsewhere, part_elsewhere
from tests.stored import store


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any, cast: Cast) -> Path:
    settings.SIGNING_KEYS = tmp_path / "keys"
    make_key(settings.SIGNING_KEYS, cast.clinic.pk)
    return tmp_path / "keys"


def taken(cast: Cast, **said: str) -> bytes:
    answer = signed_in(cast.pat).post("/journal/take-along/", said)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return bytes(answer.content)


def brought(cast: Cast, content: bytes, **said: str) -> HttpResponse:
    file = SimpleUploadedFile("record.zip", content)
    return signed_in(cast.pat).post("/journal/bring/", {"record": file, **said})  # type: ignore[return-value]


def kept_of(cast: Cast) -> list[BroughtPart]:
    with person_scope(cast.pat.pk):
        return list(BroughtPart.objects.all())


def text_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


def test_the_file_holds_the_record_signed_by_the_clinic(cast: Cast, keys: Path) -> None:
    furnish(cast)
    (part,) = unpacked(taken(cast))
    judged = judge(part, known=known_keys(keys))
    assert judged.signed is Signed.HERE
    assert judged.record.patient.id == cast.patient.pk
    assert [note.words for note in judged.record.notes] == ["Only for me"]


def test_under_a_passphrase_nothing_of_it_can_be_read(cast: Cast) -> None:
    furnish(cast)
    box = taken(cast, passphrase="slow strings and rain")
    assert is_sealed(box)
    assert b"record.json" not in box
    assert len(unpacked(opened(box, "slow strings and rain"))) == 1
    assert signed_in(cast.pat).post("/journal/take-along/", {"passphrase": "short"}).status_code == 422


def test_a_clinic_without_a_key_still_hands_it_out(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = tmp_path / "none"
    furnish(cast)
    (part,) = unpacked(taken(cast))
    assert judge(part).signed is Signed.NOT


def test_the_paper_says_dose_rate_and_length_and_not_yet_signed(cast: Cast) -> None:
    furnish(cast)
    text = text_of(signed_in(cast.pat).get(f"/journal/take-along/paper/{cast.patient.pk}/").content)
    for words in ("about 23 mg, 0.32 mg/kg", "26 min running", "not yet signed", "Slow strings", "0 of 10 at most"):
        assert words in text
    for words in ("paused for 4 min", "Ondansetron 4 mg, into the line", "none known", "minimal", "left out"):
        assert words in text


def test_the_desk_prints_it_without_the_private_notes_and_that_is_a_look(cast: Cast) -> None:
    furnish(cast)
    answer = signed_in(cast.fay).get(f"/office/patients/{cast.patient.pk}/record/")
    assert "about 23 mg" in text_of(answer.content)
    assert "Only for me" not in text_of(answer.content)
    assert "Fay Moreau" in signed_in(cast.pat).get("/journal/looks/").content.decode()


def test_what_was_given_elsewhere_stands_in_the_same_list_with_where_it_comes_from(cast: Cast, tmp_path: Path) -> None:
    assert brought(cast, file_elsewhere(cast, tmp_path)).status_code == 302
    page = signed_in(cast.pat).get("/journal/").content.decode()
    assert "Elm Clinic" in page
    assert "brought along" in page
    assert "0.32 mg/kg</span>" in page
    listed = signed_in(cast.pat).get("/journal/bring/").content.decode()
    assert "Signed, and unchanged since" in listed


def test_the_weeks_of_both_clinics_are_one_line_with_its_origin_named(cast: Cast, tmp_path: Path) -> None:
    """Elsewhere: days 24 (0) and 25 November (no answer), PHQ-9 0 on 11 November, an infusion on 23 November."""
    brought(cast, file_elsewhere(cast, tmp_path))
    with clinic_scope(cast.clinic.pk):
        CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="x", day=date(2026, 11, 23), low=9)
    with time_machine.travel(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        page = " ".join(signed_in(cast.pat).get("/journal/").content.decode().split())
        helped = signed_in(cast.pat).get("/journal/helped/").content.decode()
    assert "on 2 days from 11 November to 28 November 2026; 1 infusion marked" in page
    assert "0 (minimal) on 11 Nov" in page
    assert "What you brought along from Elm Clinic is in it too." in page
    assert "23 Nov 2026" in helped


def test_infusions_of_two_clinics_of_one_server_say_where_they_were_given(cast: Cast) -> None:
    """On the first page and by a doctor's link; with one clinic only there is no such column."""
    furnish(cast)
    assert ">Where</th>" not in signed_in(cast.pat).get("/journal/").content.decode()
    with clinic_scope(cast.other_clinic.pk):
        Patient.objects.filter(pk=cast.other_patient.pk).update(person=cast.pat)
        there = OtherRoom.objects.create(clinic=cast.other_clinic, name="There")
        store(infusing(replace(PLAN, patient=cast.other_patient.pk, room=there.pk)), clinic_id=cast.other_clinic.pk)
    pat = signed_in(cast.pat)
    link = re.findall(r"http://testserver(/journal/shared/[\w-]{43}/)", pat.post(
        "/journal/sharing/", {"for_whom": "Dr Weber", "days": "7"}
    ).content.decode())[0]  # fmt: skip
    doctor = Client()
    doctor.post(link, {"name": "Dr Weber"})
    for page in (pat.get("/journal/").content.decode(), doctor.get(link).content.decode()):
        assert f"<td>{cast.clinic.name}</td>" in page
        assert f"<td>{cast.other_clinic.name}</td>" in page


def test_what_was_brought_goes_on_byte_for_byte(cast: Cast, tmp_path: Path) -> None:
    part = part_elsewhere(cast, tmp_path)
    brought(cast, packed([part]))
    parts = {each.manifest.clinic: each for each in unpacked(taken(cast))}
    assert set(parts) == {cast.clinic.pk, ELSEWHERE}
    assert parts[ELSEWHERE].files == part.files


def test_nothing_of_it_enters_a_clinics_own_record(cast: Cast, tmp_path: Path) -> None:
    with clinic_scope(cast.clinic.pk):
        before = Patient.objects.get(pk=cast.patient.pk).infusions.count()
    brought(cast, file_elsewhere(cast, tmp_path))
    for clinic in (cast.clinic, cast.other_clinic):
        with clinic_scope(clinic.pk), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM exchange_broughtpart")
            assert cursor.fetchone() == (0,)
    with clinic_scope(cast.clinic.pk):
        assert Patient.objects.get(pk=cast.patient.pk).infusions.count() == before
    with person_scope(cast.kim.pk):
        assert not BroughtPart.objects.exists()


def test_a_changed_file_is_refused_with_a_word_that_says_what_to_do(cast: Cast, tmp_path: Path) -> None:
    part = part_elsewhere(cast, tmp_path)
    wrong = type(part)(files={**part.files, "csv/weights.csv": b"id\r\n"})
    answer = brought(cast, packed([wrong]))
    assert answer.status_code == 422
    assert "csv/weights.csv was changed" in answer.content.decode()
    assert kept_of(cast) == []


def test_somebody_elses_record_is_refused(cast: Cast, tmp_path: Path) -> None:
    content = file_elsewhere(cast, tmp_path)
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=cast.patient.pk).update(birth_date="1950-01-01")
    answer = brought(cast, content)
    assert answer.status_code == 422
    assert "another day of birth" in answer.content.decode()


def test_ones_own_clinics_record_is_not_brought_back_as_a_copy(cast: Cast) -> None:
    furnish(cast)
    answer = brought(cast, taken(cast))
    assert answer.status_code == 422
    assert "is here already" in answer.content.decode()


def test_an_unsigned_record_is_taken_and_said_to_be_unsigned(cast: Cast, tmp_path: Path) -> None:
    brought(cast, packed([part_elsewhere(cast, tmp_path, is_signed=False)]))
    assert "Not signed" in signed_in(cast.pat).get("/journal/bring/").content.decode()


def test_a_newer_part_takes_the_place_of_the_older_and_the_same_is_kept_once(cast: Cast, tmp_path: Path) -> None:
    older = part_elsewhere(cast, tmp_path)
    source = judge(older)
    brought(cast, packed([older]))
    brought(cast, packed([older]))
    assert [row.digest for row in kept_of(cast)] == [older.digest]
    newer = _again(older, tmp_path, timedelta(days=1))
    brought(cast, packed([newer]))
    assert [row.digest for row in kept_of(cast)] == [newer.digest]
    brought(cast, packed([older]))
    assert [row.digest for row in kept_of(cast)] == [newer.digest]
    assert source.record.made_at < judge(newer).record.made_at


def test_what_nobody_signed_never_takes_the_place_of_what_a_clinic_signed(cast: Cast, tmp_path: Path) -> None:
    older = part_elsewhere(cast, tmp_path)
    brought(cast, packed([older]))
    brought(cast, packed([_again(older, None, timedelta(days=1))]))
    assert len(kept_of(cast)) == 2


def test_a_sealed_one_asks_for_its_passphrase(cast: Cast, tmp_path: Path) -> None:
    box = sealed(file_elsewhere(cast, tmp_path), "slow strings and rain")
    assert "under a passphrase" in brought(cast, box).content.decode()
    assert "not its passphrase" in brought(cast, box, passphrase="quick drums and sun").content.decode()
    assert brought(cast, box, passphrase="slow strings and rain").status_code == 302


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", b"%PDF-1.7", b"\0" * 100])
def test_another_file_is_refused_in_words(cast: Cast, content: bytes) -> None:
    answer = brought(cast, content)
    assert answer.status_code == 422
    assert "not a record" in answer.content.decode()


def test_a_part_that_was_tampered_with_in_the_database_is_no_longer_shown(cast: Cast, tmp_path: Path) -> None:
    brought(cast, file_elsewhere(cast, tmp_path))
    (row,) = kept_of(cast)
    with person_scope(cast.pat.pk):
        BroughtPart.objects.filter(pk=row.pk).delete()
        row.content = bytes(row.content)[:-40]
        row.save(force_insert=True)
    assert "no longer be trusted" in signed_in(cast.pat).get("/journal/bring/").content.decode()
    assert "Elm Clinic" not in signed_in(cast.pat).get("/journal/").content.decode()


def test_it_can_be_removed_again(cast: Cast, tmp_path: Path) -> None:
    brought(cast, file_elsewhere(cast, tmp_path))
    (row,) = kept_of(cast)
    assert signed_in(cast.kim).post(f"/journal/bring/{row.pk}/remove/").status_code == 404
    assert signed_in(cast.pat).post(f"/journal/bring/{row.pk}/remove/").status_code == 302
    assert kept_of(cast) == []


def test_anybody_reads_by_which_key_a_clinic_is_known(cast: Cast, keys: Path) -> None:
    (public,) = known_keys(keys)
    page = Client().get("/journal/signing-keys/").content.decode()
    assert fingerprint(public) in page
    assert "no key yet" in page  # of the other clinic


def _again(part: Part, keys: Path | None, later: timedelta) -> Part:
    """The same record, made later, by the same clinic."""
    record = judge(part).record
    logs = {
        each.id: tuple(part.files[log_path(each.id)].decode().rstrip("\n").split("\n")) for each in record.infusions
    }
    newer = replace(record, made_at=record.made_at + later)
    return made(Gathered(record=newer, logs=logs), key=key_of(keys, ELSEWHERE) if keys else None)
