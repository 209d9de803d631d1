"""A million people as fast as memory takes the numbers: three compartments and an effect site, exact, compiled.

The only module that imports Numba, imported by `population` alone, and that by what simulates and what measures. No
page and no request comes here: the first call compiles. `population` is the one clear function in front.

People lie side by side in tiles of `LANES`, so that each line below is one instruction for many of them. From one time
to the next, a step of length dt does to every state

    mode      <- mode E + rate B                E = exp(-decay dt)         B = dt mean_decay(decay dt)
    site      <- site X + modes F + rate G      X = exp(-ke0 dt)           F, G: what came by way of the modes

The factors of a short step (rate times dt at most 1) are sums of one series and its divided differences, found together
by Horner's scheme; those of a long one come from its halves, by doubling: products and sums of what is zero or more. So
nothing nearly equal is subtracted anywhere: not where two decays coincide, nor where ke0 equals one, nor where a
compartment vanishes; and no exponential of a library is called, which would keep the lanes apart.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from numba import njit, prange

LANES = 64
BODY_ROWS = 7  # v1_l, k10, k12, k21, k13, k31, ke0_per_min
_TERMS = 18
_SERIES = np.array([(-1.0) ** k / factorial(k + 1) for k in range(_TERMS)])  # mean_decay(x) = sum of these times x^k
_TIMES_HELD = 16  # how many times of a tile are held in the nearest cache before they are turned to lie by patient

# Rows of a tile. The body's own, its decays and worths, its state, the factors of the step, and what the rate adds.
V1, K10, K12, K21, K13, K31, KE0 = range(7)
DECAY, WORTH, MODE, SITE = 7, 10, 13, 16
E, B, F, X, G = 17, 20, 23, 26, 27
ADD, ADD_SITE = 28, 31
TOTAL, D1, D2 = E, E + 1, E + 2  # used before there are factors
LOST = 32
ROWS = 36

_fast: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "cache": True}


@njit(inline="always", **_fast)
def _newton(x: float, c2: float, c1: float, c0: float) -> float:
    """One step of Newton's towards a root of x^3 + c2 x^2 + c1 x + c0."""
    slope = (3.0 * x + 2.0 * c2) * x + c1
    off = ((x + c2) * x + c1) * x + c0
    return x - off / (slope if slope != 0.0 else 1.0)


@njit(inline="always", **_fast)
def _find_modes(w: Any) -> None:
    """Decays, in falling order, and worths (ng/mL for each mg) of every lane's body.

    The rate matrix is an arrowhead. Its largest root is met from Laguerre's bound by Newton's steps, the others are
    what division leaves. A root's distances from both outer compartments give what the mode is worth, and are polished
    by themselves: they keep their digits where the root lies close by. An outer compartment that exchanges nothing is
    set aside, where no root can meet it.
    """
    for i in range(w.shape[1]):
        total = w[K10, i] + w[K12, i] + w[K13, i]
        d1 = w[K21, i] if w[K12, i] > 0.0 else 2.0 * total + 2.0 * w[K31, i] + 1.0
        d2 = w[K31, i] if w[K13, i] > 0.0 else 2.0 * total + 2.0 * d1 + 1.0
        w[TOTAL, i], w[D1, i], w[D2, i] = total, d1, d2
        a2 = total + d1 + d2
        a1 = (w[K10, i] + w[K13, i]) * d1 + (w[K10, i] + w[K12, i]) * d2 + d1 * d2
        a0 = w[K10, i] * d1 * d2
        most = a2 / 3.0 + 2.0 / 3.0 * np.sqrt(max(a2 * a2 - 3.0 * a1, 0.0))
        most = _newton(most, -a2, a1, -a0)
        most = _newton(most, -a2, a1, -a0)
        most = _newton(most, -a2, a1, -a0)
        most = _newton(most, -a2, a1, -a0)
        product = a0 / most
        both = (a1 - product) / most
        middle = 0.5 * (both + np.sqrt(max(both * both - 4.0 * product, 0.0)))
        w[DECAY, i], w[DECAY + 1, i], w[DECAY + 2, i] = most, middle, product / middle
    for j in range(3):
        _find_worth(w, j)
    for i in range(w.shape[1]):
        worth = 1000.0 / w[V1, i] / (w[WORTH, i] + w[WORTH + 1, i] + w[WORTH + 2, i])
        for j in range(3):
            w[WORTH + j, i] *= worth


