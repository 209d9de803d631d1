"""Where a curve's own name stands: beside it, and clear of the other curves and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]
"""Heights at places across, both in parts of the plot, of any shape."""

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


def place_labels(curves: Sequence[Curve], *, wall: float | None = None) -> list[Box]:
    """One box per curve, as clear as can be of other curves, of boxes before it, and of an upright line at `wall`."""
    lefts = _lefts(wall)
    heights = [curve(lefts[:, None] + WIDTH * np.linspace(0.0, 1.0, SAMPLES)) for curve in curves]  # (left, sample)
    placed: list[Box] = []
    for index, own in enumerate(heights):
        left, foot = np.tile(lefts, 2), np.concatenate([own.max(axis=1) + GAP, own.min(axis=1) - GAP - HEIGHT])
        others = [np.tile(each, (2, 1)) for i, each in enumerate(heights) if i != index]
        best = int(np.argmax(_clearance(left, foot, others, placed)))
        placed.append(Box(float(left[best]), float(foot[best])))
    return placed


def _lefts(wall: float | None) -> Array:
    lefts = np.linspace(FIRST, LAST, STEPS + 1)
    if wall is None:
        return lefts
    return lefts[(lefts - GAP >= wall) | (wall >= lefts + WIDTH + GAP)]


def _clearance(left: Array, foot: Array, others: Sequence[Array], placed: Sequence[Box]) -> Array:
    """The least distance of each box (n,) to anything; negative when something is crossed. `others` are (n, sample)."""
    middle = foot + HEIGHT / 2
    room = np.minimum(foot, 1 - foot - HEIGHT)
    for other in others:
        room = np.minimum(room, np.min(np.abs(other - middle[:, None]), axis=1) - HEIGHT / 2)
    for each in placed:
        is_beside = np.abs(each.left - left) < WIDTH
        room = np.minimum(room, np.where(is_beside, np.abs(each.middle - middle) - HEIGHT, np.inf))
    return room
