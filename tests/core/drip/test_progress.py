"""Against the plan of 100 mL in 40 min from minute 0."""

from __future__ import annotations

import pytest

from stillroom.core.drip.history import BagHung, FlowAsked, FlowCounted, FlowSettled, Happening, StreamSeen
from stillroom.core.drip.progress import Progress, flow_now, progress
from tests.core.drip.drips import DRUG_LINE, STARTED, D, drip


def against_plan(*happenings: Happening, at_min: int, volume: int = 100) -> Progress:
    return progress(
        drip(*happenings), planned_rate_ml_per_h=D(150), planned_volume_ml=D(volume), start_min=0, at_min=at_min
    )


def closed(t_min: int) -> FlowSettled:
    return FlowSettled(t_min=t_min, rate_ml_per_h=D(0))


def test_on_plan_it_ends_when_the_plan_does() -> None:
    now = against_plan(STARTED, at_min=25)
    assert (now.planned_ml, now.run_ml, now.behind_ml, now.minutes_to_finish) == (D("62.5"), D("62.5"), 0, 15)


def test_a_slower_count_puts_it_behind_and_later() -> None:
    """47 drops/min are 141 mL/h; 48.5 mL in the first 20 min, so 1.5 mL behind; 51.5 mL take 21.92 min, told as 22."""
    now = against_plan(STARTED, FlowCounted(t_min=20, drops=47, seconds=D(60)), at_min=20)
    assert (now.behind_ml, now.rate_ml_per_h) == (D("1.5"), 141)
    assert now.minutes_to_finish == D("22.0")


def test_a_faster_one_puts_it_ahead() -> None:
    assert against_plan(FlowSettled(t_min=0, rate_ml_per_h=D(180)), at_min=20).behind_ml == -10


def test_paused_it_falls_behind_and_has_no_end() -> None:
    now = against_plan(STARTED, closed(10), at_min=20)
    assert (now.behind_ml, now.minutes_to_finish) == (25, None)


def test_an_empty_bag_runs_no_more() -> None:
    now = against_plan(FlowSettled(t_min=0, rate_ml_per_h=D(300)), at_min=30)
    assert (now.run_ml, now.rate_ml_per_h, now.minutes_to_finish) == (100, 0, None)


def test_past_the_planned_volume_nothing_is_left_to_run() -> None:
    assert against_plan(STARTED, at_min=30, volume=50).minutes_to_finish == 0


def test_a_bag_that_also_filled_the_line_is_empty_before_the_plan_ends() -> None:
    """15 of its 100 mL are in the line; after 20 min 35 mL are left, which take 14 min at 150 mL/h."""
    history = drip(STARTED, line=DRUG_LINE)
    now = progress(history, planned_rate_ml_per_h=D(150), planned_volume_ml=D(100), start_min=0, at_min=20)
    assert (now.behind_ml, now.minutes_to_finish) == (0, 14)


def test_before_the_start_nothing_was_planned_to_have_run() -> None:
    assert against_plan(STARTED, at_min=-3).planned_ml == 0


@pytest.mark.parametrize(
    ("happenings", "at_min", "most"),
    [
        ((), 0, 0),
        ((STARTED,), 0, 165),
        ((STARTED, FlowAsked(t_min=5, rate_ml_per_h=D(200))), 5, 220),
        ((STARTED, FlowAsked(t_min=5, rate_ml_per_h=D(0))), 5, 165),
        ((STARTED, closed(5)), 4, 165),
        ((STARTED, closed(5)), 5, 0),
        ((STARTED, StreamSeen(t_min=5)), 4, 165),
        ((STARTED, StreamSeen(t_min=5)), 5, 6000),
        ((STARTED, BagHung(t_min=5, drug_mg=D(35), volume_ml=D(100))), 6, 165),
    ],
)
def test_the_flow_now_is_what_was_known_by_now(happenings: tuple[Happening, ...], at_min: int, most: int) -> None:
    assert flow_now(drip(*happenings), at_min=at_min).most_ml_per_h == most
