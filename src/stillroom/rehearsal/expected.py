"""Who is expected in the invented clinic: two people today, at the desk's own hands, and others in the days to come.

Ilse Corran came early and waits; Teo Marsh is late. The prescriber of the demo finds somebody to plan for.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from stillroom.rehearsal.clinic import House
from stillroom.rehearsal.people import ALDER, CORRAN, HALDANE, MARSH, PENROSE, Invented
from stillroom.schedule.models import Appointment

LENGTH = timedelta(minutes=150)
COMING: tuple[tuple[Invented, int, time, str], ...] = (
    (PENROSE, 3, time(9, 30), "Room 3"),
    (ALDER, 3, time(10, 30), "Room 2"),
    (HALDANE, 4, time(9, 30), "Room 4"),
)
"""The patient, in how many days, when, and where. No order is written for them yet."""

QUARTER = timedelta(minutes=15)
MARSH_IS_LATE, CORRAN_IS_EARLY, CORRAN_CAME = timedelta(minutes=25), timedelta(minutes=50), timedelta(minutes=6)


def expect(house: House, *, now: datetime) -> None:
    zone = ZoneInfo(house.clinic.time_zone)
    for patient, in_days, clock, room in COMING:
        day = now.astimezone(zone).date() + timedelta(days=in_days)
        _booked(house, patient, room, datetime.combine(day, clock, zone))
    _booked(house, MARSH, "Room 1", _on_the_quarter(now - MARSH_IS_LATE))
    corran = _booked(house, CORRAN, "Room 3", _on_the_quarter(now + CORRAN_IS_EARLY))
    corran.arrived_at, corran.arrived_noted_by = now - CORRAN_CAME, house.people["desk"]
    corran.save(update_fields=["arrived_at", "arrived_noted_by"])


def _booked(house: House, patient: Invented, room: str, starts_at: datetime) -> Appointment:
    return Appointment.objects.create(
        clinic=house.clinic,
        patient=house.patients[patient.identifier],
        room=house.rooms[room],
        starts_at=starts_at,
        ends_at=starts_at + LENGTH,
        made_by=house.people["desk"],
    )


def _on_the_quarter(at: datetime) -> datetime:
    """Nobody is booked for 10:37."""
    return at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % QUARTER
