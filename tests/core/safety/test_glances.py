"""What is worth a glance lies before the figure from which somebody is called: judged on both sides of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Severity
from stillroom.core.order import UNSIGNED, UNSIGNED_OBSERVATION, Observation, Order
from stillroom.core.safety.glances import judge_glances
from stillroom.core.safety.limits import judge_protocol
from tests.examples import LIMITS, ORDER

TOLD = replace(
    ORDER.watch_limits,
    spo2_low_percent=92,
    sbp_high_mmhg=180,
    dbp_high_mmhg=110,
    sbp_low_mmhg=90,
    pulse_high_per_min=130,
    pulse_low_per_min=45,
    resp_low_per_min=10,
)
CALLED = replace(UNSIGNED, anxious_from=7, nauseous_from=6)


def ordered(observation: Observation | None) -> Order:
    return replace(ORDER, watch_limits=TOLD, alarms=CALLED, observation=observation)


def found(**said: int) -> list[tuple[str, dict[str, str]]]:
    findings = judge_glances(ordered(replace(UNSIGNED_OBSERVATION, **said)))
    assert {each.severity for each in findings} <= {Severity.HARD}
    return [(each.code, dict(each.facts)) for each in findings]


@pytest.mark.parametrize(
    ("which", "limit", "beyond"),
    [
        ("spo2_glance_percent", 92, 91),
        ("sbp_glance_high_mmhg", 180, 181),
        ("dbp_glance_high_mmhg", 110, 111),
        ("sbp_glance_low_mmhg", 90, 89),
        ("pulse_glance_high_per_min", 130, 131),
        ("pulse_glance_low_per_min", 45, 44),
        ("resp_glance_per_min", 10, 9),
        ("anxious_glance_from", 7, 8),
        ("nauseous_glance_from", 6, 7),
    ],
)
def test_a_level_beyond_the_limit_is_refused_with_both_numbers_and_one_on_it_is_not(
    which: str, limit: int, beyond: int
) -> None:
    assert found(**{which: limit}) == []
    facts = {"which": which, "glance": str(beyond), "limit": str(limit)}
    assert found(**{which: beyond}) == [("glance_beyond_limit", facts)]


@pytest.mark.parametrize(
    ("which", "low", "high"),
    [
        ("sbp", "sbp_glance_low_mmhg", "sbp_glance_high_mmhg"),
        ("pulse", "pulse_glance_low_per_min", "pulse_glance_high_per_min"),
    ],
)
def test_two_levels_that_leave_no_figure_between_them_are_refused(which: str, low: str, high: str) -> None:
    assert found(**{low: 110, high: 110}) == []
    assert found(**{low: 111, high: 110}) == [("glance_always", {"which": which, "low": "111", "high": "110"})]


def test_what_is_asked_again_is_asked_later() -> None:
    assert found(detached_asked_at_min=40, detached_asked_again_at_min=41) == []
    for again_min in (40, 39):
        said = {"first_min": "40", "again_min": str(again_min)}
        assert found(detached_asked_at_min=40, detached_asked_again_at_min=again_min) == [
            ("asked_again_too_soon", said)
        ]


def test_an_order_that_calls_by_what_stillroom_has_is_judged_by_that() -> None:
    order = replace(ordered(replace(UNSIGNED_OBSERVATION, anxious_glance_from=8)), alarms=None)
    assert [each.facts["limit"] for each in judge_glances(order)] == [str(UNSIGNED.anxious_from)]


def test_the_template_fits_itself_and_what_nobody_wrote_is_not_judged() -> None:
    assert found() == []
    tight = replace(ordered(None), watch_limits=replace(TOLD, sbp_high_mmhg=140))
    assert judge_glances(tight) == ()


def test_every_order_is_judged_so() -> None:
    order = ordered(replace(UNSIGNED_OBSERVATION, spo2_glance_percent=91))
    assert "glance_beyond_limit" in [each.code for each in judge_protocol(order, limits=LIMITS)]
