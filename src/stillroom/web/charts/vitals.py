"""Vital signs over the same minutes as the course: cuff pressures as bars, pulse and saturation as traces.

Each lane has its own scale, wide enough that noise looks like noise. A trace breaks where nothing was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.web.charts.scale import Scale, Tick, path, time_ticks

PRESSURE_MMHG = (40.0, 200.0)
PULSE_PER_MIN = (40.0, 140.0)
SPO2_PERCENT = (86.0, 101.0)


@dataclass(frozen=True, slots=True)
class Cuff:
    t_min: float
    sbp_mmhg: float
    dbp_mmhg: float


@dataclass(frozen=True, slots=True)
class Trace:
    """Minutes from the start of the drip and the values then; a gap over `break_min` is not drawn across."""

    points: Sequence[tuple[float, float]]
    break_min: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A trace and the limit staff want to be told about, as percent of the lane's height."""

    path: str
    limit: str | None
    last_x: str | None
    last_y: str | None


@dataclass(frozen=True, slots=True)
class CuffDrawing:
    x: str
    top: str
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsDrawing:
    cuffs: tuple[CuffDrawing, ...]
    pressure_limit: str | None
    last_cuff_x: str | None
    pulse: Lane
    spo2: Lane
    x_ticks: tuple[Tick, ...]
    now: str | None
    from_min: float
    to_min: float


def draw_vitals(
    *,
    from_min: float,
    to_min: float,
    cuffs: Sequence[Cuff],
    pulse: Trace,
    spo2: Trace,
    now_min: float | None = None,
    sbp_limit_mmhg: float | None = None,
    pulse_limit_per_min: float | None = None,
    spo2_limit_percent: float | None = None,
) -> VitalsDrawing:
    """The drawing, from `from_min` to `to_min` from the start of the drip; a limit of None is not drawn."""
    x, pressure = Scale(from_min, to_min), _widened(PRESSURE_MMHG, [v for c in cuffs for v in (c.sbp_mmhg, c.dbp_mmhg)])
    return VitalsDrawing(
        cuffs=tuple(
            CuffDrawing(x.across_percent(c.t_min), pressure.up_percent(c.sbp_mmhg), pressure.up_percent(c.dbp_mmhg))
            for c in cuffs
        ),
        pressure_limit=None if sbp_limit_mmhg is None else pressure.up_percent(sbp_limit_mmhg),
        last_cuff_x=x.across_percent(cuffs[-1].t_min) if cuffs else None,
        pulse=_lane(pulse, x, PULSE_PER_MIN, pulse_limit_per_min),
        spo2=_lane(spo2, x, SPO2_PERCENT, spo2_limit_percent),
        x_ticks=time_ticks(x),
        now=None if now_min is None else x.across_percent(now_min),
        from_min=from_min,
        to_min=to_min,
    )


def _lane(trace: Trace, x: Scale, usual: tuple[float, float], limit: float | None) -> Lane:
    y = _widened(usual, [value for _, value in trace.points])
    last = trace.points[-1] if trace.points else None
    return Lane(
        path="".join(path(run, x, y) for run in _runs(trace)),
        limit=None if limit is None else y.up_percent(limit),
        last_x=None if last is None else x.across_percent(last[0]),
        last_y=None if last is None else y.up_percent(last[1]),
    )


def _widened(usual: tuple[float, float], values: Sequence[float]) -> Scale:
    """The usual range of a lane, opened as far as the values go: nothing is drawn outside or held inside."""
    return Scale(min([usual[0], *values]), max([usual[1], *values]))


def _runs(trace: Trace) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = []
    for point in trace.points:
        if runs and point[0] - runs[-1][-1][0] <= trace.break_min:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
