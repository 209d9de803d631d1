"""What is in the blood and at the effect site of many people, or of each the little that sums it up?

Each comes in two: for one thread, and for as many as there are. They are written out, as Numba would keep what it
compiled of two made from one under one name, and take the first for the other. A tile is followed in the caches of one
thread and written once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from stillroom.core.pharmacology.kernel.steps import (
    ADD,
    ADD_SITE,
    FAST,
    INLINE,
    LANES,
    MODE,
    ROWS,
    SITE,
    E,
    F,
    X,
    begin,
    prepare,
    step,
)


@njit(parallel=True, **FAST)
def by_tile(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    """Plasma and effect site into `found` (tiles, 2, t, LANES): as the lanes lie, the fastest to write."""
    for tile in prange(found.shape[0]):
        _follow(np.empty((ROWS, LANES)), tile, bodies, dt_min, steps, segment, row, rates, found[tile])


@njit(**FAST)
def by_tile_serial(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    for tile in range(found.shape[0]):
        _follow(np.empty((ROWS, LANES)), tile, bodies, dt_min, steps, segment, row, rates, found[tile])


@njit(parallel=True, **FAST)
def by_patient(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    """Plasma and effect site into `found` (n, 2, t): each person's times side by side."""
    for tile in prange(_tiles(found.shape[0])):
        held = np.empty((2, found.shape[2], LANES))
        _follow(np.empty((ROWS, LANES)), tile, bodies, dt_min, steps, segment, row, rates, held)
        _turn(held, found, tile, row)


@njit(**FAST)
def by_patient_serial(bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, found: Any) -> None:
    for tile in range(_tiles(found.shape[0])):
        held = np.empty((2, found.shape[2], LANES))
        _follow(np.empty((ROWS, LANES)), tile, bodies, dt_min, steps, segment, row, rates, held)
        _turn(held, found, tile, row)


@njit(parallel=True, **FAST)
def summed(bodies: Any, dt_min: Any, steps: Any, segment: Any, rates: Any, above: float, found: Any) -> None:
    """Of the effect site, into `found` (3, n): highest, area by trapezes, and minutes that end above a level."""
    for tile in prange(_tiles(found.shape[1])):
        w, sums = np.empty((ROWS, LANES)), np.zeros((4, LANES))
        _sum_up(w, sums, tile, bodies, dt_min, steps, segment, rates, above, found)


@njit(**FAST)
def summed_serial(bodies: Any, dt_min: Any, steps: Any, segment: Any, rates: Any, above: float, found: Any) -> None:
    for tile in range(_tiles(found.shape[1])):
        w, sums = np.empty((ROWS, LANES)), np.zeros((4, LANES))
        _sum_up(w, sums, tile, bodies, dt_min, steps, segment, rates, above, found)


@njit(**INLINE)
def _tiles(people: int) -> int:
    return (people + LANES - 1) // LANES


@njit(**INLINE)
def _follow(
    w: Any, tile: int, bodies: Any, dt_min: Any, steps: Any, segment: Any, row: Any, rates: Any, held: Any
) -> None:
    """Plasma and effect site of one tile into `held` (2, t, LANES)."""
    begin(w, bodies, tile * LANES)
    for run in range(len(dt_min)):
        prepare(w, run, dt_min, segment, rates, tile * LANES)
        for k in range(steps[run]):
            if row[run] < 0:
                step(w)
            else:
                _step_into(w, held, row[run] + k)


@njit(**INLINE)
def _step_into(w: Any, held: Any, at: int) -> None:
    """`step`, written to its place while it is in hand: fetched again it would cost as much as the step."""
    for i in range(LANES):
        m0, m1, m2 = w[MODE, i], w[MODE + 1, i], w[MODE + 2, i]
        followed = w[F, i] * m0 + w[F + 1, i] * m1 + w[F + 2, i] * m2
        m0, m1, m2 = w[E, i] * m0 + w[ADD, i], w[E + 1, i] * m1 + w[ADD + 1, i], w[E + 2, i] * m2 + w[ADD + 2, i]
        site = w[X, i] * w[SITE, i] + followed + w[ADD_SITE, i]
        w[MODE, i], w[MODE + 1, i], w[MODE + 2, i], w[SITE, i] = m0, m1, m2, site
        held[0, at, i] = m0 + m1 + m2
        held[1, at, i] = site


@njit(**INLINE)
def _turn(held: Any, found: Any, tile: int, row: Any) -> None:
    """What is held of a tile, written so that each person's times lie side by side; from the first that was reached."""
    begun = held.shape[1]
    for each in row:
        begun = min(begun, each) if each >= 0 else begun
    for i in range(min(LANES, found.shape[0] - tile * LANES)):
        for kind in range(2):
            for k in range(begun, held.shape[1]):
                found[tile * LANES + i, kind, k] = held[kind, k, i]


@njit(**INLINE)
def _sum_up(
    w: Any,
    sums: Any,
    tile: int,
    bodies: Any,
    dt_min: Any,
    steps: Any,
    segment: Any,
    rates: Any,
    above: float,
    found: Any,
) -> None:
    begin(w, bodies, tile * LANES)
    for run in range(len(dt_min)):
        prepare(w, run, dt_min, segment, rates, tile * LANES)
        long_min = dt_min[run]
        for _ in range(steps[run]):
            step(w)
            for i in range(LANES):
                site = w[SITE, i]
                sums[0, i] = site if site > sums[0, i] else sums[0, i]
                sums[1, i] += 0.5 * long_min * (site + sums[3, i])
                sums[2, i] += long_min if site > above else 0.0
                sums[3, i] = site
    for i in range(min(LANES, found.shape[1] - tile * LANES)):
        for each in range(3):
            found[each, tile * LANES + i] = sums[each, i]