@njit(inline="always", **_fast)
def _find_worth(w: Any, j: int) -> None:
    """The share of a dose that mode j carries, by how far its decay lies from the outer compartments' own."""
    for i in range(w.shape[1]):
        d1, d2, total, root = w[D1, i], w[D2, i], w[TOTAL, i], w[DECAY + j, i]
        pull1, pull2, apart = w[K12, i] * d1, w[K13, i] * d2, d1 - d2
        out = w[K12, i] + w[K13, i]
        b1 = -(w[K10, i] + w[K12, i] - d1) * apart - out * d1
        b2 = (w[K10, i] + w[K13, i] - d2) * apart - out * d2
        gap1 = _newton(root - d1, d1 - total + apart, b1, -pull1 * apart)
        gap2 = _newton(root - d2, d2 - total - apart, b2, pull2 * apart)
        gap1 = _newton(gap1, d1 - total + apart, b1, -pull1 * apart)
        gap2 = _newton(gap2, d2 - total - apart, b2, pull2 * apart)
        gap1 = gap1 if abs(root - d1) < 0.5 * d1 else root - d1
        gap2 = gap2 if abs(root - d2) < 0.5 * d2 else root - d2
        far1, far2 = gap1 * gap1, gap2 * gap2
        w[WORTH + j, i] = far1 * far2 / (far1 * far2 + pull1 * far2 + pull2 * far1 + 1e-300)
        nearer = d1 + gap1 if far1 < far2 else d2 + gap2
        w[DECAY + j, i] = nearer if min(far1, far2) < 0.25 * root * root else root


@njit(inline="always", **_fast)
def _find_factors(w: Any, dt_min: float) -> None:
    """The factors of a step of `dt_min` minutes, of every lane."""
    fastest = 0.0
    for i in range(w.shape[1]):
        fastest = max(fastest, w[DECAY, i], w[KE0, i])
    halvings = 0
    while fastest * dt_min > 1.0:
        dt_min *= 0.5
        halvings += 1
    for i in range(w.shape[1]):
        w[G, i] = 0.0
    for j in range(3):
        for i in range(w.shape[1]):
            a, b = w[DECAY + j, i] * dt_min, w[KE0, i] * dt_min
            kept, through = _SERIES[_TERMS - 1], 0.0
            for k in range(_TERMS - 2, -1, -1):
                through = through * b + kept
                kept = kept * a + _SERIES[k]
            chain = kept + b * through
            w[LOST + j, i] = a * kept
            w[LOST + 3, i] = a * kept + (b - a) * chain
            w[E + j, i] = 1.0 - w[LOST + j, i]
            w[X, i] = 1.0 - w[LOST + 3, i]
            w[B + j, i] = w[WORTH + j, i] * dt_min * kept
            w[F + j, i] = b * chain
            w[G, i] -= w[WORTH + j, i] * dt_min * b * through
    for _ in range(halvings):
        _double(w)


@njit(inline="always", **_fast)
def _double(w: Any) -> None:
    """From the factors of a step to those of two such steps. What is lost is kept beside E and X while it is small."""
    for i in range(w.shape[1]):
        x, followed = w[X, i], 0.0
        for j in range(3):
            e, f, b = w[E + j, i], w[F + j, i], w[B + j, i]
            lost = w[LOST + j, i] * (2.0 - w[LOST + j, i])
            followed += f * b
            w[F + j, i] = f * (x + e)
            w[B + j, i] = b * (1.0 + e)
            w[E + j, i] = 1.0 - lost if lost < 0.5 else e * e
            w[LOST + j, i] = lost
        lost = w[LOST + 3, i] * (2.0 - w[LOST + 3, i])
        w[G, i] = w[G, i] * (1.0 + x) + followed
        w[X, i] = 1.0 - lost if lost < 0.5 else x * x
        w[LOST + 3, i] = lost


@njit(inline="always", **_fast)
def _step(w: Any) -> None:
    for i in range(w.shape[1]):
        m0, m1, m2 = w[MODE, i], w[MODE + 1, i], w[MODE + 2, i]
        w[SITE, i] = w[X, i] * w[SITE, i] + w[F, i] * m0 + w[F + 1, i] * m1 + w[F + 2, i] * m2 + w[ADD_SITE, i]
        w[MODE, i] = w[E, i] * m0 + w[ADD, i]
        w[MODE + 1, i] = w[E + 1, i] * m1 + w[ADD + 1, i]
        w[MODE + 2, i] = w[E + 2, i] * m2 + w[ADD + 2, i]


