"""Asking that staff's words be erased: on the clinic's list, answered by name with a reason, read by the patient."""

from __future__ import annotations

import html
import re

import pytest
from django.db import DatabaseError, connection, transaction

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.exchange.judging import judge
from stillroom.exchange.making import made
from stillroom.infusions.models import EntryText, ErasureAnswered, ErasureAsked, TextErasure
from tests.cast import Cast, signed_in
from tests.exchange.records import furnish, gathered

ERASE, ASK = "/journal/erase/", "/journal/erase/ask/"
SLIP = "slip of the finger"


@pytest.fixture(autouse=True)
def record(cast: Cast) -> None:
    furnish(cast)


def key_of(words: str, cast: Cast) -> str:
    with clinic_scope(cast.clinic.pk):
        text = EntryText.objects.get(text=words)
    return f"log {text.infusion_id} {text.seq} {text.field}"


def page(cast: Cast) -> str:
    return " ".join(html.unescape(signed_in(cast.pat).get(ERASE).content.decode()).split())


def asked(cast: Cast) -> ErasureAsked:
    answer = signed_in(cast.pat).post(f"{ASK}?words={key_of(SLIP, cast)}", {"because": "It reads as if I did it"})
    assert answer.status_code == 302
    with clinic_scope(cast.clinic.pk):
        return ErasureAsked.objects.get()


def answered(cast: Cast, row: ErasureAsked, what: str, because: str) -> int:
    said = {"what": what, "because": because}
    return signed_in(cast.ada).post(f"/office/erasures/{row.pk}/", said).status_code


def test_a_patient_reads_what_staff_wrote_and_asks_for_it_to_be_erased(cast: Cast) -> None:
    assert SLIP in page(cast)
    assert key_of(SLIP, cast) in page(cast)
    row = asked(cast)
    assert (row.by, row.because) == (f"person:{cast.pat.pk}", "It reads as if I did it")
    assert "Not answered yet. It stands on the list of Alder Clinic." in page(cast)
    assert key_of(SLIP, cast) not in page(cast)  # asked once


def test_it_stands_on_the_clinics_list_and_a_prescriber_answers(cast: Cast) -> None:
    row = asked(cast)
    address = f"/office/erasures/{row.pk}/"
    for person, may in ((cast.ada, True), (cast.ben, False)):
        listed = signed_in(person).get("/office/concerns/").content.decode()
        assert "Asked to erase" in listed
        assert (address in listed) is may
    assert signed_in(cast.ben).post(address, {"what": "erase", "because": "x"}).status_code == 403
    shown = signed_in(cast.ada).get(address).content.decode()
    assert SLIP in shown
    assert "It reads as if I did it" in shown


def test_what_is_granted_is_gone_with_its_ground_and_the_record_still_verifies(cast: Cast) -> None:
    row = asked(cast)
    assert answered(cast, row, "erase", "Not needed for care") == 302
    with clinic_scope(cast.clinic.pk):
        assert not EntryText.objects.filter(text=SLIP).exists()
        (trace,) = TextErasure.objects.all()
    assert (trace.by, trace.ground) == (f"person:{cast.ada.pk}", "Not needed for care")
    judged = judge(made(gathered(cast), key=None))
    assert SLIP.encode() not in b"".join(judged.part.files.values())
    assert re.search(r"<strong>Erased</strong>, [^<]*Ada Okafor: Not needed for care", page(cast))


def test_what_is_kept_is_kept_with_a_reason_and_where_else_to_turn(cast: Cast) -> None:
    row = asked(cast)
    assert answered(cast, row, "keep", "It says which reading was wrong") == 302
    with clinic_scope(cast.clinic.pk):
        assert EntryText.objects.filter(text=SLIP).exists()
    assert re.search(r"<strong>Kept</strong>, [^<]*Ada Okafor: It says which reading was wrong", page(cast))
    assert "authority for data protection" in page(cast)
    assert "Asked to erase" not in signed_in(cast.ada).get("/office/concerns/").content.decode()


@pytest.mark.parametrize(("what", "because"), [("erase", ""), ("", "so"), ("burn", "so"), ("keep", "w" * 201)])
def test_without_a_decision_and_a_reason_nothing_is_answered(cast: Cast, what: str, because: str) -> None:
    row = asked(cast)
    assert answered(cast, row, what, because) == 422
    with clinic_scope(cast.clinic.pk):
        assert not ErasureAnswered.objects.exists()


def test_an_answer_stands(cast: Cast) -> None:
    row = asked(cast)
    answered(cast, row, "keep", "Needed")
    assert answered(cast, row, "erase", "After all") == 404
    for statement in ("UPDATE infusions_erasureanswered SET is_erased = true", "DELETE FROM infusions_erasureasked"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            clinic_scope(cast.clinic.pk),
        ):
            connection.cursor().execute(statement)


def test_of_two_answers_in_one_moment_the_first_stands(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(cast)
    assert answered(cast, row, "keep", "Needed") == 302
    monkeypatch.setattr("stillroom.office.erasures.open_erasures", ErasureAsked.objects.all)  # as both had seen it
    assert answered(cast, row, "erase", "Granted") == 302
    with clinic_scope(cast.clinic.pk):
        assert [each.because for each in ErasureAnswered.objects.all()] == ["Needed"]


def test_nobody_asks_for_what_is_not_theirs_or_was_asked_for(cast: Cast) -> None:
    key = key_of(SLIP, cast)
    for person in (cast.kim, cast.ben):
        assert signed_in(person).post(f"{ASK}?words={key}", {}).status_code == 404
    asked(cast)
    assert signed_in(cast.pat).post(f"{ASK}?words={key}", {}).status_code == 404
    with person_scope(cast.kim.pk):
        assert not ErasureAsked.objects.exists()
    with clinic_scope(cast.other_clinic.pk):
        assert not ErasureAsked.objects.exists()


def test_ones_own_words_are_not_asked_for_but_erased(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        mine = EntryText.objects.get(field="choice")
    key = f"log {mine.infusion_id} {mine.seq} choice"
    assert signed_in(cast.pat).get(f"{ASK}?words={key}").status_code == 404
