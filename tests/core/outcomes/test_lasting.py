"""How long relief lasted, counted by hand on invented days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.outcomes.lasting import Ending, how_long

ON = date(2026, 11, 3)
BEFORE = [8, 8, 8, 8, 8, 8, 8]


def days(after: list[int | None], before: list[int | None] | None = None) -> dict[date, int]:
    first = ON - timedelta(days=7)
    answers = [*(BEFORE if before is None else before), 8, *after]
    return {first + timedelta(days=n): low for n, low in enumerate(answers) if low is not None}


@pytest.mark.parametrize(
    ("after", "lasted", "ending"),
    [
        ([5, 5, 6, 7, 7], 3, Ending.RETURNED),
        ([5, 7, 6, 7, 7], 3, Ending.RETURNED),
        ([7, 5, 5, 8, 8], 3, Ending.RETURNED),
        ([8, 8, 8, 5, 5], None, Ending.NOT_SEEN),
        ([5, 5, 5], 3, Ending.STILL),
        ([5, 5, None, None, None, None], 2, Ending.DAYS_MISSING),
        ([5, None, None, None, 5, 7, 7], 5, Ending.RETURNED),
        ([None, None, None, None], None, Ending.DAYS_MISSING),
        ([0, 0, 8, 8], 2, Ending.RETURNED),
    ],
)
def test_relief_is_counted_to_its_last_day(after: list[int | None], lasted: int | None, ending: Ending) -> None:
    (found,) = how_long(days(after), [ON], today=ON + timedelta(days=len(after)))
    assert (found.days, found.ending) == (lasted, ending)


def test_the_next_infusion_ends_the_count_and_not_the_relief() -> None:
    first, second = how_long(days([5] * 9), [ON, ON + timedelta(days=4)], today=ON + timedelta(days=9))
    assert (first.days, first.ending) == (3, Ending.NEXT_INFUSION)
    assert second.on == ON + timedelta(days=4)


def test_who_is_kept_well_by_one_a_week_is_measured_from_the_first_of_the_series() -> None:
    later = ON + timedelta(days=7)
    found = how_long(days([5] * 12), [ON, later], today=ON + timedelta(days=12))
    assert [(each.days, each.ending) for each in found] == [(6, Ending.NEXT_INFUSION), (5, Ending.STILL)]


def test_after_eight_weeks_without_one_a_series_begins_anew() -> None:
    later = ON + timedelta(days=60)
    found = how_long(days([5] * 70), [ON, later], today=ON + timedelta(days=70))
    assert found[1].ending is Ending.NOT_SEEN


@pytest.mark.parametrize("passed", [0, 1, 2])
def test_on_the_first_days_it_is_too_soon_to_say(passed: int) -> None:
    (found,) = how_long(days([8] * passed), [ON], today=ON + timedelta(days=passed))
    assert found.ending is Ending.TOO_SOON


def test_without_the_week_before_nobody_can_tell() -> None:
    (found,) = how_long(days([5] * 3, [None] * 5 + [8, 8]), [ON], today=ON + timedelta(days=3))
    assert (found.days, found.ending) == (None, Ending.UNKNOWN_BEFORE)


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=30))
def test_it_never_counts_beyond_what_was_answered(after: list[int | None]) -> None:
    (found,) = how_long(days(after), [ON], today=ON + timedelta(days=len(after)))
    answered = [n for n, low in enumerate(after, start=1) if low is not None]
    assert found.days is None or found.days in answered
