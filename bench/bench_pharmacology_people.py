"""How fast are a million people, and how exact? Beside the memory they fill, and the peers, in the same run.

The task is the one other engines are measured by: three compartments and an effect site, parameters of each person's
own (log-normal), five changes of rate, 120 times a minute apart, plasma and effect site. Times are medians of
interleaved rounds. A value in "x fill" is the time over that of NumPy filling the same array in the same run; one in "x
ours" is the peer's time for a person over ours, on one thread.

Where two threads work, two fill: NumPy lets go of its lock while it fills, and each thread fills its half.

PyTCI installs from the package index. opentiva and numbalsoda come as source alone on this Python: `make peers` builds
them, with gcc and gfortran at hand. What is not there is not measured, and that is said.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from stillroom.core.pharmacology import kernel
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.population import constants_of, plan
from stillroom.project.bench import Figure, goal
from tests.core.pharmacology.bodies import KAMP, degenerate, ordinary, published
from tests.core.pharmacology.oracles import by_mpmath

Array = NDArray[np.float64]

SEGMENTS = ((0.0, 5.0, 0.6), (5.0, 40.0, 0.875), (60.0, 90.0, 0.4))
HISTORY = staircase(SEGMENTS)
EDGES_MIN = np.array([0.0, 5.0, 40.0, 60.0, 90.0, 120.0])
T_MIN = np.arange(1.0, 121.0)
PEOPLE = 8_929 * kernel.LANES  # half a million
FEW = 20 * kernel.LANES
ROUNDS = 5
DIGITS = 60
# Behind our own, so that both stand on the same numpy and Numba.
sys.path += [str(each) for each in Path("build/peers").glob("lib/python*/site-packages")]


def figures() -> Iterator[Figure]:
    """A few minutes' worth of everything, peers included, in about one."""
    yield from _beside_memory()
    yield from _beside_peers()
    yield from _accuracy()


