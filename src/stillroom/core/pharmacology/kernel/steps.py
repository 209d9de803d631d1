"""How does a tile of people come from one time to the next?

People lie side by side in tiles of `LANES`, so that each line below is one instruction for many of them. A step of
length dt does to every state

    mode      <- mode E + rate B                E = exp(-decay dt)         B = dt mean_decay(decay dt)
    site      <- site X + modes F + rate G      X = exp(-ke0 dt)           F, G: what came by way of the modes

The factors of a short step (rate times dt at most a half) are sums of one series and its divided differences, found
together by Horner's scheme; those of a long one come from its halves, by doubling: products and sums of what is zero or
more. So nothing nearly equal is subtracted anywhere: not where two decays coincide, nor where ke0 equals one, nor where
a compartment vanishes; and no exponential of a library is called, which would keep the lanes apart.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from numba import config, njit
from numba.core.codegen import get_host_cpu_features

# Not 64: rows of 4096 bytes or a fraction of it would share their places in the nearest cache.
LANES = 56
BODY_ROWS = 7  # v1_l, k10, k12, k21, k13, k31, ke0_per_min

# Sums of these times x^k are mean_decay(x). So many of them leave less than rounding, up to so large an x.
_SERIES = np.array([(-1.0) ** k / factorial(k + 1) for k in range(15)])
_TINY, _SMALL, _LARGEST = 0.05, 0.2, 0.5
_FOR_TINY, _FOR_SMALL, _FOR_LARGEST = 9, 12, 15

# Rows of a tile. The body's own, its decays and worths, its state, the factors of the step, and what the rate adds.
V1, K10, K12, K21, K13, K31, KE0 = range(7)
DECAY, WORTH, MODE, SITE = 7, 10, 13, 16
E, B, F, X, G = 17, 20, 23, 26, 27
ADD, ADD_SITE = 28, 31
TOTAL, D1, D2 = E, E + 1, E + 2  # used before there are factors
LOST, RATE, FASTEST = 32, 36, 37
ROWS = 40

# LLVM keeps to registers of 256 bits where a processor has 512, for fear of its clock. Here the wide ones win.
_FEATURES: str = get_host_cpu_features()  # type: ignore[no-untyped-call]
if "+avx512f" in _FEATURES:
    config.CPU_FEATURES = f"{_FEATURES},-prefer-256-bit"  # type: ignore[attr-defined]

FAST: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "cache": True}
# What is done to a tile becomes part of what does it, and counts nobody who looks on: the counts are shared between
# threads, and cost a good part of the step.
INLINE: dict[str, Any] = {**FAST, "forceinline": True, "_nrt": False}


@njit(**INLINE)
def _newton(x: float, c2: float, c1: float, c0: float) -> float:
    """One step of Newton's towards a root of x^3 + c2 x^2 + c1 x + c0."""
    slope = (3.0 * x + 2.0 * c2) * x + c1
    off = ((x + c2) * x + c1) * x + c0
    return x - off / (slope if slope != 0.0 else 1.0)


@njit(**INLINE)
def find_modes(w: Any) -> None:
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
    for j in range(3):
        w[FASTEST + j, 0] = 0.0
        for i in range(w.shape[1]):
            w[FASTEST + j, 0] = max(w[FASTEST + j, 0], w[DECAY + j, i], w[KE0, i])


@njit(**INLINE)
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


@njit(**INLINE)
def _find_factors(w: Any, dt_min: float) -> None:
    """The factors of a step of `dt_min` minutes, of every lane: no more of the series than its fastest needs."""
    halvings = 0
    while w[FASTEST, 0] * dt_min > _LARGEST:
        dt_min *= 0.5
        halvings += 1
    for i in range(w.shape[1]):
        w[G, i] = 0.0
    for j in range(3):
        most = w[FASTEST + j, 0] * dt_min
        if most <= _TINY:
            _sum_series(w, j, dt_min, _FOR_TINY)
        elif most <= _SMALL:
            _sum_series(w, j, dt_min, _FOR_SMALL)
        else:
            _sum_series(w, j, dt_min, _FOR_LARGEST)
    for _ in range(halvings):
        _double(w)


@njit(**INLINE)
def _sum_series(w: Any, j: int, dt_min: float, terms: int) -> None:
    """What mode j has of the factors of a step so short that these terms of the series are enough."""
    for i in range(w.shape[1]):
        a, b = w[DECAY + j, i] * dt_min, w[KE0, i] * dt_min
        kept, through = _SERIES[terms - 1], 0.0
        for k in range(terms - 2, -1, -1):
            through = through * b + kept
            kept = kept * a + _SERIES[k]
        lost, brought, chain = a * kept, w[WORTH + j, i] * dt_min, kept + b * through
        w[LOST + j, i] = lost
        w[E + j, i] = 1.0 - lost
        w[B + j, i] = brought * kept
        w[F + j, i] = b * chain
        w[G, i] -= brought * b * through
        if j == 2:  # beside the slowest mode the exponential of ke0 keeps the most digits
            lost_site = lost + (b - a) * chain
            w[LOST + 3, i] = lost_site
            w[X, i] = 1.0 - lost_site


@njit(**INLINE)
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


@njit(**INLINE)
def step(w: Any) -> None:
    for i in range(w.shape[1]):
        m0, m1, m2 = w[MODE, i], w[MODE + 1, i], w[MODE + 2, i]
        w[SITE, i] = w[X, i] * w[SITE, i] + w[F, i] * m0 + w[F + 1, i] * m1 + w[F + 2, i] * m2 + w[ADD_SITE, i]
        w[MODE, i] = w[E, i] * m0 + w[ADD, i]
        w[MODE + 1, i] = w[E + 1, i] * m1 + w[ADD + 1, i]
        w[MODE + 2, i] = w[E + 2, i] * m2 + w[ADD + 2, i]


@njit(**INLINE)
def begin(w: Any, bodies: Any, first: int) -> None:
    """The bodies of one tile, the last repeated where there are no more; nobody holds any drug."""
    for i in range(w.shape[1]):
        n = min(first + i, bodies.shape[1] - 1)
        for row in range(BODY_ROWS):
            w[row, i] = bodies[row, n]
        for row in range(MODE, SITE + 1):
            w[row, i] = 0.0
    find_modes(w)


@njit(**INLINE)
def prepare(w: Any, run: int, dt_min: Any, segment: Any, rates: Any, first: int) -> None:
    """Factors and inflow for a run of equal steps; the factors only where the step differs from that before."""
    if run == 0 or dt_min[run] != dt_min[run - 1]:
        _find_factors(w, dt_min[run])
    if run == 0 or segment[run] != segment[run - 1]:
        for i in range(w.shape[1]):
            w[RATE, i] = rates[segment[run], min(first + i, rates.shape[1] - 1)]
    for i in range(w.shape[1]):
        for j in range(3):
            w[ADD + j, i] = w[B + j, i] * w[RATE, i]
        w[ADD_SITE, i] = w[G, i] * w[RATE, i]
