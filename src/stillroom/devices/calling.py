"""The process that calls devices: those that do not call us. One task each, called again when its line is lost.

It stands apart from the gateway, so that a library that blocks, or dies, costs no monitor that calls us anything. While
no such device is enrolled it holds nothing but the question whether one is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from stillroom.clinics import clock
from stillroom.devices.drivers import driver_of
from stillroom.devices.enrolment import Enrolment, Roster, read_roster
from stillroom.devices.gateway import MIB, GatewayKeeper, in_database, look, wait
from stillroom.devices.ingest import conninfo_of_django, ingesting
from stillroom.devices.links import CALLS
from stillroom.devices.spool import FILE, Spool
from stillroom.gateways.contract import LineFault, Trust

log = logging.getLogger(__name__)

SPOOL_FOLDER = "called"
"""A spool is one process's own."""
NOBODY_S = 5.0
LONGEST_PAUSE_S = 30.0
LIVED_WELL_S = 60.0

_numbers = count(1)


async def run_calls(*, until: asyncio.Event) -> None:
    """Call whoever is enrolled to be called, until the event is set."""
    while not until.is_set():
        if _spool().is_file() or await _is_anybody_called():
            await _call_all(until)
        else:
            await wait(until, NOBODY_S)


async def _call_all(until: asyncio.Event) -> None:
    """As long as there is somebody to call."""
    spool = Spool(_spool().parent, max_bytes=settings.HL7_SPOOL_MIB * MIB)
    async with ingesting(conninfo_of_django(), spool) as ingest:
        keeper = GatewayKeeper(ingest, keeps_frames=settings.HL7_KEPT_DAYS > 0, number=CALLS)
        keeper.tables_prepared_at = clock.now()  # by the gateway, which always runs
        calls: dict[Enrolment, asyncio.Task[None]] = {}
        try:
            while not until.is_set():
                is_known = await look(keeper)
                await _match(calls, keeper)
                if is_known and not calls and not spool.is_in_use:
                    return
                await wait(until)
        finally:
            await _end(calls.values())
            await keeper.write_links()


async def _match(calls: dict[Enrolment, asyncio.Task[None]], keeper: GatewayKeeper) -> None:
    """One call for each that is enrolled now, as it is enrolled now."""
    wanted = _called(keeper.roster)
    gone = [enrolment for enrolment in calls if enrolment not in wanted]
    await _end(calls.pop(enrolment) for enrolment in gone)
    for enrolment in wanted:
        if enrolment not in calls:
            calls[enrolment] = asyncio.create_task(_keep_calling(enrolment, keeper))


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def _keep_calling(enrolment: Enrolment, keeper: GatewayKeeper) -> None:
    """Call; when the line is lost, again after 1, 2, 4 ... 30 s, and at once when it had lasted."""
    calls = driver_of(enrolment.driver).calls
    assert calls is not None
    source = keeper.called(enrolment, _trust())
    loop, losses = asyncio.get_running_loop(), 0
    while True:
        began_s = loop.time()
        try:
            await calls(source, keeper, number=next(_numbers), now=clock.now)
        except LineFault as fault:
            log.warning("the device at %s: %s", enrolment.address, fault)
            keeper.note_fault(source, fault)
            losses = losses + 3 if fault.permanent else losses
        except Exception:
            log.exception("the device at %s could not be called", enrolment.address)
        losses = 0 if loop.time() - began_s > LIVED_WELL_S else losses + 1
        await asyncio.sleep(min(LONGEST_PAUSE_S, 2.0 ** max(0, losses - 1)))


def _called(roster: Roster) -> list[Enrolment]:
    return [each for each in roster.enrolments if each.address and driver_of(each.driver).calls is not None]


async def _is_anybody_called() -> bool:
    try:
        return bool(_called(await in_database(read_roster)))
    except DatabaseError as fault:
        log.error("the database is away: %s", str(fault).strip())
        return False


def _spool() -> Path:
    """What waits there is stored though nobody is called any more."""
    return settings.HL7_SPOOL / SPOOL_FOLDER / FILE


def _trust() -> Trust | None:
    if not settings.SDC_CERTIFICATE:
        return None
    return Trust(Path(settings.SDC_CERTIFICATE), Path(settings.SDC_KEY), Path(settings.SDC_ISSUER))
