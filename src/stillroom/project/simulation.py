"""Does what is learned from scores hold the share that is stated? People are drawn, watched, and asked once more.

A batch is some hundreds of people of one true model, drawn from the seed and the batch's number alone, so that it comes
out the same on any machine and in any order. Each of them has an infusion or more with scores; every model of the room
learns from these, and the scores of the next infusion are counted inside its 90 % band or outside.

What is true of them: traits as widely spread as is assumed, an effect site of their own (as uncertain as published), a
weight of 50 to 120 kg, and a score a point off either way, said in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from math import log

import numpy as np

from stillroom.core.pharmacology.calibration import Coverage
from stillroom.core.pharmacology.climbing import ARRIVED_GRADIENT
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.felt import s_share_of, score_at
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.parameters import EFFECT_SITE_HALF_LIFE, MODELS, ROOM_MODELS
from stillroom.core.pharmacology.population import People, fitted, followed, foreseen, log_odds_of
from stillroom.core.pharmacology.prior import MOST_DETACHED, PRIOR_MEAN_LOG, PRIOR_SD_LOG, SCORE_NOISE_POINTS

TRUTHS = tuple(name for name, model in MODELS.items() if model.is_for_outpatients)
USUAL_KG = 70.0
WEIGHT_KG = (50.0, 120.0)
INFUSION = staircase([(0.0, 40.0, 0.5 * USUAL_KG / 40.0)])  # 0.5 mg/kg over 40 min, at 70 kg
ASKED_MIN = np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0])
HELD_OUT_MIN = np.array([5.0, 15.0, 25.0, 35.0, 45.0, 55.0, 75.0, 100.0])
MOST_INFUSIONS = 3

assert EFFECT_SITE_HALF_LIFE.lower is not None
assert EFFECT_SITE_HALF_LIFE.upper is not None
_SD_LOG_KE0 = log(EFFECT_SITE_HALF_LIFE.upper / EFFECT_SITE_HALF_LIFE.lower) / (2 * 1.96)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some people of one true model: which, and how many, and the seed from which they are drawn."""

    truth: str
    number: int
    people: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Of one batch and one model that learned: scores held out, those inside the band, fits that did not arrive."""

    truth: str
    number: int
    fitted: str
    scores: int
    inside: int
    not_arrived: int


def batches(*, people: int, at_once: int, seed: int) -> tuple[Batch, ...]:
    """All that is to be done: each true model, so many people of it."""
    sizes = [min(at_once, people - first) for first in range(0, people, at_once)]
    return tuple(
        Batch(truth=truth, number=number, people=size, seed=seed)
        for number, size in enumerate(sizes)
        for truth in TRUTHS
    )


def counted(batch: Batch) -> tuple[Counted, ...]:
    """One batch, done: the same for the same batch, wherever and whenever."""
    true, traits_log, dice = _drawn(batch)
    watched = _said(batch, true, traits_log, ASKED_MIN, _infusions(batch), dice)
    held_out = _said(batch, true, traits_log, HELD_OUT_MIN, 1, dice)[:, 0]
    return tuple(_counted(batch, name, true.weight_kg, watched, held_out) for name in ROOM_MODELS)


def watched_of(batch: Batch) -> tuple[Array, Array]:
    """Of the people of one batch: weights, kg, (n,), and what they say while they are watched, (n, k, t)."""
    true, traits_log, dice = _drawn(batch)
    return true.weight_kg, _said(batch, true, traits_log, ASKED_MIN, _infusions(batch), dice)


def coverage(done: Iterable[Counted]) -> tuple[Coverage, ...]:
    """How much of what was held out lay inside, by the model that learned and the one that was true."""
    inside: dict[tuple[str, str], int] = {}
    scores: dict[tuple[str, str], int] = {}
    for each in done:
        key = (each.fitted, each.truth)
        inside[key] = inside.get(key, 0) + each.inside
        scores[key] = scores.get(key, 0) + each.scores
    return tuple(
        Coverage(fitted, truth, 100.0 * inside[fitted, truth] / scores[fitted, truth])
        for fitted in ROOM_MODELS
        for truth in TRUTHS
        if (fitted, truth) in scores
    )


def as_rows(done: Iterable[Counted]) -> Iterator[dict[str, object]]:
    """For a file, a line each."""
    yield from (asdict(each) for each in done)


def _drawn(batch: Batch) -> tuple[People, Array, np.random.Generator]:
    """People, the logarithms of their traits (n, 4), and the dice for what they will say."""
    dice = np.random.default_rng([batch.seed, TRUTHS.index(batch.truth), batch.number])
    traits_log = PRIOR_MEAN_LOG + PRIOR_SD_LOG * dice.standard_normal((batch.people, len(PRIOR_SD_LOG)))
    people = People(
        weight_kg=dice.uniform(*WEIGHT_KG, batch.people),
        clearance_factor=np.exp(traits_log[:, 0]),
        volume_factor=np.exp(traits_log[:, 1]),
        ke0_per_min=KE0_PER_MIN * np.exp(_SD_LOG_KE0 * dice.standard_normal(batch.people)),
    )
    return people, traits_log, dice


def _infusions(batch: Batch) -> int:
    """How many infusions these people were watched in before: one, two or three, batch by batch."""
    return 1 + batch.number % MOST_INFUSIONS


def _said(
    batch: Batch, true: People, traits_log: Array, t_min: Array, infusions: int, dice: np.random.Generator
) -> Array:
    """What these people say at these minutes of so many infusions alike, (n, k, t)."""
    model = MODELS[batch.truth]
    site = followed(model, true, INFUSION, true.weight_kg / USUAL_KG, t_min)[:, 1]
    feels = score_at(log_odds_of(site * s_share_of(model), traits_log))
    noise = SCORE_NOISE_POINTS * dice.standard_normal((len(true), infusions, len(t_min)))
    return np.clip(np.rint(feels[:, None, :] + noise), 0.0, MOST_DETACHED)


def _counted(batch: Batch, name: str, weight_kg: Array, watched: Array, held_out: Array) -> Counted:
    model, ones = MODELS[name], np.ones(len(weight_kg))
    people = People(weight_kg=weight_kg, clearance_factor=ones, volume_factor=ones, ke0_per_min=ones * KE0_PER_MIN)
    beliefs = fitted(model, people, INFUSION, weight_kg / USUAL_KG, ASKED_MIN, watched)
    lower, upper = foreseen(model, people, INFUSION, weight_kg / USUAL_KG, HELD_OUT_MIN, beliefs)
    arrived = beliefs.gradient_norm <= ARRIVED_GRADIENT
    inside = (lower <= held_out) & (held_out <= upper)
    return Counted(
        truth=batch.truth,
        number=batch.number,
        fitted=name,
        scores=int(arrived.sum()) * len(HELD_OUT_MIN),
        inside=int(inside[arrived].sum()),
        not_arrived=int((~arrived).sum()),
    )
