"""What would a thousand or a million people show, given the same infusion, and what would their scores say of each?

The one clear function in front of the kernel is `followed`; `summed` keeps three numbers of each person instead of the
curves, and `fitted` learns from their scores. Imported by what simulates and what measures, by nothing that serves a
page: the kernel compiles when it is first called. Bodies with a liver are followed by the ordinary solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillroom.core.pharmacology import kernel
from stillroom.core.pharmacology.climbing import ARRIVED_GRADIENT, MOST_STEPS
from stillroom.core.pharmacology.compartments import Compartments, modes_of_scaled
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.felt import s_share_of, score_band
from stillroom.core.pharmacology.history import RateHistory
from stillroom.core.pharmacology.models import Body, compartments_of, share_followed
from stillroom.core.pharmacology.parameters import ParameterSet, Structure
from stillroom.core.pharmacology.prior import PRIOR_MEAN_LOG, PRIOR_SD_LOG, doubt_of_scores
from stillroom.core.pharmacology.response import kinetics_of, respond

SERIAL_BELOW = 20_000  # people; two threads must meet at the end, which costs more than so few take
FIT_SERIAL_BELOW = 2_000
_USUAL_KG, _USUAL_Y = 70.0, 40.0
_AT_ONCE = 2_000  # people with a liver compartment
_STEP = 1e-4
_AROUND = ((0.0, 0.0), (_STEP, 0.0), (-_STEP, 0.0), (0.0, _STEP), (0.0, -_STEP))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """n adults, each array (n,): weight, clearance and volume as factors of the model's, rate of the effect site."""

    weight_kg: Array
    clearance_factor: Array
    volume_factor: Array
    ke0_per_min: Array

    def __len__(self) -> int:
        return len(self.weight_kg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Of the effect site at the times asked, each (n,): highest, ng/mL; area, ng/mL min; minutes above the level."""

    highest_ng_per_ml: Array
    area_ng_min_per_ml: Array
    above_min: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beliefs:
    """What was learned of n people: mean of the traits' logarithms (n, 4), covariance (n, 4, 4), gradient norm (n,)."""

    mean_log: Array
    covariance: Array
    gradient_norm: Array


def followed(model: ParameterSet, people: People, history: RateHistory, dose_factor: Array, t_min: Array) -> Array:
    """Plasma and effect site, ng/mL, (n, 2, t), of each of n people at rising times (t,), minutes, exact.

    Each person's rates are the history's times their `dose_factor` (n,), as where a dose is per kilogram.
    """
    if model.structure is Structure.WITH_LIVER:
        return _with_liver(model, people, history, dose_factor, t_min)
    found = np.zeros((len(people), 2, len(t_min)))
    run = kernel.by_patient if len(people) >= SERIAL_BELOW else kernel.by_patient_serial
    rates = np.multiply.outer(history.rates_mg_per_min, dose_factor * share_followed(model))
    run(bodies(model, people), *plan(history, t_min), rates, found)
    return found


def summed(
    model: ParameterSet, people: People, history: RateHistory, dose_factor: Array, t_min: Array, above_ng_per_ml: float
) -> Summary:
    """As `followed`, three numbers of each person's effect site, no curve: no memory for however many."""
    dt_min, steps, segment, _ = plan(history, t_min)
    found = np.zeros((3, len(people)))
    run = kernel.summed if len(people) >= SERIAL_BELOW else kernel.summed_serial
    rates = np.multiply.outer(history.rates_mg_per_min, dose_factor * share_followed(model))
    run(bodies(model, people), dt_min, steps, segment, rates, above_ng_per_ml, found)
    return Summary(highest_ng_per_ml=found[0], area_ng_min_per_ml=found[1], above_min=found[2])


def fitted(
    model: ParameterSet, people: People, history: RateHistory, dose_factor: Array, t_min: Array, scores: Array
) -> Beliefs:
    """What `learning.learn` would believe of each of n people after k infusions alike: scores (n, k, t) at times (t,).

    A fit that did not arrive has a gradient norm above 1e-6.
    """
    infusions = scores.shape[1]
    dt_min, segment, row, anew, rates = scored(model, history, dose_factor, t_min, infusions)
    precision = np.kron(np.eye(infusions), np.linalg.inv(doubt_of_scores(t_min)))
    place, covariance = np.empty((len(people), 4)), np.empty((len(people), 4, 4))
    norm = np.empty(len(people))
    run = kernel.fit if len(people) >= FIT_SERIAL_BELOW else kernel.fit_serial
    run(
        bodies(model, people), dt_min, segment, row, anew, rates, scores.reshape(len(people), -1), precision,
        PRIOR_MEAN_LOG, PRIOR_SD_LOG, ARRIVED_GRADIENT, MOST_STEPS, place, covariance, norm,
    )  # fmt: skip
    return Beliefs(mean_log=place, covariance=covariance, gradient_norm=norm)


def foreseen(
    model: ParameterSet, people: People, history: RateHistory, dose_factor: Array, t_min: Array, beliefs: Beliefs
) -> tuple[Array, Array]:
    """As `learning.foresee`: from where to where 90 % of the scores of each of n people lie at times (t,), (n, t)."""
    odds = [_log_odds(model, people, history, dose_factor, t_min, beliefs, off) for off in _AROUND]
    by_kinetics = [(up - down) / (2 * _STEP) for up, down in (odds[1:3], odds[3:5])]
    by_sense = [np.broadcast_to(-np.exp(beliefs.mean_log[:, 3:4]), odds[0].shape), odds[0]]
    return score_band(odds[0], np.stack([*by_kinetics, *by_sense], axis=-1), beliefs.covariance)


def _log_odds(
    model: ParameterSet,
    people: People,
    history: RateHistory,
    dose_factor: Array,
    t_min: Array,
    beliefs: Beliefs,
    off: tuple[float, float],
) -> Array:
    """Log odds of the score (n, t) of people as believed, but for a step off in clearance and volume."""
    believed = replace(
        people,
        clearance_factor=people.clearance_factor * np.exp(beliefs.mean_log[:, 0] + off[0]),
        volume_factor=people.volume_factor * np.exp(beliefs.mean_log[:, 1] + off[1]),
    )
    site = followed(model, believed, history, dose_factor, t_min)[:, 1]
    return log_odds_of(site * s_share_of(model), beliefs.mean_log)


def log_odds_of(s_ng_per_ml: Array, traits_log: Array) -> Array:
    """Log odds of the score (n, t) at these levels of S-ketamine, for people of these traits (n, 4)."""
    return np.asarray(np.exp(traits_log[:, 3:4]) * (np.log(s_ng_per_ml) - traits_log[:, 2:3]))


def bodies(model: ParameterSet, people: People) -> Array:
    """The kernel's bodies (7, n): volume of the first compartment, rate constants, rate of the effect site."""
    usual = compartments_of(model, Body(age_y=_USUAL_Y, weight_kg=_USUAL_KG))
    size = people.weight_kg / _USUAL_KG
    by_kg = model.structure is Structure.RATES_PER_KG
    volume = size ** (1.0 if by_kg else model.value("volume_exponent")) * people.volume_factor
    flow = size ** (1.0 if by_kg else model.value("clearance_exponent"))
    v1_l, k10, k12, k21, k13, k31 = constants_of(usual)
    return np.array(
        [
            v1_l * volume,
            k10 * flow / volume * people.clearance_factor,
            *(rate * flow / volume for rate in (k12, k21, k13, k31)),
            people.ke0_per_min,
        ]
    )


def scored(
    model: ParameterSet, history: RateHistory, dose_factor: Array, t_min: Array, infusions: int
) -> tuple[Array, Array, Array, Array, Array]:
    """The kernel's plan of k infusions alike: each step, its rate, which score it is for, whether it is the first."""
    dt_min, _, segment, row = plan(history, t_min, joined=False)
    rows = np.concatenate([np.where(row >= 0, row + k * len(t_min), -1) for k in range(infusions)])
    share = share_followed(model) * s_share_of(model)
    rates = np.multiply.outer(history.rates_mg_per_min, dose_factor * share)
    anew = np.tile(np.arange(len(dt_min)) == 0, infusions)
    return np.tile(dt_min, infusions), np.tile(segment, infusions), rows, anew, rates


def constants_of(usual: Compartments) -> tuple[float, float, float, float, float, float]:
    """V1, L, and the rate constants, 1/min, of one to three compartments; one that is not there exchanges nothing."""
    volumes = [*usual.volumes_l, 1.0, 1.0][:3]
    out = {flow.to: flow.clearance_l_per_min for flow in usual.flows}
    k10, k12, k13 = (out.get(to, 0.0) / volumes[0] for to in (None, 1, 2))
    return volumes[0], k10, k12, out.get(1, 0.0) / volumes[1], k13, out.get(2, 0.0) / volumes[2]


def plan(history: RateHistory, t_min: Array, *, joined: bool = True) -> tuple[Array, Array, Array, Array]:
    """Runs of equal steps from the first change of rate on: length, how many, which rate, and the first time's place.

    A place of -1 is a step to a change of rate at a time nobody asked for.
    """
    if not np.all(np.diff(t_min) > 0):
        raise ValueError("the times must rise")  # the kernel would leave a place unwritten
    begin_min = history.starts_min[0]
    asked = t_min[t_min > begin_min]
    stops = np.union1d(asked, history.starts_min[history.starts_min > begin_min])
    stops = stops[stops <= (asked[-1] if len(asked) else begin_min)]
    dt_min = np.diff(np.concatenate([[begin_min], stops]))
    segment = np.searchsorted(history.starts_min, stops, side="left") - 1
    place = np.where(np.isin(stops, asked), np.searchsorted(t_min, stops), -1)
    new = np.ones(len(stops), dtype=bool)
    if joined:
        alike = (dt_min[1:] == dt_min[:-1]) & (segment[1:] == segment[:-1])
        new[1:] = ~(alike & (place[1:] >= 0) & (place[:-1] >= 0))
    first = np.flatnonzero(new)
    return dt_min[first], np.diff(np.append(first, len(stops))), segment[first], place[first]


def _with_liver(model: ParameterSet, people: People, history: RateHistory, dose_factor: Array, t_min: Array) -> Array:
    """Some thousands at once: such a body is no arrowhead, and so not for the kernel."""
    compartments = compartments_of(model, Body(age_y=_USUAL_Y))
    found = np.empty((len(people), 2, len(t_min)))
    for first in range(0, len(people), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        modes = modes_of_scaled(
            compartments, clearance_factor=people.clearance_factor[some], volume_factor=people.volume_factor[some]
        )
        ke0 = people.ke0_per_min[some]
        kinetics = kinetics_of(modes, ke0_per_min=ke0, share_of_dose=share_followed(model))
        found[some] = np.stack(respond(kinetics, history, t_min), axis=1) * dose_factor[some, None, None]
    return found


def people_like(weights_kg: Sequence[float], ke0_per_min: float) -> People:
    """People of these weights, kg, who are as the model says in all else."""
    ones = np.ones(len(weights_kg))
    return People(
        weight_kg=np.array(weights_kg), clearance_factor=ones, volume_factor=ones, ke0_per_min=ones * ke0_per_min
    )
