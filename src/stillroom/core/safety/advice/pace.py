"""Is the drip behind the plan, or ahead of it; or can nobody tell?

Too slow means that less was delivered than planned, and nothing else. So what is asked here is a `Delivery` alone:
drops that were counted and a bag that was read, against the plan. How the patient feels is no part of it and cannot be
given to it; nobody who feels little is advised more drug by any way through this house.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from stillroom.core.drip.exact import shown
from stillroom.core.safety.advice.advice import Advice, Code, Step, Sure

OFF_SHARE = Fraction(5, 100)
"""Of what the bag held: surely further from the plan than this is worth saying. Source: SR-24, its soft threshold."""

LIKELY_SHARE = Fraction(10, 100)
"""And likely further than this, though the range still allows otherwise. Source: SR-24, its threshold of an alarm."""


NOT_SEEN_AFTER_MIN = 5
"""A drip by gravity that nobody has counted this long after it was set. Own choice: a count takes a minute."""

COUNT_GOOD_FOR_MIN = 15
"""And one whose last count is older than this: a roller clamp creeps, and an arm moves. Own choice."""


class Unsure(StrEnum):
    """Why nobody can tell how fast it runs."""

    NOT_SEEN = "not_seen"  # neither counted nor read since it was set
    OLD = "old"
    DISAGREE = "disagree"  # drops and bag leave no amount that both allow


@dataclass(frozen=True, slots=True)
class Between:
    """mL: surely at least, likely, at most."""

    least: Fraction
    likely: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What fell through the chamber, mL of the `volume_ml` that the bag had for it, by everything counted and read.

    `planned_ml`: by the ordered rate, pauses left out. `due_ml`: by that or by the rates that were set, whichever is
    less, so that a drip somebody slowed on purpose is not behind. `is_seen`: somebody counted drops or read the bag.
    `unsure`: why nobody can tell.
    """

    volume_ml: Fraction
    planned_ml: Fraction
    due_ml: Fraction
    run_ml: Between
    is_seen: bool
    unsure: Unsure | None = None


def unsure_of(*, set_min: Fraction, counted_min: Fraction | None, at_min: Fraction) -> Unsure | None:
    """What a drip by gravity lacks, by when it was last set and last counted, minutes of one clock."""
    if counted_min is None or counted_min < set_min:
        return Unsure.NOT_SEEN if at_min - set_min > NOT_SEEN_AFTER_MIN else None
    return Unsure.OLD if at_min - counted_min > COUNT_GOOD_FOR_MIN else None


def advise_pace(delivery: Delivery | None) -> tuple[Advice, ...]:
    """At most one: behind, ahead, or a count that is wanted. None while nothing runs."""
    if delivery is None or not delivery.volume_ml:
        return ()
    if delivery.unsure is Unsure.DISAGREE:
        return (_recount(delivery.unsure),)
    if delivery.is_seen:
        run, due, planned = delivery.run_ml, delivery.due_ml, delivery.planned_ml
        behind = _off(delivery, surely_ml=due - run.most, likely_ml=due - run.likely)
        if behind:
            steps = (Step.COUNT, Step.LOOK_AT_LINE, Step.READ_BAG, Step.END_LATE)
            return (_advice(Code.BEHIND, delivery, behind, steps),)
        ahead = _off(delivery, surely_ml=run.least - planned, likely_ml=run.likely - planned)
        if ahead:
            return (_advice(Code.AHEAD, delivery, ahead, (Step.SLOWER, Step.PAUSE, Step.COUNT)),)
    return (_recount(delivery.unsure),) if delivery.unsure else ()


def _off(delivery: Delivery, *, surely_ml: Fraction, likely_ml: Fraction) -> tuple[Fraction, Sure] | None:
    if surely_ml > OFF_SHARE * delivery.volume_ml:
        return likely_ml, Sure.SEEN
    return (likely_ml, Sure.LIKELY) if likely_ml > LIKELY_SHARE * delivery.volume_ml else None


def _advice(code: Code, delivery: Delivery, off: tuple[Fraction, Sure], steps: tuple[Step, ...]) -> Advice:
    off_ml, sure = off
    run = delivery.run_ml
    saw = {
        "off_ml": _said(off_ml),
        "least_ml": _said(run.least),
        "most_ml": _said(run.most),
        "volume_ml": _said(delivery.volume_ml),
    }
    return Advice(code=code, level=int(off_ml * 100 / delivery.volume_ml), sure=sure, steps=steps, saw=saw)


def _recount(why: Unsure) -> Advice:
    return Advice(
        code=Code.RECOUNT, level=0, sure=Sure.UNKNOWN, steps=(Step.COUNT, Step.READ_BAG), saw={"why": why.value}
    )


def _said(volume_ml: Fraction) -> str:
    """To the millilitre: nobody reads a bag or counts drops more finely."""
    return f"{shown(volume_ml, decimals=0).quantize(Decimal(1)):f}"
