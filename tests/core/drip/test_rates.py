"""Weight, dose, volume, time and drops into one another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.rates import (
    dose_for_weight_mg,
    drops_of_rate_per_min,
    drug_in_volume_mg,
    kg_from_lb,
    lb_from_kg,
    rate_of_dose_ml_per_h,
    rate_of_drops_ml_per_h,
    rate_over_time_ml_per_h,
    rates_of,
    volume_of_drug_ml,
)
from tests.core.drip.drips import D, some

positive = st.decimals(min_value=D("0.01"), max_value=1000, places=3)
drip_sets = st.sampled_from([10, 15, 20, 60])


def test_a_hundred_ml_in_forty_minutes_as_nurses_are_taught_it() -> None:
    """100 mL in 40 min are 150 mL/h: 25, 37.5, 50 and 150 drops/min with sets of 10, 15, 20 and 60 drops/mL.
    The textbook formulas: mL/h = mL x 60 / min; drops/min = mL x drops/mL / min."""
    rate = rate_over_time_ml_per_h(volume_ml=D(100), duration_min=D(40))
    assert rate == 150
    drops = [drops_of_rate_per_min(rate, drops_per_ml=drops_per_ml) for drops_per_ml in (10, 15, 20, 60)]
    assert drops == [25, Fraction(75, 2), 50, 150]


def test_twenty_drops_a_minute_from_a_set_of_twenty_are_sixty_ml_an_hour() -> None:
    """As the UCUM tables convert [drp]/min, which take 20 drops to the mL (@lhncbc/ucum-lhc 7.1.10)."""
    assert rate_of_drops_ml_per_h(20, drops_per_ml=20) == 60


def test_half_a_mg_per_kg_over_forty_minutes_is_three_quarters_of_a_mg_per_kg_per_h() -> None:
    """0.5 mg/kg in 40 min is 0.75 mg/kg/h and 0.0125 mg/kg/min (UCUM: 0.75 mg/kg/h = 12.5 ug/kg/min)."""
    rates = rates_of(D(150), strength_mg_per_ml=D("0.35"), weight_kg=D(70), drops_per_ml=20)
    assert dose_for_weight_mg(weight_kg=D(70), dose_mg_per_kg=D("0.5")) == 35
    assert (rates.rate_mg_per_min, rates.rate_mg_per_h) == (D("0.875"), D("52.5"))
    assert (rates.rate_mg_per_kg_per_h, rates.rate_mg_per_kg_per_min) == (D("0.75"), D("0.0125"))
    assert rates.drops_per_min == 50


def test_154_lb_are_stored_as_69_85_kg_and_shown_as_154_again() -> None:
    """154 x 0.45359237 = 69.85322498 (the international pound, 1959)."""
    assert kg_from_lb(D(154)) == D("69.85")
    assert lb_from_kg(D("69.85")) == D("154.0")


def test_pounds_are_rounded_to_the_lighter_weight() -> None:
    """155 x 0.45359237 = 70.30681735; 157 x 0.45359237 = 71.21400209; 150.05 lb are 68.0615."""
    assert [kg_from_lb(D(pounds)) for pounds in ("155", "157", "150.05")] == [D("70.30"), D("71.21"), D("68.06")]


@given(st.decimals(min_value=20, max_value=400, places=2))
def test_kilograms_survive_being_shown_in_pounds(weight_kg: Decimal) -> None:
    """A tenth of a pound is 45 g: the way back is never further off than half of that and a hundredth."""
    assert abs(kg_from_lb(lb_from_kg(weight_kg)) - weight_kg) <= D("0.033")


def test_a_pump_has_no_drops() -> None:
    assert rates_of(D(150), strength_mg_per_ml=D(1), weight_kg=D(70), drops_per_ml=None).drops_per_min is None


@pytest.mark.parametrize("micro", [D(1), D("33.3"), D(150)])
def test_with_sixty_drops_to_the_ml_drops_a_minute_are_ml_an_hour(micro: D) -> None:
    assert drops_of_rate_per_min(micro, drops_per_ml=60) == micro


@some
@given(positive, positive)
def test_mg_to_ml_and_back_is_exact(drug_mg: D, strength_mg_per_ml: D) -> None:
    volume_ml = volume_of_drug_ml(drug_mg, strength_mg_per_ml=strength_mg_per_ml)
    assert drug_in_volume_mg(volume_ml, strength_mg_per_ml=strength_mg_per_ml) == drug_mg


@some
@given(positive, drip_sets)
def test_ml_per_h_to_drops_and_back_is_exact(rate_ml_per_h: D, drops_per_ml: int) -> None:
    drops = drops_of_rate_per_min(rate_ml_per_h, drops_per_ml=drops_per_ml)
    assert rate_of_drops_ml_per_h(drops, drops_per_ml=drops_per_ml) == rate_ml_per_h


@some
@given(positive, positive, positive)
def test_ml_per_h_to_mg_per_kg_per_h_and_back_is_exact(rate_ml_per_h: D, strength_mg_per_ml: D, weight_kg: D) -> None:
    rates = rates_of(rate_ml_per_h, strength_mg_per_ml=strength_mg_per_ml, weight_kg=weight_kg, drops_per_ml=None)
    back = rate_of_dose_ml_per_h(rates.rate_mg_per_kg_per_h, strength_mg_per_ml=strength_mg_per_ml, weight_kg=weight_kg)
    assert back == rate_ml_per_h
    assert rates.rate_mg_per_kg_per_min * 60 == rates.rate_mg_per_kg_per_h
