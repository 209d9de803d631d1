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
class CuffDrawing:
    x: str
    top: str
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsDrawing:
    """Strings for `web/charts/vitals.html`. A limit is a tick on its lane: what staff want to be told about."""

    cuffs: tuple[CuffDrawing, ...]
    pulse_path: str
    spo2_path: str
    pressure_limit: Tick | None
    pulse_limit: Tick | None
    spo2_limit: Tick | None
    x_ticks: tuple[Tick, ...]
    now: str | None
    from_min: float
    to_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What staff want to be told about; None is not drawn."""

    sbp_mmhg: int | None = None
    pulse_per_min: int | None = None
    spo2_percent: int | None = None


NO_LIMITS = Limits()


def draw_vitals(
    *,
    from_min: float,
    to_min: float,
    cuffs: Sequence[Cuff],
    pulse: Trace,
    spo2: Trace,
    now_min: float | None = None,
    limits: Limits = NO_LIMITS,
) -> VitalsDrawing:
    """The drawing, from `from_min` to `to_min` from the start of the drip."""
    x = Scale(from_min, to_min)
    pressure_y = _lane(PRESSURE_MMHG, [v for cuff in cuffs for v in (cuff.sbp_mmhg, cuff.dbp_mmhg)])
    pulse_y, spo2_y = (
        _lane(usual, [v for _, v in trace.points]) for usual, trace in ((PULSE_PER_MIN, pulse), (SPO2_PERCENT, spo2))
    )
    return VitalsDrawing(
        cuffs=tuple(_cuff(each, x, pressure_y) for each in cuffs),
        pulse_path=_trace(pulse, x, pulse_y),
        spo2_path=_trace(spo2, x, spo2_y),
        pressure_limit=_limit(limits.sbp_mmhg, pressure_y),
        pulse_limit=_limit(limits.pulse_per_min, pulse_y),
        spo2_limit=_limit(limits.spo2_percent, spo2_y),
        x_ticks=time_ticks(x),
        now=None if now_min is None else x.across_percent(now_min),
        from_min=from_min,
        to_min=to_min,
    )


def _cuff(cuff: Cuff, x: Scale, y: Scale) -> CuffDrawing:
    return CuffDrawing(x.across_percent(cuff.t_min), y.up_percent(cuff.sbp_mmhg), y.up_percent(cuff.dbp_mmhg))


def _trace(trace: Trace, x: Scale, y: Scale) -> str:
    return "".join(path(run, x, y) for run in _runs(trace))


def _limit(value: int | None, y: Scale) -> Tick | None:
    return None if value is None else Tick(y.up_percent(value), value)


def _lane(usual: tuple[float, float], values: Sequence[float]) -> Scale:
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
