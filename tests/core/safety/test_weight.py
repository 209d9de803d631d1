"""Weights: pounds are an aid, kilograms are kept, and a weight far from the last is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.safety.weight import judge_weight

D = Decimal
weights = st.decimals(min_value=20, max_value=400, places=2)


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
