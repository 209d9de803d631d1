"""How long does it take to learn from one person's scores? Beside MINPACK over the same model, in the same run.

Two infusions of seven scores each, as an ordinary clinic asks them. Both get the same compiled model with the same
derivatives, and end at the same place; MINPACK is scipy's `least_squares` with method "lm". One thread.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import perf_counter
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from stillroom.core.pharmacology import MODELS, Body, felt, kernel, prior
from stillroom.core.pharmacology.learning import foresee, learn
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.population import bodies, fitted, people_like, scored
from stillroom.core.pharmacology.prior import PRIOR_MEAN_LOG, PRIOR_SD_LOG, doubt_of_scores
from stillroom.core.pharmacology.watched import Score, Watched
from stillroom.project.bench import Figure, Limit, goal
from stillroom.project.simulation import ASKED_MIN, INFUSION, Batch, batches, counted, coverage, watched_of

Array = NDArray[np.float64]

PEOPLE, ROUNDS, GOAL = 300, 5, 8.0
LIMIT_PAGE_MS = 100.0
MODEL = MODELS["kamp2020"]


def figures() -> Iterator[Figure]:
    """Microseconds for one person's update, how many times faster, and whether all arrived."""
    weight_kg, said = watched_of(Batch(truth="kamp2020", number=1, people=PEOPLE, seed=4))
    people, dose_factor = people_like(weight_kg, KE0_PER_MIN), weight_kg / 70.0
    beliefs = fitted(MODEL, people, INFUSION, dose_factor, ASKED_MIN, said)
    _by_minpack(people, dose_factor, said, 0)  # both are compiled before the clock runs
    apart, ours, theirs = 0.0, [], []
    for _ in range(ROUNDS):
        began = perf_counter()
        beliefs = fitted(MODEL, people, INFUSION, dose_factor, ASKED_MIN, said)
        ours.append((perf_counter() - began) / PEOPLE * 1e6)
        began = perf_counter()
        places = [_by_minpack(people, dose_factor, said, n) for n in range(20)]
        theirs.append((perf_counter() - began) / len(places) * 1e6)
        apart = float(np.max(np.abs(np.array(places) - beliefs.mean_log[:20])))
    ours_us, theirs_us = statistics.median(ours), statistics.median(theirs)
    times = theirs_us / ours_us
    beside = f"MINPACK {theirs_us:.0f} us a person, apart by {apart:.0e}"
    yield Figure("pharmacology.learning.fit", ours_us, "us/person", beside, ours_us / theirs_us)
    yield Figure("pharmacology.learning.fit_beside_minpack", times, "x ours", beside, limit=goal(least=GOAL))
    missing = int(np.sum(beliefs.gradient_norm > 1e-6))
    yield Figure("pharmacology.learning.not_arrived", missing, "fits", f"of {PEOPLE}; each is flagged")
    yield from _coverage()
    page_ms = _page_ms(float(weight_kg[0]), said[0])
    yield Figure(
        "pharmacology.learning.page",
        page_ms,
        "ms",
        "learn and draw one person, no compiled code",
        limit=goal(most=LIMIT_PAGE_MS),
    )


def _coverage() -> Iterator[Figure]:
    """What the 90 % band held of the next scores, of the worst pair of models: as it is, and were the curve certain."""
    yield _lowest("covered_at_least", goal(least=85, most=95))
    with patch.object(prior, "CURVE_DOUBT_POINTS", 0.0), patch.object(felt, "CURVE_DOUBT_POINTS", 0.0):
        yield _lowest("covered_at_least_without_doubt_of_curve")


def _lowest(name: str, limit: Limit | None = None) -> Figure:
    done = [each for batch in batches(people=600, at_once=200, seed=1) for each in counted(batch)]
    found = min(coverage(done), key=lambda row: row.percent)
    beside = f"{found.fitted} learned while {found.truth} was true"
    return Figure(f"pharmacology.learning.{name}", found.percent, "%", beside, limit=limit)


def _by_minpack(people: object, dose_factor: Array, said: Array, n: int) -> Array:
    infusions = said.shape[1]
    dt_min, segment, row, anew, rates = scored(MODEL, INFUSION, dose_factor[n : n + 1], ASKED_MIN, infusions)
    body = np.ascontiguousarray(bodies(MODEL, people)[:, n])
    scores = said[n].ravel()
    sharp = np.kron(np.eye(infusions), np.linalg.inv(np.linalg.cholesky(doubt_of_scores(ASKED_MIN))))
    expected, answer = np.empty(len(scores)), np.empty((len(scores), 4))

    def misses(traits: Array) -> Array:
        kernel.felt_by(body, dt_min, segment, row, anew, rates, traits, expected, answer)
        return np.concatenate([sharp @ (expected - scores), (traits - PRIOR_MEAN_LOG) / PRIOR_SD_LOG])

    def slopes(traits: Array) -> Array:
        kernel.felt_by(body, dt_min, segment, row, anew, rates, traits, expected, answer)
        return np.concatenate([sharp @ answer, np.diag(1 / PRIOR_SD_LOG)])

    return np.asarray(least_squares(misses, PRIOR_MEAN_LOG, slopes, method="lm", xtol=1e-9, ftol=1e-12, gtol=1e-9).x)


def _page_ms(weight_kg: float, said: Array) -> float:
    body, segments = Body(age_y=40, weight_kg=weight_kg), [(0.0, 40.0, 0.5 * weight_kg / 40)]
    watched = [
        Watched(body=body, segments=segments, scores=[Score(*each) for each in zip(ASKED_MIN, scores, strict=True)])
        for scores in said
    ]
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        foresee(learn("kamp2020", watched), segments, body, np.arange(0.0, 121.0))
        taken.append((perf_counter() - began) * 1000)
    return statistics.median(taken)
