"""A reading of the bag bends what was thought, by no more than it must. 60 mL/h: a minute is a millilitre."""

from __future__ import annotations

import pytest

from stillroom.core.drip.course import arrivals, ledger
from stillroom.core.drip.history import BagHung, FlowAsked, FlowCounted, FlowSettled, Happening, LevelRead, StreamSeen
from stillroom.core.drip.line import Pump
from stillroom.core.drip.pouring import Track
from tests.core.drip.drips import D, drip

EXACT_PUMP = Pump(step_ml_per_h=D(1), tolerance=D(0))
RUNS = FlowSettled(t_min=0, rate_ml_per_h=D(60))


def read(t_min: int, volume: int, tolerance: int = 2) -> LevelRead:
    return LevelRead(t_min=t_min, volume_ml=D(volume), tolerance_ml=D(tolerance))


def gone_ml(*happenings: Happening, at_min: int, track: Track = Track.LIKELY) -> object:
    return ledger(drip(*happenings, meter=EXACT_PUMP), at_min=at_min, track=track).drip_ml


@pytest.mark.parametrize(
    ("volume", "gone_at_20"),
    [(80, 20), (79, 20), (82, 20), (75, 23), (85, 17), (100, 2), (0, 98)],
)
def test_likely_is_bent_to_the_nearest_edge_of_the_reading(volume: int, gone_at_20: int) -> None:
    assert gone_ml(RUNS, read(20, volume), at_min=20) == gone_at_20


def test_within_its_tolerance_a_reading_changes_nothing_at_any_time() -> None:
    for track in Track:
        assert gone_ml(RUNS, read(20, 81), at_min=13, track=track) == 13


def test_a_bag_found_empty_ran_empty_when_its_flow_says() -> None:
    """120 mL/h empty 100 mL in 50 min; that it is found empty at 60 does not make it slower."""
    happenings = (FlowSettled(t_min=0, rate_ml_per_h=D(120)), read(60, 0))
    assert gone_ml(*happenings, at_min=25) == 50
    assert gone_ml(*happenings, at_min=50) == 100


def test_less_than_the_least_is_the_least_in_proportion() -> None:
    """10 mL for sure, then asked to stop; but only 5 mL are gone at 30: half of what was sure, nothing of the doubt."""
    happenings = (RUNS, FlowAsked(t_min=10, rate_ml_per_h=D(0)), read(30, 95, tolerance=0))
    assert [gone_ml(*happenings, at_min=at) for at in (4, 10, 30)] == [2, 5, 5]


def test_more_than_the_most_is_the_most_in_proportion() -> None:
    happenings = (RUNS, FlowSettled(t_min=10, rate_ml_per_h=D(0)), read(30, 80, tolerance=0))
    assert [gone_ml(*happenings, at_min=at) for at in (4, 10, 30)] == [8, 20, 20]


def test_after_a_reading_the_drip_goes_on_from_there() -> None:
    assert gone_ml(RUNS, read(20, 70), at_min=30) == 28 + 10


def test_what_was_in_doubt_gives_way_first() -> None:
    """Asked to stop at 10, never confirmed, bag read at 30: 88 mL left. It stopped soon after it was asked to."""
    happenings = (RUNS, FlowAsked(t_min=10, rate_ml_per_h=D(0)), read(30, 88))
    assert gone_ml(*happenings, at_min=10) == 10
    assert gone_ml(*happenings, at_min=30) == 14


def test_after_a_stream_the_bag_tells_how_much_it_was() -> None:
    """By the stream alone the bag may be empty; read at 55 mL, 43 to 47 mL have gone."""
    happenings = (RUNS, FlowSettled(t_min=10, rate_ml_per_h=D(60)), StreamSeen(t_min=12))
    assert gone_ml(*happenings, at_min=12) == 100
    happenings += (FlowSettled(t_min=13, rate_ml_per_h=D(0)), read(13, 55))
    assert gone_ml(*happenings, at_min=13, track=Track.LEAST) == 43
    assert gone_ml(*happenings, at_min=13) == gone_ml(*happenings, at_min=13, track=Track.MOST) == 47


def test_a_closed_clamp_that_leaked_counts_as_given() -> None:
    happenings = (FlowSettled(t_min=0, rate_ml_per_h=D(0)), read(10, 90))
    assert gone_ml(*happenings, at_min=10, track=Track.LEAST) == 8
    assert arrivals(drip(*happenings, meter=EXACT_PUMP), until_min=10)[0][0] == -5


def test_a_bag_does_not_fill_up_again() -> None:
    assert gone_ml(RUNS, read(20, 60), read(30, 90), at_min=30) == 38


def test_readings_of_one_bag_say_nothing_of_the_next() -> None:
    second = BagHung(t_min=20, drug_mg=D(35), volume_ml=D(100))
    assert gone_ml(RUNS, second, read(30, 90), at_min=30) == 30
    assert gone_ml(RUNS, second, read(30, 70), at_min=30) == 20 + 28


def test_at_the_minute_of_a_change_the_order_told_says_which_bag_was_read() -> None:
    second = BagHung(t_min=20, drug_mg=D(35), volume_ml=D(100))
    assert gone_ml(RUNS, read(20, 90), second, at_min=20) == 12
    assert gone_ml(RUNS, second, read(20, 90), at_min=20) == 20


def test_what_was_ordered_is_not_bent() -> None:
    assert gone_ml(RUNS, read(20, 50), at_min=20, track=Track.ORDERED) == 20


def test_between_two_sightings_the_flow_lay_between_them() -> None:
    """Set to 150 mL/h, counted at 141 twenty minutes later: 145.5 mL/h likely between, 141 after."""
    history = drip(FlowSettled(t_min=0, rate_ml_per_h=D(150)), FlowCounted(t_min=20, drops=47, seconds=D(60)))
    assert ledger(history, at_min=20).drip_ml == D("48.5")
    assert ledger(history, at_min=30).drip_ml == D("48.5") + D("23.5")


def test_drops_under_a_pump_have_no_known_size_and_say_nothing() -> None:
    assert gone_ml(RUNS, FlowCounted(t_min=10, drops=200, seconds=D(60)), at_min=20) == 20
