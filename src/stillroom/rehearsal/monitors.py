"""The simulated monitors of a rehearsal: a task for each monitor of the clinic that calls itself as a dialect does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from asgiref.sync import sync_to_async

from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.devices.gateway import TURN_S
from stillroom.devices.models import Monitor
from stillroom.rehearsal.connected import Watcher, signs_of
from stillroom.rehearsal.dialects import DIALECTS
from stillroom.rehearsal.monitor import Look, OnMonitor, SimulatedMonitor

NOT_FURNISHED_YET_S = 0.2
ENROLLED_WITHIN_S = TURN_S + 0.5  # the gateway looks at every turn who may send


async def run_monitors(host: str, port: int, *, until: asyncio.Event) -> None:
    """Report to the gateway until the event is set. The clinic may still be being furnished when this begins."""
    monitors: list[SimulatedMonitor] = []
    while not monitors and not await _is_set_within(until, NOT_FURNISHED_YET_S):
        monitors = await sync_to_async(lambda: list(simulated_monitors()))()
    await _is_set_within(until, ENROLLED_WITHIN_S)
    tasks = [asyncio.create_task(monitor.run(host, port)) for monitor in monitors]
    waiting = asyncio.create_task(until.wait())
    await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, waiting):
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


def simulated_monitors() -> Iterator[SimulatedMonitor]:
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id):
            rows = list(Monitor.objects.filter(is_enrolled=True, sending_application__in=DIALECTS))
        for row in rows:
            yield SimulatedMonitor(
                DIALECTS[row.sending_application],
                interval_s=row.interval_s,
                cuff_interval_s=row.cuff_interval_s,
                look=_look_with(Watcher(clinic_id, row.pk)),
            )


async def _is_set_within(event: asyncio.Event, timeout_s: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await event.wait()
    return event.is_set()


def _look_with(watcher: Watcher) -> Look:
    def look(at: datetime) -> OnMonitor | None:
        connected = watcher.look(at)
        if connected is None:
            return None
        return OnMonitor(identifier=connected.identifier, bed=connected.room, signs=signs_of(connected, at))

    return sync_to_async(look)
