"""Who is expected in the invented clinic in the days to come: the prescriber of the demo finds somebody to plan for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from stillroom.rehearsal.clinic import House
from stillroom.rehearsal.people import ALDER, HALDANE, PENROSE, Invented
from stillroom.schedule.models import Appointment

LENGTH = timedelta(minutes=150)
COMING: tuple[tuple[Invented, int, time, str], ...] = (
    (PENROSE, 3, time(9, 30), "Room 3"),
    (ALDER, 3, time(10, 30), "Room 2"),
    (HALDANE, 4, time(9, 30), "Room 4"),
)
"""The patient, in how many days, when, and where. No order is written for them yet."""


def expect(house: House, *, now: datetime) -> None:
    zone = ZoneInfo(house.clinic.time_zone)
    for patient, in_days, clock, room in COMING:
        starts_at = datetime.combine(now.astimezone(zone).date() + timedelta(days=in_days), clock, zone)
        Appointment.objects.create(
            clinic=house.clinic,
            patient=house.patients[patient.identifier],
            room=house.rooms[room],
            starts_at=starts_at,
            ends_at=starts_at + LENGTH,
            made_by=house.people["desk"],
        )
