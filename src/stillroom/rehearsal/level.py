"""How much ketamine would there be at the effect site of a simulated patient, after this drip?

By the model that the room draws firm, Kamp 2020, and the half-life of the effect site of Olofsen 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from stillroom.core.drip.course import rates_reaching_patient
from stillroom.core.drip.history import History
from stillroom.core.pharmacology.history import staircase
from stillroom.core.pharmacology.models import Body, kinetics_for
from stillroom.core.pharmacology.parameters import KAMP2020
from stillroom.core.pharmacology.response import Kinetics, respond

ADULT_Y = 40.0  # the model asks for no age


def effect_site_ng_per_ml(history: History, at_min: Sequence[float], *, weight_kg: float) -> list[float]:
    """Concentrations at the effect site, ng/mL, at these minutes from the start of the drip, in rising order."""
    if not at_min or at_min[-1] <= 0:
        return [0.0] * len(at_min)
    reached = rates_reaching_patient(history, until_min=at_min[-1])
    segments = [(each.start_min, each.end_min, each.rate_mg_per_min) for each in reached]
    _, site_ng_per_ml = respond(_kinetics(weight_kg), staircase(segments), np.asarray(at_min, dtype=np.float64))
    return [float(each) for each in site_ng_per_ml]


@lru_cache(maxsize=64)
def _kinetics(weight_kg: float) -> Kinetics:
    return kinetics_for(KAMP2020, Body(age_y=ADULT_Y, weight_kg=weight_kg))
