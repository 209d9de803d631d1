"""A medicine against nausea is suggested where the history says so, with the reason; never where nobody asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stillroom.core.order import Antiemetic
from stillroom.core.safety.nausea import EasilySick, Said, apfel_items, judge_antiemetic
from tests.examples import ORDER, D

ASKED = EasilySick(motion_sickness=Said.NO, nausea_after_anaesthesia=Said.NO)
READY = replace(ORDER, antiemetic=Antiemetic(name="Ondansetron", dose_mg=D(4), before_start=False))
BEFORE = replace(ORDER, antiemetic=Antiemetic(name="Ondansetron", dose_mg=D(4), before_start=True))


@pytest.mark.parametrize(
    ("known", "because"),
    [
        ({"motion_sickness": Said.YES}, "motion_sickness"),
        ({"nausea_after_anaesthesia": Said.YES}, "nausea_after_anaesthesia"),
        ({"most_nauseous": 3}, "nauseous_before"),
        ({"motion_sickness": Said.YES, "most_nauseous": 1}, "motion_sickness nauseous_before"),
    ],
)
def test_it_is_suggested_with_its_reason_unless_one_goes_in_before(known: dict[str, Any], because: str) -> None:
    for order in (ORDER, READY):
        (finding,) = judge_antiemetic(order, replace(ASKED, **known))
        assert (finding.code, finding.facts["because"]) == ("antiemetic_suggested", because)
    assert judge_antiemetic(BEFORE, replace(ASKED, **known)) == ()


@pytest.mark.parametrize("known", [{}, {"motion_sickness": Said.UNKNOWN}, {"most_nauseous": 0}])
def test_no_unknown_and_zero_suggest_nothing(known: dict[str, Any]) -> None:
    assert judge_antiemetic(ORDER, replace(ASKED, **known)) == ()


def test_not_asked_is_said_and_is_not_a_no() -> None:
    assert [each.code for each in judge_antiemetic(ORDER, EasilySick())] == ["nausea_not_asked"]


def test_items_that_nobody_knows_are_unknown() -> None:
    known = EasilySick(motion_sickness=Said.NO, nausea_after_anaesthesia=Said.UNKNOWN, smokes=Said.NO, is_female=None)
    assert [(each.name, each.counts) for each in apfel_items(known)] == [
        ("female", None),
        ("does_not_smoke", True),
        ("sick_before", None),
    ]
    items = apfel_items(replace(ASKED, smokes=Said.YES, is_female=True))
    assert [each.counts for each in items] == [True, False, False]
