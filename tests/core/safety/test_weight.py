"""Weights: pounds are an aid, kilograms are kept, and a weight far from the last is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.safety.weight import judge_weight, kg_of_lb, lb_of_kg

D = Decimal
weights = st.decimals(min_value=20, max_value=400, places=2)


def test_154_lb_are_69_85_kg() -> None:
    assert kg_of_lb(D(154)) == D("69.85")


@given(weights)
def test_kilograms_survive_being_shown_in_pounds(weight_kg: Decimal) -> None:
    """A tenth of a pound is 45 g: the way back is never further off than half of that and a rounding."""
    assert abs(kg_of_lb(lb_of_kg(weight_kg)) - weight_kg) <= D("0.03")


@pytest.mark.parametrize(
    ("weight_kg", "is_noticed"),
    [("70", False), ("77", False), ("77.01", True), ("63", False), ("62.99", True), ("154", True), ("7", True)],
)
def test_more_than_a_tenth_is_noticed_and_a_tenth_is_not(weight_kg: str, is_noticed: bool) -> None:
    found = judge_weight(D(weight_kg), last_weight_kg=D(70), noted_from_percent=D(10))
    assert bool(found) is is_noticed


@given(weights)
def test_a_first_weight_has_nothing_to_differ_from(weight_kg: Decimal) -> None:
    assert judge_weight(weight_kg, last_weight_kg=None, noted_from_percent=D(10)) == ()


def test_the_finding_says_what_it_would_be_in_pounds() -> None:
    (found,) = judge_weight(D(154), last_weight_kg=D(70), noted_from_percent=D(10))
    assert found.facts == {"weight_kg": "154", "last_weight_kg": "70", "if_it_was_lb_kg": "69.85"}
