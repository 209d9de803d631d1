"""Rises of pressure and pulse in published series, one line each, this patient's own beside them. Never averaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stillroom.core.pharmacology.series import SERIES, Series
from stillroom.web.charts.scale import Scale, Tick

SIGNS = ("sbp_mmhg", "dbp_mmhg", "pulse_per_min")
LEAST, STEP = 20.0, 10  # the axis reaches at least so far, and has a tick so often


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number on the axis, in percent, with the interval that its paper gives, if it gives one."""

    at: str
    word: str
    x: str = ""
    width: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    series: Series
    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDrawing:
    """One sign: every series that measured it, and the rises of this patient's infusions, oldest first."""

    sign: str
    lines: tuple[SeriesLine, ...]
    own: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    zero: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RisesDrawing:
    """For `web/charts/rises.html`. `told` are series whose finding is no number on the axis, or was not read."""

    signs: tuple[SignDrawing, ...]
    told: tuple[Series, ...]


def draw_rises(own: Sequence[Mapping[str, int]] = ()) -> RisesDrawing:
    return RisesDrawing(
        signs=tuple(_sign(sign, [each[sign] for each in own if sign in each]) for sign in SIGNS),
        told=tuple(each for each in SERIES if not each.rises),
    )


def _sign(sign: str, own: Sequence[int]) -> SignDrawing:
    found = [(series, rise) for series in SERIES for rise in series.rises if rise.sign == sign]
    highest = max([LEAST, *own, *(rise.upper or rise.value for _, rise in found)])
    scale = Scale(min([0.0, *own]), highest)
    lines = (
        SeriesLine(series=series, drawn=_drawn(rise.value, rise.lower, rise.upper, scale)) for series, rise in found
    )
    ticks = range(0, int(highest) + 1, STEP)
    return SignDrawing(
        sign=sign,
        lines=tuple(lines),
        own=tuple(_own(own, scale)),
        ticks=tuple(Tick(scale.across_percent(value), value) for value in ticks),
        zero=scale.across_percent(0.0),
    )


def _drawn(value: float, lower: float | None, upper: float | None, scale: Scale) -> Drawn:
    at, word = scale.across_percent(value), f"{value:+.0f}"
    if lower is None or upper is None:
        return Drawn(at, word)
    width = f"{(scale.part(upper) - scale.part(lower)) * 100:.2f}%"
    return Drawn(at, word, scale.across_percent(lower), width, f"{lower:.0f} to {upper:.0f}")


def _own(own: Iterable[int], scale: Scale) -> Iterable[Drawn]:
    for value in own:
        yield Drawn(scale.across_percent(value), f"{value:+d}")
