from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals.plausible import SPANS, is_possible
from stillroom.core.vitals.signals import Signal
from stillroom.rehearsal.patient import REFERENCE_NG_PER_ML, SimulatedPatient, perception, signs_at

ANNA = SimulatedPatient(seed=7)


def mean(name: str, ng_per_ml: float) -> float:
    return sum(getattr(signs_at(ANNA, at_s=5 * n, effect_site_ng_per_ml=ng_per_ml), name) for n in range(2000)) / 2000


def test_pressure_and_pulse_rise_by_what_was_published() -> None:
    """Vankawala 2021: +12.61/+8.49 mmHg and +4.09/min, to within the noise."""
    for name, rise in (("sbp_mmhg", 12.61), ("dbp_mmhg", 8.49), ("pulse_per_min", 4.09)):
        assert mean(name, REFERENCE_NG_PER_ML) - mean(name, 0) == pytest.approx(rise, abs=0.3)


def test_perception_is_as_the_worked_example() -> None:
    """214.695 ng/mL of the racemate are 0.451562 nmol/mL of S; with g = 2 that is 0.439450."""
    assert perception(214.695) == pytest.approx(0.439450, abs=1e-6)


def test_the_same_moment_is_the_same() -> None:
    assert signs_at(ANNA, at_s=61, effect_site_ng_per_ml=90) == signs_at(ANNA, at_s=61, effect_site_ng_per_ml=90)


@given(st.integers(0, 50), st.floats(0, 20_000), st.floats(0, 600))
def test_signs_are_always_such_as_a_person_can_have(seed: int, at_s: float, ng_per_ml: float) -> None:
    signs = signs_at(SimulatedPatient(seed=seed), at_s=at_s, effect_site_ng_per_ml=ng_per_ml)
    assert signs.dbp_mmhg < signs.mbp_mmhg < signs.sbp_mmhg
    assert 0 <= signs.detached <= 10
    for signal in (Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.PULSE_PER_MIN, Signal.SPO2_PERCENT, Signal.RESP_PER_MIN):
        assert SPANS[signal].lowest <= getattr(signs, signal.value) <= SPANS[signal].highest


def test_who_breathes_less_keeps_more_carbon_dioxide_and_who_does_not_breathe_shows_none() -> None:
    signs = signs_at(ANNA, at_s=0, effect_site_ng_per_ml=0)
    said = {breaths: replace(signs, resp_per_min=breaths).etco2_mmhg for breaths in (0, 4, 14, 20, 60)}
    assert said[4] > said[14] > said[20] > 0
    assert (said[0], said[14]) == (0, 38)
    assert is_possible(Signal.ETCO2_MMHG, Decimal(said[60]))
