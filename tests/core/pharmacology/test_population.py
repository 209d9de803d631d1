"""The kernel says what the ordinary solution says, and what a batch of matrix exponentials says, of one or of many."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.core.pharmacology import MODELS, Body, course
from stillroom.core.pharmacology import kernel as compiled
from stillroom.core.pharmacology.compartments import Compartments
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.learning import foresee, learn
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.population import (
    Beliefs,
    People,
    constants_of,
    fitted,
    followed,
    foreseen,
    people_like,
    plan,
    summed,
)
from stillroom.core.pharmacology.watched import Score, Watched
from tests.core.pharmacology.bodies import degenerate, ordinary, published
from tests.core.pharmacology.oracles import by_mpmath, by_scipy

SEGMENTS = ((0.0, 5.0, 0.9), (20.0, 40.0, 0.7))
HISTORY = staircase(SEGMENTS)
HISTORY_AT_ONCE = staircase([(0.0, 40.0, 0.8)])
IRREGULAR_MIN = np.array([0.01, 3.0, 5.0, 6.5, 21.0, 40.0, 41.0, 77.0, 240.0])
MAMMILLARY = {
    **{name: (body, KE0_PER_MIN) for name, body in {**published(), **ordinary()}.items() if len(body.volumes_l) < 4},
    **degenerate(),
}


def by_kernel(bodies: list[Compartments], ke0_per_min: list[float], t_min: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2, t), of bodies as they are, all given the same."""
    rows = np.array([[*constants_of(body), ke0] for body, ke0 in zip(bodies, ke0_per_min, strict=True)]).T.copy()
    found = np.zeros((len(bodies), 2, len(t_min)))
    rates = np.repeat(HISTORY.rates_mg_per_min[:, None], len(bodies), axis=1)
    compiled.by_patient_serial(rows, *plan(HISTORY, t_min), rates, found)
    return found


@pytest.mark.parametrize("name", MAMMILLARY)
def test_ordinary_bodies_are_exact_to_5e_14_and_degenerate_ones_to_1e_12(name: str) -> None:
    body, ke0_per_min = MAMMILLARY[name]
    t_min = (0.01, 25.0, 240.0)
    exact = np.array([[float(each) for each in kind] for kind in by_mpmath(body, ke0_per_min, SEGMENTS, t_min)])
    [ours] = by_kernel([body], [ke0_per_min], np.array(t_min))
    assert np.max(np.abs(ours / exact - 1)) < (1e-12 if name in degenerate() else 5e-14)


def test_each_of_many_is_followed_as_if_alone() -> None:
    """Over several tiles, the bodies that break solvers among ordinary ones: no lane disturbs another."""
    names = [*MAMMILLARY] * 3
    together = by_kernel([MAMMILLARY[n][0] for n in names], [MAMMILLARY[n][1] for n in names], IRREGULAR_MIN)
    for place in (0, 20, 63, 64, len(names) - 1):
        body, ke0_per_min = MAMMILLARY[names[place]]
        [alone] = by_kernel([body], [ke0_per_min], IRREGULAR_MIN)
        np.testing.assert_allclose(together[place], alone, rtol=1e-12)


def test_the_batched_matrix_exponential_agrees_at_any_times() -> None:
    bodies = [*ordinary(3).values()]
    ours = by_kernel(bodies, [KE0_PER_MIN] * 3, IRREGULAR_MIN)
    for found, body in zip(ours, bodies, strict=True):
        np.testing.assert_allclose(found, by_scipy(body, KE0_PER_MIN, SEGMENTS, IRREGULAR_MIN), rtol=1e-11)


@pytest.mark.parametrize("model", MODELS)
def test_people_of_a_model_are_as_its_course_says(model: str) -> None:
    weights_kg = np.array([52.0, 70.0, 118.0])
    ours = followed(MODELS[model], people_like(weights_kg, KE0_PER_MIN), HISTORY, weights_kg / 70, IRREGULAR_MIN)
    for found, weight_kg in zip(ours, weights_kg, strict=True):
        segments = [(start, end, rate * weight_kg / 70) for start, end, rate in SEGMENTS]
        [line] = course([model], segments, Body(age_y=40, weight_kg=weight_kg), IRREGULAR_MIN).lines
        np.testing.assert_allclose(found, [line.plasma_ng_per_ml, line.effect_site_ng_per_ml], rtol=1e-12)


def test_a_time_before_the_first_drug_finds_none() -> None:
    late = staircase([(10.0, 20.0, 1.0)])
    found = followed(
        MODELS["kamp2020"], people_like([70.0], KE0_PER_MIN), late, np.ones(1), np.array([-3.0, 10.0, 12.0])
    )
    assert found[0, :, :2].tolist() == [[0, 0], [0, 0]]
    assert np.all(found[0, :, 2] > 0)


@pytest.mark.parametrize("t_min", [[1.0, 1.0], [2.0, 1.0], [1.0, np.nan]])
def test_times_that_do_not_rise_are_not_taken(t_min: list[float]) -> None:
    with pytest.raises(ValueError, match="rise"):
        followed(MODELS["kamp2020"], people_like([70.0], KE0_PER_MIN), HISTORY, np.ones(1), np.array(t_min))


