"""How much might the world seem changed? Published for perception only, and then as a wide band.

Olofsen 2022 found how much S-ketamine at the effect site half changes the perception of the outside world, and how fast
it follows; it did not print how steeply. So there is no line, but a band over every steepness from 1 to 3 and over the
paper's own intervals. R-ketamine does not contribute; of the racemate that is given, half is S.

This is the one home of the numbers of effect. Nothing here is about whether the treatment works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.forecast import models_named, must_be_possible
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import Body, kinetics_for
from stillroom.core.pharmacology.parameters import EFFECT_SITE_HALF_LIFE, ROOM_MODELS, Drug, Parameter
from stillroom.core.pharmacology.response import respond

KETAMINE_G_PER_MOL = 237.725
"""Molar mass of ketamine base, of either form. Source: DrugBank."""

PERCEPTION_SOURCE = (
    "Olofsen E, Kamp J, Henthorn TK, et al. Ketamine psychedelic and antinociceptive effects are connected. "
    "Anesthesiology 2022. doi:10.1097/ALN.0000000000004176 (abstract)"
)
PERCEPTION_POPULATION = "17 healthy men, S-ketamine and racemate on separate days"
PERCEPTION_C50 = Parameter(
    name="c50_s_ketamine", value=0.51, unit="nmol/mL", lower=0.38, upper=0.66, interval="95 % CI"
)

HILL_FROM, HILL_TO = 1.0, 3.0
"""How steep the effect rises with the level was not found in what we could read: an assumption, on purpose wide."""

PERCEPTION_MODELS = (*ROOM_MODELS, "perezruixo2021")
"""Models that speak of S-ketamine: half of what those of the racemate say, and the one that follows S itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Perception:
    """Change in the perception of the outside world as a share of the most there can be, 0 to 1, (t,): a band."""

    t_min: Array
    lower: Array
    upper: Array

    @property
    def highest(self) -> tuple[float, float]:
        """The highest point of the foot of the band, and of its head."""
        return float(np.max(self.lower, initial=0.0)), float(np.max(self.upper, initial=0.0))


def perception(segments: Sequence[tuple[float, float, float]], patient: Body, t_min: ArrayLike) -> Perception:
    """The band over models, half-life of the effect site, C50 and steepness. Segments, body and times as `course`.

    Differences between people are not in it: the paper's intervals are of its means.
    """
    times = np.atleast_1d(np.asarray(t_min, dtype=np.float64))
    sites = np.array(list(_s_ketamine_at_site(segments, patient, times)))
    lower, upper = share_between(np.min(sites, axis=0)), share_between(np.max(sites, axis=0))
    return Perception(times, lower[0], upper[1])


def s_nmol_per_ml(conc_ng_per_ml: ArrayLike, drug: Drug) -> Array:
    """S-ketamine, nmol/mL, in a concentration of the racemate (half of it) or of S-ketamine itself."""
    share = 0.5 if drug is Drug.KETAMINE else 1.0
    return np.asarray(conc_ng_per_ml, dtype=np.float64) * (share / KETAMINE_G_PER_MOL)


def share_of_most(s_nmol_per_ml: ArrayLike, *, hill: float, c50_nmol_per_ml: float = PERCEPTION_C50.value) -> Array:
    """S^g / (S^g + C50^g), the sigmoid Emax of Olofsen 2022, for S-ketamine at the effect site (...,); g is `hill`."""
    s_to_g = np.asarray(s_nmol_per_ml, dtype=np.float64) ** hill
    return np.asarray(s_to_g / (s_to_g + c50_nmol_per_ml**hill))


def share_between(s_nmol_per_ml: Array) -> tuple[Array, Array]:
    """The least and the most of `share_of_most` over the interval of C50 and over every steepness from 1 to 3.

    It falls with C50. It rises with steepness above C50 and falls below it, so the ends are where one must look.
    """
    assert PERCEPTION_C50.lower is not None
    assert PERCEPTION_C50.upper is not None
    ends = (HILL_FROM, HILL_TO)
    least = [share_of_most(s_nmol_per_ml, hill=hill, c50_nmol_per_ml=PERCEPTION_C50.upper) for hill in ends]
    most = [share_of_most(s_nmol_per_ml, hill=hill, c50_nmol_per_ml=PERCEPTION_C50.lower) for hill in ends]
    return np.minimum(*least), np.maximum(*most)


def _s_ketamine_at_site(segments: Sequence[tuple[float, float, float]], patient: Body, t_min: Array) -> Iterable[Array]:
    models = models_named(PERCEPTION_MODELS)
    must_be_possible(patient, models)
    history = staircase(segments)
    for model in models:
        for half_life_min in _half_lives_min():
            kinetics = kinetics_for(model, patient, ke0_per_min=log(2) / half_life_min)
            yield s_nmol_per_ml(respond(kinetics, history, t_min)[1], model.drug)


def _half_lives_min() -> tuple[float, ...]:
    """The value and both ends: at one moment a site in between may be higher than at either end."""
    site = EFFECT_SITE_HALF_LIFE
    assert site.lower is not None
    assert site.upper is not None
    return site.lower, site.value, site.upper
