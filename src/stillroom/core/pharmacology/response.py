"""What is in the blood, and at the effect site, after a history of rates?

Between two changes of rate the solution is exact: every mode decays on its own, and the effect site follows the plasma
at ke0. So a state is carried from change to change, and each asked-for time is reached from the change before it, all
at once. For plasma and its effect site every term is zero or more: nothing cancels, nothing turns negative.

`at_rest` and `advance` are the same solution for one who lives through it step by step, as a simulated patient does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from stillroom.core.pharmacology.compartments import Modes
from stillroom.core.pharmacology.exponentials import Array, chain_of_three, chain_of_two, mean_decay
from stillroom.core.pharmacology.history import RateHistory

NG_PER_ML_IN_MG_PER_L = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Kinetics:
    """How one compartment of a body, and a site that follows it, answer to drug; n modes. Or of many bodies (b,).

    decay_per_min      (n,) or (n, b)  rate of each mode, 1/min
    ng_per_ml_per_mg   as long         concentration in the compartment for each mg in a mode
    ke0_per_min        one or (b,)     rate at which the site follows the compartment, 1/min
    """

    decay_per_min: Array
    ng_per_ml_per_mg: Array
    ke0_per_min: float | Array


@dataclass(frozen=True, slots=True, eq=False)
class DrugState:
    """What a body holds: mg in each mode (n, ...), and the concentration at the site that follows, ng/mL (...)."""

    modes_mg: Array
    site_ng_per_ml: Array


def kinetics_of(
    modes: Modes, *, ke0_per_min: float | Array, compartment: int = 0, share_of_dose: float = 1.0
) -> Kinetics:
    """The answer of one compartment, 0 being plasma, and of a site with dCe/dt = ke0 (C - Ce).

    `share_of_dose` is how much of each mg given is the drug that is followed.
    """
    ng_per_ml_per_mg = modes.share_per_l[compartment] * (share_of_dose * NG_PER_ML_IN_MG_PER_L)
    return Kinetics(modes.decay_per_min, ng_per_ml_per_mg, ke0_per_min)


def respond(kinetics: Kinetics, history: RateHistory, t_min: Array) -> tuple[Array, Array]:
    """Concentration in the compartment and at the site, ng/mL, each (t,), at times (t,) in minutes, in any order.

    Of many bodies, (b, t) each. Exact while the rate is constant between its changes; before the first change there is
    no drug.
    """
    before = np.maximum(np.searchsorted(history.starts_min, t_min, side="right") - 1, 0)
    since_min = np.maximum(t_min - history.starts_min[before], 0.0)
    changes = _states_at_changes(kinetics, history)
    state = DrugState(changes.modes_mg[..., before], changes.site_ng_per_ml[..., before])
    state = _after(_lapse(kinetics, since_min), state, history.rates_mg_per_min[before])
    return conc_ng_per_ml(kinetics, state), state.site_ng_per_ml


def at_rest(kinetics: Kinetics) -> DrugState:
    """No drug on board."""
    return DrugState(np.zeros_like(kinetics.decay_per_min), np.zeros(kinetics.decay_per_min.shape[1:]))


def advance(kinetics: Kinetics, state: DrugState, *, rate_mg_per_min: float, lapse_min: float) -> DrugState:
    """The state `lapse_min` minutes later, the drug flowing in at `rate_mg_per_min` all the while."""
    return _after(_lapse(kinetics, np.asarray(lapse_min, dtype=np.float64)), state, rate_mg_per_min)


def conc_ng_per_ml(kinetics: Kinetics, state: DrugState) -> Array:
    """Concentration in the compartment, ng/mL: one for a state, (t,) for states at times (t,)."""
    return np.asarray(np.sum(_along(kinetics, state.modes_mg) * state.modes_mg, axis=0))


class _Lapse(NamedTuple):
    """What the passing of time (...) does: what a state keeps, and what 1 mg/min brings. By mode: (n, ...)."""

    kept: Array
    brought: Array
    site_kept: Array
    site_from_modes: Array
    site_brought: Array


def _lapse(kinetics: Kinetics, lapse_min: Array) -> _Lapse:
    """With x = decay t and y = ke0 t: exp(-x), t mean_decay(x), exp(-y), y chain(x, y), and y t chain(0, x, y)."""
    x, y = (np.multiply.outer(rate, lapse_min) for rate in (kinetics.decay_per_min, kinetics.ke0_per_min))
    weight = _along(kinetics, x)
    return _Lapse(
        kept=np.exp(-x),
        brought=lapse_min * mean_decay(x),
        site_kept=np.exp(-y),
        site_from_modes=weight * y * chain_of_two(x, y),
        site_brought=np.sum(weight * y * lapse_min * chain_of_three(x, y), axis=0),
    )


def _along(kinetics: Kinetics, modes: Array) -> Array:
    """What each mg in a mode is worth, beside what is known of the modes at many times: (n, ...) and (n, ..., t)."""
    worth = kinetics.ng_per_ml_per_mg
    return worth.reshape(worth.shape + (1,) * (modes.ndim - worth.ndim))


def _after(lapse: _Lapse, state: DrugState, rate_mg_per_min: ArrayLike) -> DrugState:
    inflow_mg_per_min = np.asarray(rate_mg_per_min)
    followed = np.sum(lapse.site_from_modes * state.modes_mg, axis=0)
    return DrugState(
        modes_mg=lapse.kept * state.modes_mg + lapse.brought * inflow_mg_per_min,
        site_ng_per_ml=lapse.site_kept * state.site_ng_per_ml + followed + lapse.site_brought * inflow_mg_per_min,
    )


def _states_at_changes(kinetics: Kinetics, history: RateHistory) -> DrugState:
    """The states at all s changes of rate: modes (n, ..., s), site (..., s)."""
    states = [at_rest(kinetics)]
    spans = _lapse(kinetics, np.diff(history.starts_min))
    for i, rate_mg_per_min in enumerate(history.rates_mg_per_min[:-1]):
        states.append(_after(_Lapse(*(each[..., i] for each in spans)), states[-1], rate_mg_per_min))
    return DrugState(
        modes_mg=np.stack([state.modes_mg for state in states], axis=-1),
        site_ng_per_ml=np.stack([state.site_ng_per_ml for state in states], axis=-1),
    )
