"""Response and remission by their rules, from a baseline that can be named."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from stillroom.core.outcomes import INSTRUMENTS, Change, Score, baseline_of, change_since

PHQ9 = INSTRUMENTS["phq9"]


def score(total: int, on: date = date(2026, 11, 2)) -> Score:
    return Score(id=UUID(int=total), on=on, total=total)


def changed(before: int, after: int, code: str = "phq9") -> Change:
    return change_since(score(before), score(after, date(2026, 11, 16)), INSTRUMENTS[code], least_baseline=10)


@pytest.mark.parametrize(
    ("before", "after", "responded"), [(20, 10, True), (21, 10, True), (20, 11, False), (21, 11, False), (10, 5, True)]
)
def test_response_is_a_fall_by_half_of_the_baseline_or_more(before: int, after: int, responded: bool) -> None:
    assert changed(before, after).responded is responded


def test_half_of_little_is_neither_response_nor_its_absence() -> None:
    assert changed(9, 2).responded is None
    assert change_since(score(0), score(0), PHQ9, least_baseline=0).responded is None


@pytest.mark.parametrize(("code", "most"), [("phq9", 4), ("gad7", 4), ("qids_sr16", 5), ("madrs", 10), ("bdi2", 12)])
def test_remission_ends_where_the_table_says(code: str, most: int) -> None:
    assert changed(20, most, code).remitted is True
    assert changed(20, most + 1, code).remitted is False


def test_where_there_is_no_rule_nothing_is_said() -> None:
    assert changed(40, 0, "pcl5").remitted is None
    assert changed(40, 60, "madrs").worse is None


def test_five_points_up_on_the_phq_9_is_worse_and_four_are_not() -> None:
    assert changed(12, 17).worse is True
    assert changed(12, 16).worse is False


def test_the_change_names_its_baseline() -> None:
    assert changed(21, 13).baseline == score(21)


def test_the_baseline_is_the_last_score_before_the_first_infusion_and_never_a_later_one() -> None:
    scores = [score(18, date(2026, 10, 1)), score(21, date(2026, 11, 2)), score(13, date(2026, 11, 16))]
    assert baseline_of(scores, first_infusion_on=date(2026, 11, 3)) == scores[1]
    assert baseline_of(scores, first_infusion_on=date(2026, 11, 2)) == scores[1]
    assert baseline_of(scores, first_infusion_on=date(2026, 9, 30)) is None
