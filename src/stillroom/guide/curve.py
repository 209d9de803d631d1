"""The hour as a curve: how much of the drug is at work in the brain, by published models, for one usual plan.

Drawn from the core, so that the guide and the room say the same. No source gives how strongly people feel it over
time, so no such curve is drawn: see the picture's caption.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.forecast import course
from stillroom.core.pharmacology.models import Body

WEIGHT_KG, AGE_Y, DOSE_MG_PER_KG, DRIP_MIN, SHOWN_MIN = 70.0, 40.0, 0.5, 40, 120
# Drawn firm; and those between which the shade lies: they disagree most about how soon it fades.
LINE, BAND = "kamp2020", ("kamp2020", "domino1984", "clements1981")
LEFT, GROUND, WIDE_PER_MIN, HIGH = 8.0, 165.0, 5.5, 150.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Paths of an SVG of 680 by 210."""

    line: str
    band: str
    drip_width: float


@cache
def the_hour() -> Curve:
    t_min = np.arange(0.0, SHOWN_MIN + 1)
    levels = _effect_site_ng_per_ml(t_min)
    lower, upper = np.min([*levels.values()], axis=0), np.max([*levels.values()], axis=0)
    scale = HIGH / float(np.max(upper))
    there, back = _points(t_min, upper * scale), _points(t_min, lower * scale)
    return Curve(
        line="M" + "L".join(_points(t_min, levels[LINE] * scale)),
        band="M" + "L".join([*there, *reversed(back)]) + "Z",
        drip_width=DRIP_MIN * WIDE_PER_MIN,
    )


def _effect_site_ng_per_ml(t_min: Array) -> dict[str, Array]:
    rate_mg_per_min = DOSE_MG_PER_KG * WEIGHT_KG / DRIP_MIN
    body = Body(age_y=AGE_Y, weight_kg=WEIGHT_KG)
    found = course(BAND, [(0.0, DRIP_MIN, rate_mg_per_min)], body, t_min)
    return {line.model: line.effect_site_ng_per_ml for line in found.lines}


def _points(t_min: Array, height: Array) -> list[str]:
    pairs: Iterable[tuple[float, float]] = zip(LEFT + WIDE_PER_MIN * t_min, GROUND - height, strict=True)
    return [f"{x:g} {y:.1f}" for x, y in pairs]
