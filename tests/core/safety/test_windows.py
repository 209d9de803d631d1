"""SR-10: how much in a day and a week, and how often. Expected sums were added by hand beside each case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.safety.library import Band, CourseLimits
from stillroom.core.safety.windows import DAY, WEEK, Other, judge_windows, most_within

D = Decimal
LIMITS = CourseLimits(
    library_version="test library 1",
    dose_mg_in_24_h=Band(soft_high=D(80), hard_high=D(100)),
    dose_mg_in_7_days=Band(soft_high=D(150), hard_high=D(200)),
    infusions_per_day=Band(hard_high=D(1)),
    infusions_per_week=Band(soft_high=D(3), hard_high=D(4)),
)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday


def other(days: float, most_mg: str = "35") -> Other:
    at = NOON + timedelta(days=days)
    return Other(at=at, on=at.date(), most_mg=D(most_mg))


def found(*others: Other, dose_mg: str = "35") -> dict[str, str]:
    findings = judge_windows(D(dose_mg), at=NOON, on=NOON.date(), others=others, limits=LIMITS)
    return {finding.code: finding.facts["value"] for finding in findings}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], {}),
        ([other(-2), other(-5)], {}),  # 35 + 35 + 35 = 105 mg, three in the week
        ([other(-1)], {}),  # exactly a day apart is apart
        ([other(-0.9, "50")], {"dose_mg_in_24_h_above_soft": "85"}),  # 35 + 50, on two days
        ([other(-0.9, "66")], {"dose_mg_in_24_h_above_hard": "101"}),
        ([other(-0.1)], {"infusions_per_day_above_hard": "2"}),  # 70 mg
        ([other(0.1)], {"infusions_per_day_above_hard": "2"}),  # one that is still to come
        ([other(-1), other(-3), other(-6)], {"infusions_per_week_above_soft": "4"}),  # 140 mg
        ([other(1), other(3), other(6)], {"infusions_per_week_above_soft": "4"}),
        ([other(-7), other(-9), other(2)], {}),
        (
            [other(-3), other(-1), other(1), other(3)],
            {"dose_mg_in_7_days_above_soft": "175", "infusions_per_week_above_hard": "5"},
        ),
        ([other(-5), other(-3), other(3), other(5)], {}),  # no seven days hold more than three of them
        ([other(-2, "60"), other(-4, "60")], {"dose_mg_in_7_days_above_soft": "155"}),
    ],
)  # fmt: skip
def test_the_busiest_window_that_holds_this_infusion_counts(others: list[Other], expected: dict[str, str]) -> None:
    assert found(*others) == expected


def test_a_bound_is_crossed_beyond_it_and_not_on_it() -> None:
    assert found(other(-0.9, "45")) == {}  # 80 mg
    assert found(other(-0.9, "45.01")) == {"dose_mg_in_24_h_above_soft": "80.01"}
    assert found(other(-0.9, "65")) == {"dose_mg_in_24_h_above_soft": "100"}
    assert found(other(-0.9, "65.01")) == {"dose_mg_in_24_h_above_hard": "100.01"}


def test_the_day_on_which_the_clocks_change_has_no_hour_too_many() -> None:
    """29 March 2026 in Vienna has 23 hours: 10:00 the day before to 10:00 is 23 hours, and counts as one day's dose."""
    vienna = ZoneInfo("Europe/Vienna")
    before = datetime(2026, 3, 28, 10, 0, tzinfo=vienna).astimezone(UTC)
    at = datetime(2026, 3, 29, 10, 0, tzinfo=vienna).astimezone(UTC)
    others = [Other(at=before, on=date(2026, 3, 28), most_mg=D(70))]
    findings = judge_windows(D(35), at=at, on=date(2026, 3, 29), others=others, limits=LIMITS)
    assert [finding.code for finding in findings] == ["dose_mg_in_24_h_above_hard"]


TIMES = st.integers(0, 30 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
DOSES = st.decimals(0, 100, places=2)


@given(st.lists(st.tuples(TIMES, DOSES), max_size=8), TIMES, DOSES)
def test_one_more_never_makes_it_less_and_the_week_holds_the_day(
    others: list[tuple[datetime, Decimal]], at: datetime, dose_mg: Decimal
) -> None:
    in_a_day, in_a_week = most_within(others, (at, dose_mg), DAY), most_within(others, (at, dose_mg), WEEK)
    assert dose_mg <= in_a_day <= in_a_week <= dose_mg + sum((each for _, each in others), D(0))
    assert most_within(others[1:], (at, dose_mg), WEEK) <= in_a_week


@given(st.lists(st.tuples(TIMES, DOSES), max_size=6), TIMES, DOSES)
def test_it_is_the_most_of_every_window_one_could_lay(
    others: list[tuple[datetime, Decimal]], at: datetime, dose_mg: Decimal
) -> None:
    """By another way: a window laid at every minute that could matter, its two ends looked at one by one."""
    points = [*others, (at, dose_mg)]
    edges = {when for when, _ in points} | {when - WEEK + timedelta(microseconds=1) for when, _ in points}
    laid = [
        sum((each for when, each in points if start <= when < start + WEEK), D(0))
        for start in edges
        if start <= at < start + WEEK
    ]
    assert most_within(others, (at, dose_mg), WEEK) == max(laid)
