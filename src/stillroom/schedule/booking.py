"""Making and cancelling appointments, one or a course of them, and who has come.

What the database would not hold is said in words first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic, Room
from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment


@dataclass(frozen=True, slots=True)
class Slot:
    """A room from a time to a time."""

    room: Room
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """One time of a course, why it cannot be booked, and the appointment where it could."""

    slot: Slot
    findings: tuple[Finding, ...]
    appointment: Appointment | None = None


def book(actor: Actor, *, patient: Patient, room: Room, starts_at: datetime, ends_at: datetime) -> Appointment:
    """An appointment for an infusion. Refused: over already, no private room, or room or patient taken at that time."""
    found = judge_booking(patient=patient, room=room, starts_at=starts_at, ends_at=ends_at, now=timezone.now())
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            return _made(actor, patient, Slot(room, starts_at, ends_at))
    except IntegrityError as quicker:
        raise refuse("somebody_was_quicker") from quicker


def book_course(actor: Actor, *, patient: Patient, slots: Sequence[Slot], is_trial: bool = False) -> list[Judged]:
    """All of them together or none: each with why it cannot be, those of the same course looked at too.

    A trial books nothing. Otherwise they are booked when no `Judged` has a finding.
    """
    course = uuid4()
    try:
        with transaction.atomic():
            judged = [_tried(actor, patient, slot, course) for slot in slots]
            if is_trial or any(each.findings for each in judged):
                transaction.set_rollback(True)
    except IntegrityError as quicker:
        raise refuse("somebody_was_quicker") from quicker
    return judged


def _tried(actor: Actor, patient: Patient, slot: Slot, course: UUID) -> Judged:
    now = timezone.now()
    found = judge_booking(patient=patient, room=slot.room, starts_at=slot.starts_at, ends_at=slot.ends_at, now=now)
    if found:
        return Judged(slot, found)
    return Judged(slot, (), _made(actor, patient, slot, course))


def _made(actor: Actor, patient: Patient, slot: Slot, course: UUID | None = None) -> Appointment:
    return Appointment.objects.create(
        clinic=actor.the_clinic,
        patient=patient,
        room=slot.room,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        made_by=actor.the_person,
        course=course,
    )


def days_of_course(first: date, *, weekdays: Collection[int], how_many: int) -> list[date]:
    """The first so many days that fall on one of the weekdays (Monday is 0), from `first` on."""
    if not weekdays:
        raise ValueError("a course without a weekday has no days")
    days: list[date] = []
    day = first
    while len(days) < how_many:
        if day.weekday() in weekdays:
            days.append(day)
        day += timedelta(days=1)
    return days


def note_arrival(appointment: Appointment, actor: Actor) -> None:
    """At the desk, before an infusion is planned for it. Noted twice it is noted once."""
    Appointment.objects.filter(pk=appointment.pk, arrived_at=None).update(
        arrived_at=timezone.now(), arrived_noted_by=actor.the_person
    )


def place_in_course(appointment: Appointment) -> tuple[int, int] | None:
    """Which of how many standing ones of its course; None for one that was booked alone."""
    if appointment.course is None:
        return None
    of_it = list(
        Appointment.objects.standing().filter(course=appointment.course).order_by("starts_at").values_list("pk")
    )
    return (of_it.index((appointment.pk,)) + 1, len(of_it)) if (appointment.pk,) in of_it else None


def judge_booking(
    *, patient: Patient, room: Room, starts_at: datetime, ends_at: datetime, now: datetime
) -> tuple[Finding, ...]:
    """Why this cannot be booked; nothing when it can."""
    found = []
    if ends_at <= now:
        found.append(Finding("time_is_over", Severity.HARD))
    if not room.is_private:
        found.append(Finding("room_not_private", Severity.HARD, {"room": room.name}))
    at_that_time = Appointment.objects.standing().between(starts_at, ends_at)
    if taken := at_that_time.filter(room=room).select_related("room").first():
        found.append(Finding("room_taken_then", Severity.HARD, _where_and_when(taken, room.clinic)))
    if taken := at_that_time.filter(patient=patient).select_related("room").first():
        found.append(Finding("patient_expected_then", Severity.HARD, _where_and_when(taken, room.clinic)))
    return tuple(found)


def cancel(appointment: Appointment, *, because: str) -> None:
    """It stays readable, with the reason; its time is free again."""
    appointment.cancelled_at = timezone.now()
    appointment.cancelled_because = because.strip()
    appointment.save(update_fields=["cancelled_at", "cancelled_because"])


def _where_and_when(appointment: Appointment, clinic: Clinic) -> dict[str, str]:
    """Never who: the page may stand open at the desk."""
    zone = ZoneInfo(clinic.time_zone)
    return {
        "room": appointment.room.name,
        "from": f"{appointment.starts_at.astimezone(zone):%H:%M}",
        "to": f"{appointment.ends_at.astimezone(zone):%H:%M}",
    }
