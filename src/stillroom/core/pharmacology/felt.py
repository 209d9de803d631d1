"""How detached would a person with these traits say they are, and how does that answer to each trait?

The score follows S-ketamine at the effect site by a sigmoid (Olofsen 2022): half of the scale at the level half felt,
as steep as the Hill coefficient says. It is reckoned on the scale of log odds, where each answer is a straight sum and
a band stays between 0 and 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillroom.core.pharmacology.compartments import modes_of_scaled
from stillroom.core.pharmacology.effects import KETAMINE_G_PER_MOL, s_nmol_per_ml
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.history import RateHistory
from stillroom.core.pharmacology.models import KE0_PER_MIN, Body, compartments_of, share_followed
from stillroom.core.pharmacology.parameters import ParameterSet
from stillroom.core.pharmacology.prior import CURVE_DOUBT_POINTS, HALF_WIDTH_SD, MOST_DETACHED, SCORE_NOISE_POINTS
from stillroom.core.pharmacology.response import Kinetics, kinetics_of, respond

_STEP = 1e-4  # of a log; central differences are then right to about 1 in 100 million
_AROUND = _STEP * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A course at times (t,), ng/mL of the model's drug, and what a log step in each of clearance and volume does."""

    plasma_ng_per_ml: Array
    effect_site_ng_per_ml: Array
    log_site_by_trait: Array  # (t, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Felt:
    """The log odds of the score (t,), 0 being half the scale, and how they answer to the log of each trait (t, 4)."""

    log_odds: Array
    by_trait: Array

    @property
    def detached(self) -> Array:
        """The score itself, 0 to 10."""
        return score_at(self.log_odds)

    @property
    def detached_by_trait(self) -> Array:
        """How the score answers to the log of each trait, (t, 4)."""
        share = self.detached / MOST_DETACHED
        return (MOST_DETACHED * share * (1.0 - share))[:, None] * self.by_trait


def kinetics_around(model: ParameterSet, body: Body, traits_log: Array) -> Kinetics:
    """The kinetics of a person with these traits (4,), as logarithms, and of four whose first two are a step off."""
    clearance, volume = np.exp(traits_log[:2] + _AROUND).T
    return kinetics_of(
        modes_of_scaled(compartments_of(model, body), clearance_factor=clearance, volume_factor=volume),
        ke0_per_min=KE0_PER_MIN,
        share_of_dose=share_followed(model),
    )


def levels(around: Kinetics, history: RateHistory, t_min: Array) -> Levels:
    """The course of these rates in the first of `kinetics_around`, and how it answers to the two traits of kinetics."""
    plasma, site = respond(around, history, t_min)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_site = np.log(site)
        by_trait = np.stack([log_site[1] - log_site[2], log_site[3] - log_site[4]], axis=-1) / (2 * _STEP)
    return Levels(plasma[0], site[0], np.where(site[0][:, None] > 0, by_trait, 0.0))


def felt(model: ParameterSet, found: Levels, traits_log: Array) -> Felt:
    """What a person with these traits would feel of these levels; of no drug, nothing: log odds of minus infinity."""
    s_ng_per_ml = found.effect_site_ng_per_ml * s_share_of(model)
    steepness = np.exp(traits_log[3])
    with np.errstate(divide="ignore"):
        log_odds = steepness * (np.log(s_ng_per_ml) - traits_log[2])
    by_kinetics = steepness * found.log_site_by_trait
    by_sense = np.stack([np.full_like(log_odds, -steepness), np.where(np.isfinite(log_odds), log_odds, 0.0)], axis=-1)
    return Felt(log_odds, np.concatenate([by_kinetics, by_sense], axis=-1))


def s_share_of(model: ParameterSet) -> float:
    """How much of the drug that the model follows is S-ketamine: of the racemate, half."""
    return float(s_nmol_per_ml(1.0, model.drug)) * KETAMINE_G_PER_MOL


def score_at(log_odds: Array) -> Array:
    """0 to 10 for log odds of any size, minus infinity included."""
    return np.asarray(MOST_DETACHED * (1.0 + np.tanh(log_odds / 2.0)) / 2.0)


def score_band(log_odds: Array, by_trait: Array, covariance: Array) -> tuple[Array, Array]:
    """From where to where 90 % of scores lie, (..., t), given a doubt (..., 4, 4) of the traits' logarithms.

    The doubt is carried along the log odds, to first order; that of a score and of the curve is added to each side.
    """
    reach = HALF_WIDTH_SD * np.sqrt(np.einsum("...ti,...ij,...tj->...t", by_trait, covariance, by_trait))
    noise = HALF_WIDTH_SD * np.hypot(SCORE_NOISE_POINTS, CURVE_DOUBT_POINTS)
    middle = score_at(log_odds)
    down, up = middle - score_at(log_odds - reach), score_at(log_odds + reach) - middle
    return np.maximum(middle - np.hypot(down, noise), 0.0), np.minimum(middle + np.hypot(up, noise), MOST_DETACHED)
