"""Detachment over one infusion: what was believed before any score, what with the scores, and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.core.pharmacology.learned import Outlook, Outlooks
from stillroom.core.pharmacology.watched import Score
from stillroom.web.charts.course import band_path
from stillroom.web.charts.scale import Scale, Tick, path, time_ticks

MOST = 10.0
SCORE_TICKS = (0, 5, 10)


@dataclass(frozen=True, slots=True)
class Dot:
    """A score that was said, where it stands, in percent."""

    x: str
    y: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeltDrawing:
    """For `web/charts/felt.html`: two beliefs of one course, each a band and a line, and what was said."""

    prior_band: str
    prior_line: str
    posterior_band: str
    posterior_line: str
    dots: tuple[Dot, ...]
    drip_x: str
    drip_width: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    inside: int


def draw_felt(outlooks: Outlooks, scores: Sequence[Score], *, drip: tuple[float, float]) -> FeltDrawing:
    """Over the outlooks' own minutes. `inside` counts the scores that lie in the band believed with the scores."""
    t_min = outlooks.t_min.tolist()
    x, y = Scale(t_min[0], t_min[-1]), Scale(0.0, MOST)
    shown = [each for each in scores if t_min[0] <= each.t_min <= t_min[-1]]
    prior, posterior = outlooks.prior, outlooks.posterior
    return FeltDrawing(
        prior_band=_band(t_min, prior, x, y),
        prior_line=path(zip(t_min, prior.detached.tolist(), strict=True), x, y),
        posterior_band=_band(t_min, posterior, x, y),
        posterior_line=path(zip(t_min, posterior.detached.tolist(), strict=True), x, y),
        dots=tuple(Dot(x.across_percent(s.t_min), y.up_percent(s.detached), round(s.detached)) for s in shown),
        drip_x=x.across(drip[0]),
        drip_width=f"{float(x.across(drip[1])) - float(x.across(drip[0])):.1f}",
        x_ticks=time_ticks(x, wanted=5),
        y_ticks=tuple(Tick(y.up_percent(value), value) for value in SCORE_TICKS),
        inside=sum(_is_inside(each, t_min, posterior) for each in shown),
    )


def _band(t_min: Sequence[float], believed: Outlook, x: Scale, y: Scale) -> str:
    return band_path(t_min, believed.score_lower.tolist(), believed.score_upper.tolist(), x, y)


def _is_inside(score: Score, t_min: Sequence[float], believed: Outlook) -> bool:
    """By the bounds at the nearest minute drawn."""
    nearest = min(range(len(t_min)), key=lambda i: abs(t_min[i] - score.t_min))
    return bool(believed.score_lower[nearest] <= score.detached <= believed.score_upper[nearest])
