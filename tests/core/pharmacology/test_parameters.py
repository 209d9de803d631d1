"""Every number has its unit and its source, and every range stands the right way round."""

from __future__ import annotations

import re
from itertools import chain
from math import log

import numpy as np
import pytest

from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, ParameterSet
from stillroom.core.pharmacology.compartments import modes_of
from stillroom.core.pharmacology.models import compartments_of
from stillroom.core.pharmacology.parameters import (
    ADULT_FROM_Y,
    EFFECT_SITE_HALF_LIFE,
    NORESKETAMINE2021,
    Parameter,
)

EVERY_SET = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
EVERY_PARAMETER = [
    *chain.from_iterable(each.parameters for each in MODELS.values()),
    *NORESKETAMINE2021,
    EFFECT_SITE_HALF_LIFE,
]
UNITS = {"L", "L/kg", "L/h", "1/min", "1/h", "min", "1"}


@pytest.mark.parametrize("parameter", EVERY_PARAMETER, ids=lambda parameter: parameter.name)
def test_a_parameter_has_a_unit_and_lies_within_its_interval(parameter: Parameter) -> None:
    assert parameter.unit in UNITS
    assert parameter.value > 0
    assert (parameter.lower is None) == (parameter.upper is None) == (parameter.interval == "")
    if parameter.lower is not None and parameter.upper is not None:
        assert parameter.lower <= parameter.value <= parameter.upper


@EVERY_SET
def test_a_model_says_where_it_is_from_in_whom_and_who_checked(model: ParameterSet) -> None:
    assert re.search(r"(18|19|20)\d\d;\d+:\d+|PMID", model.source)
    for said in (model.title, model.population, model.transcribed_from, model.checked_by):
        assert len(said) > 8


@EVERY_SET
def test_a_models_ranges_stand_the_right_way_round_and_hold_only_adults(model: ParameterSet) -> None:
    assert ADULT_FROM_Y <= model.age_y.lower < model.age_y.upper <= 120
    assert 20 <= model.weight_kg.lower < 70 < model.weight_kg.upper <= 400
    for span in (model.age_y, model.weight_kg):
        assert len(span.basis) > 10


@EVERY_SET
def test_a_parameter_is_named_once(model: ParameterSet) -> None:
    names = [parameter.name for parameter in model.parameters]
    assert len(names) == len(set(names))


@EVERY_SET
def test_a_model_uses_the_inputs_it_names_and_no_other(model: ParameterSet) -> None:
    usual = compartments_of(model, Body(age_y=65, weight_kg=70))
    uses = {
        "weight_kg": compartments_of(model, Body(age_y=65, weight_kg=90)) != usual,
        "age_y": compartments_of(model, Body(age_y=75, weight_kg=70)) != usual,
    }
    assert {name for name, matters in uses.items() if matters} == set(model.inputs)


def test_the_intensive_care_model_is_never_a_default() -> None:
    assert all(MODELS[name].is_for_outpatients for name in ROOM_MODELS)
    assert not MODELS["hijazi2003"].is_for_outpatients


# The slowest half-lives, min, as others print them: stanpumpR's lambdas for Domino, the published terminal half-life of
# Hijazi, and those that other solvers found from the same tables for Kamp, Clements and Perez-Ruixo.
HALF_LIVES_MIN = {
    "kamp2020": (2.84, 28.36, 183.75),
    "kamp2020_linear": (2.84, 28.36, 183.75),
    "domino1984": (log(2) / 1.72403726452473, log(2) / 0.151516031842418, log(2) / 0.00604670363285531),
    "clements1981": (17.6, 182.9),
    "hijazi2003": (4.945 * 60,),
    "perezruixo2021": (7.4, 28.9, 131, 662),
}


@EVERY_SET
def test_half_lives_are_those_others_found(model: ParameterSet) -> None:
    modes = modes_of(compartments_of(model, Body(age_y=40, weight_kg=70)))
    known = HALF_LIVES_MIN[model.name]
    np.testing.assert_allclose((log(2) / modes.decay_per_min)[-len(known) :], known, rtol=7e-3)


# Clearance from plasma at 70 kg, L/h: Kamp's table, the others as computed from the published constants.
@pytest.mark.parametrize(
    ("name", "age_y", "clearance_l_per_h"),
    [
        ("kamp2020", 40, 84.0),
        ("domino1984", 40, 115.9),
        ("clements1981", 40, 19.1 * 70 * 60 / 1000),
        ("hijazi2003", 40, 36.0 * 70 * 60 / 1000),
        ("perezruixo2021", 40, 109.0),
        ("perezruixo2021", 65, 103.2),
        ("perezruixo2021", 72, 94.6),
        ("perezruixo2021", 80, 84.2),
    ],
)
def test_clearances_are_those_others_found(name: str, age_y: float, clearance_l_per_h: float) -> None:
    modes = modes_of(compartments_of(MODELS[name], Body(age_y=age_y, weight_kg=70)))
    area_min_per_l = np.sum(modes.share_per_l[0] / modes.decay_per_min)
    assert 60 / area_min_per_l == pytest.approx(clearance_l_per_h, rel=2e-3)
