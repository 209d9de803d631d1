"""What does this person's own record say of their next course: how they clear the drug, and what they feel of it?

One published model at a time, so that an arterial and a venous one are never mixed in a fit. Before anything is seen
the belief is the prior: the model, with assumed spreads. Each score of detachment, of this infusion or an earlier one,
moves it, and what nobody scored is left as it was (maximum a posteriori, normal about it: Laplace).

It informs. Nothing that decides, judges or doses can import this module, and what it finds says nothing of a rate: a
low score moves a curve on a picture, and there is no way from there to more drug.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.pharmacology.calibration import holds_as_stated
from stillroom.core.pharmacology.climbing import Look, Summit, climb
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.felt import felt, kinetics_around, levels, score_band
from stillroom.core.pharmacology.forecast import minutes, models_named, must_be_possible, out_of_range
from stillroom.core.pharmacology.history import RateHistory, staircase
from stillroom.core.pharmacology.learned import Learned, LearnedTrait, Outlook, Outlooks
from stillroom.core.pharmacology.models import Body
from stillroom.core.pharmacology.parameters import ASSUMED_SPREAD_PERCENT, MODELS, ParameterSet
from stillroom.core.pharmacology.prior import (
    ASSUMED,
    MOST_DETACHED,
    PRIOR,
    PRIOR_MEAN_LOG,
    PRIOR_SD_LOG,
    STATED_PERCENT,
    Belief,
    Normal,
    doubt_of_scores,
)
from stillroom.core.pharmacology.watched import Score, Watched


def learn(model: str, watched: Iterable[Watched]) -> Learned:
    """What `model` and all scores of these infusions say of one person; without any, the prior.

    Codes, beside those of `course`: score_out_of_scale, score_without_a_time.
    """
    [chosen] = models_named([model])
    seen = [_seen(chosen, each) for each in watched]
    summit = climb(lambda traits_log: _look(chosen, seen, traits_log), PRIOR_MEAN_LOG)
    belief = Normal(summit.place, summit.covariance) if summit.is_reached else PRIOR
    return Learned(
        model=chosen.name,
        sampling=chosen.sampling,
        traits=tuple(_traits(belief)),
        scores_used=sum(len(each.detached) for each in seen),
        is_converged=summit.is_reached,
        gradient_norm=summit.gradient_norm,
        stated_percent=STATED_PERCENT if holds_as_stated(chosen.name) and summit.is_reached else None,
        findings=tuple(_notes(chosen, summit, [each.body for each in seen])),
        belief=belief,
    )


def foresee(learned: Learned, segments: Sequence[tuple[float, float, float]], body: Body, t_min: ArrayLike) -> Outlooks:
    """The course of these rates in this person, as believed before and after their scores were seen."""
    model = MODELS[learned.model]
    must_be_possible(body, [model])
    history, times = staircase(segments), minutes(t_min)
    return Outlooks(
        t_min=times,
        drug=model.drug,
        prior=_outlook(model, body, history, times, PRIOR),
        posterior=_outlook(model, body, history, times, learned.belief),
        stated_percent=learned.stated_percent,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """One infusion's scores (t,) and how sharply they tell: the inverse of their doubt (t, t)."""

    body: Body
    history: RateHistory
    t_min: Array
    detached: Array
    precision: Array


def _seen(model: ParameterSet, watched: Watched) -> _Seen:
    must_be_possible(watched.body, [model])
    in_doubt = [found for score in watched.scores for found in _in_doubt(score)]
    if in_doubt:
        raise Refused(in_doubt)
    history = staircase(watched.segments)
    scores = [score for score in watched.scores if watched.segments and score.t_min > history.starts_min[0]]
    t_min = np.array([score.t_min for score in scores], dtype=np.float64)
    detached = np.array([score.detached for score in scores], dtype=np.float64)
    return _Seen(watched.body, history, t_min, detached, np.asarray(np.linalg.inv(doubt_of_scores(t_min))))


def _in_doubt(score: Score) -> Iterable[Finding]:
    facts = {"t_min": f"{score.t_min:g}", "detached": f"{score.detached:g}", "most": f"{MOST_DETACHED:g}"}
    if not isfinite(score.t_min):
        yield Finding("score_without_a_time", Severity.HARD, facts)
    if not 0 <= score.detached <= MOST_DETACHED:
        yield Finding("score_out_of_scale", Severity.HARD, facts)


def _look(model: ParameterSet, seen: Sequence[_Seen], traits_log: Array) -> Look:
    """Half the squared misses of scores and prior, each by its precision; the gradient; and Gauss and Newton's bend."""
    off = (traits_log - PRIOR_MEAN_LOG) / PRIOR_SD_LOG**2
    against = float((traits_log - PRIOR_MEAN_LOG) @ off) / 2
    gradient, bend = off, np.diag(1 / PRIOR_SD_LOG**2)
    around = {body: kinetics_around(model, body, traits_log) for body in {each.body for each in seen}}
    for each in seen:
        feels = felt(model, levels(around[each.body], each.history, each.t_min), traits_log)
        missed, answer = each.detached - feels.detached, feels.detached_by_trait
        against += float(missed @ each.precision @ missed) / 2
        gradient = gradient - answer.T @ each.precision @ missed
        bend = bend + answer.T @ each.precision @ answer
    return Look(against, gradient, bend)


def _traits(belief: Normal) -> Iterable[LearnedTrait]:
    for assumed, mean_log, variance in zip(ASSUMED, belief.mean_log, np.diag(belief.covariance), strict=True):
        yield LearnedTrait(
            trait=assumed.trait,
            unit=assumed.unit,
            basis=assumed.basis,
            prior=Belief.of_log(float(np.log(assumed.median)), assumed.sd_log),
            posterior=Belief.of_log(float(mean_log), float(np.sqrt(variance))),
        )


def _notes(model: ParameterSet, summit: Summit, bodies: Sequence[Body]) -> Iterable[Finding]:
    """All that must be said beside it. None depends on how high or low anybody scored."""
    yield Finding("learning_is_assumed", Severity.NOTE, {"percent": f"{ASSUMED_SPREAD_PERCENT:g}"})
    if not summit.is_reached:
        yield Finding("learning_not_converged", Severity.NOTE, {"gradient": f"{summit.gradient_norm:.1e}"})
    if not holds_as_stated(model.name):
        yield Finding("share_not_borne_out", Severity.NOTE, {"model": model.name, "percent": f"{STATED_PERCENT}"})
    for body in bodies[-1:]:
        yield from out_of_range(model, body)


def _outlook(model: ParameterSet, body: Body, history: RateHistory, t_min: Array, belief: Normal) -> Outlook:
    """Levels and score at the middle of a belief, and the band of its scores."""
    found = levels(kinetics_around(model, body, belief.mean_log), history, t_min)
    feels = felt(model, found, belief.mean_log)
    lower, upper = score_band(feels.log_odds, feels.by_trait, belief.covariance)
    return Outlook(
        plasma_ng_per_ml=found.plasma_ng_per_ml,
        effect_site_ng_per_ml=found.effect_site_ng_per_ml,
        detached=feels.detached,
        score_lower=lower,
        score_upper=upper,
    )
