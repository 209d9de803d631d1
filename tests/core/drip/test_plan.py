"""What an order comes to at the bedside, and what rounding keeps back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.bag import mix_bag
from stillroom.core.drip.line import DROPS_PER_ML, Gravity, Line, Meter, Priming, Pump
from stillroom.core.drip.plan import DripPlan, plan_drip
from stillroom.core.drip.recheck import must_agree
from stillroom.core.errors import Refused
from tests.core.drip.drips import FLUID_LINE, D, some

PUMP = Pump(step_ml_per_h=D("0.1"), tolerance=D("0.05"))


def planned(
    weight: str = "70",
    dose: str = "0.5",
    minutes: str = "40",
    meter: Meter = PUMP,
    step: str = "0.02",
    fluid: str = "100",
    overfill: str = "0",
) -> DripPlan:
    bag = mix_bag(
        dose_mg=D(weight) * D(dose),
        vial_mg_per_ml=D(50),
        fluid_volume_ml=D(fluid),
        overfill_ml=D(overfill),
        syringe_step_ml=D(step),
        makes_room=True,
    )
    return plan_drip(
        weight_kg=D(weight),
        dose_mg_per_kg=D(dose),
        duration_min=D(minutes),
        bag=bag,
        line=FLUID_LINE,
        meter=meter,
    )


@pytest.mark.parametrize(("drops_per_ml", "drops_per_min"), [(10, 25), (15, 37), (20, 50), (60, 150)])
def test_the_clamp_is_set_in_whole_drops_and_never_faster(drops_per_ml: int, drops_per_min: int) -> None:
    """100 mL in 40 min: 25, 37.5, 50 and 150 drops/min; the half drop is left out, not rounded up to 38."""
    assert planned(meter=Gravity(drops_per_ml=drops_per_ml)).drops_per_min == drops_per_min


def test_what_the_half_drop_keeps_back_is_stated() -> None:
    """37 drops/min of 15 to the mL are 148 mL/h: 98 2/3 mL in 40 min, 1 1/3 mL left, empty 20/37 min later."""
    plan = planned(meter=Gravity(drops_per_ml=15))
    assert plan.wished_rate_ml_per_h == 150
    assert plan.rate_ml_per_h == 148
    assert plan.residue.left_when_time_is_over_mg == Fraction(4, 3) * Fraction(35, 100)
    assert plan.residue.empty_later_by_min == Fraction(20, 37)


def test_what_the_syringe_keeps_back_is_stated() -> None:
    """0.6 mg/kg at 70.2 kg are 42.12 mg; 0.84 mL of 50 mg/mL hold 42."""
    plan = planned(weight="70.2", dose="0.6", minutes="50")
    assert (plan.dose_mg, plan.drug_mg) == (D("42.12"), 42)
    assert plan.residue.not_drawn_up_mg == D("0.12")
    assert plan.rate_ml_per_h == 120


def test_an_even_plan_keeps_nothing_back() -> None:
    plan = planned(meter=Gravity(drops_per_ml=20))
    assert plan.rates.rate_mg_per_kg_per_h == D("0.75")
    assert {plan.residue.not_drawn_up_mg, plan.residue.left_when_time_is_over_mg} == {0}
    assert plan.residue.empty_later_by_min == 0


def test_a_line_holds_drug_that_only_a_flush_brings_in() -> None:
    """15 mL of line at 0.35 mg/mL: 5.25 of the 35 mg."""
    assert planned().line_holds_mg == D("5.25")


def test_a_bag_with_more_than_the_dose_is_refused() -> None:
    plan = planned()
    with pytest.raises(Refused, match="more_drug_than_ordered"):
        plan_drip(
            weight_kg=D("69.99"),
            dose_mg_per_kg=plan.dose_mg_per_kg,
            duration_min=plan.duration_min,
            bag=plan.bag,
            line=plan.line,
            meter=plan.meter,
        )


def test_a_rate_below_the_first_mark_is_refused_rather_than_called_zero() -> None:
    with pytest.raises(Refused, match="rate_below_first_mark"):
        planned(minutes="4000", meter=Gravity(drops_per_ml=20), fluid="50")


meters = st.one_of(st.sampled_from([Gravity(drops_per_ml=each) for each in DROPS_PER_ML]), st.just(PUMP))


@some
@given(
    weight_kg=st.decimals(min_value=40, max_value=160, places=1),
    dose_mg_per_kg=st.decimals(min_value=D("0.1"), max_value=1, places=2),
    duration_min=st.integers(20, 120),
    meter=meters,
)
def test_what_is_set_is_never_more_than_what_was_ordered(
    weight_kg: Decimal, dose_mg_per_kg: Decimal, duration_min: int, meter: Meter
) -> None:
    plan = planned(weight=str(weight_kg), dose=str(dose_mg_per_kg), minutes=str(duration_min), meter=meter)
    must_agree(plan)
    assert plan.rate_ml_per_h <= plan.wished_rate_ml_per_h
    assert plan.drug_mg <= plan.dose_mg
    assert plan.rates.rate_mg_per_kg_per_h <= dose_mg_per_kg * 60 / duration_min
    left_mg = plan.residue.left_when_time_is_over_mg
    assert plan.rates.rate_mg_per_min * duration_min + left_mg + plan.residue.not_drawn_up_mg == plan.dose_mg
    assert plan.rates.rate_mg_per_min * (duration_min + plan.residue.empty_later_by_min) == plan.drug_mg


@pytest.mark.parametrize(("primed_with", "empty_min"), [(Priming.DRUG, 34), (Priming.FLUID, 40)])
def test_the_bag_is_empty_sooner_by_what_filled_the_line_and_the_line_keeps_that_much(
    primed_with: Priming, empty_min: int
) -> None:
    """35 mg in 100 mL at 150 mL/h; 15 mL of line. By hand: (100 - 15) / 2.5 = 34 min, 0.35 x 85 = 29.75 mg in by then,
    0.35 x 15 = 5.25 mg in the line. A line of plain fluid takes nothing from the bag, and keeps the same at the end.
    """
    bag = mix_bag(
        dose_mg=D(35),
        vial_mg_per_ml=D(50),
        fluid_volume_ml=D(100),
        overfill_ml=D(0),
        syringe_step_ml=D("0.1"),
        makes_room=True,
    )
    planned = plan_drip(
        weight_kg=D(70),
        dose_mg_per_kg=D("0.5"),
        duration_min=D(40),
        bag=bag,
        line=Line(volume_ml=D(15), primed_with=primed_with),
        meter=Gravity(drops_per_ml=20),
    )
    assert planned.bag_empty_min == empty_min
    assert (planned.in_when_empty_mg, planned.line_holds_mg) == (D("29.75"), D("5.25"))
