"""What scores say of a person: right by another solver, sure only as far as it may be, and blind to what to do next."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stillroom.core.errors import Refused, Severity
from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, climbing, course
from stillroom.core.pharmacology.compartments import Compartments, Flow
from stillroom.core.pharmacology.learned import Learned, LearnedTrait, Outlook, Outlooks
from stillroom.core.pharmacology.learning import foresee, learn
from stillroom.core.pharmacology.models import KE0_PER_MIN, compartments_of
from stillroom.core.pharmacology.parameters import Drug
from stillroom.core.pharmacology.prior import Trait
from stillroom.core.pharmacology.watched import Score, Watched
from tests.core.pharmacology.oracles import by_scipy

BODY = Body(age_y=40, weight_kg=70)
SEGMENTS = ((0.0, 40.0, 0.875),)
T_MIN = np.arange(-5.0, 180.0, 5.0)
SAID = ((10, 1), (20, 4), (30, 6), (40, 7), (50, 5), (60, 4), (80, 1))
law = settings(max_examples=15, deadline=None)


def watched(*said: tuple[float, float], body: Body = BODY) -> Watched:
    return Watched(body=body, segments=SEGMENTS, scores=[Score(*each) for each in said])


def shifted(by: float) -> Watched:
    return watched(*((t_min, min(max(detached + by, 0), 10)) for t_min, detached in SAID))


def median(learned: Learned, trait: Trait) -> float:
    return next(each.posterior.median for each in learned.traits if each.trait is trait)


@pytest.mark.parametrize("model", MODELS)
def test_without_a_score_the_belief_is_the_prior_and_the_line_is_the_models(model: str) -> None:
    learned = learn(model, [watched()])
    assert (learned.scores_used, learned.is_converged) == (0, True)
    assert all(each.prior == each.posterior for each in learned.traits)
    seen = foresee(learned, SEGMENTS, BODY, T_MIN)
    [line] = course([model], SEGMENTS, BODY, T_MIN).lines
    for outlook in (seen.prior, seen.posterior):
        np.testing.assert_allclose(outlook.plasma_ng_per_ml, line.plasma_ng_per_ml, rtol=1e-12)
        np.testing.assert_allclose(outlook.effect_site_ng_per_ml, line.effect_site_ng_per_ml, rtol=1e-12)


def test_half_is_felt_at_the_published_level_of_s_ketamine() -> None:
    """121 ng/mL of the S form, so 242 of the racemate: Olofsen 2022, 0.51 nmol/mL."""
    learned = learn("kamp2020", [])
    seen = foresee(learned, [(0, 1e5, 242 * 1.4 / 1000)], BODY, [1e5])
    assert seen.prior.effect_site_ng_per_ml[0] == pytest.approx(242)
    assert seen.prior.detached[0] == pytest.approx(5, abs=0.02)
    assert median(learned, Trait.HALF_FELT) == pytest.approx(0.51 * 237.725)


def test_a_model_of_the_s_form_is_not_halved_again() -> None:
    learned = learn("perezruixo2021", [])
    seen = foresee(learned, [(0, 1e5, 2 * 121 * 109 / 60 / 1000)], BODY, [1e5])
    assert seen.drug is Drug.S_KETAMINE
    assert seen.prior.detached[0] == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize("model", ROOM_MODELS)
def test_who_feels_more_at_the_same_level_is_believed_to_feel_it_sooner(model: str) -> None:
    levels = [median(learn(model, [shifted(by)]), Trait.HALF_FELT) for by in (-3, -1, 0, 1, 3)]
    assert levels == sorted(levels, reverse=True)


def test_more_scores_leave_less_doubt_and_none_leaves_more() -> None:
    widths = np.array(
        [
            [np.log(each.posterior.upper / each.posterior.lower) for each in learn("kamp2020", [watched(*said)]).traits]
            for said in ((), SAID[:3], SAID)
        ]
    )
    assert np.all(np.diff(widths, axis=0) <= 1e-3)
    assert widths[2, 2] < 0.5 * widths[0, 2]


def test_an_earlier_infusion_counts_as_this_one_does() -> None:
    first, second = shifted(1), shifted(-1)
    one_way, other_way = learn("kamp2020", [first, second]), learn("kamp2020", [second, first])
    np.testing.assert_allclose(one_way.belief.mean_log, other_way.belief.mean_log, atol=1e-6)
    assert one_way.scores_used == 2 * len(SAID)


def test_a_score_from_before_the_first_drug_moves_nothing() -> None:
    late = Watched(body=BODY, segments=[(30, 70, 0.875)], scores=[Score(10, 8), Score(30, 8)])
    learned = learn("kamp2020", [late, Watched(body=BODY, segments=[], scores=[Score(10, 8)])])
    assert learned.scores_used == 0
    assert all(each.prior == each.posterior for each in learned.traits)


# What another solver finds: matrix exponentials for the levels, scipy's trust region for the fit.


def _residuals(model: str, seen: Sequence[Watched]) -> object:
    """Of the logs of clearance, volume, half felt and steepness: what prior and scores miss, each of variance one."""
    sd = np.array(
        [np.sqrt(np.log(1.09)), np.sqrt(np.log(1.09)), np.sqrt(np.log(1.25)), np.log(3) / 2 / 1.6448536269514722]
    )
    middle = np.log([1, 1, 0.51 * 237.725, np.sqrt(3)])

    def of(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        found = [(theta - middle) / sd]
        for each in seen:
            t_min = np.array([score.t_min for score in each.scores])
            base = compartments_of(MODELS[model], each.body)
            person = Compartments(
                tuple(volume_l * np.exp(theta[1]) for volume_l in base.volumes_l),
                tuple(
                    Flow(flow.clearance_l_per_min * (np.exp(theta[0]) if flow.to is None else 1), flow.source, flow.to)
                    for flow in base.flows
                ),
            )
            s_ketamine = by_scipy(person, KE0_PER_MIN, each.segments, t_min)[1] / 2
            feels = 10 / (1 + (np.exp(theta[2]) / s_ketamine) ** np.exp(theta[3]))
            doubt = np.eye(len(t_min)) + 0.25 * np.exp(-np.abs(t_min[:, None] - t_min) / 30)
            missed = np.array([score.detached for score in each.scores]) - feels
            found.append(np.linalg.solve(np.linalg.cholesky(doubt), missed))
        return np.concatenate(found)

    return of


@pytest.mark.parametrize("model", ["kamp2020", "clements1981"])
def test_belief_and_doubt_are_those_another_solver_finds(model: str) -> None:
    heavier = watched((15, 3), (45, 8), (90, 2), body=Body(age_y=40, weight_kg=75))
    seen = [watched(*SAID[::2]), heavier]
    theirs = scipy.optimize.least_squares(_residuals(model, seen), np.log([1, 1, 121, 1.7]), xtol=1e-10, gtol=1e-10)
    ours = learn(model, seen)
    assert ours.is_converged
    np.testing.assert_allclose(ours.belief.mean_log, theirs.x, atol=1e-4)
    np.testing.assert_allclose(ours.belief.covariance, np.linalg.inv(theirs.jac.T @ theirs.jac), atol=1e-4)


each_score = st.builds(Score, t_min=st.floats(0.1, 240.0), detached=st.integers(0, 10))
scores = st.lists(each_score, max_size=8, unique_by=lambda each: each.t_min)


@law
@given(st.sampled_from(sorted(MODELS)), st.lists(scores, max_size=3))
def test_every_fit_arrives_or_says_that_it_did_not(model: str, said: list[list[Score]]) -> None:
    learned = learn(model, [Watched(body=BODY, segments=SEGMENTS, scores=each) for each in said])
    assert learned.is_converged == (learned.gradient_norm <= 1e-6)
    assert learned.is_converged != ("learning_not_converged" in {found.code for found in learned.findings})


def test_what_did_not_arrive_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climbing, "MOST_STEPS", 1)
    learned = learn("kamp2020", [watched(*SAID)])
    assert not learned.is_converged
    assert learned.stated_percent is None
    assert all(each.prior == each.posterior for each in learned.traits)
    assert "learning_not_converged" in {found.code for found in learned.findings}


@law
@given(st.sampled_from(ROOM_MODELS), scores)
def test_the_band_holds_the_line_and_keeps_to_the_scale(model: str, said: list[Score]) -> None:
    learned = learn(model, [Watched(body=BODY, segments=SEGMENTS, scores=said)])
    seen = foresee(learned, SEGMENTS, BODY, T_MIN)
    for outlook in (seen.prior, seen.posterior):
        assert np.all(outlook.score_lower >= 0)
        assert np.all(outlook.score_lower <= outlook.detached)
        assert np.all(outlook.detached <= outlook.score_upper)
        assert np.all(outlook.score_upper <= 10)
        assert np.all(outlook.detached[T_MIN <= 0] == 0)


def test_one_model_learns_at_a_time_so_arterial_and_venous_are_never_mixed() -> None:
    assert inspect.signature(learn).parameters["model"].annotation == "str"
    assert learn("kamp2020", []).sampling != learn("clements1981", []).sampling


# It informs only. That nothing that decides can reach it: test_borders.py.


@law
@given(scores.filter(bool))
def test_what_is_said_beside_it_is_the_same_for_low_scores_and_high(said: list[Score]) -> None:
    """No finding depends on a score, so none can say "too little"; and none is more than a note."""
    low, high = ([each._replace(detached=score) for each in said] for score in (0, 10))
    told = [learn("kamp2020", [Watched(body=BODY, segments=SEGMENTS, scores=each)]) for each in (low, high)]
    assert {found.severity for each in told for found in each.findings} == {Severity.NOTE}
    assert told[0].findings == told[1].findings or not all(each.is_converged for each in told)


@pytest.mark.parametrize("kind", [Learned, LearnedTrait, Outlook, Outlooks])
def test_nothing_learned_is_a_rate_a_dose_or_an_advice(kind: type) -> None:
    words = {word for field in inspect.get_annotations(kind) for word in field.split("_")}
    assert words
    assert not words & {"rate", "dose", "mg", "advice", "faster", "slower", "per_h", "raise", "increase"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((10, 11), "score_out_of_scale"),
        ((10, -1), "score_out_of_scale"),
        ((10, float("nan")), "score_out_of_scale"),
        ((float("inf"), 3), "score_without_a_time"),
    ],
)
def test_a_score_that_is_not_one_is_refused(said: tuple[float, float], code: str) -> None:
    with pytest.raises(Refused) as refused:
        learn("kamp2020", [watched(said)])
    assert [found.code for found in refused.value.findings] == [code]


def test_a_child_is_refused() -> None:
    with pytest.raises(Refused):
        learn("kamp2020", [watched(*SAID, body=Body(age_y=12, weight_kg=40))])
    with pytest.raises(Refused):
        foresee(learn("kamp2020", []), SEGMENTS, Body(age_y=12, weight_kg=40), T_MIN)
