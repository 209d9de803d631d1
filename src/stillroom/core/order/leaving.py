"""How far a patient must have come back by a score before a door opens, where an order asks for that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """The scores of recovery that Stillroom adds up. Items and points: core.safety.recovery_scales."""

    MODIFIED_ALDRETE = "modified_aldrete"
    PADSS = "padss"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingScore:
    """`times` scores of this scale in a row, each `at_least` so many points, the first and last `apart_min` apart.

    It is one more condition of either door. A score opens none by itself.
    """

    scale: Scale
    at_least: int
    times: int
    apart_min: int
