"""Which scores of recovery are known: their items and versions, and the one item that is reckoned. No wording.

Each of five items has nought to two points. The names of the items are codes of ours; the words beside the points are
our own short ones, in the templates: neither scale's text is reproduced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stillroom.core.order import Scale

POINTS = (2, 1, 0)
"""What an item can have, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryScale:
    """One scale in one version: what was scored under it keeps that version for ever.

    `reckoned` is the item that follows from measured figures and is never tapped. `usual_at_least` is the total that
    its authors took for ready; an order says its own.
    """

    scale: Scale
    version: str
    items: tuple[str, ...]
    usual_at_least: int
    source: str
    reckoned: str | None = None

    @property
    def highest(self) -> int:
        return max(POINTS) * len(self.items)

    @property
    def tapped(self) -> tuple[str, ...]:
        return tuple(item for item in self.items if item != self.reckoned)


ALDRETE = RecoveryScale(
    scale=Scale.MODIFIED_ALDRETE,
    version="modified Aldrete 1995, five items with saturation",
    items=("activity", "respiration", "circulation", "consciousness", "saturation"),
    usual_at_least=9,
    source="Aldrete JA. J Clin Anesth 1995;7:89: saturation in the place of colour; 9 of 10 leaves the first phase",
)
PADSS = RecoveryScale(
    scale=Scale.PADSS,
    version="PADSS 1995, five items with intake and output",
    items=("vital_signs", "walking_and_mind", "discomfort", "bleeding", "drink_and_water"),
    reckoned="vital_signs",
    usual_at_least=9,
    source="Chung F, Chan VWS, Ong D. J Clin Anesth 1995;7:500: 9 of 10 is fit to go home with an adult",
)
SCALES: Mapping[Scale, RecoveryScale] = MappingProxyType({each.scale: each for each in (ALDRETE, PADSS)})


def vital_signs_points(pairs: tuple[tuple[int, int], ...]) -> int:
    """The vital signs of PADSS, from pairs of (now, before): 2 within 20 % of before, 1 within 40 %, else 0.

    The worst pair counts. Source: Chung 1995, table 1. Valid for values above nought.
    """
    if not pairs:
        raise ValueError("nothing was measured")
    return min(_points(now, before) for now, before in pairs)


def _points(now: int, before: int) -> int:
    off = abs(now - before) * 100
    return 2 if off <= 20 * before else 1 if off <= 40 * before else 0
