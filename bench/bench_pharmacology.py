"""How long does the room's forecast take, and how exact is it? Beside scipy's LSODA, in the same run.

One infusion as the room draws it: five changes of rate, three models, 120 times, plasma and effect site. The peer gets
the same compartments with the rate matrix worked out beforehand, and is restarted at every change of rate, as it must.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import odeint
from scipy.linalg import expm

from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, course
from stillroom.core.pharmacology.compartments import Compartments
from stillroom.core.pharmacology.models import KE0_PER_MIN, compartments_of
from stillroom.project.bench import Figure, goal

Array = NDArray[np.float64]

ROUNDS = 15
PATIENT = Body(age_y=40, weight_kg=70)
SEGMENTS = ((0.0, 5.0, 0.6), (5.0, 40.0, 0.875), (60.0, 90.0, 0.4))
T_MIN = np.arange(1.0, 121.0)
LIMIT_MS = 5.0
LIMIT_ERROR = 5e-14


def figures() -> Iterator[Figure]:
    """Times are medians of interleaved rounds; errors are the worst of 3 models, 120 times, plasma and effect site.

    A ratio is ours over the peer's: below 1 is better.
    """
    bodies = [compartments_of(MODELS[name], PATIENT) for name in ROOM_MODELS]
    ours_ms, peer_ms = _interleaved_ms(_ours, lambda: _by_odeint(bodies))
    exact = _by_expm(bodies)
    ours_error, peer_error = _worst(_ours(), exact), _worst(_by_odeint(bodies), exact)
    peer = "scipy odeint (LSODA, rtol 1e-8)"
    yield Figure("pharmacology.room_course", ours_ms, "ms", limit=goal(most=LIMIT_MS))
    yield Figure("pharmacology.room_course_beside_peer", ours_ms, "ms", f"{peer}: {peer_ms:.2f} ms", ours_ms / peer_ms)
    yield Figure("pharmacology.room_course_error", ours_error, "1", limit=goal(most=LIMIT_ERROR))
    yield Figure(
        "pharmacology.room_course_error_beside_peer",
        ours_error,
        "1",
        f"{peer}: {peer_error:.1e}",
        ours_error / peer_error,
    )


def _ours() -> Array:
    """(model, plasma or effect site, time), ng/mL."""
    lines = course(ROOM_MODELS, SEGMENTS, PATIENT, T_MIN).lines
    return np.array([(line.plasma_ng_per_ml, line.effect_site_ng_per_ml) for line in lines])


def _by_odeint(bodies: list[Compartments]) -> Array:
    """LSODA at rtol 1e-8, as performance reports of peers use it."""
    return np.array([_integrated(compartments) for compartments in bodies])


def _integrated(compartments: Compartments) -> Array:
    def grow(state: Array, _: float, generator: Array, inflow: Array) -> Array:
        return generator @ state + inflow

    generator = _generator(compartments)
    state, found = np.zeros(len(generator)), []
    for start_min, end_min, rate_mg_per_min in _stretches():
        inflow = np.zeros(len(generator))
        inflow[0] = rate_mg_per_min
        times = np.array([start_min, *_times_in(start_min, end_min)])
        path = odeint(grow, state, times, args=(generator, inflow), rtol=1e-8, atol=1e-12, Dfun=lambda *_: generator)
        state = path[-1]
        found.append(path[1:])
    return _as_concentrations(compartments, np.concatenate(found))


def _by_expm(bodies: list[Compartments]) -> Array:
    """Matrix exponentials from change to change: slow, and right to rounding."""
    return np.array([_exponentiated(compartments) for compartments in bodies])


def _exponentiated(compartments: Compartments) -> Array:
    generator = _generator(compartments)
    state, found = np.append(np.zeros(len(generator)), 1.0), []
    for start_min, end_min, rate_mg_per_min in _stretches():
        augmented = np.pad(generator, (0, 1))
        augmented[0, -1] = rate_mg_per_min
        times = _times_in(start_min, end_min)
        found += [(expm(augmented * (t_min - start_min)) @ state)[:-1] for t_min in times]
        state = expm(augmented * (end_min - start_min)) @ state
    return _as_concentrations(compartments, np.array(found))


def _stretches() -> list[tuple[float, float, float]]:
    """The segments, the pause between them, and the two hours' rest; every edge is one of the times asked for."""
    return [*SEGMENTS[:2], (40.0, 60.0, 0.0), SEGMENTS[2], (90.0, 120.0, 0.0)]


def _times_in(start_min: float, end_min: float) -> Array:
    first, after = np.searchsorted(T_MIN, (start_min, end_min), side="right")
    return T_MIN[first:after]


def _generator(compartments: Compartments) -> Array:
    """d/dt of amounts, mg, and of the effect site, mg/L."""
    size = len(compartments.volumes_l)
    matrix = np.zeros((size + 1, size + 1))
    for flow in compartments.flows:
        out_per_min = flow.clearance_l_per_min / compartments.volumes_l[flow.source]
        matrix[flow.source, flow.source] -= out_per_min
        if flow.to is not None:
            back_per_min = flow.clearance_l_per_min / compartments.volumes_l[flow.to]
            matrix[flow.to, flow.source] += out_per_min
            matrix[flow.to, flow.to] -= back_per_min
            matrix[flow.source, flow.to] += back_per_min
    matrix[size, 0], matrix[size, size] = KE0_PER_MIN / compartments.volumes_l[0], -KE0_PER_MIN
    return matrix


def _as_concentrations(compartments: Compartments, states: Array) -> Array:
    return np.array([states[:, 0] / compartments.volumes_l[0], states[:, -1]]) * 1000.0


def _worst(found: Array, exact: Array) -> float:
    return float(np.max(np.abs(found / exact - 1.0)))


def _interleaved_ms(*tasks: Callable[[], object]) -> list[float]:
    """Median milliseconds of each task, taken in turns so that a busy moment falls on all alike."""
    taken: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, times in zip(tasks, taken, strict=True):
            began = perf_counter()
            task()
            times.append((perf_counter() - began) * 1000.0)
    return [statistics.median(times) for times in taken]
