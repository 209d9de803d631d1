"""Drips for the tests: the plain one, and any there could be."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from stillroom.core.drip.history import (
    BagHung,
    FlowAsked,
    FlowCounted,
    FlowRead,
    FlowSettled,
    FlowUnchanged,
    Happening,
    History,
    LevelRead,
    LineFlushed,
    Moved,
    StreamSeen,
)
from stillroom.core.drip.line import DROPS_PER_ML, Gravity, Line, Meter, Priming, Pump

D = Decimal

some = settings(max_examples=25, deadline=None)
"""Enough for every run; each law was also walked with thousands."""

TWENTY = Gravity(drops_per_ml=20)
NO_LINE = Line(volume_ml=D(0), primed_with=Priming.FLUID)
FLUID_LINE = Line(volume_ml=D(15), primed_with=Priming.FLUID)
DRUG_LINE = Line(volume_ml=D(15), primed_with=Priming.DRUG)
BAG = BagHung(t_min=-5, drug_mg=D(35), volume_ml=D(100))
STARTED = FlowSettled(t_min=0, rate_ml_per_h=D(150))


def drip(*happenings: Happening, line: Line = NO_LINE, meter: Meter = TWENTY) -> History:
    """35 mg in 100 mL, hung before minute 0, and what then happened."""
    return History(line=line, meter=meter, happenings=(BAG, *happenings))


quarter_minutes = st.integers(0, 320).map(lambda quarters: D(quarters) / 4)
rates_ml_per_h = st.sampled_from([D(0), D("37.5"), D(60), D(100), D(150), D(300)])
bags = st.builds(
    BagHung,
    t_min=quarter_minutes,
    drug_mg=st.sampled_from([D(20), D(35), D("42.1")]),
    volume_ml=st.sampled_from([D(50), D("100.7"), D(250)]),
)
deeds = st.one_of(
    st.builds(FlowAsked, t_min=quarter_minutes, rate_ml_per_h=rates_ml_per_h),
    st.builds(FlowSettled, t_min=quarter_minutes, rate_ml_per_h=rates_ml_per_h),
    st.builds(FlowUnchanged, t_min=quarter_minutes, rate_ml_per_h=rates_ml_per_h),
)
flushes = st.builds(
    LineFlushed,
    t_min=quarter_minutes,
    volume_ml=st.sampled_from([D(5), D(20)]),
    duration_min=st.sampled_from([D("0.5"), D(3)]),
)
sights = st.one_of(
    st.builds(
        FlowCounted, t_min=quarter_minutes, drops=st.integers(0, 120), seconds=st.sampled_from([D(15), D(30), D(60)])
    ),
    st.builds(StreamSeen, t_min=quarter_minutes),
    st.builds(FlowRead, t_min=quarter_minutes, rate_ml_per_h=rates_ml_per_h),
    st.builds(Moved, t_min=quarter_minutes),
    st.builds(
        LevelRead,
        t_min=quarter_minutes,
        volume_ml=st.integers(0, 110).map(D),
        tolerance_ml=st.sampled_from([D(0), D(2), D(5)]),
    ),
)
lines = st.builds(
    Line, volume_ml=st.sampled_from([D(0), D("0.5"), D(15), D(24)]), primed_with=st.sampled_from(list(Priming))
)
meters = st.one_of(
    st.builds(Gravity, drops_per_ml=st.sampled_from(DROPS_PER_ML)),
    st.just(Pump(step_ml_per_h=D("0.1"), tolerance=D("0.05"))),
)


def histories(*more: st.SearchStrategy[Happening]) -> st.SearchStrategy[History]:
    """Any drip that was set, and whatever else is named here."""
    happenings = st.lists(st.one_of(deeds, *more), max_size=8)
    return st.builds(
        lambda rest, line, meter: drip(*rest, line=line, meter=meter), rest=happenings, line=lines, meter=meters
    )


whole_histories = histories(bags, flushes, sights)
