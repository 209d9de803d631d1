"""Who comes of their own accord: by the clinic's page, kept for a clinician, joined to nobody by itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope, desk_scope
from stillroom.intake.letter import UNNAMED, _referrer_of
from stillroom.intake.models import SelfReferralPage, Sent, SentFile, SentPiece, SentReview
from stillroom.intake.records import read
from stillroom.intake.self_referral import MOST_BYTES
from stillroom.patients.history import items_of
from stillroom.patients.models import Patient
from tests.cast import Cast, signed_in
from tests.guide.test_critique import stamp_on
from tests.intake.test_records import content_of, file_of, link_of, sent_by, the_sent

PAGE, ADMIN = "/intake/come/quiet-rooms/", "/intake/self-referral/"
SAID = {"sender": "Pat Example", "about_born": "17 May 1984", "reached_at": "555-0101", "words": "Years of it."}


@pytest.fixture(autouse=True)
def page(cast: Cast) -> None:
    cache.clear()
    assert signed_in(cast.ann).post(ADMIN, {"address": "quiet-rooms", "is_open": "on"}).status_code == 302


def hand_in(*files: Any, after_s: float = 30, **said: str) -> Any:
    """As a person does: opens the page, writes for a while, sends."""
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00:00+00:00"), tick=False) as clock:
        stamp = stamp_on(client.get(PAGE).content)
        clock.shift(timedelta(seconds=after_s))
        return client.post(PAGE, {**SAID, "stamp": stamp, **said, "files": list(files)})


def test_the_page_says_first_whom_to_call_and_promises_nothing(cast: Cast) -> None:
    page = Client().get(PAGE).content.decode()
    assert page.index("your emergency number now") < page.index("Your name")
    assert "books nothing and promises nothing" in page
    assert "ketamine" not in page.lower()
    assert "Nobody watches this page" in page


def test_what_is_handed_in_stands_with_the_records_marked_as_their_own(cast: Cast) -> None:
    answer = hand_in(file_of(b"%PDF-1.7 x", "letter.pdf"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}received/")
    with clinic_scope(cast.clinic.pk):
        row = Sent.objects.get()
        assert (row.sender, row.about_name, row.reached_at, row.words) == (
            "Pat Example", "Pat Example", "555-0101", "Years of it.",
        )  # fmt: skip
        assert content_of(SentFile.objects.get()) == b"%PDF-1.7 x"
    ben = signed_in(cast.ben)
    assert "by themself" in ben.get("/intake/sent/").content.decode()
    assert "sent by themself" in ben.get(f"/intake/sent/{row.pk}/").content.decode()


def test_the_confirmation_says_what_happens_next_and_nothing_of_anybody(cast: Cast) -> None:
    hand_in()
    page = Client().get(f"{PAGE}received/").content.decode()
    for words in ("What happens next", "A clinician reads it", "Nothing is booked yet", "ending your life"):
        assert words in page
    assert "Pat" not in page


def test_it_is_joined_to_nobody_by_itself_though_the_name_and_day_are_those_of_a_patient(cast: Cast) -> None:
    hand_in()
    where = f"/intake/sent/{the_sent(cast).pk}/"
    page = signed_in(cast.ben).get(where).content.decode()
    assert f'value="{cast.patient.pk}"' in page
    assert not re.search(r'type="radio" name="patient"[^>]*checked', page)
    assert signed_in(cast.ben).post(where, {}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not SentReview.objects.exists()
        assert Patient.objects.count() == 2
        assert not items_of(cast.patient)


def test_a_clinician_says_whose_it_is_also_where_the_birth_date_was_mistyped(cast: Cast) -> None:
    hand_in(about_born="17 May 1948")
    where, ben = f"/intake/sent/{the_sent(cast).pk}/", signed_in(cast.ben)
    assert "Nobody here has that name and birth date" in ben.get(where).content.decode()
    page = ben.post(where, {"look": "on", "looked_for": "Pat Ex"}).content.decode()
    assert f'value="{cast.patient.pk}"' in page
    assert ben.post(where, {"patient": str(cast.patient.pk)}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert SentReview.objects.get().patient == cast.patient


def test_nobody_of_another_clinic_can_be_said_to_be_meant(cast: Cast) -> None:
    hand_in()
    where = f"/intake/sent/{the_sent(cast).pk}/"
    assert signed_in(cast.ben).post(where, {"patient": str(cast.other_patient.pk)}).status_code == 422


def test_what_was_sent_twice_is_kept_twice_and_shown_side_by_side(cast: Cast) -> None:
    hand_in()
    sent_by(link_of(cast), file_of(b"Dear colleague", "letter.txt"))
    with clinic_scope(cast.clinic.pk):
        first, second = Sent.objects.order_by("-link")
    page = signed_in(cast.ben).get(f"/intake/sent/{first.pk}/").content.decode()
    assert "Also sent, about the same name and birth date" in page
    assert f"/intake/sent/{second.pk}/" in page


def test_of_two_who_read_at_once_the_second_cannot_say_that_it_is_somebody_elses(cast: Cast) -> None:
    hand_in()
    where = f"/intake/sent/{the_sent(cast).pk}/"
    signed_in(cast.ben).post(where, {"patient": str(cast.patient.pk)})
    assert signed_in(cast.nan).post(where, {"patient": str(cast.neighbour.pk)}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        nan = Actor(Proof.SIGN_IN, cast.nan, cast.clinic, frozenset({Role.NURSE_ANAESTHETIST}))
        assert not read(nan, Sent.objects.get(), cast.neighbour, [])
        assert SentReview.objects.get().patient == cast.patient


def test_a_letter_back_goes_to_no_one_who_came_by_themself(cast: Cast) -> None:
    hand_in()
    signed_in(cast.ben).post(f"/intake/sent/{the_sent(cast).pk}/", {"patient": str(cast.patient.pk)})
    with clinic_scope(cast.clinic.pk):
        assert _referrer_of(cast.patient) == UNNAMED


WRONG = [{"sender": ""}, {"about_born": "31 February 1984"}, {"reached_at": ""}, {"fax": "1"}]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_missing_is_asked_for_and_nothing_that_was_written_is_lost(cast: Cast, wrong: dict[str, str]) -> None:
    answer = hand_in(**wrong)
    assert answer.status_code == 422
    assert "Years of it." in answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        assert not Sent.objects.exists()


def test_a_machine_is_asked_to_wait(cast: Cast) -> None:
    assert hand_in(after_s=0).status_code == 422


def test_too_many_from_one_place_wait_and_keep_what_they_wrote(cast: Cast) -> None:
    answers = [hand_in() for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Years of it." in answers[-1].content.decode()


def test_too_much_is_refused_with_a_word(cast: Cast) -> None:
    answer = hand_in(file_of(b"x" * (MOST_BYTES + 1), "scan.bin"))
    assert answer.status_code == 413
    assert "at most 20 files and 20 MB" in answer.content.decode()


def test_a_closed_page_takes_nothing_and_what_came_before_stays(cast: Cast) -> None:
    hand_in()
    signed_in(cast.ann).post(ADMIN, {"address": "quiet-rooms"})
    assert Client().get(PAGE).status_code == 404
    assert "your emergency number now" in Client().get(PAGE).content.decode()
    assert Client().post(PAGE, SAID).status_code == 404
    with clinic_scope(cast.clinic.pk):
        assert Sent.objects.count() == 1


def test_an_address_belongs_to_one_clinic(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        SelfReferralPage.objects.create(clinic=cast.other_clinic, address="taken")
    answer = signed_in(cast.ann).post(ADMIN, {"address": "taken", "is_open": "on"})
    assert answer.status_code == 422
    assert "Choose another one" in answer.content.decode()


def test_at_the_door_nobody_reads_what_others_handed_in(cast: Cast) -> None:
    hand_in(file_of(b"%PDF-1.7 x", "letter.pdf"))
    with desk_scope(cast.clinic.pk, by="public:self-referral"):
        assert not Sent.objects.exists()
        assert not SentFile.objects.exists()
        assert not SentPiece.objects.exists()
        assert not Patient.objects.exists()
