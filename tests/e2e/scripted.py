"""A patient who follows a script, in a room of the served clinic: the monitor sends by the real HL7 door.

The drip has run until the script begins with it; then the patient lives sixty minutes in one, and the room does not
hurry. What the robot nurse sees at the chair is asked of the same scene that a rehearsal shows.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import UNSIGNED
from stillroom.devices.assignments import assign
from stillroom.rehearsal.dialects import A
from stillroom.rehearsal.play.parts import Event, Script
from stillroom.rehearsal.play.phrases import event_of
from stillroom.rehearsal.play.reading import found_script, read_script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.play.scoring import Scored, Verdict
from stillroom.rehearsal.play.shown import Shown
from stillroom.rehearsal.playing import Bedside, monitor_of
from stillroom.rehearsal.results import result_of
from stillroom.rehearsal.staged import Stage
from tests.bedside.house import House
from tests.cast import Cast
from tests.devices.premises import make_monitor
from tests.e2e.rooms import CLEAR, a_room
from tests.e2e.served import Served, wait_until
from tests.examples import ORDER, VITALS

SPEED = 60
PATIENCE_S = 40
DRIPS_FOR_MIN = 42
# So long, as some of it fills the line; and a probe that is off is missed after 10 s; all else as is usual.
LONGER = replace(ORDER, duration_min=Decimal(50), alarms=replace(UNSIGNED, spo2_missing_after_s=10))
_numbers = count(1)


class LiveStage(Stage):
    """One to which something can be added while it is played."""

    def happens_now(self, words: str) -> None:
        clock = self.scene().clock
        assert clock is not None
        event = Event(minute=clock.minute(datetime.now(UTC)), what=event_of(words), words=words, line=0)
        self.script = replace(self.script, events=(*self.script.events, event))
        self._seen = None


@dataclass
class Played:
    """A script that is being played to a room."""

    house: House
    stage: LiveStage
    beside: Callable[[Callable[[], Any]], Any]

    @property
    def scene(self) -> Scene:
        scene: Scene = self.beside(self.stage.scene)
        return scene

    @property
    def shown(self) -> Shown:
        return self.scene.shown(datetime.now(UTC))

    @property
    def drops_per_min(self) -> int:
        return self.scene.drops_per_min(datetime.now(UTC))

    @property
    def left_in_bag_ml(self) -> str:
        """As a nurse reads it: to 5 mL."""
        left_ml = self.scene.left_in_bag_ml(datetime.now(UTC)) or 0.0
        return str(round(left_ml / 5) * 5)

    @property
    def scored(self) -> tuple[Scored, ...]:
        return result_of(self.scene, at=datetime.now(UTC)).scored

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.beside(lambda: self.house.log)]

    @property
    def status(self) -> Status:
        status: Status = self.beside(lambda: self.house.state.status)
        return status

    def until(self, is_so: Callable[[Played], bool]) -> None:
        """What the script does is waited for, however long it takes here."""
        wait_until(lambda: is_so(self), at_most_s=PATIENCE_S)

    def happens_now(self, words: str) -> None:
        self.beside(lambda: self.stage.happens_now(words))

    def is_answered(self) -> None:
        """All that the script expects was done, and nothing that it calls needless."""
        found = {each.expectation.words: each.verdict for each in self.scored}
        assert found
        assert not {words: verdict for words, verdict in found.items() if verdict is Verdict.NOT_DONE}, found
        assert Verdict.NEEDLESS not in found.values(), found


def script_of(name_or_words: str) -> Script:
    """One that comes with Stillroom, by its name; or the words of one."""
    if "\n" in name_or_words:
        return read_script(name_or_words, file="the test's own")
    path = found_script(name_or_words)
    return read_script(path.read_text(), file=path.name)


@contextmanager
def playing(script: Script, cast: Cast, served: Served, beside: Callable[[Callable[[], Any]], Any]) -> Iterator[Played]:
    """The room, as far as the script begins with it, and the script played to it in a thread of its own."""
    sender = f"SCRIPT_{next(_numbers)}"
    house = beside(lambda: _room(script, cast, sender))
    stage = LiveStage(script, speed=SPEED, clinic_id=cast.clinic.pk, infusion_id=house.infusion_id)
    dialect = replace(A, sending_application=sender)
    bedside = Bedside(dialect=dialect, identifier="SCRIPTED", bed="", host="127.0.0.1", port=served.hl7_port)
    is_over = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_play(stage, bedside, is_over)), daemon=True)
    thread.start()
    try:
        yield Played(house, stage, beside)
    finally:
        is_over.set()
        thread.join(timeout=10)
        # A drip that nobody looks at any more would be called out on the pages of the next room.
        beside(lambda: house.asked(c.EndInfusion(left_in_bag_ml=Decimal(0)), house.ben))


async def _play(stage: Stage, bedside: Bedside, is_over: threading.Event) -> None:
    """The monitor goes on after the script's last line, until the test is over."""
    monitor = asyncio.create_task(monitor_of(stage, bedside).run(bedside.host, bedside.port))
    await asyncio.to_thread(is_over.wait)
    monitor.cancel()
    await asyncio.gather(monitor, return_exceptions=True)
    await sync_to_async(connections.close_all)()


def _room(script: Script, cast: Cast, sender: str) -> House:
    """The drip was started so long ago, and somebody has just looked and counted: 20 drops in 30 s are as set."""
    house = a_room(cast, ago=timedelta(minutes=script.begin_min or 0), order=LONGER)
    monitor = make_monitor(cast.clinic, sending_application=sender, interval_s=1, cuff_interval_s=30)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.cast.room, at=datetime.now(UTC), by=cast.tom)
    if (script.begin_min or 0) > DRIPS_FOR_MIN:
        return _has_ended(house, script)
    house.start()
    house.ago = timedelta(seconds=20)
    house.record(VITALS)
    house.record(e.PatientWatched(awake=e.Awake.DROWSY, detached=3, anxious=1, nauseous=0))
    house.record(e.DropsCounted(drops=20, seconds=Decimal(30)))
    house.ago = timedelta(0)
    return house


def _has_ended(house: House, script: Script) -> House:
    """The drip is long over, and the patient was clear at a check half an hour ago."""
    house.start()
    house.ago = timedelta(minutes=(script.begin_min or 0) - DRIPS_FOR_MIN)
    house.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), house.ben)
    house.ago = timedelta(minutes=30)
    house.ask(c.CheckRecovery(check=CLEAR), house.ben)
    house.ago = timedelta(0)
    return house
