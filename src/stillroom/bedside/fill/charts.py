"""The two charts over the same minutes: the drug's course by three models, and the vital signs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stillroom.bedside.fill.drip import unforeseen_now
from stillroom.bedside.fill.tiles import Reading, partners_of_cuff, readings_of
from stillroom.bedside.parts import TileKind
from stillroom.bedside.situation import THINNED_S, Situation
from stillroom.core.drip.history import History
from stillroom.core.errors import Refused
from stillroom.core.infusion.due import intervals_of
from stillroom.core.pharmacology import ROOM_MODELS, Body, Course, course
from stillroom.core.pharmacology.below import below
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.vitals import Signal
from stillroom.infusions.ran import body_of, segments_of
from stillroom.web import charts

SHOWN_MIN = 120.0  # from the start of the drip; longer when the patient has been here longer
STEP_MIN = 1.0
MARKS_NG_PER_ML = (100.0, 50.0, 25.0)  # round figures for reading the way down; none of them is a threshold
BREAK_INTERVALS = 4  # a monitor's trace breaks where this many points are missing
SETS_JOINED = 2.0  # sets by hand are joined while no more than one was left out


def fill_course(now: Situation) -> charts.FanDrawing | None:
    """Drawn when a start was intended; None too where no model may speak, as of a child."""
    if now.drip is None:
        return None
    found = expected(now, now.drip)
    if found is None:
        return None
    return charts.draw_fan(
        found.course,
        drips=found.drips,
        now_min=now.minute_of(now.at),
        stops_min=found.stops_min,
        below=below(ROOM_MODELS, found.segments, found.body, MARKS_NG_PER_ML),
        cut_by=unforeseen_now(now) or "",
    )


def course_still_good(now: Situation, before: charts.FanDrawing | None) -> charts.FanDrawing | None:
    """What was drawn before, unless it shows what nobody can say any more, or hides what can be said again."""
    return before if before is not None and before.cut_by == (unforeseen_now(now) or "") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A course as the drip gives it: what reaches the vein, to the end of its bag, and what the models make of that.

    `drips` are the spans of it that are in view; `stops_min` is when the last drug reaches the vein.
    """

    segments: tuple[tuple[float, float, float], ...]
    drips: charts.Drips
    stops_min: float
    body: Body
    course: Course


def expected(now: Situation, drip: History) -> Expected | None:
    """What this drip, the infusion's own or a supposed one, comes to over the minutes shown; None as above."""
    shown_min, body = to_min(now), body_of(now.patient.born, now.planned.weight_kg, at=now.at)
    segments = segments_of(drip, shown_min=shown_min)
    try:
        found = course(ROOM_MODELS, segments, body, _minutes(shown_min, now_min=now.minute_of(now.at)))
    except Refused:
        return None
    return Expected(
        segments=segments,
        drips=_joined([(start, min(end, shown_min)) for start, end, _ in segments if start < shown_min]),
        stops_min=max((end for _, end, _ in segments), default=0.0),
        body=body,
        course=found,
    )


def fill_vitals(now: Situation) -> charts.VitalsDrawing | None:
    pressures = readings_of(now, TileKind.PRESSURE)
    pulse, oxygen = readings_of(now, TileKind.PULSE), readings_of(now, TileKind.OXYGEN)
    first = min((each.sample.measured_at for each in (*pressures, *pulse, *oxygen)), default=None)
    if first is None:
        return None
    limits = now.state.watch_limits
    # Beside a course the minutes are the same for both, so that one can be read above the other.
    from_min = min(now.minute_of(first), 0.0) if now.drip is None else 0.0
    return charts.draw_vitals(
        from_min=from_min,
        to_min=to_min(now),
        cuffs=[cuff for cuff in _cuffs(now, pressures) if cuff.t_min >= from_min],
        pulse=_trace(now, pulse, from_min),
        spo2=_trace(now, oxygen, from_min),
        now_min=now.minute_of(now.at),
        limits=charts.Limits(
            sbp_mmhg=limits.sbp_high_mmhg,
            pulse_per_min=limits.pulse_high_per_min,
            spo2_percent=limits.spo2_low_percent,
        ),
    )


def to_min(now: Situation) -> float:
    return max(SHOWN_MIN, now.minute_of(now.at))


def _minutes(shown_min: float, *, now_min: float) -> Array:
    """With the present one among them, where the drawing may end."""
    return np.union1d(np.arange(0.0, shown_min + STEP_MIN, STEP_MIN), [now_min])


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


def _trace(now: Situation, readings: list[Reading], from_min: float) -> charts.Trace:
    """Points are joined while they follow each other in time: by the monitor's interval, or that of sets by hand."""
    every = [(now.minute_of(each.sample.measured_at), float(each.sample.value)) for each in readings]
    points = [point for point in every if point[0] >= from_min]
    if now.monitor is None:
        return charts.Trace(points, break_min=SETS_JOINED * intervals_of(now.state).pressure_every_min)
    return charts.Trace(points, break_min=BREAK_INTERVALS * max(now.monitor.interval_s, THINNED_S) / 60)
