"""The two charts over the same minutes: the drug's course by three models, and the vital signs since arrival."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from stillroom.bedside.fill.tiles import Reading, partners_of_cuff, readings_of
from stillroom.bedside.parts import TileKind
from stillroom.bedside.situation import THINNED_S, Situation
from stillroom.core.drip.course import rates_reaching_patient
from stillroom.core.errors import Refused
from stillroom.core.infusion.due import intervals_of
from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.vitals import Signal
from stillroom.web import charts

DAYS_IN_A_YEAR = 365.25
SHOWN_MIN = 120.0  # from the start of the drip; longer when the patient has been here longer
STEP_MIN = 1.0
BREAK_INTERVALS = 4  # a monitor's trace breaks where this many points are missing
SETS_JOINED = 2.0  # sets by hand are joined while no more than one was left out


def fill_course(now: Situation) -> charts.CourseDrawing | None:
    """Drawn when a start was intended; None too where no model may speak, as of a child."""
    if now.drip is None:
        return None
    to_min = _to_min(now)
    segments = [(s.start_min, s.end_min, s.rate_mg_per_min) for s in rates_reaching_patient(now.drip, until_min=to_min)]
    t_min = np.arange(0.0, to_min + STEP_MIN, STEP_MIN)
    try:
        estimated = course(ROOM_MODELS, segments, _body(now), t_min)
    except Refused:
        return None
    band = estimated.plasma_band
    assert band is not None
    return charts.draw_course(
        charts.Course(
            t_min=t_min.tolist(),
            lines=tuple(charts.ModelLine(line.title, line.plasma_ng_per_ml.tolist()) for line in estimated.lines),
            low_ng_per_ml=band.lower_ng_per_ml.tolist(),
            high_ng_per_ml=band.upper_ng_per_ml.tolist(),
            drips=_joined([(start_min, end_min) for start_min, end_min, _ in segments]),
            now_min=now.minute_of(now.at),
        )
    )


def fill_vitals(now: Situation) -> charts.VitalsDrawing | None:
    pressures = readings_of(now, TileKind.PRESSURE)
    pulse, oxygen = readings_of(now, TileKind.PULSE), readings_of(now, TileKind.OXYGEN)
    first = min((each.sample.measured_at for each in (*pressures, *pulse, *oxygen)), default=None)
    if first is None:
        return None
    limits = now.planned.order.watch_limits
    return charts.draw_vitals(
        from_min=min(now.minute_of(first), 0.0),
        to_min=_to_min(now),
        cuffs=_cuffs(now, pressures),
        pulse=_trace(now, pulse),
        spo2=_trace(now, oxygen),
        now_min=now.minute_of(now.at),
        limits=charts.Limits(
            sbp_mmhg=limits.sbp_high_mmhg,
            pulse_per_min=limits.pulse_high_per_min,
            spo2_percent=limits.spo2_low_percent,
        ),
    )


def _to_min(now: Situation) -> float:
    return max(SHOWN_MIN, now.minute_of(now.at))


def _body(now: Situation) -> Body:
    age_y = (now.at.date() - now.patient.born).days / DAYS_IN_A_YEAR
    return Body(age_y=age_y, weight_kg=float(now.planned.weight_kg))


def _joined(spans: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Touching spans as one: the bar under the curve shows when drug arrives, not at which rate."""
    if not spans:
        return ()
    breaks = [index for index, (one, next_one) in enumerate(pairwise(spans), start=1) if next_one[0] > one[1]]
    edges = [0, *breaks, len(spans)]
    return tuple((spans[first][0], spans[last - 1][1]) for first, last in pairwise(edges))


def _cuffs(now: Situation, pressures: list[Reading]) -> list[charts.Cuff]:
    dbp_mmhg = partners_of_cuff(now, Signal.DBP_MMHG)
    return [
        charts.Cuff(now.minute_of(at), float(reading.sample.value), dbp_mmhg[at])
        for reading in pressures
        if (at := reading.sample.measured_at) in dbp_mmhg
    ]


def _trace(now: Situation, readings: list[Reading]) -> charts.Trace:
    """Points are joined while they follow each other in time: by the monitor's interval, or that of sets by hand."""
    points = [(now.minute_of(each.sample.measured_at), float(each.sample.value)) for each in readings]
    if now.monitor is None:
        return charts.Trace(points, break_min=SETS_JOINED * intervals_of(now.state).pressure_every_min)
    return charts.Trace(points, break_min=BREAK_INTERVALS * max(now.monitor.interval_s, THINNED_S) / 60)
