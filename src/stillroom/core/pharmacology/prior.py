"""What do we believe of a person before anybody has watched them, and how far is a score to be trusted?

Four things may differ from person to person. Each is a factor or a level above zero, believed to lie about a median
with a spread on the log scale. Every spread here is an assumption, made because no source gives one, and said wherever
what follows from it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, log1p, sqrt

import numpy as np

from stillroom.core.pharmacology.effects import HILL_FROM, HILL_TO, KETAMINE_G_PER_MOL, PERCEPTION_C50
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.parameters import ASSUMED_SPREAD_PERCENT

MOST_DETACHED = 10.0

# How widely the level that is felt half differs between people: no source gives it. Wide, so that scores may speak.
ASSUMED_C50_SPREAD_PERCENT = 50.0

# A score is a whole number said in answer to a question: about a point either way, standard deviation.
SCORE_NOISE_POINTS = 1.0
# And the model's curve itself is off, for some time on end: two scores soon after each other tell little more than one.
CURVE_DOUBT_POINTS = 0.5
CURVE_DOUBT_LASTS_MIN = 30.0

STATED_PERCENT = 90
HALF_WIDTH_SD = 1.6448536269514722  # of a normal distribution: 90 % lies within so many standard deviations


class Trait(StrEnum):
    CLEARANCE = "clearance"
    VOLUME = "volume"
    HALF_FELT = "half_felt"
    STEEPNESS = "steepness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Where a trait is believed to lie: its median, and what 90 % of the belief lies between."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of_log(cls, mean_log: float, sd_log: float) -> Belief:
        """From a normal belief of the trait's logarithm."""
        reach = HALF_WIDTH_SD * sd_log
        return cls(median=exp(mean_log), lower=exp(mean_log - reach), upper=exp(mean_log + reach))


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """A normal belief of the logarithms of all four traits, in their order: mean (4,) and covariance (4, 4)."""

    mean_log: Array
    covariance: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A trait before anything was seen: median in `unit`, spread of its logarithm, and why."""

    trait: Trait
    unit: str
    median: float
    sd_log: float
    basis: str


def _sd_log(cv_percent: float) -> float:
    """The spread of the logarithm that a log-normal trait of this coefficient of variation has."""
    return sqrt(log1p((cv_percent / 100.0) ** 2))


ASSUMED = (
    Assumed(
        trait=Trait.CLEARANCE,
        unit="times the model's",
        median=1.0,
        sd_log=_sd_log(ASSUMED_SPREAD_PERCENT),
        basis=f"{ASSUMED_SPREAD_PERCENT:g} % between people, assumed",
    ),
    Assumed(
        trait=Trait.VOLUME,
        unit="times the model's",
        median=1.0,
        sd_log=_sd_log(ASSUMED_SPREAD_PERCENT),
        basis=f"{ASSUMED_SPREAD_PERCENT:g} % between people, assumed",
    ),
    Assumed(
        trait=Trait.HALF_FELT,
        unit="ng/mL of S-ketamine at the effect site",
        median=PERCEPTION_C50.value * KETAMINE_G_PER_MOL,
        sd_log=_sd_log(ASSUMED_C50_SPREAD_PERCENT),
        basis=f"median of Olofsen 2022; {ASSUMED_C50_SPREAD_PERCENT:g} % between people, assumed",
    ),
    Assumed(
        trait=Trait.STEEPNESS,
        unit="Hill coefficient",
        median=sqrt(HILL_FROM * HILL_TO),
        sd_log=log(HILL_TO / HILL_FROM) / (2 * HALF_WIDTH_SD),
        basis=f"90 % between {HILL_FROM:g} and {HILL_TO:g}, assumed",
    ),
)

PRIOR_MEAN_LOG: Array = np.log([each.median for each in ASSUMED])
PRIOR_SD_LOG: Array = np.array([each.sd_log for each in ASSUMED])
PRIOR = Normal(PRIOR_MEAN_LOG, np.diag(PRIOR_SD_LOG**2))


def doubt_of_scores(t_min: Array) -> Array:
    """Covariance (t, t), points squared, of one infusion's scores at these minutes about a person's own curve."""
    apart_min = np.abs(np.subtract.outer(t_min, t_min))
    curve = CURVE_DOUBT_POINTS**2 * np.exp(-apart_min / CURVE_DOUBT_LASTS_MIN)
    return np.asarray(curve + SCORE_NOISE_POINTS**2 * np.eye(len(t_min)))
