"""The second calculation catches a fault in the first, and a figure that was tampered with (SR-04, SR-05)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from stillroom.core.drip import plan as first_way
from stillroom.core.drip import recheck
from stillroom.core.drip.line import Gravity, Pump
from stillroom.core.drip.rates import rate_of_drops_ml_per_h
from stillroom.core.drip.recheck import must_agree, rederive
from stillroom.core.errors import Refused
from tests.core.drip.drips import D
from tests.core.drip.test_plan import planned

FIGURES = ["dose_mg", "drug_mg", "strength_mg_per_ml", "rate_ml_per_h", "drops_per_min"]
RATES = ["rate_mg_per_min", "rate_mg_per_h", "rate_mg_per_kg_per_h"]
PLAN = planned(weight="70.2", dose="0.6", minutes="50", meter=Gravity(drops_per_ml=15))


def refused_figures(plan: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        must_agree(plan)
    assert {finding.code for finding in refused.value.findings} == {"arithmetic_disagrees"}
    return {finding.facts["figure"] for finding in refused.value.findings}


def test_both_ways_agree_where_nothing_divides_evenly() -> None:
    must_agree(planned(weight="71.3", dose="0.47", minutes="37", meter=Pump(step_ml_per_h=D("0.1"), tolerance=D(0))))
    must_agree(PLAN)
    must_agree(planned(overfill="6.5", meter=Gravity(drops_per_ml=60)))


def test_a_whole_number_of_drops_that_decimals_only_come_near_is_whole() -> None:
    """100 mL in 30 min with 15 drops/mL are 50 drops/min; 100/30 in decimals has no end."""
    plan = planned(minutes="30", meter=Gravity(drops_per_ml=15))
    assert rederive(plan).drops_per_min == plan.drops_per_min == 50
    must_agree(plan)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_changed_by_the_smallest_amount_that_is_shown_is_refused(figure: str) -> None:
    changed = replace(PLAN, **{figure: getattr(PLAN, figure) + Fraction(1, 10**6)})
    assert refused_figures(changed) == {figure}


@pytest.mark.parametrize("figure", RATES)
def test_a_rate_changed_by_the_smallest_amount_that_is_shown_is_refused(figure: str) -> None:
    changed = replace(PLAN, rates=replace(PLAN.rates, **{figure: getattr(PLAN.rates, figure) + Fraction(1, 10**6)}))
    assert refused_figures(changed) == {figure}


def test_drops_for_a_pump_and_none_for_a_clamp_are_refused() -> None:
    assert refused_figures(replace(PLAN, drops_per_min=None)) == {"drops_per_min"}
    assert "drops_per_min" in refused_figures(replace(PLAN, meter=Pump(step_ml_per_h=D("0.1"), tolerance=D(0))))


def test_a_fault_in_the_first_way_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drops of a set of 60 taken for drops of a set of 15: the tenfold kind of mistake."""

    def wrong(drops: int, *, drops_per_ml: int) -> Fraction:
        return rate_of_drops_ml_per_h(drops * 4, drops_per_ml=drops_per_ml)

    monkeypatch.setattr(first_way, "rate_of_drops_ml_per_h", wrong)
    assert "rate_ml_per_h" in refused_figures(planned(meter=Gravity(drops_per_ml=15)))


def test_a_fault_in_the_second_way_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recheck, "_per_h", lambda per_min: per_min * 6)
    assert "rate_mg_per_h" in refused_figures(PLAN)


def test_the_second_way_comes_to_the_textbook_figures() -> None:
    """0.5 mg/kg, 70 kg, 100 mL, 40 min, 20 drops/mL: 35 mg, 0.35 mg/mL, 150 mL/h, 50 drops/min, 0.75 mg/kg/h."""
    second = rederive(planned(meter=Gravity(drops_per_ml=20)))
    assert (second.dose_mg, second.strength_mg_per_ml) == (35, D("0.35"))
    assert (second.rate_ml_per_h, second.drops_per_min) == (150, 50)
    assert (second.rate_mg_per_min, second.rate_mg_per_kg_per_h) == (D("0.875"), D("0.75"))
