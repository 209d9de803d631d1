"""What might be felt: the band of perception over the minutes of an infusion, in percent of the most there can be."""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.core.pharmacology.effects import (
    HILL_FROM,
    HILL_TO,
    PERCEPTION_C50,
    PERCEPTION_MODELS,
    PERCEPTION_POPULATION,
    Perception,
)
from stillroom.core.pharmacology.parameters import MODELS
from stillroom.web.charts.course import band_path
from stillroom.web.charts.scale import Scale, Tick, time_ticks

PERCENT_TICKS = (0, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceivedDrawing:
    """For `web/charts/perceived.html`: the band, and all the numbers that its words need."""

    band: str
    drip_x: str
    drip_width: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    highest_least_percent: int
    highest_most_percent: int
    population: str
    titles: tuple[str, ...]
    c50_nmol_per_ml: str
    c50_least: str
    c50_most: str
    hill_from: str
    hill_to: str


def draw_perceived(felt: Perception, *, drip: tuple[float, float]) -> PerceivedDrawing:
    t_min = felt.t_min.tolist()
    x, y = Scale(t_min[0], t_min[-1]), Scale(0.0, 100.0)
    least, most = felt.highest
    return PerceivedDrawing(
        band=band_path(t_min, (felt.lower * 100).tolist(), (felt.upper * 100).tolist(), x, y),
        drip_x=x.across(drip[0]),
        drip_width=f"{float(x.across(drip[1])) - float(x.across(drip[0])):.1f}",
        x_ticks=time_ticks(x),
        y_ticks=tuple(Tick(y.up_percent(value), value) for value in PERCENT_TICKS),
        highest_least_percent=round(least * 100),
        highest_most_percent=round(most * 100),
        population=PERCEPTION_POPULATION,
        titles=tuple(MODELS[name].title for name in PERCEPTION_MODELS),
        c50_nmol_per_ml=f"{PERCEPTION_C50.value:g}",
        c50_least=f"{PERCEPTION_C50.lower:g}",
        c50_most=f"{PERCEPTION_C50.upper:g}",
        hill_from=f"{HILL_FROM:g}",
        hill_to=f"{HILL_TO:g}",
    )
