"""What was asked and not settled counts at its maximum, until a person settles it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stillroom.core.drip.course import ledger
from stillroom.core.drip.history import FlowAsked, FlowSettled, FlowUnchanged, Happening, StreamSeen
from stillroom.core.drip.pouring import Track
from stillroom.core.drip.progress import flow_now
from tests.core.drip.drips import STARTED, D, drip


def asked(t_min: float, rate: int) -> FlowAsked:
    return FlowAsked(t_min=t_min, rate_ml_per_h=D(rate))


def settled(t_min: float, rate: int) -> FlowSettled:
    return FlowSettled(t_min=t_min, rate_ml_per_h=D(rate))


def unchanged(t_min: float, rate: int) -> FlowUnchanged:
    return FlowUnchanged(t_min=t_min, rate_ml_per_h=D(rate))


def left_bag_ml(*happenings: Happening, at_min: float, track: Track = Track.LIKELY) -> Fraction:
    """At 60 mL/h a minute is a millilitre."""
    return ledger(drip(*happenings), at_min=at_min, track=track).drip_ml


@pytest.mark.parametrize(
    ("happenings", "at_min", "drip_ml"),
    [
        # a start nobody confirmed counts as started
        ([asked(0, 60)], 10, 10),
        # a start that was not done gave nothing
        ([asked(0, 60), unchanged(10, 60)], 20, 0),
        # a stop nobody confirmed counts as still running
        ([settled(0, 60), asked(10, 0)], 30, 30),
        # until the clamp is said to be closed
        ([settled(0, 60), asked(10, 0), settled(12, 0)], 30, 12),
        # a faster rate counts from the moment it was asked for
        ([settled(0, 60), asked(10, 120), settled(12, 120)], 20, 30),
        # a slower one only from the moment it is confirmed
        ([settled(0, 120), asked(10, 60), settled(12, 60)], 20, 32),
        # confirmed at more than was asked: counts at that from the asking
        ([settled(0, 60), asked(10, 90), settled(12, 120)], 20, 30),
        # not done: as if never asked, also for the time between
        ([settled(0, 60), asked(10, 120), unchanged(12, 120)], 20, 20),
        # two things open at once: the highest of all
        ([settled(0, 60), asked(5, 120), asked(10, 0)], 15, 25),
        # of two open, the one named was not done
        ([settled(0, 60), asked(5, 120), asked(10, 0), unchanged(12, 120)], 15, 15),
        # what was settled before cannot be undone by it
        ([settled(0, 60), asked(5, 120), settled(6, 120), unchanged(7, 120)], 8, 11),
        # written down late, counted where it happened
        ([asked(10, 0), settled(12, 0), settled(0, 60)], 30, 12),
    ],
)
def test_in_doubt_counts_at_its_maximum(happenings: list[Happening], at_min: float, drip_ml: int) -> None:
    assert left_bag_ml(*happenings, at_min=at_min) == drip_ml


def test_the_least_takes_the_other_side_of_the_doubt() -> None:
    """60 mL/h within a tenth by drops for ten minutes, then perhaps nothing: 9 mL at least."""
    happenings = (settled(0, 60), asked(10, 0))
    assert left_bag_ml(*happenings, at_min=30, track=Track.LEAST) == 9
    assert left_bag_ml(*happenings, at_min=30, track=Track.MOST) == 33


def test_what_was_ordered_follows_the_asking_not_the_doubt() -> None:
    happenings = (settled(0, 60), asked(10, 0))
    assert left_bag_ml(*happenings, at_min=30, track=Track.ORDERED) == 10


def test_a_stream_may_have_emptied_the_bag_since_the_flow_was_last_known() -> None:
    history = drip(settled(0, 60), StreamSeen(t_min=10))
    most = ledger(history, at_min=10, track=Track.MOST)
    assert (most.in_bag_mg, most.reached_patient_mg) == (0, 35)
    least = ledger(history, at_min=10, track=Track.LEAST)
    assert least.drip_ml == 0


def test_a_stream_ends_when_the_clamp_is_known_to_be_closed() -> None:
    history = drip(settled(0, 60), settled(10, 60), StreamSeen(t_min=10), settled(Fraction(21, 2), 0))
    assert ledger(history, at_min=60).drip_ml == 10 + 50
    assert flow_now(history, at_min=60).most_ml_per_h == 0


def test_a_pause_gives_nothing() -> None:
    history = drip(STARTED, settled(10, 0), settled(25, 150))
    assert ledger(history, at_min=10).drip_ml == ledger(history, at_min=25).drip_ml == 25
    assert ledger(history, at_min=29).drip_ml == 35
