"""The kinds of line a ledger of a controlled drug has, and from where to where each moves it.

The kinds are those of the registers that clinics keep on paper: what came, what went to whom, what was left and
destroyed before a witness, what went back, what was lost, what was counted, and why a count and the book disagreed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    RECEIVED = "received"
    OPENED = "opened"  # taken out of the cupboard for one infusion
    PUT_BACK = "put_back"  # taken out, not opened after all
    USED = "used"  # went to the patient of one infusion
    WASTED = "wasted"  # the rest of one infusion, destroyed before a witness
    DESTROYED = "destroyed"  # whole vials, out of date or broken, before a witness
    RETURNED = "returned"  # whole vials, to whom they came from
    LOST = "lost"
    COUNTED = "counted"  # what really stands in the cupboard
    EXPLAINED = "explained"  # why a count and the book disagreed; from then on the count holds
    REVERSED = "reversed"  # an earlier line was wrong, and counts no more
    WITNESSED = "witnessed"  # whoever an earlier line names as witness says that it is so


class Place(StrEnum):
    """Where the drug is. `SOURCE` and `FOUND` only ever give, and the last four only ever take."""

    SOURCE = "source"
    FOUND = "found"
    CUPBOARD = "cupboard"
    HAND = "hand"
    USED = "used"
    WASTED = "wasted"
    RETURNED = "returned"
    LOST = "lost"


MOVES: Mapping[Kind, tuple[Place, Place]] = MappingProxyType(
    {
        Kind.RECEIVED: (Place.SOURCE, Place.CUPBOARD),
        Kind.OPENED: (Place.CUPBOARD, Place.HAND),
        Kind.PUT_BACK: (Place.HAND, Place.CUPBOARD),
        Kind.USED: (Place.HAND, Place.USED),
        Kind.WASTED: (Place.HAND, Place.WASTED),
        Kind.DESTROYED: (Place.CUPBOARD, Place.WASTED),
        Kind.RETURNED: (Place.CUPBOARD, Place.RETURNED),
        Kind.LOST: (Place.CUPBOARD, Place.LOST),
    }
)
"""From where to where. An explanation moves what the count found too few or too many; a reversal moves all back."""

BY_VIAL = frozenset({Kind.RECEIVED, Kind.OPENED, Kind.PUT_BACK, Kind.DESTROYED, Kind.RETURNED, Kind.LOST, Kind.COUNTED})
OF_INFUSION = frozenset({Kind.OPENED, Kind.PUT_BACK, Kind.USED, Kind.WASTED})
BY_TWO = frozenset({Kind.WASTED, Kind.DESTROYED, Kind.RETURNED, Kind.LOST, Kind.EXPLAINED, Kind.REVERSED})
"""What nobody writes alone: somebody else is named, and says so on a screen of their own."""
WITH_REASON = frozenset({Kind.DESTROYED, Kind.RETURNED, Kind.LOST, Kind.EXPLAINED, Kind.REVERSED})
REVERSIBLE = frozenset(MOVES) | {Kind.COUNTED, Kind.EXPLAINED}