@njit(inline="always", **_fast)
def _begin(w: Any, bodies: Any, first: int) -> None:
    """The bodies of one tile, the last repeated where there are no more; nobody holds any drug."""
    for i in range(w.shape[1]):
        n = min(first + i, bodies.shape[1] - 1)
        for row in range(BODY_ROWS):
            w[row, i] = bodies[row, n]
        for row in range(MODE, SITE + 1):
            w[row, i] = 0.0
    _find_modes(w)


@njit(inline="always", **_fast)
def _prepare(w: Any, run: int, dt_min: Any, segment: Any, rates: Any, first: int) -> None:
    """Factors and inflow for a run of equal steps; the factors only where the step differs from that before."""
    if run == 0 or dt_min[run] != dt_min[run - 1]:
        _find_factors(w, dt_min[run])
    inflow = rates[segment[run]]
    for i in range(w.shape[1]):
        rate = inflow[min(first + i, inflow.shape[0] - 1)]
        for j in range(3):
            w[ADD + j, i] = w[B + j, i] * rate
        w[ADD_SITE, i] = w[G, i] * rate


@njit(inline="always", **_fast)
def _plasma(w: Any, i: int) -> float:
    return w[MODE, i] + w[MODE + 1, i] + w[MODE + 2, i]  # type: ignore[no-any-return]


