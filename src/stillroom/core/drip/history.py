"""What happened at the drip, in the order it happened.

A `History` is the line, the meter and the timed happenings. `course` turns it into what left the bag and what reached
the patient. How log entries become happenings (the one place to look):

    bag hung, bag changed             BagHung
    start, rate or resume intended    FlowAsked at that rate       from here on in doubt
    pause or stop intended            FlowAsked at rate 0          from here on in doubt
    any of these confirmed            FlowSettled at the rate in force (0 for pause and stop)
    any of these not done             FlowUnchanged naming the rate that was asked
    drops counted                     FlowCounted
    pump's display read               FlowRead
    drops run together, uncountable   StreamSeen
    bag read                          LevelRead
    line flushed                      LineFlushed
    bag, arm or chair moved           Moved

Between asked and settled the flow may be the old or the new: it counts at the higher (in doubt counts at its maximum).
`t_min` is minutes from the start of the infusion and may be negative for what was done before it. Happenings at the
same minute keep the order in which they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.exact import Amount, Minutes, exact
from stillroom.core.drip.line import Line, Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class BagHung:
    """A bag with this drug, mg, in this volume, mL, feeds the line from now on; one before keeps what is left in it."""

    t_min: Minutes
    drug_mg: Amount
    volume_ml: Amount

    @property
    def strength_mg_per_ml(self) -> Fraction:
        return exact(self.drug_mg) / exact(self.volume_ml)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAsked:
    """Somebody is about to set this rate, mL/h; 0 is pause or stop. Whether it was done is not yet known."""

    t_min: Minutes
    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSettled:
    """A person says the drip runs at this rate, mL/h, from now on; all that was asked before is settled."""

    t_min: Minutes
    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowUnchanged:
    """A person says the last asking for this rate, mL/h, was never carried out: it counts as not asked."""

    t_min: Minutes
    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCounted:
    """`drops` fell in the chamber in the `seconds` before `t_min`."""

    t_min: Minutes
    drops: int
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRead:
    """The pump showed this rate, mL/h."""

    t_min: Minutes
    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSeen:
    """Drops ran together and could not be counted: free flow, begun at any moment since the flow was last known."""

    t_min: Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRead:
    """The hanging bag was read: this volume was left in it, mL, give or take `tolerance_ml`."""

    t_min: Minutes
    volume_ml: Decimal
    tolerance_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFlushed:
    """From `t_min` plain fluid is pushed in at the top of the line: this volume, mL, over this time, min."""

    t_min: Minutes
    volume_ml: Decimal
    duration_min: Decimal

    def __post_init__(self) -> None:
        if self.duration_min <= 0:
            raise ValueError(f"a flush takes time: duration_min must be above zero, not {self.duration_min}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Bag, arm or chair was moved: with its height the flow may have changed, nobody knows how. It says no number."""

    t_min: Minutes


Happening = (
    BagHung
    | FlowAsked
    | FlowSettled
    | FlowUnchanged
    | FlowCounted
    | FlowRead
    | StreamSeen
    | LevelRead
    | LineFlushed
    | Moved
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One infusion's drip: its line, its meter and all that happened, in any order of writing down."""

    line: Line
    meter: Meter
    happenings: tuple[Happening, ...]


def in_order(history: History) -> tuple[Happening, ...]:
    """The happenings by time, those of one minute as given, less what was asked and never done."""
    kept: list[Happening] = []
    for happening in sorted(history.happenings, key=lambda each: exact(each.t_min)):
        if isinstance(happening, FlowUnchanged):
            _strike_last_asking(kept, happening.rate_ml_per_h)
        else:
            kept.append(happening)
    return tuple(kept)


def _strike_last_asking(kept: list[Happening], rate_ml_per_h: Decimal) -> None:
    for index in range(len(kept) - 1, -1, -1):
        happening = kept[index]
        if isinstance(happening, FlowSettled):
            return
        if isinstance(happening, FlowAsked) and happening.rate_ml_per_h == rate_ml_per_h:
            del kept[index]
            return
