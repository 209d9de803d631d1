"""The gateway process: listens for monitors, stores what they report, and notes how each link is.

It only stores. Whether a value or a silence is an alarm is judged elsewhere, from what is stored.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from stillroom.clinics import clock
from stillroom.devices.arriving import Arrival, kept
from stillroom.devices.doors import Door
from stillroom.devices.enrolment import Enrolment, Roster, plain_address, read_roster
from stillroom.devices.ingest import Ingest, conninfo_of_django, ingesting
from stillroom.devices.links import FIRST, Knock, Links
from stillroom.devices.spool import FILE, Spool
from stillroom.gateways.contract import Heard, Line, LineFault, Report, SetAside, Source, Trust
from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.link import Link
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.wire import Origin

log = logging.getLogger(__name__)

TURN_S = 1.0
MIB = 1024**2
TABLES_EVERY = timedelta(hours=6)

Result = TypeVar("Result")


class GatewayKeeper:
    """Keeps what drivers bring: the `Porter` of the real house to HL7, the `Keeper` to whoever calls."""

    def __init__(self, ingest: Ingest, *, keeps_frames: bool = True, number: int = FIRST) -> None:
        self._ingest = ingest
        self._keeps_frames = keeps_frames
        self._has_begun = False
        self.roster = Roster()
        self.tables_prepared_at = datetime.min.replace(tzinfo=UTC)
        self.links = Links(number)

    def enrol(self, roster: Roster) -> None:
        """Work by this roster from now on. One that says the same is not taken, as it has all to find again."""
        if roster != self.roster:
            self.roster = roster

    def admits(self, line: Line) -> bool:
        is_admitted = self.roster.admits(line.peer, line.certificate)
        if not is_admitted:
            self._note_stranger(line, None)
        return is_admitted

    def source_of(self, line: Line, origin: Origin) -> Source | None:
        owner = self.roster.owner_of(line.peer, origin, line.certificate)
        if owner is None:
            self._note_stranger(line, origin)
            return None
        return self._source(owner)

    def source_at(self, line: Line) -> Source | None:
        owners = self.roster.at(line.peer, line.certificate)
        return self._source(owners[0]) if len(owners) == 1 else None

    async def store(self, source: Source, heard: Heard) -> None:
        owner = self.links.known(source.id).enrolment
        frame = kept(heard) if self._keeps_frames else None
        report = heard.report
        await self._ingest.store(
            Arrival(owner.clinic_id, owner.id, report.samples, heard.digest, frame, report.alarms, report.pump_events)
        )

    def note_report(self, line: Line, source: Source | None, report: Report, received_at: datetime) -> None:
        if source is not None:
            self.links.known(source.id).hear(line.number, line.peer, report, received_at)

    def note_opened(self, line: Line) -> None:
        """Of one monitor, where it alone may send from there; else the first message tells whose it is."""
        source = self.source_at(line)
        if source is not None:
            self.links.known(source.id).open(line.number, line.peer)

    def note_skipped(self, line: Line, skipped_bytes: int) -> None:
        log.warning("%d bytes from %s stood outside a frame and were skipped", skipped_bytes, line.peer)
        self._refuse_line(line, Reason.OUTSIDE_FRAME)

    def note_too_long(self, line: Line) -> None:
        self._refuse_line(line, Reason.FRAME_TOO_LONG)

    def note_closed(self, line: Line) -> None:
        self.links.close(line.number)

    def called(self, owner: Enrolment, trust: Trust | None) -> Source:
        """A device that we call, before it is."""
        self.links.of(owner)
        return Source(owner.id, owner.zone, owner.address, owner.certificate, trust)

    def note_fault(self, source: Source, fault: LineFault) -> None:
        """Why a device that we call was not reached, or lost. It is no sign of life of the device."""
        self.links.known(source.id).refuse(SetAside(fault.reason, "line", fault.what), _now())

    async def write_links(self) -> None:
        """How the links are, for people to see; what cannot be written now is written with the next."""
        if not self._has_begun:
            await in_database(self.links.begin)
            self._has_begun = True
        changes = self.links.take_changes()
        try:
            await in_database(changes.write_down)
        except BaseException:
            self.links.put_back(changes)
            raise

    def _refuse_line(self, line: Line, reason: Reason) -> None:
        """Told on the link of the one monitor that may send from there."""
        source = self.source_at(line)
        if source is not None:
            self.links.known(source.id).refuse(SetAside(reason, "line"), _now())

    def _source(self, owner: Enrolment) -> Source:
        self.links.of(owner)
        return Source(owner.id, owner.zone)

    def _note_stranger(self, line: Line, origin: Origin | None) -> None:
        who = Knock(str(plain_address(line.peer)), line.certificate, origin)
        self.links.note_stranger(self.roster.concerned(line.peer), who, _now())


async def run_gateway(
    through: Sequence[Door], *, until: asyncio.Event, ready: Callable[[Sequence[Door]], None], number: int = FIRST
) -> None:
    """Listen until the event is set; `ready` is told the doors, with the ports taken, once monitors may send.

    Of gateways that run side by side each has a `number`, from 1 on.
    """
    with _alone(number, through):
        async with ingesting(
            conninfo_of_django(), spool_of(number), left_behind() if number == FIRST else ()
        ) as ingest:
            keeper = GatewayKeeper(ingest, keeps_frames=settings.HL7_KEPT_DAYS > 0, number=number)
            while not await look(keeper) and not until.is_set():
                await wait(until)
            link = Link(keeper, now=_now, answers=count(number, settings.HL7_PROCESSES))
            servers = [
                await link.listen(each.host, each.port, tls=each.tls, is_shared=each.is_shared) for each in through
            ]
            ready([_opened(door, server) for door, server in zip(through, servers, strict=True)])
            while not until.is_set():
                await wait(until)
                await look(keeper)
            for server in servers:
                server.close()
            await link.close_lines()
            await keeper.write_links()


@contextmanager
def _alone(number: int, doors: Sequence[Door]) -> Iterator[None]:
    """Of those that share their doors the only one of its number. Raises GatewayError where it is not.

    Asked before it has heard anybody or written anything.
    """
    with ExitStack() as kept:
        for door in (each for each in doors if each.is_shared):
            name = kept.enter_context(socket.socket(socket.AF_UNIX))
            try:
                name.bind(f"\0stillroom gateway {number} at port {door.port}")  # no file: it goes with the process
            except OSError as fault:
                words = f"gateway {number} listens there already: each needs a number of its own"
                raise GatewayError(words, permanent=True) from fault
        yield


def spool_of(number: int) -> Spool:
    """Where what this gateway heard waits: each has a folder of its own, and its part of the room."""
    return Spool(_folder_of(number), max_bytes=settings.HL7_SPOOL_MIB * MIB // settings.HL7_PROCESSES)


def _folder_of(number: int) -> Path:
    return settings.HL7_SPOOL if number == FIRST else settings.HL7_SPOOL / str(number)


def left_behind() -> list[Spool]:
    """What waits of gateways that no longer run, as there are fewer now. What cannot be opened stays where it is."""
    found = []
    numbers = [int(each.name) for each in settings.HL7_SPOOL.glob("*") if each.name.isdecimal()]
    for number in sorted(each for each in numbers if each > settings.HL7_PROCESSES):
        try:
            if (_folder_of(number) / FILE).exists():
                found.append(Spool(_folder_of(number), max_bytes=0))
        except (OSError, GatewayError) as fault:
            log.error("what waits of gateway %d is NOT STORED: %s", number, fault)
    return found


def _opened(door: Door, server: asyncio.Server) -> Door:
    return replace(door, port=server.sockets[0].getsockname()[1])


async def look(keeper: GatewayKeeper) -> bool:
    """Who is enrolled now, how the links are, the months to come. False if the database is away."""
    try:
        if _now() - keeper.tables_prepared_at > TABLES_EVERY:
            await in_database(prepare_months)
            await in_database(prepare_days)
            keeper.tables_prepared_at = _now()
        keeper.enrol(await in_database(read_roster))
        await keeper.write_links()
    except DatabaseError as fault:
        log.error("the database is away: %s", str(fault).strip())
        return False
    return True


def prepare_months(around: datetime | None = None) -> None:
    """The tables for samples of this month, the one before and the one after, made where they are missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_prepare_months(%s)", [around or _now()])


def prepare_days(around: datetime | None = None) -> None:
    """The tables for frames of yesterday, today and tomorrow; those of days that need not be kept are dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_prepare_days(%s, %s)", [around or _now(), settings.HL7_KEPT_DAYS])


async def in_database(act: Callable[[], Result]) -> Result:
    def done() -> Result:
        try:
            return act()
        finally:
            close_old_connections()

    return await sync_to_async(done)()


async def wait(until: asyncio.Event, longest_s: float = TURN_S) -> None:
    try:
        await asyncio.wait_for(until.wait(), longest_s)
    except TimeoutError:
        return


def _now() -> datetime:
    return clock.now()
