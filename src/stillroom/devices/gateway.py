"""The gateway process: listens for monitors, stores what they report, and notes how each link is.

It only stores. Whether a value or a silence is an alarm is judged elsewhere, from what is stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connection

from stillroom.core.vitals import Sample
from stillroom.devices.enrolment import Roster, plain_address, read_roster
from stillroom.devices.ingest import Arrival, Ingest, conninfo_of_django, ingesting
from stillroom.devices.links import Links
from stillroom.gateways.hl7.link import Line, Link, Source
from stillroom.gateways.hl7.wire import Origin, Report

log = logging.getLogger(__name__)

TURN_S = 1.0
MONTHS_EVERY = timedelta(hours=6)

Result = TypeVar("Result")


class GatewayKeeper:
    """Keeps what the HL7 link brings: the `Keeper` of the real house."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self.roster = Roster()
        self.months_prepared_at = datetime.min.replace(tzinfo=UTC)
        self.links = Links()

    def enrol(self, roster: Roster) -> None:
        """Work by this roster from now on. One that says the same is not taken, as it has all to find again."""
        if roster != self.roster:
            self.roster = roster

    def admits(self, peer: str) -> bool:
        is_admitted = self.roster.admits(peer)
        if not is_admitted:
            self._note_stranger(peer, None)
        return is_admitted

    def source_of(self, peer: str, origin: Origin) -> Source | None:
        owner = self.roster.owner_of(peer, origin)
        if owner is None:
            self._note_stranger(peer, origin)
            return None
        self.links.of(owner)
        return Source(owner.id, owner.zone)

    async def store(self, source: Source, samples: tuple[Sample, ...], frame_digest: bytes) -> None:
        owner = self.links.known(source.id).enrolment
        await self._ingest.store(Arrival(owner.clinic_id, owner.id, samples, frame_digest))

    def note_report(self, line: Line, source: Source | None, report: Report, received_at: datetime) -> None:
        if source is not None:
            self.links.known(source.id).hear(line.number, line.peer, report, received_at)

    def note_skipped(self, line: Line, skipped_bytes: int) -> None:
        log.warning("%d bytes from %s stood outside a frame and were skipped", skipped_bytes, line.peer)

    def note_closed(self, line: Line) -> None:
        self.links.close(line.number)

    def _note_stranger(self, peer: str, origin: Origin | None) -> None:
        self.links.note_stranger(self.roster.concerned(peer), str(plain_address(peer)), origin, _now())


async def run_gateway(host: str, port: int, *, until: asyncio.Event, ready: Callable[[int], None]) -> None:
    """Listen until the event is set; `ready` is told the port once monitors may send."""
    async with ingesting(conninfo_of_django()) as ingest:
        keeper = GatewayKeeper(ingest)
        while not await _look(keeper) and not until.is_set():
            await _wait(until)
        link = Link(keeper, now=_now)
        server = await link.listen(host, port)
        ready(server.sockets[0].getsockname()[1])
        while not until.is_set():
            await _wait(until)
            await _look(keeper)
        server.close()
        await link.close_lines()
        await _in_database(keeper.links.write_down)


async def _look(keeper: GatewayKeeper) -> bool:
    """Who is enrolled now, how the links are, the months to come. False if the database is away."""
    try:
        if _now() - keeper.months_prepared_at > MONTHS_EVERY:
            await _in_database(prepare_months)
            keeper.months_prepared_at = _now()
        keeper.enrol(await _in_database(read_roster))
        await _in_database(keeper.links.write_down)
    except DatabaseError as fault:
        log.error("the database is away: %s", str(fault).strip())
        return False
    return True


def prepare_months(around: datetime | None = None) -> None:
    """The tables for samples of this month, the one before and the one after, made where they are missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_prepare_months(%s)", [around or _now()])


async def _in_database(act: Callable[[], Result]) -> Result:
    def done() -> Result:
        try:
            return act()
        finally:
            close_old_connections()

    return await sync_to_async(done)()


async def _wait(until: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(until.wait(), TURN_S)
    except TimeoutError:
        return


def _now() -> datetime:
    return datetime.now(UTC)
