"""Perception is a band: over the models, the paper's intervals and the steepness that nobody printed."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.errors import Refused
from stillroom.core.pharmacology import MODELS, Body, Drug, course
from stillroom.core.pharmacology.effects import (
    HILL_FROM,
    HILL_TO,
    PERCEPTION_C50,
    PERCEPTION_MODELS,
    perception,
    s_nmol_per_ml,
    share_between,
    share_of_most,
)
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import kinetics_for
from stillroom.core.pharmacology.response import respond

USUAL = Body(age_y=40, weight_kg=70)
SEGMENTS = ((0.0, 40.0, 0.875),)
T_MIN = np.arange(0.0, 241.0, 2.0)

# Worked by hand from Kamp 2020 and Olofsen 2022, 70 kg, 0.5 mg/kg over 40 min, racemate halved (facts: 2.4):
# minutes, effect site ng/mL, S-ketamine nmol/mL, share at steepness 1 and at 2. Six digits.
WORKED = (
    (5, 22.9711, 0.0483145, 0.0865363, 0.00889475),
    (10, 61.6196, 0.129603, 0.202630, 0.0606611),
    (20, 129.568, 0.272516, 0.348256, 0.222107),
    (40, 214.695, 0.451562, 0.469613, 0.439450),
    (50, 181.950, 0.382691, 0.428694, 0.360230),
    (60, 138.033, 0.290321, 0.362756, 0.244744),
    (80, 91.6641, 0.192794, 0.274326, 0.125037),
    (120, 56.2631, 0.118336, 0.188333, 0.0510884),
    (240, 27.0376, 0.0568674, 0.100319, 0.0122806),
)


@pytest.mark.parametrize(("t_min", "site", "s_form", "shallow", "steep"), WORKED)
def test_the_worked_vectors_are_met(t_min: float, site: float, s_form: float, shallow: float, steep: float) -> None:
    [line] = course(["kamp2020"], SEGMENTS, USUAL, t_min).lines
    assert line.effect_site_ng_per_ml[0] == pytest.approx(site, rel=1e-5)
    found = s_nmol_per_ml(line.effect_site_ng_per_ml, Drug.KETAMINE)
    assert found[0] == pytest.approx(s_form, rel=1e-5)
    assert share_of_most(found, hill=1)[0] == pytest.approx(shallow, rel=1e-5)
    assert share_of_most(found, hill=2)[0] == pytest.approx(steep, rel=1e-5)


def test_the_racemate_is_halved_and_s_ketamine_is_not() -> None:
    assert s_nmol_per_ml([237.725], Drug.KETAMINE)[0] == pytest.approx(0.5)
    assert s_nmol_per_ml([237.725], Drug.S_KETAMINE)[0] == pytest.approx(1.0)


def test_the_published_c50_in_both_units() -> None:
    """0.51 nmol/mL (0.38 to 0.66) is 121 ng/mL (90 to 157) of S-ketamine (facts: 2.2)."""
    in_ng_per_ml = [round(each * 237.725) for each in (PERCEPTION_C50.value, 0.38, 0.66)]
    assert in_ng_per_ml == [121, 90, 157]
    assert (PERCEPTION_C50.lower, PERCEPTION_C50.upper) == (0.38, 0.66)


def test_half_of_the_most_is_at_c50_whatever_the_steepness() -> None:
    for hill in (1.0, 2.0, 3.0):
        assert share_of_most([0.51], hill=hill)[0] == pytest.approx(0.5)


def test_without_drug_nothing_is_changed() -> None:
    assert share_of_most([0.0], hill=2)[0] == 0.0
    found = perception(SEGMENTS, USUAL, [-5.0, 0.0])
    assert found.upper.max() == 0.0


@given(s_form=st.floats(0, 5), c50=st.floats(0.38, 0.66), hill=st.floats(HILL_FROM, HILL_TO))
def test_the_band_holds_every_c50_of_the_interval_and_every_steepness(s_form: float, c50: float, hill: float) -> None:
    lower, upper = share_between(np.array([s_form]))
    share = share_of_most([s_form], hill=hill, c50_nmol_per_ml=c50)[0]
    assert lower[0] - 1e-12 <= share <= upper[0] + 1e-12


@pytest.mark.parametrize("model", PERCEPTION_MODELS)
@pytest.mark.parametrize("half_life_min", [5.1, 8.3, 13.0])
def test_the_band_holds_every_model_at_every_half_life_of_the_effect_site(model: str, half_life_min: float) -> None:
    found = perception(SEGMENTS, USUAL, T_MIN)
    kinetics = kinetics_for(MODELS[model], USUAL, ke0_per_min=log(2) / half_life_min)
    site = s_nmol_per_ml(respond(kinetics, staircase(SEGMENTS), T_MIN)[1], MODELS[model].drug)
    for hill in (1.0, 1.7, 3.0):
        share = share_of_most(site, hill=hill)
        assert np.all(found.lower - 1e-12 <= share)
        assert np.all(share <= found.upper + 1e-12)


def test_the_band_is_wide_as_the_steepness_is_unknown() -> None:
    """At the end of the usual drip the reader must see that nobody knows: from a small part to well over half."""
    lowest, highest = perception(SEGMENTS, USUAL, T_MIN).highest
    assert lowest < 0.1
    assert highest > 0.6


def test_more_drug_is_never_less_perceived() -> None:
    usual, more = perception(SEGMENTS, USUAL, T_MIN), perception([(0, 40, 1.3)], USUAL, T_MIN)
    assert np.all(more.lower >= usual.lower)
    assert np.all(more.upper >= usual.upper)


def test_a_child_is_refused() -> None:
    with pytest.raises(Refused, match="patient_is_a_child"):
        perception(SEGMENTS, Body(age_y=12, weight_kg=40), T_MIN)
