"""Where a curve's own name stands: beside it, and clear of the other curves and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Curve = Callable[[float], float]

WIDTH, HEIGHT, GAP = 0.2, 0.06, 0.025  # of the plot, which is 1 by 1: a short name in small type, also on a phone
FIRST, LAST, STEPS = 0.02, 0.8, 40
SAMPLES = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A name's ground: left edge and foot, in parts of the plot, measured from its lower left corner."""

    left: float
    foot: float

    @property
    def middle(self) -> float:
        return self.foot + HEIGHT / 2

    def xs(self) -> list[float]:
        return [self.left + WIDTH * i / (SAMPLES - 1) for i in range(SAMPLES)]


def place_labels(curves: Sequence[Curve], *, wall: float | None = None) -> list[Box]:
    """One box per curve, as clear as can be of other curves, of boxes before it, and of an upright line at `wall`."""
    placed: list[Box] = []
    for index, curve in enumerate(curves):
        others = [each for i, each in enumerate(curves) if i != index]
        placed.append(max(_beside(curve, wall), key=lambda box: _clearance(box, others, placed)))
    return placed


def _beside(curve: Curve, wall: float | None) -> list[Box]:
    boxes = []
    lefts = [FIRST + (LAST - FIRST) * i / STEPS for i in range(STEPS + 1)]
    for left in lefts:
        if wall is not None and left - GAP < wall < left + WIDTH + GAP:
            continue
        heights = [curve(x) for x in Box(left, 0).xs()]
        boxes += [Box(left, max(heights) + GAP), Box(left, min(heights) - GAP - HEIGHT)]
    return boxes


def _clearance(box: Box, others: Sequence[Curve], placed: Sequence[Box]) -> float:
    """The least distance to anything; negative when something is crossed."""
    room = [box.foot, 1 - box.foot - HEIGHT]
    room += [abs(other(x) - box.middle) - HEIGHT / 2 for other in others for x in box.xs()]
    room += [abs(each.middle - box.middle) - HEIGHT for each in placed if abs(each.left - box.left) < WIDTH]
    return min(room)