def _beside_memory() -> Iterator[Figure]:
    people, rates = drawn(PEOPLE), given(PEOPLE)
    even, uneven = plan(HISTORY, T_MIN), plan(HISTORY, _uneven_min())
    by_tile = np.ones((PEOPLE // kernel.LANES, 2, len(T_MIN), kernel.LANES))
    by_patient = by_tile.reshape(PEOPLE, 2, len(T_MIN))  # the same memory, read as the other layout
    three = np.zeros((3, PEOPLE))
    halves = np.array_split(by_tile.reshape(-1), 2)
    threads = ThreadPoolExecutor(2)
    fill, fill_alone, tile, patient, total, any_time = _interleaved_s(
        lambda: list(threads.map(lambda half: half.fill(1.0), halves)),
        lambda: by_tile.fill(1.0),
        lambda: kernel.by_tile(people, *even, rates, by_tile),
        lambda: kernel.by_patient(people, *even, rates, by_patient),
        lambda: kernel.summed(people, *even[:3], rates, 100.0, three),
        lambda: kernel.by_tile(people, *uneven, rates, by_tile),
    )
    per_s = f"{PEOPLE / 1e6:.2f} million people, two threads; NumPy fill {fill:.3f} s, by one thread {fill_alone:.3f} s"
    yield _under("stored", tile / fill, "x fill", 1.6, per_s)
    yield _under("stored_by_patient", patient / fill, "x fill", 2.2, per_s)
    yield _under("summaries", total / fill, "x fill", 1.2, per_s)
    yield _under("arbitrary_times", any_time / tile, "x uniform grid", 3.0, "120 times at random, no two steps alike")
    yield Figure("pharmacology.people.stored_per_s", PEOPLE / tile, "people/s", per_s)
    yield Figure("pharmacology.people.summaries_per_s", PEOPLE / total, "people/s", per_s)


def _beside_peers() -> Iterator[Figure]:
    people, rates = drawn(FEW), given(FEW)
    found = np.zeros((FEW, 2, len(T_MIN)))
    steps = plan(HISTORY, T_MIN)
    [ours] = _interleaved_s(lambda: kernel.by_patient_serial(people, *steps, rates, found))
    ours_us = ours / FEW * 1e6
    yield Figure("pharmacology.people.one_thread", ours_us, "us/person", "one thread, stored by person")
    for name, least, peer, count in (("pytci", 1000, _by_pytci, 40), ("lsoda", 3000, _by_lsoda, 8)):
        [theirs] = _interleaved_s(lambda peer=peer, count=count: [peer(people[:, n]) for n in range(count)], rounds=3)
        worst = max(_worst(peer(people[:, n]), found[n]) for n in range(2))
        yield _over(name, theirs / count * 1e6, ours_us, least, f"apart by {worst:.0e}")
    yield from _beside_opentiva(ours_us)
    yield from _beside_numbalsoda(people, found, ours_us)


def _beside_opentiva(ours_us: float) -> Iterator[Figure]:
    if importlib.util.find_spec("opentiva") is None:
        yield _absent("opentiva")
        return
    [theirs] = _interleaved_s(lambda: [_by_opentiva() for _ in range(3)], rounds=3)
    yield _over("opentiva", theirs / 3 * 1e6, ours_us, 1000, "its own body, every second")


def _beside_numbalsoda(people: Array, ours: Array, ours_us: float) -> Iterator[Figure]:
    if importlib.util.find_spec("numbalsoda") is None:
        yield _absent("numbalsoda")
        return
    import by_numbalsoda

    found = np.zeros((200, 2, len(T_MIN)))
    [theirs] = _interleaved_s(lambda: by_numbalsoda.follow(people, EDGES_MIN, _RATES, T_MIN, found), rounds=3)
    yield _over("numbalsoda", theirs / len(found) * 1e6, ours_us, 120, f"apart by {_worst(found, ours[:200]):.0e}")


def _accuracy() -> Iterator[Figure]:
    """The largest relative error of the kernel, plasma and effect site, against 60 digits."""
    usual = {**published(), **ordinary()}
    arrowheads = {name: (body, KE0_PER_MIN) for name, body in usual.items() if len(body.volumes_l) < 4}
    for kind, bodies, most in (("ordinary", arrowheads, 5e-14), ("degenerate", degenerate(), 1e-11)):
        worst = max(_error(body, ke0_per_min) for body, ke0_per_min in bodies.values())
        yield Figure(f"pharmacology.people.error_{kind}", worst, "1", f"mpmath, {DIGITS} digits", limit=goal(most=most))


def _error(body: object, ke0_per_min: float) -> float:
    t_min = (0.5, 25.0, 120.0)
    row = np.array([[*constants_of(body), ke0_per_min]]).T.copy()
    found = np.zeros((1, 2, len(t_min)))
    kernel.by_patient_serial(row, *plan(HISTORY, np.array(t_min)), given(1), found)
    with mpmath.workdps(DIGITS):
        exact = by_mpmath(body, ke0_per_min, SEGMENTS, t_min, digits=DIGITS)
        return max(
            abs(float(ours / true - 1))
            for kind in (0, 1)
            for ours, true in zip(found[0, kind], exact[kind], strict=True)
        )


def drawn(people: int) -> Array:
    """The kernel's bodies (7, n): log-normal about Kamp's, 30 % on every number, the same each time."""
    usual = np.array([KAMP[0], KAMP[1], KAMP[2], KAMP[4], KAMP[3], KAMP[5], KE0_PER_MIN])
    return usual[:, None] * np.exp(0.3 * np.random.default_rng(2020).standard_normal((7, people)))


def given(people: int) -> Array:
    """The rates (s, n), alike for all."""
    return np.repeat(HISTORY.rates_mg_per_min[:, None], people, axis=1)


def _uneven_min() -> Array:
    return np.sort(np.random.default_rng(1).uniform(0.0, 120.0, len(T_MIN)))


def _by_pytci(body: Array) -> Array:
    from PyTCI.models.base import Three

    v1_l, k10, k12, k21, k13, k31, ke0 = body
    patient = Three()
    patient.v1, patient.k10, patient.k12, patient.k13, patient.k21, patient.k31, patient.keo = (
        v1_l,
        k10,
        k12,
        k13,
        k21,
        k31,
        ke0,
    )
    patient.setup()
    patient.set_integrator("exact")
    found = []
    for t_min in T_MIN:
        patient.giveoverseconds(_rate_before(t_min) / 60.0, 60)
        found.append((patient.x1 * 1000.0, patient.xeo * 1000.0))
    return np.transpose(found)


def _by_lsoda(body: Array) -> Array:
    v1_l, k10, k12, k21, k13, k31, ke0 = body
    matrix = np.array([[-k10 - k12 - k13, k21, k31, 0], [k12, -k21, 0, 0], [k13, 0, -k31, 0], [ke0 / v1_l, 0, 0, -ke0]])
    state, found = np.zeros(4), []
    for start_min, end_min in pairwise(EDGES_MIN):
        inflow = np.array([_rate_before(end_min), 0, 0, 0])
        times = T_MIN[(start_min < T_MIN) & (end_min >= T_MIN)]
        path = solve_ivp(
            lambda _, y, inflow=inflow: matrix @ y + inflow,
            (start_min, end_min),
            state,
            "LSODA",
            times,
            rtol=1e-6,
            atol=1e-9,
        )
        state = path.y[:, -1]
        found.append(path.y)
    amounts = np.concatenate(found, axis=1)
    return np.array([amounts[0] / v1_l, amounts[3]]) * 1000.0


def _by_opentiva() -> object:
    """Its own Kamp model on its own grid of seconds: a person as it knows them."""
    from opentiva import ketamine, pump

    model = ketamine.Klamp(sex=0, age=40, weight=70, height=175)
    run = pump.Pump(model, 10, 7200)
    for start_min, end_min, rate_mg_per_min in SEGMENTS:
        run.add_infusion(int(start_min * 60), rate_mg_per_min / 60.0, int((end_min - start_min) * 60))
    return run.run()


def _rate_before(t_min: float) -> float:
    return next((rate for start, end, rate in SEGMENTS if start < t_min <= end), 0.0)


_RATES = np.array([_rate_before(end_min) for end_min in EDGES_MIN[1:]])


def _under(name: str, value: float, unit: str, most: float, beside: str) -> Figure:
    return Figure(f"pharmacology.people.{name}", value, unit, beside, limit=goal(most=most))


def _over(name: str, theirs_us: float, ours_us: float, least: float, how: str) -> Figure:
    beside = f"{theirs_us:.0f} us a person, {how}"
    return Figure(f"pharmacology.people.{name}", theirs_us / ours_us, "x ours", beside, limit=goal(least=least))


def _absent(name: str) -> Figure:
    return Figure(f"pharmacology.people.{name}", 0, "not measured", "not here: `make peers`")


def _worst(found: Array, ours: Array) -> float:
    return float(np.max(np.abs(found / ours - 1.0)))


def _interleaved_s(*tasks: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median seconds of each task, in turns so that a busy moment falls on all alike; each once before, to compile."""
    for task in tasks:
        task()
    taken: list[list[float]] = [[] for _ in tasks]
    for _ in range(rounds):
        for task, times in zip(tasks, taken, strict=True):
            began = perf_counter()
            task()
            times.append(perf_counter() - began)
    return [statistics.median(times) for times in taken]
