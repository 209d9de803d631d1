"""The clinic that a script is played in: one room in use, and its drip as far as the script begins with it.

What came before is told at its own times, as in the demo, so that all figures of the record are of one piece. The
clinic is of invented people in a database of its own; no real clinic is ever near it.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.conf import settings

from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.infusions.models import Infusion
from stillroom.rehearsal.clinic import House, open_clinic
from stillroom.rehearsal.demo import (
    declare_rehearsal,
    note_that_monitors_are_heard,
    note_that_the_board_is_seen,
    store_readings,
)
from stillroom.rehearsal.dialects import DIALECTS, A
from stillroom.rehearsal.people import ALDER
from stillroom.rehearsal.play.parts import Script
from stillroom.rehearsal.play.reading import read_script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.playing import Bedside, Cues, intervals_of, play
from stillroom.rehearsal.staged import BY, Stage
from stillroom.rehearsal.story import rehearsed_visit
from stillroom.rehearsal.teller import tell

READY_BEFORE = timedelta(minutes=1)
"""Of a script that begins before the start: the patient has been made ready, and who rehearses starts the drip."""
SHORTEST_CUFF_S = 30
LOOK_AGAIN_S = 0.2


def furnish_for(script: Script, owner_url: str, *, speed: int, now: datetime | None = None) -> None:
    """The clinic and the visit, as far as it has come when the script begins."""
    declare_rehearsal(owner_url)
    clinic_id, now = uuid4(), now or datetime.now(UTC)
    begun = timedelta(minutes=script.begin_min) if script.begin_min is not None else -READY_BEFORE
    with clinic_scope(clinic_id, by=BY):
        house = open_clinic(clinic_id, now=now)
        _set_monitors(house, speed)
        visit = rehearsed_visit(house, started_at=now - begun)
    store_readings(house, [visit], now)
    with clinic_scope(clinic_id, by=BY):
        tell(visit, clinic_id=clinic_id, until=now)
        note_that_monitors_are_heard(house)
        note_that_the_board_is_seen(clinic_id)


def is_script_played() -> bool:
    return bool(settings.DEMO and settings.REHEARSAL_SCRIPT)


def the_stage() -> Stage | None:
    """What this clinic rehearses; None before it is furnished."""
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id, by=BY):
            infusion = Infusion.objects.order_by("created_at").first()
        if infusion is not None:
            return Stage(the_script(), speed=settings.REHEARSAL_SPEED, clinic_id=clinic_id, infusion_id=infusion.pk)
    return None


async def play_here(host: str, port: int, cues: Cues, *, until: asyncio.Event) -> Scene | None:
    """Play it to the room it is for, once that is furnished; None when it was asked to end before."""
    stage = None
    while stage is None:
        if until.is_set():
            return None
        stage = await sync_to_async(the_stage)()
        await asyncio.sleep(LOOK_AGAIN_S)
    bedside = Bedside(dialect=A, identifier=ALDER.identifier, bed="Room 2", host=host, port=port)
    return await play(stage, bedside, cues, until=until)


def the_script() -> Script:
    return _read(Path(settings.REHEARSAL_SCRIPT))


@lru_cache(maxsize=8)
def _read(path: Path) -> Script:
    return read_script(path.read_text(), file=path.name)


def _set_monitors(house: House, speed: int) -> None:
    """They report as often as the patient's pace asks, and the clinic knows how often that is."""
    for monitor in house.monitors.values():
        interval_s, cuff_interval_s = intervals_of(DIALECTS[monitor.sending_application], speed)
        monitor.interval_s, monitor.cuff_interval_s = round(interval_s), max(round(cuff_interval_s), SHORTEST_CUFF_S)
        monitor.save(update_fields=["interval_s", "cuff_interval_s"])
