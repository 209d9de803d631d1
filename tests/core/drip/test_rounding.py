"""Rounding is never up, and reading never pretends."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.exact import exact, shown, shown_at_least, shown_at_most
from stillroom.core.drip.rounding import round_drops_down, round_rate_down, round_volume_down
from tests.core.drip.drips import D, some

amounts = st.fractions(min_value=0, max_value=2000, max_denominator=997)
steps = st.sampled_from([D("0.01"), D("0.02"), D("0.1"), D("0.2"), D("0.5"), D(1), D(5)])


@some
@given(amounts, steps)
def test_a_rate_is_rounded_to_the_step_below_and_never_up(amount: Fraction, step: D) -> None:
    rounded = round_rate_down(amount, step_ml_per_h=step)
    assert rounded <= amount < rounded + step
    assert exact(rounded) % exact(step) == 0


@some
@given(amounts, steps)
def test_a_volume_is_rounded_to_the_mark_below_and_never_up(amount: Fraction, step: D) -> None:
    assert round_volume_down(amount, step_ml=step) <= amount


@some
@given(amounts)
def test_drops_are_rounded_to_the_whole_below_and_never_up(amount: Fraction) -> None:
    assert round_drops_down(amount) <= amount < round_drops_down(amount) + 1


def test_a_number_already_on_the_mark_stays() -> None:
    assert round_rate_down(D("150.0"), step_ml_per_h=D("0.1")) == D("150.0")
    assert round_volume_down(D("0.70"), step_ml=D("0.02")) == D("0.70")
    assert round_drops_down(Fraction(50)) == 50


@pytest.mark.parametrize("step", [D(0), D("-0.1")])
def test_a_step_that_is_none_is_a_mistake_in_the_program(step: D) -> None:
    with pytest.raises(ValueError, match="step"):
        round_rate_down(D(1), step_ml_per_h=step)


@some
@given(amounts, st.integers(0, 6))
def test_what_is_shown_encloses_what_is(amount: Fraction, decimals: int) -> None:
    low, near, high = (show(amount, decimals=decimals) for show in (shown_at_least, shown, shown_at_most))
    assert low <= amount <= high
    assert low <= near <= high
    assert -near.as_tuple().exponent == decimals  # type: ignore[operator]


def test_a_half_is_shown_as_the_even_digit() -> None:
    assert [shown(Fraction(n, 8), decimals=2) for n in (1, 3)] == [D("0.12"), D("0.38")]


def test_a_float_of_time_is_taken_bit_for_bit() -> None:
    assert exact(0.1) == Fraction(3602879701896397, 36028797018963968)
