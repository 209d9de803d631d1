"""The drug's course in the blood: what was (firm), what is expected (pale), and how far published models disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from stillroom.web.charts.labels import Array, Box, place_labels
from stillroom.web.charts.scale import SIDE, Scale, Tick, path, time_ticks, value_ticks

HEADROOM = 1.06  # of the highest value drawn
LETTERS = "abcd"  # of colour and dash


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model's plasma concentration in ng/mL at the course's `t_min`."""

    name: str
    conc_ng_per_ml: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What to draw. Times are minutes from the start of the drip; the first line is the one drawn firm.

    `low` and `high` bound the spread that is shown; `now_min` is None while nothing runs, as on a plan; `drips` are the
    spans in which the drip ran or is expected to. What is drawn as a change goes before; `beside` is what it changes.
    Nothing is drawn beyond `ends_min`, where nobody can say how it goes on.
    """

    t_min: Sequence[float]
    lines: tuple[ModelLine, ...]
    low_ng_per_ml: Sequence[float]
    high_ng_per_ml: Sequence[float]
    drips: tuple[tuple[float, float], ...]
    now_min: float | None = None
    beside: Beside | None = None
    ends_min: float | None = None

    def __post_init__(self) -> None:
        if len(self.lines) > len(LETTERS):
            raise ValueError(f"{len(self.lines)} lines cannot be told apart")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Another course over the same times, drawn pale behind: its first line, and the bounds of its spread."""

    line_ng_per_ml: Sequence[float]
    low_ng_per_ml: Sequence[float]
    high_ng_per_ml: Sequence[float]


@dataclass(frozen=True, slots=True)
class LineDrawing:
    name: str
    letter: str
    path: str
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class DripDrawing:
    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDrawing:
    """Strings for `web/charts/course.html`, and the figures its words and its moving line need."""

    band: str
    beside_band: str
    beside_line: str
    lines: tuple[LineDrawing, ...]
    drips: tuple[DripDrawing, ...]
    drip_end: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    now: str | None
    now_units: str
    from_min: float
    to_min: float
    peak_from_ng_per_ml: int
    peak_to_ng_per_ml: int
    peaks: tuple[tuple[str, int, int], ...]
    is_cut: bool = False


def draw_course(course: Course) -> CourseDrawing:
    """The drawing; the plot runs from the first to the last time given and from 0 to just over the highest value.

    It keeps its scales where it is cut, so that what is behind stays where it was.
    """
    x = Scale(course.t_min[0], course.t_min[-1])
    beside = course.beside
    y = Scale(0.0, max(*course.high_ng_per_ml, *(beside.high_ng_per_ml if beside else ()), 1.0) * HEADROOM)
    course = _until_its_end(course)
    peaks = tuple(_peak(course, line) for line in course.lines)
    return CourseDrawing(
        band=band_path(course.t_min, course.low_ng_per_ml, course.high_ng_per_ml, x, y),
        beside_band=band_path(course.t_min, beside.low_ng_per_ml, beside.high_ng_per_ml, x, y) if beside else "",
        beside_line=path(zip(course.t_min, beside.line_ng_per_ml, strict=True), x, y) if beside else "",
        lines=_lines(course, x, y),
        drips=tuple(
            DripDrawing(x.across(start), f"{x.part(end) * SIDE - x.part(start) * SIDE:.1f}")
            for start, end in course.drips
        ),
        drip_end=x.across_percent(max((end for _, end in course.drips), default=x.low)),
        x_ticks=time_ticks(x),
        y_ticks=tuple(Tick(y.up_percent(v), v) for v in value_ticks(y.high)),
        now=None if course.now_min is None else x.across_percent(course.now_min),
        now_units="0" if course.now_min is None else x.across(course.now_min),
        from_min=x.low,
        to_min=x.high,
        peak_from_ng_per_ml=min(peak for _, peak, _ in peaks),
        peak_to_ng_per_ml=max(peak for _, peak, _ in peaks),
        peaks=peaks,
        is_cut=course.ends_min is not None,
    )


def _until_its_end(course: Course) -> Course:
    end_min = course.ends_min
    if end_min is None:
        return course
    points = max(1, sum(t_min <= end_min for t_min in course.t_min))
    return replace(
        course,
        t_min=course.t_min[:points],
        lines=tuple(ModelLine(line.name, line.conc_ng_per_ml[:points]) for line in course.lines),
        low_ng_per_ml=course.low_ng_per_ml[:points],
        high_ng_per_ml=course.high_ng_per_ml[:points],
        drips=tuple((start, min(end, end_min)) for start, end in course.drips if start < end_min),
    )


def band_path(t_min: Sequence[float], low: Sequence[float], high: Sequence[float], x: Scale, y: Scale) -> str:
    """A closed path: along the high values, and back along the low."""
    there = path(zip(t_min, high, strict=True), x, y)
    back = path(zip(reversed(t_min), reversed(low), strict=True), x, y, start="L")
    return there + back + "Z"


def _lines(course: Course, x: Scale, y: Scale) -> tuple[LineDrawing, ...]:
    boxes = place_labels(
        [partial(_heights, course, line, x, y) for line in course.lines],
        wall=None if course.now_min is None else x.part(course.now_min),
    )
    paths = [path(zip(course.t_min, line.conc_ng_per_ml, strict=True), x, y) for line in course.lines]
    return tuple(map(_line, course.lines, LETTERS, paths, boxes))


def _line(line: ModelLine, letter: str, drawn: str, box: Box) -> LineDrawing:
    return LineDrawing(line.name, letter, drawn, f"{box.left * 100:.1f}%", f"{(1 - box.middle) * 100:.1f}%")


def _heights(course: Course, line: ModelLine, x: Scale, y: Scale, parts: Array) -> Array:
    t_min = x.low + parts * (x.high - x.low)
    conc_ng_per_ml = np.interp(t_min, course.t_min, line.conc_ng_per_ml)
    return np.asarray((conc_ng_per_ml - y.low) / (y.high - y.low))


def _peak(course: Course, line: ModelLine) -> tuple[str, int, int]:
    """The model's name, its highest value in ng/mL and when in minutes, both rounded for words."""
    highest = max(line.conc_ng_per_ml)
    return line.name, round(highest), round(course.t_min[line.conc_ng_per_ml.index(highest)])
