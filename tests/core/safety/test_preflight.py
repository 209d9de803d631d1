"""Before a start: every item asked, known and in date; a problem goes to a prescriber, unless it is care only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stillroom.core.errors import Severity
from stillroom.core.safety import ITEMS, PreflightItem, Reply, judge_preflight

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
GOOD_FOR_MIN = 60
CARE_ONLY = {"needles", "toilet", "fall_risk"}


def found(item: PreflightItem, reply: Reply | None, *, age_s: int = 0) -> list[tuple[str, Severity]]:
    """What is found when every other item is fine and just asked."""
    replies = dict.fromkeys(ITEMS, (Reply.FINE, NOW))
    del replies[item]
    if reply is not None:
        replies[item] = (reply, NOW - timedelta(seconds=age_s))
    findings = judge_preflight(replies, at=NOW, good_for_min=GOOD_FOR_MIN)
    assert all(finding.facts["item"] == item for finding in findings)
    return [(finding.code, finding.severity) for finding in findings]


def test_nothing_asked_is_thirteen_findings() -> None:
    findings = judge_preflight({}, at=NOW, good_for_min=GOOD_FOR_MIN)
    assert [finding.facts["item"] for finding in findings] == [item.value for item in PreflightItem]
    assert len(findings) == 13


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_is_asked_known_and_in_date_and_its_problem_goes_to_a_prescriber(item: PreflightItem) -> None:
    assert found(item, Reply.FINE) == []
    assert found(item, None) == [("preflight_not_asked", Severity.HARD)]
    assert found(item, Reply.UNKNOWN) == [("preflight_unknown", Severity.HARD)]
    problem = [] if item.value in CARE_ONLY else [("preflight_problem", Severity.SOFT)]
    assert found(item, Reply.PROBLEM) == problem


@pytest.mark.parametrize("reply", [Reply.FINE, Reply.PROBLEM])
@pytest.mark.parametrize("item", ITEMS)
def test_an_answer_is_good_for_its_time_and_not_a_second_longer(item: PreflightItem, reply: Reply) -> None:
    out_of_date = [("preflight_out_of_date", Severity.HARD)]
    assert found(item, reply, age_s=60 * GOOD_FOR_MIN) != out_of_date
    assert found(item, reply, age_s=60 * GOOD_FOR_MIN + 1) == out_of_date
