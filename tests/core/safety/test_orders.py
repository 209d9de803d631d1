"""The one enforcement point, by hand: what an order comes to beside the library of `tests.examples`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.core.errors import Severity
from stillroom.core.infusion.planning import bag_for
from stillroom.core.order import Order
from stillroom.core.safety import judge_order, judge_rate
from tests.examples import LIMITS, ORDER, D

SEVENTY_KG = D(70)


def codes(order: Order, weight_kg: Decimal = SEVENTY_KG) -> list[str]:
    dose_mg = order.dose_mg_per_kg * weight_kg
    findings = judge_order(order, dose_mg=dose_mg, bag=bag_for(order, dose_mg=dose_mg), limits=LIMITS)
    hard = [finding.severity is Severity.HARD for finding in findings]
    assert hard == sorted(hard, reverse=True), "hard ones first"
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("dose_mg_per_kg", "duration_min", "weight_kg", "expected"),
    [
        ("0.5", 40, 70, []),
        ("0.09", 40, 70, ["dose_mg_per_kg_below_soft"]),
        ("0.76", 60, 70, ["dose_mg_per_kg_above_soft"]),  # 53.2 mg at 0.76 mg/kg/h
        ("1.01", 60, 70, ["dose_mg_per_kg_above_hard", "dose_mg_above_soft", "rate_mg_per_kg_per_h_above_soft"]),
        ("0.5", 40, 121, ["dose_mg_above_soft"]),  # 60.5 mg
        ("0.5", 40, 201, ["dose_mg_above_hard"]),  # 100.5 mg: the ten-fold weight of 20 kg
        ("0.5", 30, 70, []),  # 1.0 mg/kg/h: on the soft limit
        ("0.5", 29, 70, ["duration_min_below_soft", "rate_mg_per_kg_per_h_above_soft"]),
        ("0.5", 19, 70, ["duration_min_below_hard", "rate_mg_per_kg_per_h_above_hard"]),  # 1.58 mg/kg/h
        ("0.5", 121, 70, ["duration_min_above_hard"]),
    ],
)
def test_an_order_beside_the_library(
    dose_mg_per_kg: str, duration_min: int, weight_kg: int, expected: list[str]
) -> None:
    order = replace(ORDER, dose_mg_per_kg=D(dose_mg_per_kg), duration_min=D(duration_min))
    assert codes(order, D(weight_kg)) == expected


def test_a_vial_that_the_library_does_not_know_is_refused() -> None:
    assert codes(replace(ORDER, bag=replace(ORDER.bag, vial_mg_per_ml=D(10)))) == ["concentration_not_in_library"]


@pytest.mark.parametrize(
    ("rate_mg_per_kg_per_h", "expected"),
    [
        ("1.0", []),
        ("1.000001", ["rate_mg_per_kg_per_h_above_soft"]),
        ("1.5", ["rate_mg_per_kg_per_h_above_soft"]),
        ("1.500001", ["rate_mg_per_kg_per_h_above_hard"]),
    ],
)
def test_a_rate_beside_the_library(rate_mg_per_kg_per_h: str, expected: list[str]) -> None:
    assert [finding.code for finding in judge_rate(D(rate_mg_per_kg_per_h), limits=LIMITS)] == expected


def test_a_finding_names_its_value_its_limit_and_the_library() -> None:
    (finding,) = judge_rate(D("1.2"), limits=LIMITS)
    assert finding.facts == {"value": "1.2", "limit": "1.0"}
    assert finding.source == "test library 1"
