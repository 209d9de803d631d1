"""The closed form against slow solvers: to rounding on ordinary bodies, and on those built to break it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from stillroom.core.pharmacology.compartments import Compartments, modes_of
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.response import advance, at_rest, conc_ng_per_ml, kinetics_of, respond
from tests.core.pharmacology.bodies import degenerate, ordinary, published
from tests.core.pharmacology.oracles import by_mpmath, by_scipy

# Started, paused, slower, stopped; asked at the very start, while it runs again, and long after.
SEGMENTS = ((0.0, 5.0, 0.9), (20.0, 40.0, 0.7))
T_MIN = (0.01, 25.0, 240.0)

ORDINARY = {**published(), **ordinary()}
DEGENERATE = degenerate()


def _worst(compartments: Compartments, ke0_per_min: float) -> float:
    """The largest relative difference from 30 digits, plasma and effect site together."""
    kinetics = kinetics_of(modes_of(compartments), ke0_per_min=ke0_per_min)
    ours = np.concatenate(respond(kinetics, staircase(SEGMENTS), np.array(T_MIN)))
    exact = np.concatenate(by_mpmath(compartments, ke0_per_min, SEGMENTS, T_MIN))
    return max(abs(float(found / true - 1)) for found, true in zip(ours, exact, strict=True))


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_bodies_are_exact_to_5e_14(name: str) -> None:
    assert _worst(ORDINARY[name], KE0_PER_MIN) < 5e-14


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_bodies_are_exact_to_1e_12(name: str) -> None:
    assert _worst(*DEGENERATE[name]) < 1e-12


def test_a_long_restless_history_agrees_with_the_matrix_exponential() -> None:
    """Sixty changes of rate, asked at 500 times in no order."""
    random = np.random.default_rng(1984)
    edges = np.cumsum(random.uniform(0.5, 4.0, 61))
    segments = [(float(a), float(b), float(random.uniform(0, 2))) for a, b in pairwise(edges)]
    t_min = random.uniform(edges[0], 300.0, 500)
    for compartments in published().values():
        kinetics = kinetics_of(modes_of(compartments), ke0_per_min=KE0_PER_MIN)
        ours = respond(kinetics, staircase(segments), t_min)
        theirs = by_scipy(compartments, KE0_PER_MIN, segments, t_min)
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=0)


def test_living_through_it_second_by_second_comes_to_the_same() -> None:
    kinetics = kinetics_of(modes_of(published()["domino1984"]), ke0_per_min=KE0_PER_MIN)
    state, seen = at_rest(kinetics), []
    for second in range(10 * 60):
        rate_mg_per_min = 0.9 if second < 5 * 60 else 0.0
        state = advance(kinetics, state, rate_mg_per_min=rate_mg_per_min, lapse_min=1 / 60)
        seen.append((float(conc_ng_per_ml(kinetics, state)), float(state.site_ng_per_ml)))
    t_min = np.arange(1, 601) / 60
    np.testing.assert_allclose(np.transpose(seen), respond(kinetics, staircase(SEGMENTS), t_min), rtol=1e-12)


def test_before_the_first_segment_there_is_nothing() -> None:
    kinetics = kinetics_of(modes_of(published()["kamp2020"]), ke0_per_min=KE0_PER_MIN)
    for found in respond(kinetics, staircase([(10, 20, 1.0)]), np.array([-5.0, 0.0, 10.0])):
        assert found.tolist() == [0.0, 0.0, 0.0]


def test_with_no_segment_there_is_never_any() -> None:
    kinetics = kinetics_of(modes_of(published()["kamp2020"]), ke0_per_min=KE0_PER_MIN)
    for found in respond(kinetics, staircase([]), np.array([-1.0, 0.0, 1e3])):
        assert found.tolist() == [0.0, 0.0, 0.0]
