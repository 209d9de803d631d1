"""What a count of drops says, and how surely."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.counting import ENOUGH_SHARE, ROUGH_SHARE, DropRate, count_drops, count_taps, flow_counted
from stillroom.core.drip.line import Gravity
from stillroom.core.errors import Refused
from tests.core.drip.drips import D, some


def doubt(counted: DropRate) -> Fraction:
    """How far off the count may be, as a share of it."""
    return (counted.most_per_min - counted.likely_per_min) / counted.likely_per_min


def test_one_drop_of_twenty_five_and_a_fifth_of_a_second_in_a_minute() -> None:
    """26 drops in 59.8 s are 26.087 a minute: 4.35 % over 25. 24 in 60.2 s are 23.920: 4.32 % under."""
    counted = count_drops(drops=25, seconds=D(60))
    assert round(float(counted.most_per_min), 3) == 26.087
    assert round(float(counted.least_per_min), 3) == 23.920
    assert doubt(counted) == counted.doubt_share


def test_one_drop_of_six_in_a_quarter_minute_is_eighteen_percent() -> None:
    """7 drops in 14.8 s are 28.378 a minute, 18.2 % over 24: 16.7 % for the drop, the rest for the hand."""
    counted = count_drops(drops=6, seconds=D(15))
    assert counted.likely_per_min == 24
    assert round(float(doubt(counted)), 3) == 0.182


def test_ten_drops_are_not_forty() -> None:
    """11 in 11.8 s are 55.93 a minute, so 50 give or take 5.9; 41 in 47.8 s are 51.46, so 50 give or take 1.5."""
    ten, forty = count_drops(drops=10, seconds=D(12)), count_drops(drops=40, seconds=D(48))
    assert ten.likely_per_min == forty.likely_per_min == 50
    assert (round(float(ten.most_per_min), 2), round(float(forty.most_per_min), 2)) == (55.93, 51.46)
    assert ten.doubt_share is not None
    assert forty.doubt_share is not None
    assert ten.doubt_share > ROUGH_SHARE > ENOUGH_SHARE > forty.doubt_share


def test_taps_span_one_drop_fewer_than_there_are() -> None:
    taps = [D("3.1") + D("1.2") * n for n in range(11)]
    assert count_taps(taps) == count_drops(drops=10, seconds=D(12))


def test_no_drops_in_a_minute_may_still_be_one() -> None:
    assert count_drops(drops=0, seconds=D(60)) == DropRate(Fraction(0), Fraction(0), Fraction(600, 598))
    assert count_drops(drops=0, seconds=D(60)).doubt_share is None


def test_the_flow_carries_the_doubt_of_count_and_set() -> None:
    """47 drops in a minute, 20 drops/mL within a tenth (ISO 8536-4:2019, 7.8): 141 mL/h.

    46 in 60.2 s are 45.847 a minute, 137.54 mL/h, less a tenth 123.79; 48 in 59.8 s are 48.161, 144.48, and a tenth
    158.93.
    """
    flow = flow_counted(count_drops(drops=47, seconds=D(60)), Gravity(drops_per_ml=20))
    assert flow.likely_ml_per_h == 141
    assert (round(float(flow.least_ml_per_h), 2), round(float(flow.most_ml_per_h), 2)) == (123.79, 158.93)


@some
@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([10, 15, 20, 60]))
def test_what_is_likely_lies_between_least_and_most(drops: int, seconds: int, drops_per_ml: int) -> None:
    flow = flow_counted(count_drops(drops=drops, seconds=seconds), Gravity(drops_per_ml=drops_per_ml))
    assert 0 <= flow.least_ml_per_h <= flow.likely_ml_per_h < flow.most_ml_per_h


@pytest.mark.parametrize(
    ("drops", "seconds", "code"), [(5, D(0), "count_took_no_time"), (-1, D(60), "drops_below_zero")]
)
def test_a_count_that_cannot_be_is_refused(drops: int, seconds: D, code: str) -> None:
    with pytest.raises(Refused, match=code):
        count_drops(drops=drops, seconds=seconds)


@pytest.mark.parametrize(
    ("taps", "code"),
    [((), "too_few_taps"), ((1,), "too_few_taps"), ((1, 1), "taps_out_of_order"), ((1, 3, 2), "taps_out_of_order")],
)
def test_taps_that_say_nothing_are_refused(taps: tuple[int, ...], code: str) -> None:
    with pytest.raises(Refused, match=code):
        count_taps([D(tap) for tap in taps])
