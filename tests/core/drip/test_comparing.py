"""Counted drops and the bag, side by side: 100 mL at 150 mL/h, 50 drops a minute of 20 to the mL."""

from __future__ import annotations

import pytest

from stillroom.core.drip.comparing import Apart, apart
from stillroom.core.drip.history import FlowCounted, Happening, LevelRead, StreamSeen
from tests.core.drip.drips import STARTED, D, drip


def count(t_min: int, drops: int = 50) -> FlowCounted:
    return FlowCounted(t_min=t_min, drops=drops, seconds=D(60))


def read(t_min: int, ml: int) -> LevelRead:
    return LevelRead(t_min=t_min, volume_ml=D(ml), tolerance_ml=D(10))


def compared(*happenings: Happening, notice_percent: int = 5) -> Apart | None:
    return apart(drip(STARTED, *happenings), notice_percent=notice_percent, alarm_percent=10)


def is_alarm(*happenings: Happening) -> bool:
    found = compared(*happenings)
    return found is not None and found.is_beyond(10)


@pytest.mark.parametrize(
    ("left", "alarms"),
    [
        (50, False),  # 50 counted, 50 gone
        (61, False),  # 39 gone, give or take 10: up to 49, and at least 48.8 were counted
        (64, True),  # 36 gone, at most 46: the readings do not explain it
        (39, False),  # 61 gone, at least 51, and at most 51.2 were counted
        (36, True),
    ],
)
def test_what_the_readings_leave_in_doubt_is_no_disagreement(left: int, alarms: bool) -> None:
    """Fifty counted at 0 and 20 min: 49 in 60.2 s to 51 in 59.8 s, so 48.8 to 51.2 mL in twenty minutes."""
    assert is_alarm(count(0), count(20), read(20, left)) == alarms


def test_it_says_how_far_apart_they_are() -> None:
    """50 mL counted, 30 gone: 40 % apart."""
    found = compared(count(0), count(20), read(20, 70))
    assert found is not None
    assert (found.counted_ml, found.bag_ml, found.share) == (50, 30, D("0.4"))


def test_a_small_disagreement_is_a_notice_and_no_alarm() -> None:
    """Of 80 mL counted, 86 gone, read to a millilitre: 7.5 %."""
    close = LevelRead(t_min=32, volume_ml=D(14), tolerance_ml=D(1))
    found = compared(count(0), count(32), close)
    assert found is not None
    assert found.share == D("0.075")
    assert not found.is_beyond(10)
    assert compared(count(0), count(32), close, notice_percent=8) is None, "as the order says"


def test_without_a_count_there_is_nothing_to_compare() -> None:
    assert not is_alarm(read(20, 90))


def test_a_stream_explains_a_bag_that_is_emptier_than_was_counted() -> None:
    assert not is_alarm(count(0), StreamSeen(t_min=5), count(6), count(20), read(20, 20))


def test_reading_again_alone_does_not_settle_it() -> None:
    assert is_alarm(count(0), count(20), read(20, 80), read(21, 80))


def test_a_recount_and_a_reading_that_agree_from_there_on_settle_it() -> None:
    """From 80 mL: 10 min at 50 a minute are 25 mL, and 55 are left."""
    assert not is_alarm(count(0), count(20), read(20, 80), count(21), count(30), read(30, 55))
