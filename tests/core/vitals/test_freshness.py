"""SR-31 and SR-33: a value has an age, judged by how often its link sends, looking back from now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import CUFF_SIGNALS, Freshness, Sample, Signal, age_s, freshness_of, lifetime_of

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def reading(measured_at: datetime = AT, received_at: datetime = AT) -> Sample:
    return Sample(Signal.SPO2_PERCENT, Decimal(97), measured_at, received_at)


@pytest.mark.parametrize(
    ("interval_s", "after_s", "expected"),
    [
        (1, 0, Freshness.FRESH),
        (1, 4, Freshness.FRESH),
        (1, 4.1, Freshness.STALE),
        (1, 10, Freshness.STALE),
        (1, 10.1, Freshness.LOST),
        (60, 122, Freshness.FRESH),
        (60, 123, Freshness.STALE),
        (60, 242, Freshness.STALE),
        (60, 243, Freshness.LOST),
    ],
)
def test_a_value_ages_by_its_links_interval(interval_s: float, after_s: float, expected: Freshness) -> None:
    lifetime = lifetime_of(Signal.SPO2_PERCENT, interval_s=interval_s, cuff_interval_s=300)
    assert freshness_of(reading(), AT + timedelta(seconds=after_s), lifetime) is expected


@pytest.mark.parametrize(
    ("overdue_s", "expected"),
    [
        (0, Freshness.FRESH),
        (120, Freshness.FRESH),
        (121, Freshness.STALE),
        (300, Freshness.STALE),
        (301, Freshness.LOST),
    ],
)
def test_a_pressure_ages_by_the_cuffs_interval(overdue_s: int, expected: Freshness) -> None:
    for signal in CUFF_SIGNALS:
        lifetime = lifetime_of(signal, interval_s=1, cuff_interval_s=600)
        assert freshness_of(reading(), AT + timedelta(seconds=600 + overdue_s), lifetime) is expected


def test_nothing_is_lost() -> None:
    assert (
        freshness_of(None, AT, lifetime_of(Signal.PULSE_PER_MIN, interval_s=1, cuff_interval_s=300)) is Freshness.LOST
    )


def test_a_clock_that_runs_ahead_makes_nothing_younger() -> None:
    ahead = reading(measured_at=AT + timedelta(seconds=40), received_at=AT)
    assert age_s(ahead, AT + timedelta(seconds=30)) == 30


def test_age_runs_through_midnight_and_summer_time() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    before = datetime(2026, 3, 29, 1, 59, 58, tzinfo=vienna)
    after = datetime(2026, 3, 29, 3, 0, 1, tzinfo=vienna)
    assert age_s(reading(before.astimezone(UTC), before.astimezone(UTC)), after.astimezone(UTC)) == 3


@given(
    st.sampled_from(Signal),
    st.floats(0.2, 900),
    st.floats(30, 3600),
    st.lists(st.floats(0, 7200), min_size=2, max_size=6).map(sorted),
)
def test_a_value_only_ever_grows_older(signal: Signal, interval_s: float, cuff_s: float, ages_s: list[float]) -> None:
    lifetime = lifetime_of(signal, interval_s=interval_s, cuff_interval_s=cuff_s)
    order = list(Freshness)
    seen = [order.index(freshness_of(reading(), AT + timedelta(seconds=s), lifetime)) for s in ages_s]
    assert seen == sorted(seen)
    assert lifetime.fresh_s < lifetime.stale_s


def test_an_interval_of_nothing_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="positive"):
        lifetime_of(Signal.SPO2_PERCENT, interval_s=0, cuff_interval_s=300)
