"""Into which independent decays does a body of compartments fall apart?

A compartment holds drug in a volume; a flow carries drug between two compartments, or out of the body, in proportion
to the difference of their concentrations. Any such body, elimination from anywhere, is a sum of modes: each decays on
its own at one rate, and a dose into the first compartment is shared out among them.

Written per square root of volume, the rate matrix is `flows.T @ flows`, where each row of `flows` is one flow. So the
modes are the right singular vectors of `flows`, and the rate of a mode is what its flows lose: the sum of their
squares. Nothing is subtracted to get it, hence slow modes beside very fast ones, equal modes and vanishing
compartments keep all their digits, for which the roots of a cubic need polishing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from stillroom.core.pharmacology.exponentials import Array


@dataclass(frozen=True, slots=True)
class Flow:
    """A clearance, L/min, from one compartment to another and equally back, or (to None) out of the body."""

    clearance_l_per_min: float
    source: int
    to: int | None = None


@dataclass(frozen=True, slots=True)
class Compartments:
    """Volumes, L, the first being the one that receives the drug and is sampled; and the flows between them."""

    volumes_l: tuple[float, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """The decays of n compartments. Each mg given is counted once in every mode, and the shares sum it up.

    Of b bodies, each array has one more axis (b,) at its end.

    decay_per_min  (n,)    the rate of each mode, 1/min, in falling order
    share_per_l    (n, n)  concentration in compartment i, mg/L, for each mg in mode j; a row sums to 1/volume for the
                           first compartment and to 0 for the others, which hold nothing at the moment of a dose
    """

    decay_per_min: Array
    share_per_l: Array


def modes_of(compartments: Compartments) -> Modes:
    """The decays into which these compartments fall apart (Jacquez and Simon, SIAM Rev 1993;35:43, symmetrisable)."""
    return Modes(*_modes(_flows(compartments), np.array(compartments.volumes_l)))


def modes_of_scaled(compartments: Compartments, *, clearance_factor: Array, volume_factor: Array) -> Modes:
    """As `modes_of`, of b bodies: what leaves the body faster by a factor (b,), all volumes larger by another."""
    leaves = np.array([flow.to is None for flow in compartments.flows])
    faster = np.where(leaves, np.sqrt(clearance_factor / volume_factor)[:, None], np.sqrt(1.0 / volume_factor)[:, None])
    flows = faster[:, :, None] * _flows(compartments)
    volumes_l = np.multiply.outer(volume_factor, np.array(compartments.volumes_l))
    return Modes(*(np.moveaxis(found, 0, -1) for found in _modes(flows, volumes_l)))


def _modes(flows: Array, volumes_l: Array) -> tuple[Array, Array]:
    """Decays (..., n) and shares (..., n, n) of flows (..., m, n)."""
    vectors = np.swapaxes(np.linalg.svd(flows)[2], -1, -2)
    root_l = np.sqrt(volumes_l)
    share_per_l = vectors * vectors[..., :1, :] / (root_l[..., :, None] * root_l[..., :1, None])
    return np.sum((flows @ vectors) ** 2, axis=-2), share_per_l


def _flows(compartments: Compartments) -> Array:
    rows = np.zeros((len(compartments.flows), len(compartments.volumes_l)))
    for row, flow in zip(rows, compartments.flows, strict=True):
        row[flow.source] = sqrt(flow.clearance_l_per_min / compartments.volumes_l[flow.source])
        if flow.to is not None:
            row[flow.to] = -sqrt(flow.clearance_l_per_min / compartments.volumes_l[flow.to])
    return rows
