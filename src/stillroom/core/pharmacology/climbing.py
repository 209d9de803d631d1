"""Where is a belief highest, and how sure is it there? Damped Gauss-Newton, with a word on whether it arrived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stillroom.core.pharmacology.exponentials import Array

ARRIVED_GRADIENT = 1e-6
MOST_STEPS = 100


class Look(NamedTuple):
    """At one place (p,): how much speaks against it, the way it grows (p,), and how it bends (p, p)."""

    against: float
    gradient: Array
    bend: Array


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """The place (p,) with least against it, the covariance of a normal belief there (p, p), and how it was reached."""

    place: Array
    covariance: Array
    gradient_norm: float
    steps: int

    @property
    def is_reached(self) -> bool:
        return self.gradient_norm <= ARRIVED_GRADIENT


def climb(look: Callable[[Array], Look], start: Array) -> Summit:
    """Levenberg and Marquardt with Nielsen's damping (IMM-REP-1999-05); ends where the gradient is at most 1e-6."""
    place, here = start, look(start)
    damping, growth = 1e-3, 2.0
    steps = 0
    while np.linalg.norm(here.gradient) > ARRIVED_GRADIENT and steps < MOST_STEPS:
        steps += 1
        hold = damping * np.diag(here.bend)
        step = np.asarray(np.linalg.solve(here.bend + np.diag(hold), -here.gradient))
        there = look(place + step)
        gain = _gain(here, there, step, hold)
        if gain > 0:
            place, here = place + step, there
            damping, growth = damping * max(1 / 3, 1 - (2 * gain - 1) ** 3), 2.0
        else:
            damping, growth = damping * growth, growth * 2.0
    return Summit(place, np.asarray(np.linalg.inv(here.bend)), float(np.linalg.norm(here.gradient)), steps)


def _gain(here: Look, there: Look, step: Array, hold: Array) -> float:
    """What the step brought over what it promised. Near the top both drown in rounding: there the gradient decides."""
    promised = float(step @ (hold * step - here.gradient)) / 2
    brought = here.against - there.against
    if promised < 1e-12 * max(abs(here.against), 1.0):
        return float(np.linalg.norm(there.gradient) < np.linalg.norm(here.gradient))
    return brought / promised if promised > 0 else -1.0
