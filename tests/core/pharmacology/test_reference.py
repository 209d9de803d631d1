"""Every published model against concentrations that are not ours. Where they come from: tests/scenarios/README.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillroom.core.pharmacology import MODELS, course
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import kinetics_for
from stillroom.core.pharmacology.noresketamine import noresketamine_apparent_ng_per_ml
from stillroom.core.pharmacology.parameters import ParameterSet
from stillroom.core.pharmacology.response import respond
from tests.core.pharmacology.reference import OURS, Curve, curves

ALL = curves()
EXACT = [curve for curve in ALL if curve.is_exact and curve.model in OURS]
OPENTIVA_DOMINO = [curve for curve in ALL if curve.is_exact and curve.model == "domino_opentiva"]
NORESKETAMINE = [curve for curve in ALL if curve.is_exact and curve.model.endswith("norketamine_apparent")]

# What a peer printed with six digits can be met to half of the last; AnaSim steps by Euler, 1 s at a time.
PEERS = {"opentiva": 5e-6, "stanpumpR": 5e-6, "anasim-simulator": 9e-4}


def test_no_exact_row_of_the_file_is_left_out() -> None:
    tested = [*EXACT, *OPENTIVA_DOMINO, *NORESKETAMINE]
    assert len(tested) == sum(curve.is_exact for curve in ALL)
    assert {curve.model for curve in EXACT} == set(OURS)
    assert set(OURS.values()) == set(MODELS)


@pytest.mark.parametrize("curve", EXACT, ids=str)
def test_every_exact_row_is_met_to_one_in_a_thousand_million(curve: Curve) -> None:
    [line] = course([OURS[curve.model]], curve.infusion.segments, curve.infusion.body, curve.t_min).lines
    ours = line.effect_site_ng_per_ml if curve.is_effect_site else line.plasma_ng_per_ml
    np.testing.assert_allclose(ours, curve.conc_ng_per_ml, rtol=1e-9, atol=0)


@pytest.mark.parametrize("curve", [curve for curve in ALL if not curve.is_exact and curve.model in OURS], ids=str)
def test_other_programs_agree_as_far_as_they_are_exact(curve: Curve) -> None:
    [line] = course([OURS[curve.model]], curve.infusion.segments, curve.infusion.body, curve.t_min).lines
    rtol = PEERS[curve.source.split()[0]]
    np.testing.assert_allclose(line.plasma_ng_per_ml, curve.conc_ng_per_ml, rtol=rtol, atol=0)


@pytest.mark.parametrize("curve", OPENTIVA_DOMINO, ids=str)
def test_opentivas_constants_for_domino_give_opentivas_curve(curve: Curve) -> None:
    kinetics = kinetics_for(_domino_of_opentiva(), curve.infusion.body)
    plasma, site = respond(kinetics, staircase(curve.infusion.segments), np.array(curve.t_min))
    ours = site if curve.is_effect_site else plasma
    np.testing.assert_allclose(ours, curve.conc_ng_per_ml, rtol=1e-9, atol=0)


@pytest.mark.parametrize("curve", NORESKETAMINE, ids=str)
def test_noresketamine_is_met_before_its_level_is_thrown_away(curve: Curve) -> None:
    history = staircase(curve.infusion.segments)
    ours = noresketamine_apparent_ng_per_ml(history, curve.infusion.body, np.array(curve.t_min))
    np.testing.assert_allclose(ours, curve.conc_ng_per_ml, rtol=1e-9, atol=0)


def _domino_of_opentiva() -> ParameterSet:
    """opentiva 1.1.2, ketamine.py: k10 0.4381, k12 0.5921, where stanpumpR has 0.438 and 0.592."""
    domino = MODELS["domino1984"]
    theirs = {"k10": 0.4381, "k12": 0.5921}
    return replace(
        domino,
        parameters=tuple(replace(each, value=theirs.get(each.name, each.value)) for each in domino.parameters),
    )
