"""What was an infusion of this person like: who they were, what ran, and how detached they said they were?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stillroom.core.pharmacology.models import Body


class Score(NamedTuple):
    """How detached a person said they were, 0 to 10, at a minute of the infusion."""

    t_min: float
    detached: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One infusion of this person as it ran, and what they said of it. Segments as for `course`: drug at the vein."""

    body: Body
    segments: Sequence[tuple[float, float, float]]
    scores: Sequence[Score]
