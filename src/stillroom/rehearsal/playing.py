"""Plays a script to an infusion: the monitor reports at the patient's pace, and whoever leads it is told what comes.

It ends when the script has, and nobody has time left for what is still expected; the last scene is given back. What
staff do is read from the log, by whichever page they did it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asgiref.sync import sync_to_async

from stillroom.rehearsal.dialects import Dialect
from stillroom.rehearsal.monitor import OnMonitor, SimulatedMonitor
from stillroom.rehearsal.play.parts import Event, Kind, Mishap
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.play.scoring import is_over
from stillroom.rehearsal.staged import Stage

TURN_S = 0.25
OFTENEST_S = 1.0
CUFF_OFTENEST_S = 4.0
"""However fast the patient lives, a monitor reports once a second and its cuff takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedside:
    """The simulated monitor of the room: how it speaks and calls itself, and where the gateway listens."""

    dialect: Dialect
    identifier: str
    bed: str
    host: str
    port: int


@dataclass
class Cues:
    """What the one who leads the rehearsal is told and shown of the chair, and what is done when the power goes, for so
    many seconds.
    """

    tell: Callable[[Event], None] = lambda event: None
    show: Callable[[Scene, datetime], None] = lambda scene, at: None
    cut_power: Callable[[float], None] = lambda for_s: None
    told: set[int] = field(default_factory=set)


def intervals_of(dialect: Dialect, speed: float) -> tuple[float, float]:
    """How often monitor and cuff of a patient who lives so fast report, in seconds."""
    return max(dialect.interval_s / speed, OFTENEST_S), max(dialect.cuff_interval_s / speed, CUFF_OFTENEST_S)


async def play(stage: Stage, bedside: Bedside, cues: Cues, *, until: asyncio.Event) -> Scene:
    """Until the script is over, or `until` is set; the scene as it was then."""
    monitor = asyncio.create_task(monitor_of(stage, bedside).run(bedside.host, bedside.port))
    try:
        while True:
            scene, at = await sync_to_async(stage.scene)(), datetime.now(UTC)
            _give_cues(scene, at, cues)
            cues.show(scene, at)
            if until.is_set() or (scene.clock and is_over(scene.script, scene.surviving, scene.clock, at=at)):
                return scene
            await asyncio.sleep(TURN_S)
    finally:
        monitor.cancel()
        await asyncio.gather(monitor, return_exceptions=True)


def monitor_of(stage: Stage, bedside: Bedside) -> SimulatedMonitor:
    """It measures whoever the scene shows, as often as their pace asks."""
    interval_s, cuff_interval_s = intervals_of(bedside.dialect, stage.speed)

    def look(at: datetime) -> OnMonitor:
        scene = stage.scene()
        shown = scene.shown(at)
        return OnMonitor(
            identifier=bedside.identifier,
            bed=bedside.bed,
            signs=shown.signs,
            missing=shown.missing,
            cuff_says=shown.cuff_says,
            is_silent=shown.is_silent or scene.is_dark(at),
        )

    return SimulatedMonitor(
        bedside.dialect, interval_s=interval_s, cuff_interval_s=cuff_interval_s, look=sync_to_async(look)
    )


def _give_cues(scene: Scene, at: datetime, cues: Cues) -> None:
    """Each event once, when it comes."""
    for event in scene.has_come(at):
        if event.line in cues.told:
            continue
        cues.told.add(event.line)
        cues.tell(event)
        if isinstance(event.what, Mishap) and event.what.kind is Kind.POWER:
            cues.cut_power(event.what.for_min * 60)
