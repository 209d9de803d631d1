"""Making and cancelling appointments. What the database would not hold is said in words first."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic, Room
from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment


def book(actor: Actor, *, patient: Patient, room: Room, starts_at: datetime, ends_at: datetime) -> Appointment:
    """An appointment for an infusion. Refused: over already, no private room, or room or patient taken at that time."""
    found = judge_booking(patient=patient, room=room, starts_at=starts_at, ends_at=ends_at, now=timezone.now())
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                clinic=actor.the_clinic,
                patient=patient,
                room=room,
                starts_at=starts_at,
                ends_at=ends_at,
                made_by=actor.the_person,
            )
    except IntegrityError as quicker:
        raise refuse("somebody_was_quicker") from quicker


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
