"""Beside last time: more asks why, a slip of ten asks for two, and every change is named. SR-11."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.core.order import Antiemetic, Order, changes
from stillroom.core.safety.last_time import LastTime, judge_change
from tests.examples import ORDER, D

LAST = LastTime(order=ORDER, dose_mg=D(35))  # 0.5 mg/kg at 70 kg


def codes(order: Order, weight_kg: int = 70, last: LastTime | None = LAST) -> list[str]:
    return [each.code for each in judge_change(order, dose_mg=order.dose_mg_per_kg * weight_kg, last=last)]


def of(dose_mg_per_kg: str) -> Order:
    return replace(ORDER, dose_mg_per_kg=D(dose_mg_per_kg))


@pytest.mark.parametrize(
    ("dose_mg_per_kg", "weight_kg", "expected"),
    [
        ("0.5", 70, []),
        ("0.6", 70, ["more_than_last_time"]),
        ("0.4", 70, ["order_changed"]),
        ("2.49", 70, ["more_than_last_time"]),  # 4.98 times
        ("2.5", 70, ["far_from_last_order", "more_than_last_time"]),  # five times
        ("5", 70, ["far_from_last_order", "more_than_last_time"]),  # SR-11's own: 0.5 to 5
        ("0.101", 70, ["order_changed"]),  # 0.202 of it
        ("0.1", 70, ["far_from_last_order", "order_changed"]),  # a fifth
        ("0.5", 350, ["far_from_last_order"]),  # the same per weight, and 175 mg where it was 35
        ("0.5", 14, ["far_from_last_order"]),  # 7 mg where it was 35
    ],
)
def test_a_dose_beside_the_last(dose_mg_per_kg: str, weight_kg: int, expected: list[str]) -> None:
    assert codes(of(dose_mg_per_kg), weight_kg) == expected


def test_the_first_order_has_nothing_to_be_like() -> None:
    assert codes(of("5"), last=None) == []


def test_what_changed_is_named() -> None:
    other = replace(
        ORDER,
        duration_min=D(50),
        bag=replace(ORDER.bag, fluid_volume_ml=D(250)),
        antiemetic=Antiemetic(name="Ondansetron", dose_mg=D(4), before_start=True),
    )
    (finding,) = judge_change(other, dose_mg=D(35), last=LAST)
    assert finding.facts == {"fields": "duration_min, bag.fluid_volume_ml, antiemetic"}
    assert [(each.before, each.after) for each in changes(ORDER, other)][:2] == [(D(40), D(50)), (D(100), D(250))]


def test_the_same_number_written_otherwise_is_no_change() -> None:
    assert changes(ORDER, replace(ORDER, duration_min=Decimal("40.0"))) == ()