def test_summaries_are_those_of_the_curves() -> None:
    t_min, people = np.arange(0.0, 121.0), people_like([50.0, 70.0, 90.0], KE0_PER_MIN)
    site = followed(MODELS["kamp2020"], people, HISTORY, np.ones(3), t_min)[:, 1]
    found = summed(MODELS["kamp2020"], people, HISTORY, np.ones(3), t_min, 60.0)
    np.testing.assert_allclose(found.highest_ng_per_ml, site.max(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.area_ng_min_per_ml, np.trapezoid(site, t_min, axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.above_min, (site[:, 1:] > 60.0).sum(axis=1))


def test_many_learn_as_one_does() -> None:
    """The compiled fit and band are those that a page draws."""
    t_min, weights_kg = np.array([10.0, 30.0, 45.0, 80.0]), [60.0, 70.0]
    scores = np.array([[[1, 4, 6, 2], [0, 5, 5, 1]], [[0, 2, 3, 0], [1, 1, 4, 1]]], dtype=float)
    model, people = MODELS["kamp2020"], people_like(weights_kg, KE0_PER_MIN)
    beliefs = fitted(model, people, HISTORY, np.ones(2), t_min, scores)
    lower, upper = foreseen(model, people, HISTORY, np.ones(2), t_min, beliefs)
    for n, weight_kg in enumerate(weights_kg):
        body = Body(age_y=40, weight_kg=weight_kg)
        watched = [
            Watched(body=body, segments=SEGMENTS, scores=[Score(*each) for each in zip(t_min, said, strict=True)])
            for said in scores[n]
        ]
        learned = learn("kamp2020", watched)
        np.testing.assert_allclose(beliefs.mean_log[n], learned.belief.mean_log, atol=1e-6)
        np.testing.assert_allclose(beliefs.covariance[n], learned.belief.covariance, atol=1e-6)
        drawn = foresee(learned, SEGMENTS, body, t_min).posterior
        np.testing.assert_allclose([lower[n], upper[n]], [drawn.score_lower, drawn.score_upper], atol=1e-5)


def test_a_compiled_fit_arrives_or_says_that_it_did_not() -> None:
    random = np.random.default_rng(3)
    t_min, people = np.array([10.0, 30.0, 50.0, 80.0]), people_like([70.0] * 40, KE0_PER_MIN)
    nonsense = random.integers(0, 11, (40, 2, 4)).astype(float)
    beliefs = fitted(MODELS["domino1984"], people, HISTORY, np.ones(40), t_min, nonsense)
    assert isinstance(beliefs, Beliefs)
    assert np.all(np.isfinite(beliefs.gradient_norm))
    assert np.mean(beliefs.gradient_norm <= 1e-6) > 0.5


def test_two_threads_find_what_one_finds() -> None:
    people = 3 * compiled.LANES - 5
    body = np.array([*constants_of(ordinary()["ordinary 0"]), KE0_PER_MIN])
    bodies = body[:, None] * np.linspace(0.8, 1.2, people)
    rates = np.repeat(HISTORY.rates_mg_per_min[:, None], people, axis=1)
    by_one, by_two = np.zeros((2, people, 2, len(IRREGULAR_MIN)))
    compiled.by_patient_serial(bodies, *plan(HISTORY, IRREGULAR_MIN), rates, by_one)
    compiled.by_patient(bodies, *plan(HISTORY, IRREGULAR_MIN), rates, by_two)
    assert numba.threading_layer()
    np.testing.assert_array_equal(by_one, by_two)
    assert np.all(by_two > 0)
    as_they_lie = np.zeros((3, 2, len(IRREGULAR_MIN), compiled.LANES))
    compiled.by_tile(bodies, *plan(HISTORY, IRREGULAR_MIN), rates, as_they_lie)
    people_first = np.moveaxis(as_they_lie, -1, 1).reshape(3 * compiled.LANES, 2, -1)
    np.testing.assert_array_equal(people_first[:people], by_one)


def test_what_is_kept_of_one_thread_is_never_taken_for_that_of_two() -> None:
    """Numba keeps compiled code under a function's name and first line: two made from one would share it."""
    kept = [getattr(compiled, name) for name in compiled.__all__ if name != "LANES"]
    assert len({each._cache._impl.filename_base for each in kept}) == len(kept) > 6


def test_infusions_with_scores_in_the_drip_alone_each_begin_anew() -> None:
    t_min, scores = np.array([22.0, 30.0, 38.0]), np.array([[[1, 4, 6], [0, 5, 5]]], dtype=float)
    beliefs = fitted(MODELS["kamp2020"], people_like([70.0], KE0_PER_MIN), HISTORY_AT_ONCE, np.ones(1), t_min, scores)
    said = [[Score(*each) for each in zip(t_min, infusion, strict=True)] for infusion in scores[0]]
    body = Body(age_y=40, weight_kg=70)
    watched = [Watched(body=body, segments=[(0.0, 40.0, 0.8)], scores=each) for each in said]
    np.testing.assert_allclose(beliefs.mean_log[0], learn("kamp2020", watched).belief.mean_log, atol=1e-6)


def test_people_are_counted() -> None:
    assert len(People(**{name: np.ones(5) for name in People.__dataclass_fields__})) == 5
