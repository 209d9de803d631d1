"""Some people by numbalsoda: LSODA, compiled, driven from compiled code, as fast as it goes; rtol 1e-6."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, cfunc, njit
from numbalsoda import lsoda, lsoda_sig


@cfunc(lsoda_sig)
def _grow(_: float, state: Any, change: Any, given: Any) -> None:
    v1_l, k10, k12, k21, k13, k31, ke0, rate = carray(given, (8,))
    change[0] = rate - (k10 + k12 + k13) * state[0] + k21 * state[1] + k31 * state[2]
    change[1] = k12 * state[0] - k21 * state[1]
    change[2] = k13 * state[0] - k31 * state[2]
    change[3] = ke0 * (state[0] / v1_l - state[3])


_GROW = _grow.address


@njit
def follow(bodies: Any, edges_min: Any, rates: Any, t_min: Any, found: Any) -> None:
    """Plasma and effect site, ng/mL, into `found` (n, 2, t), at minutes t from edge to edge, each with its rate."""
    for n in range(found.shape[0]):
        state, given = np.zeros(4), np.empty(8)
        given[:7] = bodies[:, n]
        for span in range(len(rates)):
            given[7] = rates[span]
            first, after = np.searchsorted(t_min, edges_min[span : span + 2], side="right")
            path, _ = lsoda(_GROW, state, np.append(edges_min[span], t_min[first:after]), given, 1e-6, 1e-9)
            state = path[-1].copy()
            found[n, 0, first:after] = path[1:, 0] / given[0] * 1000.0
            found[n, 1, first:after] = path[1:, 3] * 1000.0
