"""From a pressure that a hand writes down to its alarm on every other display, with the whole house at work.

In each room a drip runs, a monitor sends every five seconds, and two screens are open; web process, gateway, both watch
processes, PostgreSQL, monitors and screens share the cores. Two legs are told apart by the times that the database gave
the entries: from the pressure's to the alarm's, which is the judging, and from there to the last of the room's screens.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uvloop
from how_soon import ALARM_TO_DISPLAYS, EVENT_TO_JUDGED, held_to

from stillroom.project.bench import Figure, clinic_database

if TYPE_CHECKING:
    from bench_ward import Hear, Shows

ROOMS = (1, 20, 200)
PRESSURES = 100
SENDS_EVERY_S = 5.0
SETTLES_S = 30.0
EVERY_S = 1.0
RETURNS_AFTER_S, AGAIN_AFTER_S = 1.5, 3.0
"""A pressure inside the limits is written so long after each high one, and the next high one in the same room then."""
HIGH_MMHG, GOOD_MMHG = 186, 128
SEQ = re.compile(rb"id: (\d+)\nevent: entry")
Seen = dict[UUID, list[list[tuple[int, float]]]]
"""By infusion, of each screen: the number of an entry, and when it was there by the clock."""


def figures() -> Iterator[Figure]:
    for rooms in ROOMS:
        yield from _of(rooms)


@dataclass
class Legs:
    """Milliseconds of every alarm measured, and how many pressures no alarm followed in time."""

    judged: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    unanswered: int = 0


def _of(rooms: int) -> Iterator[Figure]:
    with clinic_database() as server:
        import bench_bedside
        import ward

        clinic = ward.furnish(rooms)
        seen: Seen = {}
        with bench_bedside.served("timed_server") as web:
            written = uvloop.run(_measured(web, clinic, server.url("stillroom_app"), seen))
        legs = _legs(clinic, written, seen)
    if legs.unanswered:
        raise RuntimeError(f"{legs.unanswered} of {len(written)} pressures were followed by no alarm")
    name = f"alarms.{rooms}_room{'s' if rooms > 1 else ''}"
    for leg, taken, step in (("judged", legs.judged, EVENT_TO_JUDGED), ("on_screen", legs.seen, ALARM_TO_DISPLAYS)):
        yield Figure(f"{name}_{leg}_p50", statistics.median(taken), "ms", f"{len(taken)} alarms")
        yield from held_to(step, f"{name}_{leg}", taken)


async def _measured(web: Any, clinic: Any, url: str, seen: Seen) -> list[tuple[UUID, int]]:
    """The entries by which the high pressures were written."""
    import bench_ward

    every_s = max(EVERY_S, AGAIN_AFTER_S / len(clinic.infusions))
    async with bench_ward.alive(web, clinic, url, {}, partial(_hearing_entries, seen), every_s=SENDS_EVERY_S):
        await asyncio.sleep(SETTLES_S)
        written = []
        async with asyncio.TaskGroup() as returning:
            for number in range(min(PRESSURES, 40 * len(clinic.infusions))):
                infusion = clinic.infusions[number % len(clinic.infusions)]
                answer = await _write(web, clinic, infusion, HIGH_MMHG)
                written.append((infusion, answer["seq"]))
                returning.create_task(_return(web, clinic, infusion))
                await asyncio.sleep(every_s)
    return written


def _hearing_entries(seen: Seen, shows: Shows) -> Hear:
    heard: list[tuple[int, float]] = []
    seen.setdefault(shows.infusion, []).append(heard)

    def hear(event: bytes, at_s: float) -> None:
        if found := SEQ.search(event):
            heard.append((int(found[1]), time.time() - time.monotonic() + at_s))

    return hear


async def _return(web: Any, clinic: Any, infusion: UUID) -> None:
    await asyncio.sleep(RETURNS_AFTER_S)
    await _write(web, clinic, infusion, GOOD_MMHG)


async def _write(web: Any, clinic: Any, infusion: UUID, sbp_mmhg: int) -> Any:
    import bench_bedside

    typed = bench_bedside._set_of_vitals(clinic) | {"sbp_mmhg": str(sbp_mmhg)}
    return await web.post(f"/bedside/{infusion}/acts/vitals", typed, clinic)


def _legs(clinic: Any, written: Sequence[tuple[UUID, int]], seen: Seen) -> Legs:
    from stillroom.clinics.rows import clinic_scope
    from stillroom.infusions.models import Entry

    legs = Legs()
    with clinic_scope(clinic.clinic_id):
        for infusion, seq in written:
            entries = Entry.objects.filter(infusion_id=infusion, seq__gte=seq).order_by("seq")
            found = _first_alarm(entries.values_list("seq", "kind", "payload", "recorded_at"))
            if found is None:
                legs.unanswered += 1
                continue
            written_at, alarm_seq, raised_at = found
            legs.judged.append(1e3 * (raised_at - written_at).total_seconds())
            firsts = (next(at_s for number, at_s in heard if number >= alarm_seq) for heard in seen[infusion])
            legs.seen.append(1e3 * (max(firsts) - raised_at.timestamp()))
    return legs


def _first_alarm(entries: Iterable[tuple[int, str, str, datetime]]) -> tuple[datetime, int, datetime] | None:
    """When the first entry was written; the number of the alarm that followed, before the next pressure, and when."""
    (_, _, _, written_at), *later = entries
    for seq, kind, payload, at in later:
        if kind == "AlarmRaised" and "sbp" in payload:
            return written_at, seq, at
        if kind == "VitalsCharted" and "by_hand" in payload:
            return None
    return None
