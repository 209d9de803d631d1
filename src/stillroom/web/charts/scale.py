"""From values to places on a plot, and where the ticks stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SIDE = 1000
STEPS_PER_DECADE = (1, 2, 5, 10)
TIME_STEPS_MIN = (5, 10, 15, 20, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at `at`, in percent of the plot's width or height, for `value`. The template has the words."""

    at: str
    value: int
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from `low` to `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.high > self.low:
            raise ValueError(f"a scale needs high over low, not {self.low} to {self.high}")

    def part(self, value: float) -> float:
        """0 at `low`, 1 at `high`; not held inside, as a curve may leave its plot."""
        return (value - self.low) / (self.high - self.low)

    def across(self, value: float) -> str:
        return f"{self.part(value) * SIDE:.1f}"

    def up(self, value: float) -> str:
        return f"{(1 - self.part(value)) * SIDE:.1f}"

    def across_percent(self, value: float) -> str:
        return f"{self.part(value) * 100:.2f}%"

    def up_percent(self, value: float) -> str:
        return f"{(1 - self.part(value)) * 100:.2f}%"


def path(points: Iterable[tuple[float, float]], x: Scale, y: Scale, *, start: str = "M") -> str:
    """An SVG path through the points, in plot units."""
    across, up = SIDE / (x.high - x.low), SIDE / (y.high - y.low)
    # By %, a third faster than by an f-string: a fan is ten of these, at every stroke of a key.
    drawn = [
        "L%.1f %.1f" % ((each_x - x.low) * across, (y.high - each_y) * up)  # noqa: UP031
        for each_x, each_y in points
    ]
    return start + " ".join(drawn)[1:]


def value_ticks(highest: float, *, wanted: int = 4) -> tuple[int, ...]:
    """Round whole values above 0 and at most `highest`, about `wanted` of them."""
    step = next(s for s in _steps() if highest / s <= wanted)
    return tuple(range(step, int(highest) + 1, step))


def time_ticks(x: Scale, *, wanted: int = 7) -> tuple[Tick, ...]:
    """Minutes from the start of the drip, at whole steps, at most `wanted` of them."""
    span_min = x.high - x.low
    step = next((s for s in TIME_STEPS_MIN if span_min / s < wanted), TIME_STEPS_MIN[-1])
    first = -int(-x.low // step) * step
    values = range(first, int(x.high) + 1, step)
    return tuple(Tick(x.across_percent(v), v, is_first=v == x.low, is_last=v == x.high) for v in values)


def _steps() -> Iterable[int]:
    decade = 1
    while True:
        yield from (step * decade for step in STEPS_PER_DECADE[:-1])
        decade *= 10
