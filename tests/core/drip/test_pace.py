"""The one word about a drip: 100 mL over 40 min from minute 0: 150 mL/h, or 50 drops a minute of 20 to the mL.

100 mL x 20 drops/mL = 2000 drops; 2000 / 40 min = 50 drops/min.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from stillroom.core.drip.exact import exact
from stillroom.core.drip.history import (
    FlowAsked,
    FlowCounted,
    FlowRead,
    FlowSettled,
    Happening,
    LevelRead,
    Moved,
    StreamSeen,
)
from stillroom.core.drip.line import Meter, Pump
from stillroom.core.drip.pace import Pace, Pacing, Plan, Why, pace
from tests.core.drip.drips import STARTED, TWENTY, D, drip, some, whole_histories
from tests.core.drip.test_laws import moments

PLAN = Plan(rate_ml_per_h=D(150), volume_ml=D(100))
PUMP = Pump(step_ml_per_h=D("0.1"), tolerance=D("0.05"))
ON_PLAN, TOO_SLOW, TOO_FAST = (Pace.ON_PLAN, None), (Pace.TOO_SLOW, None), (Pace.TOO_FAST, None)


def paced(*happenings: Happening, at_min: float = 10, meter: Meter = TWENTY) -> Pacing | None:
    return pace(drip(STARTED, *happenings, meter=meter), plan=PLAN, at_min=at_min)


def word(*happenings: Happening, at_min: float = 10, meter: Meter = TWENTY) -> tuple[Pace, Why | None]:
    found = paced(*happenings, at_min=at_min, meter=meter)
    assert found is not None
    return found.pace, found.why


def counted(drops: int, seconds: int | str = 60, t_min: float = 10) -> FlowCounted:
    return FlowCounted(t_min=t_min, drops=drops, seconds=D(seconds))


def level(ml: int, t_min: float = 10) -> LevelRead:
    return LevelRead(t_min=t_min, volume_ml=D(ml), tolerance_ml=D(10))


@pytest.mark.parametrize(
    ("drops", "told"),
    [
        (50, ON_PLAN),
        (54, ON_PLAN),  # surely over 53 x 60/60.2 = 52.8, and 55 is the tenth
        (57, TOO_FAST),  # surely over 56 x 60/60.2 = 55.8
        (46, ON_PLAN),  # at most 47 x 60/59.8 = 47.2
        (43, TOO_SLOW),  # at most 44 x 60/59.8 = 44.1, and 45 is the tenth
        (0, TOO_SLOW),
    ],
)
def test_a_minutes_count_says_how_it_goes(drops: int, told: tuple[Pace, Why | None]) -> None:
    assert word(counted(drops)) == told


def test_ten_drops_do_not_tell_what_forty_tell() -> None:
    """43 a minute either way. 10 in 14 s may be 11 in 13.8 s, 47.8; 40 in 56 s at most 41 in 55.8 s, 44.1: under 45."""
    assert word(counted(10, 14)) == (Pace.CANNOT_TELL, Why.ROUGH)
    assert word(counted(40, 56)) == TOO_SLOW


def test_a_handful_of_drops_tells_a_race() -> None:
    """10 drops in 6 s are at least 9 in 6.2 s: 87 a minute."""
    assert word(counted(10, 6)) == TOO_FAST


def test_the_sets_own_tenth_is_no_reason_to_doubt_the_clamp() -> None:
    found = paced(counted(50))
    assert found is not None
    assert found.pace is Pace.ON_PLAN
    assert (found.flow_ml_per_h.least_ml_per_h, found.flow_ml_per_h.most_ml_per_h) < (D(135), D(165))


@pytest.mark.parametrize(
    ("happenings", "why"),
    [
        ((), Why.NOT_SEEN),
        ((level(75),), Why.NOT_SEEN),  # as it should be, and yet nobody has looked at the drops
        ((counted(50, t_min=4), Moved(t_min=5)), Why.MOVED),
        ((Moved(t_min=5),), Why.MOVED),
        ((counted(50, t_min=4), FlowAsked(t_min=6, rate_ml_per_h=D(120))), Why.IN_DOUBT),
        ((counted(50, t_min=4), FlowAsked(t_min=6, rate_ml_per_h=D(0))), Why.IN_DOUBT),
        ((counted(50, t_min=4), FlowSettled(t_min=6, rate_ml_per_h=D(120))), Why.NOT_SEEN),
        ((counted(4, 5),), Why.ROUGH),
    ],
)
def test_it_says_why_nobody_can_tell(happenings: tuple[Happening, ...], why: Why) -> None:
    assert word(*happenings) == (Pace.CANNOT_TELL, why)


def test_a_recount_after_the_arm_was_moved_tells_again() -> None:
    assert word(counted(50, t_min=4), Moved(t_min=5), counted(50, t_min=6)) == ON_PLAN


def test_a_count_grows_old() -> None:
    assert word(counted(50), at_min=25) == ON_PLAN
    assert word(counted(50), at_min=26) == (Pace.CANNOT_TELL, Why.OLD)


def test_a_stream_is_said_whatever_else_is_known() -> None:
    assert word(counted(50, t_min=4), Moved(t_min=5), StreamSeen(t_min=6)) == (Pace.STREAM, None)
    assert word(StreamSeen(t_min=6), FlowAsked(t_min=7, rate_ml_per_h=D(0))) == (Pace.STREAM, None)
    assert word(StreamSeen(t_min=6), counted(50)) == (Pace.CANNOT_TELL, Why.UNREAD)
    assert word(StreamSeen(t_min=6), counted(50), level(75)) == ON_PLAN


def test_the_bag_tells_where_nothing_was_counted() -> None:
    """After 20 min 50 mL should have run. 85 mL left, give or take 10, are 25 at most: the rest takes 30 min more."""
    assert word(level(85, t_min=20), at_min=20) == TOO_SLOW
    assert word(level(15, t_min=20), at_min=20) == TOO_FAST


def test_late_by_what_has_run_though_it_runs_as_set() -> None:
    """Ten minutes at 40 a minute and ten at 50: 20 mL and 25 mL. 55 mL at 150 mL/h take 22 min, and 20 are left.

    Two minutes are the twentieth of 40 min: still on plan. With 15 min at 40 (30 mL), 57.5 mL take 23 min: late.
    """
    assert word(counted(40, t_min=0), counted(40), counted(50, t_min=10), counted(50, t_min=20), at_min=20) == ON_PLAN
    slow = counted(40, t_min=0), counted(40, t_min=15), counted(50, t_min=15), counted(50, t_min=20)
    assert word(*slow, at_min=20) == TOO_SLOW


def test_what_was_slowed_on_purpose_is_not_too_slow() -> None:
    assert word(FlowSettled(t_min=5, rate_ml_per_h=D(75)), counted(25, t_min=10), at_min=20) == ON_PLAN


def test_what_makes_up_for_lost_time_is_not_too_fast() -> None:
    """20 min at 30 a minute are 30 mL. 70 mL in the 20 min left are 210 mL/h: 70 a minute."""
    slow = counted(30, t_min=0), counted(30, t_min=20)
    caught_up = FlowSettled(t_min=20, rate_ml_per_h=D(210)), counted(70, t_min=21)
    assert word(*slow, *caught_up, at_min=25) == ON_PLAN


def test_nothing_is_said_of_a_drip_that_does_not_run() -> None:
    assert pace(drip(), plan=PLAN, at_min=5) is None
    assert paced(FlowSettled(t_min=5, rate_ml_per_h=D(0))) is None
    assert paced(level(0, t_min=41), at_min=42) is None


def test_when_all_may_have_run_the_bag_is_to_be_read() -> None:
    assert word(counted(50, t_min=39), at_min=41) == (Pace.CANNOT_TELL, Why.UNREAD)


def test_what_is_still_to_come_is_not_known_yet() -> None:
    assert word(counted(20, t_min=15), at_min=10) == (Pace.CANNOT_TELL, Why.NOT_SEEN)


def test_a_pump_is_judged_by_what_it_shows() -> None:
    shows = FlowRead(t_min=10, rate_ml_per_h=D(120))
    assert word(meter=PUMP) == (Pace.CANNOT_TELL, Why.NOT_SEEN)
    assert word(shows, meter=PUMP) == TOO_SLOW
    assert word(FlowRead(t_min=10, rate_ml_per_h=D(150)), meter=PUMP) == ON_PLAN
    assert word(FlowRead(t_min=10, rate_ml_per_h=D(0)), meter=PUMP) == TOO_SLOW


def test_what_a_pump_shows_does_not_end_a_stream() -> None:
    shows = FlowRead(t_min=10, rate_ml_per_h=D(150))
    assert word(StreamSeen(t_min=6), shows, meter=PUMP) == (Pace.STREAM, None)
    found = paced(StreamSeen(t_min=6), shows, meter=PUMP)
    assert found is not None
    assert found.flow_ml_per_h.most_ml_per_h == 6000


def test_the_numbers_beside_the_word() -> None:
    """48 drops in a minute at minute 20: 144 mL/h. 150 at the start and 144 now are 147 between, 49 mL of 50 run.

    The 51 mL left take 51 / 144 x 60 = 21.25 min; 20 were left.
    """
    found = paced(counted(48, t_min=20), at_min=20)
    assert found is not None
    assert found.left_min is not None
    assert found.late_min is not None
    assert (found.planned_ml, found.run_ml.likely, found.behind_ml.likely) == (50, 49, 1)
    assert (found.flow_ml_per_h.likely_ml_per_h, found.set_ml_per_h) == (144, 150)
    assert (found.left_min.likely, found.late_min.likely) == (D("21.25"), D("1.25"))
    assert found.left_min.least < 20 < found.left_min.most


def test_a_pause_is_not_behind() -> None:
    """Ten minutes paused: the plan's clock stood still. Twenty minutes of it are 50 mL."""
    paused = (
        FlowSettled(t_min=10, rate_ml_per_h=D(0)),
        FlowSettled(t_min=20, rate_ml_per_h=D(150)),
        counted(50, t_min=30),
    )
    found = paced(*paused, at_min=30)
    assert found is not None
    assert (found.pace, found.planned_ml, found.behind_ml.likely) == (Pace.ON_PLAN, 50, 0)


@some
@given(whole_histories, moments)
def test_it_never_fails_and_its_ranges_are_in_order(history: object, at_min: object) -> None:
    found = pace(history, plan=PLAN, at_min=at_min)  # type: ignore[arg-type]
    for each in (found.run_ml, found.behind_ml, found.left_min, found.late_min) if found else ():
        assert each is None or each.least <= each.likely <= each.most
    assert found is None or (found.pace is Pace.CANNOT_TELL) == (found.why is not None)
    assert found is None or exact(found.set_ml_per_h) > 0
