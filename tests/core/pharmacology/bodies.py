"""Bodies of compartments: the published ones, ordinary ones near them, and those that break other solvers."""

from __future__ import annotations

import math
from random import Random

from stillroom.core.pharmacology import MODELS, Body
from stillroom.core.pharmacology.compartments import Compartments, Flow, modes_of
from stillroom.core.pharmacology.models import KE0_PER_MIN, compartments_of

DOMINO = (4.41, 0.438, 0.592, 0.590, 0.247, 0.0146)
KAMP = (25.0, 0.056, 0.107333, 0.0526667, 0.0479167, 0.00838641)


def three(v1_l: float, k10: float, k12: float, k13: float, k21: float, k31: float) -> Compartments:
    """Three compartments by rate constants, 1/min."""
    return Compartments(
        volumes_l=(v1_l, v1_l * k12 / k21, v1_l * k13 / k31),
        flows=(Flow(k10 * v1_l, 0), Flow(k12 * v1_l, 0, 1), Flow(k13 * v1_l, 0, 2)),
    )


def by_flows(v2_l: float = 56.0, *, cl: float = 1.4, q2: float = 2.7, q3: float = 1.3) -> Compartments:
    """Kamp's size by volumes and clearances, L/min."""
    return Compartments((25.0, v2_l, 157.0), (Flow(cl, 0), Flow(q2, 0, 1), Flow(q3, 0, 2)))


def published() -> dict[str, Compartments]:
    body = Body(age_y=72, weight_kg=83)
    return {name: compartments_of(model, body) for name, model in MODELS.items()}


def ordinary(count: int = 6) -> dict[str, Compartments]:
    """Log-normal around Domino with 35 % on every constant, the same each time."""
    random = Random(1981)
    return {
        f"ordinary {number}": three(*(each * math.exp(random.gauss(0, 0.35)) for each in DOMINO))
        for number in range(count)
    }


def degenerate() -> dict[str, tuple[Compartments, float]]:
    """Near-equal eigenvalues, ke0 on an eigenvalue, compartments that vanish or never give back; each with its ke0."""
    kamp = three(*KAMP)
    found = {
        f"ke0 = eigenvalue {i} x (1 + {apart:g})": (kamp, float(rate) * (1 + apart))
        for i, rate in enumerate(modes_of(kamp).decay_per_min)
        for apart in (0.0, 1e-12, 1e-8)
    }
    for apart in (0.0, 1e-12, 1e-8, 1e-5):
        found[f"k31 = k21 x (1 + {apart:g})"] = (
            three(25, 0.056, 0.107, 0.053, 0.0479, 0.0479 * (1 + apart)),
            KE0_PER_MIN,
        )
    for scale in (1e-3, 1e-6, 1e-12):
        found[f"k13 x {scale:g}"] = (three(25, 0.056, 0.107, 0.053 * scale, 0.0479, 0.0084), KE0_PER_MIN)
        found[f"Q3 x {scale:g}"] = (by_flows(q3=1.3 * scale), KE0_PER_MIN)
    found["k12 and k13 x 1e-6"] = (three(25, 0.056, 0.107e-6, 0.053e-6, 0.0479, 0.0084), KE0_PER_MIN)
    found["k31 x 1e-6"] = (three(25, 0.056, 0.107, 0.053, 0.0479, 0.0084e-6), KE0_PER_MIN)
    found["all rates equal, ke0 too"] = (three(25, 0.05, 1e-8, 1e-8, 0.05, 0.05), 0.05)
    found["V2 x 1e-9"] = (by_flows(56e-9), KE0_PER_MIN)
    found["Q2 x 1e6"] = (by_flows(q2=2.7e6), KE0_PER_MIN)
    found["no elimination"] = (by_flows(cl=0.0), KE0_PER_MIN)
    found["no exchange"] = (by_flows(q2=0.0, q3=0.0), KE0_PER_MIN)
    found["no effect-site delay to speak of"] = (kamp, 1e4)
    found["an effect site that hardly moves"] = (kamp, 1e-9)
    return found
