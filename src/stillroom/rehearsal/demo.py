"""Furnishes an empty database with the invented clinic, as it stands now."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.gateway import prepare_months
from stillroom.devices.models import LinkState
from stillroom.devices.screens import Sign, screens_are_seen
from stillroom.rehearsal.before_visit import write_before_visit
from stillroom.rehearsal.clinic import House, let_in, open_clinic
from stillroom.rehearsal.cupboard import fill_cupboard
from stillroom.rehearsal.expected import expect
from stillroom.rehearsal.listed import furnish_directory
from stillroom.rehearsal.past_readings import readings_of, store
from stillroom.rehearsal.people import VALE
from stillroom.rehearsal.readers import let_readers_write
from stillroom.rehearsal.story import visits_of_months, visits_of_those_here
from stillroom.rehearsal.teller import tell
from stillroom.rehearsal.visit import Visit
from stillroom.rehearsal.weeks import write_weeks

BY = "system:rehearsal"


def furnish(owner_url: str, *, now: datetime | None = None) -> UUID:
    """The clinic, its people and all that has happened in it by `now`; the clinic's id. The database has no rows yet.

    Today comes first: the rooms are there while the months before are still being told; whose they are is let in last.
    Whoever watches sees a room only together with what its monitor sent.
    """
    declare_rehearsal(owner_url)
    clinic_id, now = uuid4(), now or datetime.now(UTC)
    with clinic_scope(clinic_id, by=BY):
        house = open_clinic(clinic_id, now=now)
        here = list(visits_of_those_here(house, now=now))
    store_readings(house, here, now)
    with clinic_scope(clinic_id, by=BY):
        for visit in here:
            tell(visit, clinic_id=clinic_id, until=now)
        write_weeks(house, now=now)
        note_that_monitors_are_heard(house)
        note_that_the_board_is_seen(clinic_id)
    let_readers_write(clinic_id)
    with clinic_scope(clinic_id, by=BY):
        for visit in visits_of_months(house, now=now):
            tell(visit, clinic_id=clinic_id, until=now)
        expect(house, now=now)
        write_before_visit(house)
        fill_cupboard(house, now=now)
        let_in(house, VALE)
    with clinic_scope(clinic_id, by=BY):
        furnish_directory(house, now=now)
    return clinic_id


def store_readings(house: House, visits: list[Visit], now: datetime) -> None:
    """What the monitors would have sent of visits to their rooms so far."""
    prepare_months(now)
    monitors = {house.rooms[name].pk: monitor for name, monitor in house.monitors.items()}
    watched = [(visit, monitors[visit.plan.room]) for visit in visits if visit.plan.room in monitors]
    asyncio.run(store([arrival for visit, monitor in watched for arrival in readings_of(visit, monitor, until=now)]))


def note_that_monitors_are_heard(house: House) -> None:
    """As the gateway would have, had it run before the demo began."""
    heard_at = timezone.now()
    for monitor in house.monitors.values():
        told = {"clinic_id": monitor.clinic_id, "last_heard_at": heard_at, "last_sample_at": heard_at}
        LinkState.objects.update_or_create(monitor=monitor, defaults=told)


def note_that_the_board_is_seen(clinic_id: UUID) -> None:
    """Until the doors open somebody had it in view; from then on the visitor's own pages do, or nobody's."""
    screens_are_seen(clinic_id, [Sign(uuid4(), None, can_sound=True, at=timezone.now())])


def declare_rehearsal(owner_url: str) -> None:
    """For good: in this database an act may say when it was recorded. Only the owner of the tables can say so."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("INSERT INTO infusions_rehearsal DEFAULT VALUES")
