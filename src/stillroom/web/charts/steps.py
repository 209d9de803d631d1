"""A rate over time as steps: level while it is kept, nothing in a pause. Small, as the words beside it say the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.web.charts.scale import SIDE, Scale, Tick, time_ticks

HEADROOM = 1.15


@dataclass(frozen=True, slots=True)
class Step:
    """From a minute to a minute at one value; zero is a pause."""

    from_min: float
    to_min: float
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One step in plot units."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class StepsDrawing:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def draw_steps(steps: Sequence[Step]) -> StepsDrawing | None:
    """Bars from the ground up, one for each step that runs; None when nothing ran."""
    highest = max((step.value for step in steps), default=0)
    if highest <= 0:
        return None
    x = Scale(steps[0].from_min, max(step.to_min for step in steps))
    y = Scale(0, highest * HEADROOM)
    return StepsDrawing(tuple(_bar(step, x, y) for step in steps if step.value > 0), time_ticks(x, wanted=6))


def _bar(step: Step, x: Scale, y: Scale) -> Bar:
    height = y.part(step.value) * SIDE
    width = (x.part(step.to_min) - x.part(step.from_min)) * SIDE
    return Bar(x.across(step.from_min), f"{SIDE - height:.1f}", f"{width:.1f}", f"{height:.1f}")
