"""How does the drip go, and at which rate would it be done in time? For a person to read, set, and say so.

An offer goes no further than a prefilled field: it is asked for, judged and confirmed like any other rate. It rests on
what was counted, read and set, and on nothing else: how the patient feels is not asked here.

No cap is broken by it. Catching up goes no further than the signed range and the library's soft and hard limit, and
never ends sooner than was signed; where that is not enough the drip is let finish late. What somebody set slower than
was signed is taken for meant so, and is never offered faster. Where nothing drips no rate is offered: line, arm and
clamp are looked at first, as a clamp that is opened over a kink lets through too much once the kink is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from stillroom.core.drip.exact import Minutes, exact, shown_at_least
from stillroom.core.drip.history import BagHung, History
from stillroom.core.drip.pace import SIGHT_GOOD_FOR_MIN, Pace, Pacing, Plan, Why, pace
from stillroom.core.drip.pouring import primed_ml
from stillroom.core.drip.rates import MIN_PER_H, rate_of_dose_ml_per_h
from stillroom.core.errors import Refused
from stillroom.core.infusion.planning import (
    RATE_DECIMALS,
    drops_per_min,
    judge_faster,
    settable_rate_ml_per_h,
    start_rate_ml_per_h,
)
from stillroom.core.infusion.state import InfusionState

LITTLE_SHARE = Decimal("0.1")
"""With no more left than this share of what was to run, nothing is made up for. Own choice: 10 mL of 100 mL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A rate that somebody may want to set; None: to leave it as it is. `late_min` is how late it likely ends then."""

    rate_ml_per_h: Decimal | None
    drops_per_min: int | None
    late_min: Fraction


def pacing(state: InfusionState, history: History | None, *, at_min: Minutes) -> Pacing | None:
    """How the drip goes, against the rate it was to be started at; None while nothing runs."""
    if history is None or state.planned is None:
        return None
    plan = Plan(rate_ml_per_h=first_rate_ml_per_h(state), volume_ml=volume_to_run_ml(history))
    return pace(history, plan=plan, at_min=at_min)


class Unforeseen(StrEnum):
    """Why nobody can say how the drip goes on, so that no forecast is shown. Source: SR-37."""

    IN_DOUBT = "in_doubt"  # something was asked for and not settled
    MOVED = "moved"  # bag, arm or chair, since it was counted or read
    OLD = "old"  # counted or read too long ago
    NOT_SEEN = "not_seen"  # set too long ago, and not looked at since
    UNREAD = "unread"  # all of it may have run
    STREAM = "stream"  # it cannot be counted


def unforeseen(state: InfusionState, now: Pacing | None, *, at_min: Minutes) -> Unforeseen | None:
    """Why what lies ahead is not shown; None while what was set, counted or read lately says how it goes on."""
    if state.is_in_doubt:
        return Unforeseen.IN_DOUBT
    if now is None:
        return None
    if now.pace is Pace.STREAM:
        return Unforeseen.STREAM
    match now.why:
        case Why.IN_DOUBT:
            return Unforeseen.IN_DOUBT
        case Why.MOVED:
            return Unforeseen.MOVED
        case Why.OLD:
            return Unforeseen.OLD
        case Why.UNREAD:
            return Unforeseen.UNREAD
    return Unforeseen.NOT_SEEN if _was_never_seen(now, at_min) else None


def _was_never_seen(now: Pacing, at_min: Minutes) -> bool:
    """What was set says how it runs for as long as a count does."""
    return now.seen_min is None and now.set_min is not None and exact(at_min) - now.set_min > SIGHT_GOOD_FOR_MIN


def volume_to_run_ml(history: History) -> Fraction:
    """What can fall through the chamber: the bag, less what went into the line when it was primed, mL."""
    hung = next((each for each in history.happenings if isinstance(each, BagHung)), None)
    return exact(hung.volume_ml) - primed_ml(hung, history.line) if hung else Fraction(0)


def first_rate_ml_per_h(state: InfusionState) -> Decimal:
    """As signed, for the bag that was really made; what may not be started says why when a start is asked for."""
    assert state.planned is not None
    try:
        return start_rate_ml_per_h(state)
    except Refused:
        return state.planned.rate_ml_per_h


def offer(state: InfusionState, now: Pacing | None) -> Offer | None:
    """What could be set instead; None when the drip is on plan, when nobody can tell, or when nothing can be set."""
    if now is None or now.pace not in (Pace.TOO_SLOW, Pace.TOO_FAST) or state.is_in_doubt or state.planned is None:
        return None
    if now.pace is Pace.TOO_FAST:
        return _to_set(state, now, min(_in_time(now), _kept_ml_per_h(state, now)))
    if not now.flow_ml_per_h.likely_ml_per_h:
        return None
    wanted, highest = _in_time(now), _highest_ml_per_h(state)
    if now.left_ml.likely <= now.volume_ml * exact(LITTLE_SHARE):
        return _as_it_is(now)
    if _is_slowed(state, now) or wanted > highest:
        return _as_it_is(now) if _runs_as_set(now) else _to_set(state, now, min(_kept_ml_per_h(state, now), highest))
    return _to_set(state, now, max(wanted, min(_kept_ml_per_h(state, now), highest)))


def _in_time(now: Pacing) -> Fraction:
    """The rate that has it done when it is due, if as much has run as may have, mL/h."""
    if now.due_in_min <= 0:
        return exact(now.set_ml_per_h)
    return now.left_ml.least * MIN_PER_H / now.due_in_min


def _kept_ml_per_h(state: InfusionState, now: Pacing) -> Fraction:
    """What was signed, or what somebody set below it."""
    return min(now.set_ml_per_h, exact(first_rate_ml_per_h(state)))


def _is_slowed(state: InfusionState, now: Pacing) -> bool:
    return now.set_ml_per_h < exact(first_rate_ml_per_h(state))


def _runs_as_set(now: Pacing) -> bool:
    flow = now.flow_ml_per_h
    return flow.least_ml_per_h <= now.set_ml_per_h <= flow.most_ml_per_h


def _highest_ml_per_h(state: InfusionState) -> Fraction:
    """Up to here nothing is crossed: neither what was signed nor a limit of the library."""
    planned = state.planned
    assert planned is not None
    bag = state.bag.fact.bag if state.bag else planned.bag
    band = planned.limits.rate_mg_per_kg_per_h
    caps = [planned.order.highest_rate_mg_per_kg_per_h, band.soft_high, band.hard_high]
    rates = [
        rate_of_dose_ml_per_h(cap, strength_mg_per_ml=bag.strength_mg_per_ml, weight_kg=planned.weight_kg)
        for cap in caps
        if cap is not None
    ]
    return min(rates)


def _to_set(state: InfusionState, now: Pacing, rate_ml_per_h: Fraction) -> Offer | None:
    """At the mark below, if it is one and the enforcement point has nothing to say to it."""
    assert state.planned is not None
    order = state.planned.order
    rate = settable_rate_ml_per_h(order, shown_at_least(rate_ml_per_h, decimals=RATE_DECIMALS))
    drops = drops_per_min(order, rate)
    if drops == 0 or rate < (order.delivery.pump_step_ml_per_h or 0):
        return None  # below the first mark there is only a closed clamp
    if not state.is_slower(rate) and judge_faster(state, rate):
        return None
    late_min = now.left_ml.likely * MIN_PER_H / exact(rate) - now.signed_in_min
    return Offer(rate_ml_per_h=rate, drops_per_min=drops, late_min=late_min)


def _as_it_is(now: Pacing) -> Offer:
    late_min = now.late_min.likely if now.late_min else -now.signed_in_min
    return Offer(rate_ml_per_h=None, drops_per_min=None, late_min=late_min)
