"""Reminders: asked for, once a day, without a word about health, and stopped by a link that needs no sign-in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from stillroom.clinics.rows import clinic_scope
from stillroom.outcomes.models import CheckIn, ReminderChoice
from stillroom.outcomes.reminders import due_in, letter, send_due, token_for
from tests.cast import Cast, signed_in

ORIGIN = "https://stillroom.test"
EVENING = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # 20:00 in Dublin, the cast's clinic


def ask_for_reminders(cast: Cast, at_hour: int = 18) -> None:
    assert signed_in(cast.pat).post("/journal/reminders/", {"at_hour": str(at_hour)}).status_code == 302


def due(cast: Cast, at: datetime = EVENING) -> int:
    with clinic_scope(cast.clinic.pk):
        return len(list(due_in(cast.clinic, at=at)))


def link(cast: Cast, what: str) -> str:
    with clinic_scope(cast.clinic.pk):
        return f"/journal/reminders/{token_for(cast.patient)}/{what}/"


def test_nobody_is_reminded_who_did_not_ask(cast: Cast) -> None:
    assert due(cast) == 0


def test_who_asked_gets_one_letter_a_day_however_often_it_runs(cast: Cast) -> None:
    ask_for_reminders(cast)
    assert [send_due(at=EVENING, origin=ORIGIN) for _ in range(3)] == [(1, 0), (0, 0), (0, 0)]
    assert [message.to for message in mail.outbox] == [["pat@clinic.test"]]
    assert due(cast, EVENING + timedelta(days=1)) == 1


def test_not_before_the_hour_and_not_on_a_day_that_was_answered(cast: Cast) -> None:
    ask_for_reminders(cast, at_hour=20)
    assert due(cast, EVENING - timedelta(minutes=1)) == 0
    with clinic_scope(cast.clinic.pk):
        CheckIn.objects.create(clinic=cast.clinic, patient=cast.patient, by="person:x", day=EVENING.date(), low=0)
    assert due(cast) == 0


def test_the_letter_says_nothing_of_health_of_the_clinic_or_of_a_name(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        message = letter(cast.patient, origin=ORIGIN)
    words = f"{message.subject} {re.sub(r'https://[^ ]+', '', message.body)}".lower()
    told = (
        "mood",
        "low",
        "depress",
        "ketamine",
        "infusion",
        "health",
        "clinic",
        "patient",
        "treat",
        "alder",
        "pat ",
        "example",
    )
    assert [word for word in told if word in words] == []


def test_the_link_stops_without_signing_in_and_looking_at_it_does_not(cast: Cast) -> None:
    ask_for_reminders(cast)
    browser = Client(enforce_csrf_checks=True)
    assert "Stop them" in browser.get(link(cast, "stop")).content.decode()
    assert due(cast) == 1
    assert "No more reminders" in browser.post(link(cast, "stop")).content.decode()
    assert due(cast) == 0


def test_a_mail_programs_own_button_stops_too(cast: Cast) -> None:
    """RFC 8058: one post to the address in the header, with these words and no cookie."""
    ask_for_reminders(cast)
    with clinic_scope(cast.clinic.pk):
        headers = letter(cast.patient, origin=ORIGIN).extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix(ORIGIN)
    Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert due(cast) == 0


def test_snoozed_is_a_week_and_then_it_goes_on(cast: Cast) -> None:
    ask_for_reminders(cast)
    Client().post(link(cast, "snooze"))
    now = datetime.now(UTC).replace(hour=23, minute=0)
    assert [due(cast, now + timedelta(days=days)) for days in (0, 5, 8)] == [0, 0, 1]


def test_a_snooze_never_starts_what_was_stopped(cast: Cast) -> None:
    ask_for_reminders(cast)
    Client().post(link(cast, "stop"))
    Client().post(link(cast, "snooze"))
    assert due(cast, EVENING + timedelta(days=30)) == 0


@pytest.mark.parametrize("what", ["stop", "snooze"])
@pytest.mark.parametrize("token", ["no-token", "WyJ4IiwgInkiXQ:1abc:xyz"])
def test_a_link_we_did_not_sign_leads_nowhere(cast: Cast, what: str, token: str) -> None:
    assert Client().post(f"/journal/reminders/{token}/{what}/").status_code == 404


def test_a_letter_that_fails_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_reminders(cast)

    def fail(*_: object, **__: object) -> None:
        raise SMTPException("no server")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        assert send_due(at=EVENING, origin=ORIGIN) == (0, 1)
    assert send_due(at=EVENING, origin=ORIGIN) == (1, 0)


def test_one_tap_on_the_page_stops_them_for_a_week(cast: Cast) -> None:
    ask_for_reminders(cast)
    pat = signed_in(cast.pat)
    assert 'name="snooze"' in pat.get("/journal/reminders/").content.decode()
    pat.post("/journal/reminders/", {"snooze": "on"})
    now = datetime.now(UTC).replace(hour=23, minute=0)
    assert [due(cast, now + timedelta(days=days)) for days in (0, 5, 8)] == [0, 0, 1]


def test_one_tap_on_the_page_stops_them(cast: Cast) -> None:
    ask_for_reminders(cast)
    signed_in(cast.pat).post("/journal/reminders/", {"stop": "on"})
    assert due(cast) == 0
    with clinic_scope(cast.clinic.pk):
        assert ReminderChoice.objects.count() == 2
