"""What do scores say of many people, one by one? The same belief as `learning.learn`.

The lanes of a tile are one person's own and four with clearance and volume a step up and down.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from stillroom.core.pharmacology.kernel.steps import (
    FAST,
    K10,
    K12,
    K31,
    KE0,
    MODE,
    ROWS,
    SITE,
    V1,
    find_modes,
    prepare,
    step,
)

_TRAITS, _VARIANTS, _STEP = 4, 8, 1e-4
_CLEARANCE_STEP = np.array([0.0, _STEP, -_STEP, 0.0, 0.0, 0.0, 0.0, 0.0])
_VOLUME_STEP = np.array([0.0, 0.0, 0.0, _STEP, -_STEP, 0.0, 0.0, 0.0])


@njit(**FAST)
def _vary(w: Any, body: Any, traits: Any) -> None:
    for i in range(_VARIANTS):
        clearance, volume = np.exp(traits[0] + _CLEARANCE_STEP[i]), np.exp(traits[1] + _VOLUME_STEP[i])
        w[V1, i], w[K10, i], w[KE0, i] = body[V1] * volume, body[K10] * clearance / volume, body[KE0]
        for row in range(K12, K31 + 1):
            w[row, i] = body[row] / volume
    find_modes(w)


@njit(**FAST)
def _feel(
    w: Any, dt_min: Any, segment: Any, row: Any, anew: Any, rates: Any, traits: Any, felt: Any, answer: Any
) -> None:
    """The expected score at each score's time (q,) and how it answers to the log of each trait (q, 4)."""
    steepness = np.exp(traits[3])
    for at in range(len(dt_min)):
        if anew[at]:  # another infusion begins
            for i in range(_VARIANTS):
                for each in range(MODE, SITE + 1):
                    w[each, i] = 0.0
        prepare(w, at, dt_min, segment, rates, 0)
        step(w)
        if row[at] >= 0:
            odds = steepness * (np.log(w[SITE, 0]) - traits[2])
            share = 0.5 * (1.0 + np.tanh(0.5 * odds))
            bent = 10.0 * share * (1.0 - share)
            felt[row[at]] = 10.0 * share
            answer[row[at], 0] = bent * steepness * np.log(w[SITE, 1] / w[SITE, 2]) / (2.0 * _STEP)
            answer[row[at], 1] = bent * steepness * np.log(w[SITE, 3] / w[SITE, 4]) / (2.0 * _STEP)
            answer[row[at], 2] = -bent * steepness
            answer[row[at], 3] = bent * odds


@njit(**FAST)
def _weigh(
    felt: Any, answer: Any, scores: Any, precision: Any, off: Any, sd_log: Any, gradient: Any, bend: Any
) -> float:
    """Half the squared misses of prior and scores; fills the gradient (4,) and Gauss and Newton's bend (4, 4)."""
    against = 0.0
    bend[:] = 0.0
    for j in range(_TRAITS):
        gradient[j], bend[j, j] = off[j] / sd_log[j] ** 2, 1.0 / sd_log[j] ** 2
        against += 0.5 * off[j] ** 2 / sd_log[j] ** 2
    for p in range(len(scores)):
        missed = 0.0
        for q in range(len(scores)):
            missed += precision[p, q] * (scores[q] - felt[q])
        against += 0.5 * missed * (scores[p] - felt[p])
        for j in range(_TRAITS):
            gradient[j] -= answer[p, j] * missed
            pulled = 0.0
            for q in range(len(scores)):
                pulled += precision[p, q] * answer[q, j]
            for k in range(_TRAITS):
                bend[k, j] += answer[p, k] * pulled
    return against


@njit(**FAST)
def _solve(matrix: Any, right: Any, found: Any) -> None:
    """matrix (4, 4), symmetric and positive, times found is right: by Cholesky."""
    low = np.zeros((_TRAITS, _TRAITS))
    for i in range(_TRAITS):
        for j in range(i + 1):
            rest = matrix[i, j]
            for k in range(j):
                rest -= low[i, k] * low[j, k]
            low[i, j] = np.sqrt(rest) if i == j else rest / low[j, j]
    for i in range(_TRAITS):
        rest = right[i]
        for k in range(i):
            rest -= low[i, k] * found[k]
        found[i] = rest / low[i, i]
    for i in range(_TRAITS - 1, -1, -1):
        rest = found[i]
        for k in range(i + 1, _TRAITS):
            rest -= low[k, i] * found[k]
        found[i] = rest / low[i, i]


