"""Reminders to check in: a letter that says nothing about health, and links that stop it without signing in.

A patient asks for them, and nobody else can. One letter a day at most, none on a day that was answered. The link is
signed and names one patient; whoever has it can make reminders fewer, never more, and sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.outcomes.models import CheckIn, ReminderChoice, ReminderSent
from stillroom.patients.models import Patient

SALT = "stillroom.outcomes.reminders"
SNOOZE = timedelta(days=7)
BY_LINK = "link:reminder"
BY_PROCESS = "system:reminders"


@dataclass(frozen=True, slots=True)
class Reminded:
    """Whom a link is about."""

    clinic_id: UUID
    patient_id: UUID


def token_for(patient: Patient) -> str:
    return signing.dumps([str(patient.clinic_id), str(patient.pk)], salt=SALT)


def read_token(token: str) -> Reminded | None:
    """None for what we did not sign. It has no end: a link in an old letter must still stop."""
    try:
        clinic_id, patient_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Reminded(UUID(clinic_id), UUID(patient_id))


def stop(reminded: Reminded, *, by: str = BY_LINK) -> None:
    """In a scope that may add rows of this patient. Stopping twice is harmless."""
    _choose(reminded, by, is_wanted=False)


def snooze(reminded: Reminded, *, today: date, by: str = BY_LINK) -> bool:
    """None for a week. False, and nothing done, where none are sent: a link must not start them again."""
    standing = ReminderChoice.objects.filter(patient=reminded.patient_id).first()
    if standing is None or not standing.is_wanted:
        return False
    _choose(reminded, by, is_wanted=True, at_hour=standing.at_hour, not_before=today + SNOOZE)
    return True


def send_due(*, at: datetime, origin: str) -> tuple[int, int]:
    """Every letter that is due in every clinic; how many were sent, and how many could not be."""
    sent = failed = 0
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id, by=BY_PROCESS):
            due = list(due_in(Clinic.objects.get(), at=at))
        for patient, day in due:
            if _send(patient, day, clinic_id, origin):
                sent += 1
            else:
                failed += 1
    return sent, failed


def due_in(clinic: Clinic, *, at: datetime) -> Iterator[tuple[Patient, date]]:
    """Who wants a letter by this hour and has neither answered today nor had one."""
    now = at.astimezone(ZoneInfo(clinic.time_zone))
    today = now.date()
    newest = ReminderChoice.objects.order_by("patient_id", "-written_at").distinct("patient_id")
    wanting = [
        choice.patient_id
        for choice in newest
        if choice.is_wanted and choice.at_hour <= now.hour and (choice.not_before is None or choice.not_before <= today)
    ]
    answered = CheckIn.objects.filter(day=today).values("patient")
    had_one = ReminderSent.objects.filter(day=today).values("patient")
    patients = Patient.objects.filter(pk__in=wanting, person__is_active=True).select_related("person")
    yield from ((patient, today) for patient in patients.exclude(pk__in=answered).exclude(pk__in=had_one))


def letter(patient: Patient, *, origin: str) -> EmailMessage:
    """No name, no clinic, no word about health: it may be read on somebody else's screen."""
    assert patient.person is not None
    token = token_for(patient)
    links = {
        "check_in": origin + reverse("journal:check_in"),
        "snooze": origin + reverse("journal:snooze_reminders", args=[token]),
        "stop": origin + reverse("journal:stop_reminders", args=[token]),
    }
    headers = {"List-Unsubscribe": f"<{links['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    words = render_to_string("outcomes/reminder.txt", links)
    return EmailMessage("A reminder you asked for", words, to=[patient.person.email], headers=headers)


def _send(patient: Patient, day: date, clinic_id: UUID, origin: str) -> bool:
    """Written down first, so that two processes send one letter; a letter that fails is taken back, and tried again."""
    try:
        with clinic_scope(clinic_id, by=BY_PROCESS), transaction.atomic():
            ReminderSent.objects.create(clinic_id=clinic_id, patient=patient, day=day)
            letter(patient, origin=origin).send()
    except IntegrityError:
        return True
    except (SMTPException, OSError):
        return False
    return True


def _choose(reminded: Reminded, by: str, **choice: object) -> None:
    ReminderChoice.objects.create(clinic_id=reminded.clinic_id, patient_id=reminded.patient_id, by=by, **choice)