def _by_tile(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    """Plasma and effect site into `found` (tiles, 2, t, LANES): as the lanes lie, the fastest to write."""
    for tile in prange(found.shape[0]):
        w = np.empty((ROWS, LANES))
        _begin(w, bodies, tile * LANES)
        for run in range(len(dt_min)):
            _prepare(w, run, dt_min, segment, rates, tile * LANES)
            first, shown = row[run], row[run] >= 0
            for k in range(steps[run]):
                _step(w)
                if shown:
                    plasma, site = found[tile, 0, first + k], found[tile, 1, first + k]
                    for i in range(LANES):
                        plasma[i] = _plasma(w, i)
                        site[i] = w[SITE, i]


def _by_patient(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    """Plasma and effect site into `found` (n, 2, t): turned a few times at once, in the nearest cache."""
    for tile in prange((found.shape[0] + LANES - 1) // LANES):
        w = np.empty((ROWS, LANES))
        held = np.empty((2, _TIMES_HELD, LANES))
        _begin(w, bodies, tile * LANES)
        begun, count = 0, 0
        for run in range(len(dt_min)):
            _prepare(w, run, dt_min, segment, rates, tile * LANES)
            first, shown = row[run], row[run] >= 0
            for k in range(steps[run]):
                _step(w)
                if shown:
                    begun = first + k if count == 0 else begun
                    plasma, site = held[0, count], held[1, count]
                    for i in range(LANES):
                        plasma[i] = _plasma(w, i)
                        site[i] = w[SITE, i]
                    count += 1
                    if count == _TIMES_HELD:
                        _turn(held, found, tile, begun, count)
                        count = 0
        _turn(held, found, tile, begun, count)


@njit(**_fast)
def _turn(held: Any, found: Any, tile: int, begun: int, count: int) -> None:
    """What is held of a tile, written so that each person's times lie side by side."""
    for i in range(min(LANES, found.shape[0] - tile * LANES)):
        for kind in range(2):
            line = found[tile * LANES + i, kind]
            for k in range(count):
                line[begun + k] = held[kind, k, i]


def _summed(bodies: Any, dt_min: Any, steps: Any, segment: Any, rates: Any, above: float, found: Any) -> None:
    """Of the effect site, into `found` (3, n): highest, area by trapezes, and minutes that end above a level."""
    for tile in prange((found.shape[1] + LANES - 1) // LANES):
        w, sums = np.empty((ROWS, LANES)), np.zeros((4, LANES))
        _begin(w, bodies, tile * LANES)
        for run in range(len(dt_min)):
            _prepare(w, run, dt_min, segment, rates, tile * LANES)
            long_min = dt_min[run]
            for _ in range(steps[run]):
                _step(w)
                for i in range(LANES):
                    site = w[SITE, i]
                    sums[0, i] = site if site > sums[0, i] else sums[0, i]
                    sums[1, i] += 0.5 * long_min * (site + sums[3, i])
                    sums[2, i] += long_min if site > above else 0.0
                    sums[3, i] = site
        for i in range(min(LANES, found.shape[1] - tile * LANES)):
            for each in range(3):
                found[each, tile * LANES + i] = sums[each, i]


# What scores say of many people, one by one: the same belief as `learning.learn`, its lanes one person's own and four
# with clearance and volume a step up and down.

_TRAITS, _VARIANTS, _STEP = 4, 8, 1e-4
_CLEARANCE_STEP = np.array([0.0, _STEP, -_STEP, 0.0, 0.0, 0.0, 0.0, 0.0])
_VOLUME_STEP = np.array([0.0, 0.0, 0.0, _STEP, -_STEP, 0.0, 0.0, 0.0])


@njit(**_fast)
def _vary(w: Any, body: Any, traits: Any) -> None:
    for i in range(_VARIANTS):
        clearance, volume = np.exp(traits[0] + _CLEARANCE_STEP[i]), np.exp(traits[1] + _VOLUME_STEP[i])
        w[V1, i], w[K10, i], w[KE0, i] = body[V1] * volume, body[K10] * clearance / volume, body[KE0]
        for row in range(K12, K31 + 1):
            w[row, i] = body[row] / volume
    _find_modes(w)


@njit(**_fast)
def _feel(w: Any, dt_min: Any, segment: Any, row: Any, rates: Any, traits: Any, felt: Any, answer: Any) -> None:
    """The expected score at each score's time (q,) and how it answers to the log of each trait (q, 4)."""
    steepness = np.exp(traits[3])
    for at in range(len(dt_min)):
        if at == 0 or segment[at] < segment[at - 1]:  # another infusion begins
            for i in range(_VARIANTS):
                for each in range(MODE, SITE + 1):
                    w[each, i] = 0.0
        _prepare(w, at, dt_min, segment, rates, 0)
        _step(w)
        if row[at] >= 0:
            odds = steepness * (np.log(w[SITE, 0]) - traits[2])
            share = 0.5 * (1.0 + np.tanh(0.5 * odds))
            bent = 10.0 * share * (1.0 - share)
            felt[row[at]] = 10.0 * share
            answer[row[at], 0] = bent * steepness * np.log(w[SITE, 1] / w[SITE, 2]) / (2.0 * _STEP)
            answer[row[at], 1] = bent * steepness * np.log(w[SITE, 3] / w[SITE, 4]) / (2.0 * _STEP)
            answer[row[at], 2] = -bent * steepness
            answer[row[at], 3] = bent * odds


@njit(**_fast)
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


@njit(**_fast)
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


@njit(**_fast)
def felt_by(body: Any, dt_min: Any, segment: Any, row: Any, rates: Any, traits: Any, felt: Any, answer: Any) -> None:
    """Of one person (7,): expected scores (q,) and their answers to the traits (q, 4), as any solver may ask."""
    w = np.empty((ROWS, _VARIANTS))
    _vary(w, body, traits)
    _feel(w, dt_min, segment, row, rates, traits, felt, answer)


def _fit(
    bodies: Any, dt_min: Any, segment: Any, row: Any, rates: Any, scores: Any, precision: Any,
    mean_log: Any, sd_log: Any, arrived: float, most_steps: int, place: Any, covariance: Any, norm: Any,
) -> None:  # fmt: skip
    """Levenberg and Marquardt with Nielsen's damping, as `climbing.climb`, for each of n people: scores (n, q)."""
    for n in prange(scores.shape[0]):
        w, count = np.empty((ROWS, _VARIANTS)), scores.shape[1]
        felt, answer, traits, there = np.empty(count), np.empty((count, _TRAITS)), mean_log.copy(), mean_log.copy()
        gradient, bend, new_gradient, new_bend = np.empty(4), np.empty((4, 4)), np.empty(4), np.empty((4, 4))
        held, step, unit = np.empty((4, 4)), np.empty(4), np.zeros(4)
        own = np.ascontiguousarray(rates[:, n]).reshape((rates.shape[0], 1))
        body = bodies[:, n]
        _vary(w, body, traits)
        _feel(w, dt_min, segment, row, own, traits, felt, answer)
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
            _feel(w, dt_min, segment, row, own, there, felt, answer)
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


by_tile_serial, by_tile = njit(**_fast)(_by_tile), njit(parallel=True, **_fast)(_by_tile)
by_patient_serial, by_patient = njit(**_fast)(_by_patient), njit(parallel=True, **_fast)(_by_patient)
summed_serial, summed = njit(**_fast)(_summed), njit(parallel=True, **_fast)(_summed)
fit_serial, fit = njit(**_fast)(_fit), njit(parallel=True, **_fast)(_fit)