@njit(**FAST)
def felt_by(
    body: Any, dt_min: Any, segment: Any, row: Any, anew: Any, rates: Any, traits: Any, felt: Any, answer: Any
) -> None:
    """Of one person (7,): expected scores (q,) and their answers to the traits (q, 4), as any solver may ask."""
    w = np.empty((ROWS, _VARIANTS))
    _vary(w, body, traits)
    _feel(w, dt_min, segment, row, anew, rates, traits, felt, answer)


@njit(**FAST)
def _fit_one(
    n: int, bodies: Any, dt_min: Any, segment: Any, row: Any, anew: Any, rates: Any, scores: Any, precision: Any,
    mean_log: Any, sd_log: Any, arrived: float, most_steps: int, place: Any, covariance: Any, norm: Any,
) -> None:  # fmt: skip
    """Levenberg and Marquardt with Nielsen's damping, as `climbing.climb`, for person n of scores (n, q)."""
    w, count = np.empty((ROWS, _VARIANTS)), scores.shape[1]
    felt, answer, traits, there = np.empty(count), np.empty((count, _TRAITS)), mean_log.copy(), mean_log.copy()
    gradient, bend, new_gradient, new_bend = np.empty(4), np.empty((4, 4)), np.empty(4), np.empty((4, 4))
    held, step, unit = np.empty((4, 4)), np.empty(4), np.zeros(4)
    own = np.ascontiguousarray(rates[:, n]).reshape((rates.shape[0], 1))
    body = bodies[:, n]
    _vary(w, body, traits)
    _feel(w, dt_min, segment, row, anew, own, traits, felt, answer)
    against = _weigh(felt, answer, scores[n], precision, traits - mean_log, sd_log, gradient, bend)
    damping, growth = 1e-3, 2.0
    for _ in range(most_steps):
        if np.sqrt(np.sum(gradient**2)) <= arrived:
            break
        held[:] = bend
        for j in range(_TRAITS):
            held[j, j] += damping * bend[j, j]
        _solve(held, -gradient, step)
        there[:] = traits + step
        _vary(w, body, there)
        _feel(w, dt_min, segment, row, anew, own, there, felt, answer)
        new = _weigh(felt, answer, scores[n], precision, there - mean_log, sd_log, new_gradient, new_bend)
        promised = 0.0
        for j in range(_TRAITS):
            promised += 0.5 * step[j] * (damping * bend[j, j] * step[j] - gradient[j])
        if promised < 1e-12 * max(abs(against), 1.0):  # near the top both drown in rounding
            gain = 1.0 if np.sum(new_gradient**2) < np.sum(gradient**2) else 0.0
        else:
            gain = (against - new) / promised
        if gain > 0.0:
            traits[:], gradient[:], bend[:], against = there, new_gradient, new_bend, new
            damping, growth = damping * max(1.0 / 3.0, 1.0 - (2.0 * gain - 1.0) ** 3), 2.0
        else:
            damping, growth = damping * growth, growth * 2.0
    place[n], norm[n] = traits, np.sqrt(np.sum(gradient**2))
    for j in range(_TRAITS):
        unit[:] = 0.0
        unit[j] = 1.0
        _solve(bend, unit, step)
        covariance[n, j] = step


@njit(parallel=True, **FAST)
def fit(
    bodies: Any, dt_min: Any, segment: Any, row: Any, anew: Any, rates: Any, scores: Any, precision: Any,
    mean_log: Any, sd_log: Any, arrived: float, most_steps: int, place: Any, covariance: Any, norm: Any,
) -> None:  # fmt: skip
    """For each of n people: what is believed, (n, 4) and (n, 4, 4), and the gradient left, (n,)."""
    for n in prange(scores.shape[0]):
        _fit_one(
            n, bodies, dt_min, segment, row, anew, rates, scores, precision,
            mean_log, sd_log, arrived, most_steps, place, covariance, norm,
        )  # fmt: skip


@njit(**FAST)
def fit_serial(
    bodies: Any, dt_min: Any, segment: Any, row: Any, anew: Any, rates: Any, scores: Any, precision: Any,
    mean_log: Any, sd_log: Any, arrived: float, most_steps: int, place: Any, covariance: Any, norm: Any,
) -> None:  # fmt: skip
    for n in range(scores.shape[0]):
        _fit_one(
            n, bodies, dt_min, segment, row, anew, rates, scores, precision,
            mean_log, sd_log, arrived, most_steps, place, covariance, norm,
        )  # fmt: skip
