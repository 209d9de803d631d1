"""Two slow solvers that share nothing with ours: matrix exponentials, of scipy in a batch and of mpmath to 30 digits.

Both take the rate matrix of the compartments, a site that follows the first, and the inflow as one more state.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import mpmath
import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from stillroom.core.pharmacology.compartments import Compartments

Segments = Sequence[tuple[float, float, float]]


def by_scipy(
    compartments: Compartments, ke0_per_min: float, segments: Segments, t_min: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Plasma and effect site, ng/mL, each (t,): one batch of exponentials for every stretch of constant rate."""
    found = np.zeros((len(t_min), len(compartments.volumes_l) + 1))
    state = np.zeros(found.shape[1])
    for start_min, end_min, rate_mg_per_min in _stretches(segments):
        generator = np.array(_generator(compartments, ke0_per_min, rate_mg_per_min), dtype=float)
        here = (t_min >= start_min) & (t_min < end_min)
        known = np.append(state, 1.0)
        steps = scipy.linalg.expm(generator * (t_min[here] - start_min)[:, None, None])
        found[here] = (steps @ known)[:, :-1]
        if np.isfinite(end_min):
            state = (scipy.linalg.expm(generator * (end_min - start_min)) @ known)[:-1]
    return found[:, 0] / compartments.volumes_l[0] * 1000.0, found[:, -1] * 1000.0


def by_mpmath(
    compartments: Compartments, ke0_per_min: float, segments: Segments, t_min: Sequence[float], *, digits: int = 30
) -> tuple[list[mpmath.mpf], list[mpmath.mpf]]:
    """Plasma and effect site, ng/mL, at rising times, to 30 digits or as many as wanted."""
    plasma, site = [], []
    with mpmath.workdps(digits):
        known = mpmath.matrix([0] * (len(compartments.volumes_l) + 1) + [1])
        for start_min, end_min, rate_mg_per_min in _stretches(segments):
            generator = mpmath.matrix(_generator(compartments, ke0_per_min, rate_mg_per_min))
            for each_min in (each for each in t_min if start_min <= each < end_min):
                then = mpmath.expm(generator * (mpmath.mpf(each_min) - start_min), method="taylor") * known
                plasma.append(then[0] / compartments.volumes_l[0] * 1000)
                site.append(then[len(compartments.volumes_l)] * 1000)
            if end_min < mpmath.inf:
                known = mpmath.expm(generator * (mpmath.mpf(end_min) - start_min), method="taylor") * known
    return plasma, site


def _stretches(segments: Segments) -> list[tuple[float, float, float]]:
    """The segments with the pauses between them and the endless one after them."""
    closed = list(segments)
    pauses = [(earlier[1], later[0], 0.0) for earlier, later in pairwise(closed) if later[0] > earlier[1]]
    return sorted([*closed, *pauses, (closed[-1][1], float("inf"), 0.0)])


def _generator(compartments: Compartments, ke0_per_min: float, rate_mg_per_min: float) -> list[list[mpmath.mpf]]:
    """d/dt of (amounts in mg, effect site in mg/L, 1)."""
    volumes = [mpmath.mpf(volume_l) for volume_l in compartments.volumes_l]
    site, one = len(volumes), len(volumes) + 1
    matrix = [[mpmath.mpf(0)] * (one + 1) for _ in range(one + 1)]
    for flow in compartments.flows:
        clearance = mpmath.mpf(flow.clearance_l_per_min)
        matrix[flow.source][flow.source] -= clearance / volumes[flow.source]
        if flow.to is not None:
            matrix[flow.to][flow.source] += clearance / volumes[flow.source]
            matrix[flow.to][flow.to] -= clearance / volumes[flow.to]
            matrix[flow.source][flow.to] += clearance / volumes[flow.to]
    matrix[site][0] = mpmath.mpf(ke0_per_min) / volumes[0]
    matrix[site][site] = -mpmath.mpf(ke0_per_min)
    matrix[0][one] = mpmath.mpf(rate_mg_per_min)
    return matrix
