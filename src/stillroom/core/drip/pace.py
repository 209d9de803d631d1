"""Is the drip on plan, too slow or too fast; or can nobody tell, and why not?

Two things are asked. How fast is it *now*: what was counted, or read from the pump, since it was last set, against what
it was set to. And *when will it be done*: what is left at that flow, against the plan. Both take a drop at its nominal
size, as the set's own tenth makes plan and count wrong alike; what a drop really is, the bag says.

The plan has two clocks: the rate first signed, and the rates that people have set since. A drip is late only by both of
them and early only by both. So one that was slowed on purpose is not too slow, and one that makes up for lost time is
not too fast. Time in which it was paused counts for neither. No score comes in: how the patient feels makes no drip too
slow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from stillroom.core.drip.counting import ROUGH_SHARE, count_drops, flow_counted
from stillroom.core.drip.course import run_between_ml
from stillroom.core.drip.exact import Amount, Minutes, exact
from stillroom.core.drip.history import (
    FlowAsked,
    FlowCounted,
    FlowRead,
    FlowSettled,
    Happening,
    History,
    LevelRead,
    Moved,
    StreamSeen,
    in_order,
)
from stillroom.core.drip.line import Flow, Gravity, Pump, flow_as_set
from stillroom.core.drip.pouring import Track, pour
from stillroom.core.drip.progress import flow_now
from stillroom.core.drip.rates import MIN_PER_H
from stillroom.core.drip.spans import spans_of

OFF_SHARE = Decimal("0.1")
"""A flow further than this from what was set is too slow or too fast. Own choice, after the tenth of SR-24."""

LATE_SHARE = Decimal("0.05")
"""A drip that ends further than this share of its time from the plan is too. Own choice: two minutes of forty."""

SIGHT_GOOD_FOR_MIN = 15
"""A count, or a look at the pump, says nothing after this: a roller clamp creeps, and an arm moves. Own choice."""


class Pace(StrEnum):
    ON_PLAN = "on_plan"
    TOO_SLOW = "too_slow"
    TOO_FAST = "too_fast"
    CANNOT_TELL = "cannot_tell"
    STREAM = "stream"  # it cannot be counted: clamp it


class Why(StrEnum):
    """Why nobody can tell."""

    IN_DOUBT = "in_doubt"  # something was asked for and not settled
    NOT_SEEN = "not_seen"  # neither counted nor read since it was set
    MOVED = "moved"  # bag, arm or chair, since it was
    OLD = "old"  # too long ago
    ROUGH = "rough"  # too few drops
    UNREAD = "unread"  # all of it may have run: nobody knows until the bag is read


@dataclass(frozen=True, slots=True)
class Between:
    """An amount: surely this much, likely this, at most this."""

    least: Fraction
    likely: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How the drip goes. `why` is given when nobody can tell; `seen_min` is when the flow was last counted or read,
    and `set_min` when it was last said to be set.

    `set_ml_per_h` is what it was set to, `flow_ml_per_h` what it is, with the tolerance of set or pump. `run_ml` is
    what has fallen through the chamber of `volume_ml`, `planned_ml` what should have by the signed rate; `behind_ml` is
    below zero when it is ahead. `signed_in_min` is how long until the signed rate's clock is over, `due_in_min` until
    that of the rates set since is too. `left_min` is how long the rest takes, and `late_min` how much later than signed
    it ends; None while it may be standing still.
    """

    pace: Pace
    why: Why | None
    set_ml_per_h: Fraction
    flow_ml_per_h: Flow
    seen_min: Fraction | None
    volume_ml: Fraction
    planned_ml: Fraction
    run_ml: Between
    signed_in_min: Fraction
    due_in_min: Fraction
    left_min: Between | None
    late_min: Between | None
    set_min: Fraction | None = None

    @property
    def left_ml(self) -> Between:
        run = self.run_ml
        return Between(*(max(self.volume_ml - ml, Fraction(0)) for ml in (run.most, run.likely, run.least)))

    @property
    def behind_ml(self) -> Between:
        return Between(*(self.planned_ml - ml for ml in (self.run_ml.most, self.run_ml.likely, self.run_ml.least)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was signed: this rate, mL/h, until this volume has run, mL."""

    rate_ml_per_h: Amount
    volume_ml: Amount

    @property
    def lasts_min(self) -> Fraction:
        return exact(self.volume_ml) * MIN_PER_H / exact(self.rate_ml_per_h)

    def due_ml(self, running_min: Fraction) -> Fraction:
        return min(exact(self.rate_ml_per_h) * max(running_min, Fraction(0)) / MIN_PER_H, exact(self.volume_ml))


@lru_cache(maxsize=64)  # coach and advice of one screen ask the same of the same moment
def pace(history: History, *, plan: Plan, at_min: Minutes) -> Pacing | None:
    """How the drip goes by what is known at `at_min`; None while nothing runs, or nothing is left to run."""
    at = exact(at_min)
    now = _known(history, at)
    set_ml_per_h = _set_ml_per_h(now.happenings)
    run = _between(now, at)
    if not set_ml_per_h or _is_empty(now, plan, run):
        return None
    told, why = _told(now, plan, set_ml_per_h, at)
    if told is not Pace.STREAM and run.likely >= exact(plan.volume_ml):
        told, why = Pace.CANNOT_TELL, Why.UNREAD
    began_min = _began_min(now.happenings)
    seen, flow, ends_min = _last_seen(now.happenings), flow_now(now, at_min=at), began_min + plan.lasts_min
    left = _left_min(plan, run, flow)
    return Pacing(
        pace=told,
        why=why,
        set_ml_per_h=set_ml_per_h,
        flow_ml_per_h=flow,
        seen_min=exact(seen.t_min) if seen else None,
        volume_ml=exact(plan.volume_ml),
        planned_ml=plan.due_ml(at - began_min),
        run_ml=run,
        signed_in_min=ends_min - at,
        due_in_min=max(ends_min, _ends_as_set_min(now, plan, set_ml_per_h, at)) - at,
        left_min=left,
        late_min=left and Between(*(at + each - ends_min for each in (left.least, left.likely, left.most))),
        set_min=_last_set_min(now.happenings),
    )


def _known(history: History, at_min: Fraction) -> History:
    """What had happened by then, in its order; what was asked and never done is out of it."""
    until = replace(history, happenings=tuple(each for each in history.happenings if exact(each.t_min) <= at_min))
    return replace(until, happenings=in_order(until))


def _began_min(happenings: tuple[Happening, ...]) -> Fraction:
    """When the plan's clock began: as much later than the drip as that was paused since. It runs now."""
    settled = [each for each in happenings if isinstance(each, FlowSettled)]
    while settled and not settled[0].rate_ml_per_h:
        settled.pop(0)
    if not settled:
        return next(exact(each.t_min) for each in happenings if isinstance(each, FlowAsked))
    stretches = ((one, exact(then.t_min) - exact(one.t_min)) for one, then in pairwise(settled))
    return exact(settled[0].t_min) + sum(minutes for one, minutes in stretches if not one.rate_ml_per_h)


def _is_empty(now: History, plan: Plan, run: Between) -> bool:
    """Nothing can be left, or somebody has read that nothing is."""
    level = next((each for each in reversed(now.happenings) if isinstance(each, LevelRead)), None)
    return run.least >= exact(plan.volume_ml) or (level is not None and level.volume_ml == 0)


def _set_ml_per_h(happenings: tuple[Happening, ...]) -> Fraction:
    """What the clamp or the pump was last said to be set to; a start in doubt counts as done, a pause in doubt not."""
    settled = next((each for each in reversed(happenings) if isinstance(each, FlowSettled)), None)
    asked = next((each for each in reversed(happenings) if isinstance(each, FlowAsked)), None)
    if settled is not None and (
        settled.rate_ml_per_h > 0 or asked is None or not _is_after(asked, settled, happenings)
    ):
        return exact(settled.rate_ml_per_h)
    return exact(asked.rate_ml_per_h) if asked is not None else Fraction(0)


def _last_set_min(happenings: tuple[Happening, ...]) -> Fraction | None:
    return next((exact(each.t_min) for each in reversed(happenings) if isinstance(each, FlowSettled)), None)


def _is_after(one: Happening, other: Happening, happenings: tuple[Happening, ...]) -> bool:
    return happenings.index(one) > happenings.index(other)


def _since_set(happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
    set_at = max((index for index, each in enumerate(happenings) if isinstance(each, FlowSettled)), default=-1)
    return happenings[set_at + 1 :]


def _last_seen(happenings: tuple[Happening, ...]) -> FlowCounted | FlowRead | StreamSeen | None:
    """The last sight of the flow since it was set. Drops end a stream; a pump shows its rate while one runs by it."""
    sights = [each for each in _since_set(happenings) if isinstance(each, FlowCounted | FlowRead | StreamSeen)]
    drops_or_stream = next((each for each in reversed(sights) if not isinstance(each, FlowRead)), None)
    return drops_or_stream if isinstance(drops_or_stream, StreamSeen) else next(reversed(sights), None)


def _told(now: History, plan: Plan, set_ml_per_h: Fraction, at: Fraction) -> tuple[Pace, Why | None]:
    since, seen = _since_set(now.happenings), _last_seen(now.happenings)
    if isinstance(seen, StreamSeen):
        return Pace.STREAM, None
    if any(isinstance(each, FlowAsked) for each in since):
        return Pace.CANNOT_TELL, Why.IN_DOUBT
    moved = next((each for each in reversed(since) if isinstance(each, Moved)), None)
    if moved is not None and (seen is None or _is_after(moved, seen, since)):
        return Pace.CANNOT_TELL, Why.MOVED
    if seen is not None and at - exact(seen.t_min) > SIGHT_GOOD_FOR_MIN:
        return Pace.CANNOT_TELL, Why.OLD
    off = _by_flow(now, seen, set_ml_per_h)
    if seen is not None or any(isinstance(each, LevelRead) for each in since):
        ends = _by_its_end(now, plan, set_ml_per_h, at)
        off = ends if off is not Pace.TOO_FAST and ends is not Pace.ON_PLAN else off
    if off is not Pace.ON_PLAN:
        return off, None
    if seen is None:
        return Pace.CANNOT_TELL, Why.NOT_SEEN
    return (Pace.CANNOT_TELL, Why.ROUGH) if _is_rough(seen) else (Pace.ON_PLAN, None)


def _is_rough(seen: FlowCounted | FlowRead) -> bool:
    if isinstance(seen, FlowRead):
        return False
    doubt_share = count_drops(drops=seen.drops, seconds=seen.seconds).doubt_share
    return doubt_share is None or doubt_share > ROUGH_SHARE


def _by_flow(now: History, seen: FlowCounted | FlowRead | None, set_ml_per_h: Fraction) -> Pace:
    """Surely off what was set, by the sight alone."""
    flow = _flow_seen(seen, now)
    if flow is None:
        return Pace.ON_PLAN
    if flow.least_ml_per_h > set_ml_per_h * exact(1 + OFF_SHARE):
        return Pace.TOO_FAST
    return Pace.TOO_SLOW if flow.most_ml_per_h < set_ml_per_h * exact(1 - OFF_SHARE) else Pace.ON_PLAN


def _flow_seen(seen: FlowCounted | FlowRead | None, now: History) -> Flow | None:
    """At nominal size. Drops counted under a pump have none, and a pump's figure read at a clamp is no pump's."""
    meter = _nominal(now).meter
    if isinstance(seen, FlowCounted) and isinstance(meter, Gravity):
        return flow_counted(count_drops(drops=seen.drops, seconds=seen.seconds), meter)
    return flow_as_set(seen.rate_ml_per_h, meter) if isinstance(seen, FlowRead) and isinstance(meter, Pump) else None


def _by_its_end(now: History, plan: Plan, set_ml_per_h: Fraction, at: Fraction) -> Pace:
    """Surely late, or early, by both clocks."""
    nominal = _nominal(now)
    run, flow = _between(nominal, at), flow_now(nominal, at_min=at)
    volume_ml, ends_as_set_min = exact(plan.volume_ml), _ends_as_set_min(nominal, plan, set_ml_per_h, at)
    ends_min, slack_min = _began_min(now.happenings) + plan.lasts_min, plan.lasts_min * exact(LATE_SHARE)
    earliest_min = _takes_min(volume_ml - run.most, flow.most_ml_per_h)
    if earliest_min is None or at + earliest_min > max(ends_min, ends_as_set_min) + slack_min:
        return Pace.TOO_SLOW
    latest_min = _takes_min(volume_ml - run.least, flow.least_ml_per_h)
    if latest_min is not None and at + latest_min < min(ends_min, ends_as_set_min) - slack_min:
        return Pace.TOO_FAST
    return Pace.ON_PLAN


def _ends_as_set_min(now: History, plan: Plan, set_ml_per_h: Fraction, at: Fraction) -> Fraction:
    """When all would have run, by the rates that people set and the clock."""
    ran = [
        each for each in pour(spans_of(now, until_min=at), line=now.line, track=Track.ORDERED) if each.bag_ml_per_min
    ]
    left_ml = exact(plan.volume_ml) - sum(each.bag_ml_per_min * each.duration_min for each in ran)
    return at + left_ml * MIN_PER_H / set_ml_per_h if left_ml > 0 else ran[-1].end_min


def _takes_min(volume_ml: Fraction, rate_ml_per_h: Fraction) -> Fraction | None:
    """None: it never ends."""
    return max(volume_ml, Fraction(0)) * MIN_PER_H / rate_ml_per_h if rate_ml_per_h else None


def _left_min(plan: Plan, run: Between, flow: Flow) -> Between | None:
    left_ml = [exact(plan.volume_ml) - each for each in (run.most, run.likely, run.least)]
    flows = flow.most_ml_per_h, flow.likely_ml_per_h, flow.least_ml_per_h
    least, likely, most = (_takes_min(ml, rate) for ml, rate in zip(left_ml, flows, strict=True))
    return None if least is None or likely is None or most is None else Between(least, likely, most)


def _between(history: History, at_min: Fraction) -> Between:
    return Between(*run_between_ml(history, at_min=at_min))


def _nominal(history: History) -> History:
    """The same drip, if its drops or its pump were just what they claim to be."""
    return replace(history, meter=replace(history.meter, tolerance=Decimal(0)))
