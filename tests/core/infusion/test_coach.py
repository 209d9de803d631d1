"""At which rate would it be done in time? 35 mg in 100 mL for 70 kg, of which 15 mL fill the line and 85 mL run.

At 150 mL/h, 50 drops a minute of 20 to the mL, 85 mL take 34 min. The signed range goes to 0.9 mg/kg/h:
0.9 x 70 kg / 0.35 mg/mL = 180 mL/h, 60 drops a minute.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.core.drip.exact import exact
from stillroom.core.drip.pace import Pace, Pacing, Why
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.coach import Offer, offer, pacing
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.order import Order
from stillroom.core.safety import Band, Limits
from tests.examples import ADA, BEN, LIMITS, ORDER, PLAN, PUMP, D, Walk, infusing


def paced(walk: Walk) -> Pacing | None:
    start = start_of(walk.log)
    assert start is not None
    return pacing(walk.state, drip_history(walk.log), at_min=minutes_from(start, walk.at))


def offered(walk: Walk) -> Offer | None:
    return offer(walk.state, paced(walk))


def counts(walk: Walk, drops: int, *, after_min: float = 0, seconds: int = 60) -> Walk:
    walk.record(e.DropsCounted(drops=drops, seconds=D(seconds)), after_min=after_min)
    return walk


def slow(*, order: Order = ORDER, drops: int = 40) -> Walk:
    """40 a minute from the start to minute ten, and still."""
    walk = counts(infusing(replace(PLAN, order=order)), drops)
    return counts(walk, drops, after_min=10)


def sets(walk: Walk, rate: str) -> Walk:
    walk.ask(c.SetRate(rate_ml_per_h=D(rate)))
    walk.confirm()
    return walk


def test_a_slow_drip_is_offered_the_rate_that_has_it_done_in_time() -> None:
    """40 a minute are 2 mL/min: 20 mL in ten minutes, 2.5 in the minute before, when it was meant and not confirmed.

    Of 85 mL, at most 24 have run by the widest reading of counts and set; the wanted rate is a little over 150 mL/h and
    goes down to the whole drop. 61 mL in the 24 min that are left would be 152.5; so it is offered between 50 and 54.
    """
    found = offered(slow())
    assert found is not None
    assert found.rate_ml_per_h is not None
    assert found.drops_per_min is not None
    assert 50 <= found.drops_per_min <= 54
    assert found.rate_ml_per_h == found.drops_per_min * 3


def test_where_nothing_drips_no_rate_is_offered() -> None:
    """A kink, or a needle that came out: a clamp that is opened further would let through too much afterwards."""
    walk = counts(counts(infusing(), 50), 0, after_min=5)
    told = paced(walk)
    assert told is not None
    assert told.pace is Pace.TOO_SLOW
    assert offered(walk) is None
    assert offered(counts(walk, 20, after_min=1)) is not None


def test_what_is_offered_is_set_like_any_other_rate() -> None:
    walk = slow()
    found = offered(walk)
    assert found is not None
    assert found.rate_ml_per_h is not None
    walk.ask(c.SetRate(rate_ml_per_h=found.rate_ml_per_h), BEN)
    assert offered(walk) is None  # in doubt
    walk.confirm()
    assert walk.state.rate_ml_per_h == found.rate_ml_per_h
    told = paced(walk)
    assert told is not None
    assert (told.pace, told.why) == (Pace.CANNOT_TELL, Why.NOT_SEEN)  # count it


def test_where_the_order_has_no_room_it_is_let_finish_late() -> None:
    """The signed range ends at the ordered rate itself, 0.75 mg/kg/h. Back to 50 a minute, and late."""
    found = offered(slow(order=replace(ORDER, highest_rate_mg_per_kg_per_h=D("0.75")), drops=20))
    assert found is not None
    assert found.drops_per_min == 50
    assert found.late_min > 2


def test_late_and_running_as_set_it_is_left_as_it_is() -> None:
    """Twenty minutes at 20 a minute are 20 mL: 65 left. In the 14 min left that is 279 mL/h, over the range of 180."""
    walk = counts(counts(infusing(), 20), 20, after_min=20)
    walk = counts(sets(walk, "150"), 50)
    found = offered(walk)
    assert found is not None
    assert found.rate_ml_per_h is None
    assert 10 < found.late_min < 14  # 65 mL take 26 min, and 14 are left


def test_with_little_left_nothing_is_made_up_for() -> None:
    """80 mL have run by minute 31: one minute in doubt, 31 at 2.5 mL/min. 5 mL at 20 a minute take 5 min, not two."""
    walk = counts(counts(infusing(), 50), 50, after_min=31)
    found = offered(counts(walk, 20))
    assert found is not None
    assert found.rate_ml_per_h is None


def test_a_drip_that_was_slowed_on_purpose_is_offered_no_more_than_that() -> None:
    """Set to 75 mL/h, 25 a minute, and counted at 15 for twenty minutes: 80 mL/h would make up for what is missing."""
    found = offered(counts(counts(sets(infusing(), "75"), 15), 15, after_min=20))
    assert found is not None
    assert found.rate_ml_per_h == 75


def test_a_fast_drip_is_offered_a_slower_rate_and_never_a_faster() -> None:
    """70 a minute are 3.5 mL/min."""
    found = offered(counts(counts(infusing(), 70), 70, after_min=10))
    assert found is not None
    assert found.rate_ml_per_h is not None
    assert found.rate_ml_per_h < 150


@pytest.mark.parametrize("seen", [None, e.DripDisturbed(), e.StreamSeen()])
def test_where_nobody_can_tell_nothing_is_offered(seen: e.Fact | None) -> None:
    walk = slow() if seen else infusing()
    if seen:
        walk.record(seen)
    assert offered(walk) is None


def test_on_plan_nothing_is_offered() -> None:
    assert offered(counts(infusing(), 50, after_min=2)) is None


def test_before_a_start_there_is_nothing_to_pace() -> None:
    assert pacing(Walk().state, None, at_min=0) is None
    assert offer(infusing().state, None) is None


# --- no cap is broken by an offer, whatever was ordered, counted and when ---------------------------------------------

rates = st.sampled_from([D("0.75"), D("0.8"), D("0.9"), D("1.2"), D("1.5")])
bands = st.sampled_from(
    [
        Band(soft_high=D("1.0"), hard_high=D("1.5")),
        Band(soft_high=D("0.8"), hard_high=D("0.9")),
        Band(hard_high=D("1.0")),
        Band(soft_high=D("0.75")),
    ]
)
lengths = st.sampled_from([Band(hard_low=D(20), soft_low=D(30)), Band(soft_low=D(40)), Band(hard_low=D(38)), Band()])
deliveries = st.sampled_from([ORDER.delivery, replace(ORDER.delivery, drops_per_ml=60), PUMP])


@st.composite
def drips(draw: st.DrawFn) -> Walk:
    """Any order within its library, some of it run, and then counted or read."""
    order = replace(ORDER, highest_rate_mg_per_kg_per_h=draw(rates), delivery=draw(deliveries))
    limits = replace(LIMITS, rate_mg_per_kg_per_h=draw(bands), duration_min=draw(lengths))
    walk = infusing(replace(PLAN, order=order, limits=limits))
    _looks(draw, walk)
    for _ in range(draw(st.integers(0, 2))):
        walk.at += timedelta(minutes=draw(st.integers(0, 12)))
        if draw(st.booleans()):
            _sets(walk, draw(st.sampled_from(["60", "120", "150", "165", "180", "240"])))
        _looks(draw, walk)
    return walk


def _sets(walk: Walk, rate: str) -> None:
    try:
        walk.ask(c.SetRate(rate_ml_per_h=D(rate), reason="as seen"), ADA)
    except Refused:
        return
    walk.confirm(ADA)


def _looks(draw: st.DrawFn, walk: Walk) -> None:
    planned = walk.state.planned
    assert planned is not None
    drops_per_ml = planned.order.delivery.drops_per_ml
    ml_per_h = draw(st.sampled_from([0, 9, 60, 100, 120, 135, 150, 165, 200, 300]))
    if drops_per_ml is None:
        walk.record(e.PumpRateRead(rate_ml_per_h=D(ml_per_h)))
    else:
        seconds = draw(st.sampled_from([10, 30, 60]))
        walk.record(e.DropsCounted(drops=ml_per_h * drops_per_ml * seconds // 3600, seconds=D(seconds)))
    if draw(st.booleans()):
        walk.record(e.BagRead(left_in_bag_ml=D(draw(st.sampled_from([0, 5, 20, 50, 80, 95])))))


@settings(max_examples=120, deadline=None)
@given(drips(), st.integers(0, 40), st.integers(0, 10))
def test_no_offer_breaks_a_cap_and_none_rests_on_a_score(walk: Walk, later_min: int, score: int) -> None:
    walk.at += timedelta(minutes=later_min)
    now, found = paced(walk), offered(walk)
    if found is not None and found.rate_ml_per_h is not None:
        assert now is not None
        _breaks_no_cap(walk, now, found.rate_ml_per_h)
        walk.ask(c.SetRate(rate_ml_per_h=found.rate_ml_per_h), BEN)  # a nurse, without a reason: never refused
        walk.ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq))
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, detached=score, anxious=score, nauseous=score))
    assert offered(walk) == found


def _breaks_no_cap(walk: Walk, now: Pacing, rate_ml_per_h: Decimal) -> None:
    state = walk.state
    planned = state.planned
    assert planned is not None
    order, limits = planned.order, planned.limits
    mg_per_kg_per_h = Fraction(rate_ml_per_h) * Fraction(35, 100) / 70
    assert mg_per_kg_per_h <= order.highest_rate_mg_per_kg_per_h
    for cap in _upper(limits):
        assert mg_per_kg_per_h <= cap
    in_time = now.left_ml.likely * 60 / now.due_in_min if now.due_in_min > 0 else Fraction(0)
    assert rate_ml_per_h <= max(150, in_time)  # over what was signed only to be done in time, never sooner
    assert state.rate_ml_per_h >= 150 or rate_ml_per_h <= state.rate_ml_per_h  # nor over what was slowed on purpose
    ran_min = Fraction(34) - now.signed_in_min
    done_min = ran_min + now.left_ml.likely * 60 / exact(rate_ml_per_h)
    for shortest in (limits.duration_min.soft_low, limits.duration_min.hard_low):
        assert rate_ml_per_h <= 150 or shortest is None or done_min >= min(shortest, 34)
    assert state.bag is not None
    assert state.bag.fact.bag.drug_mg <= planned.dose_mg  # so all that can still run is within the dose


def _upper(limits: Limits) -> list[Decimal]:
    band = limits.rate_mg_per_kg_per_h
    return [cap for cap in (band.soft_high, band.hard_high) if cap is not None]
