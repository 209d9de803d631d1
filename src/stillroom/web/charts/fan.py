"""The fan: a course by every applicable model, in plasma and at the effect site, with all that must be said beside it.

Estimated, not measured. What is drawn here opens no door, and says nothing of how somebody is or whether it helps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stillroom.core import pharmacology
from stillroom.core.errors import Finding
from stillroom.core.pharmacology import Band, Line
from stillroom.core.pharmacology.below import Below, Span
from stillroom.core.pharmacology.exponentials import Array
from stillroom.web.charts.course import Beside, Course, CourseDrawing, ModelLine, draw_course

Drips = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """Models, by title, that were not made for somebody of this age or weight (`field`); the range may be assumed."""

    field: str
    titles: tuple[str, ...]
    value: str
    lowest: str
    highest: str
    is_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayDown:
    """From when plasma stays below a level, whole minutes after the drug stops: first and last model, and the band's.

    None: not every model comes up to there. Zero: it is below already when the drug stops.
    """

    level_ng_per_ml: int
    models_min: tuple[int, int] | None
    spread_min: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanDrawing:
    """For `web/charts/fan.html`. `peaks_apart` is how many times the highest of the models' peaks is the lowest.

    `cut_by` is the code of why nothing is drawn beyond now, and said of it; empty where all of it is.
    """

    plasma: CourseDrawing
    effect_site: CourseDrawing
    spread_percent: str
    t_half_ke0_min: str
    peaks_apart: str
    way_down: tuple[WayDown, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    others: tuple[Finding, ...] = ()
    cut_by: str = ""


def draw_fan(
    course: pharmacology.Course,
    *,
    drips: Drips,
    now_min: float | None = None,
    stops_min: float = 0.0,
    below: Sequence[Below] = (),
    beside: pharmacology.Course | None = None,
    cut_by: str = "",
) -> FanDrawing:
    """The fan of a course whose models are all of the racemate, over the course's own times, which rise.

    `below` belongs to the same course, whose last drug reaches the vein at `stops_min`; `beside` is another course over
    the same times, to be drawn pale behind. With `cut_by` nothing is drawn, or said, of what lies beyond `now_min`.
    """
    ends_min = now_min if cut_by else None
    plasma = _drawing(course, "plasma", beside, drips, now_min, ends_min)
    return FanDrawing(
        plasma=plasma,
        effect_site=_drawing(course, "effect_site", beside, drips, now_min, ends_min),
        spread_percent=f"{course.spread_percent:g}",
        t_half_ke0_min=f"{course.t_half_ke0_min:g}",
        peaks_apart="" if cut_by else _times(course),
        way_down=() if cut_by else tuple(_way_down(each, stops_min=stops_min) for each in below),
        beyond=tuple(_beyond(course.lines)),
        others=tuple(each for line in course.lines for each in line.findings if each.code != "model_out_of_range"),
        cut_by=cut_by,
    )


def draw_plasma(
    course: pharmacology.Course,
    *,
    drips: Drips,
    now_min: float | None = None,
    beside: pharmacology.Course | None = None,
) -> CourseDrawing:
    """The first picture of the fan alone, where the words stand elsewhere."""
    return _drawing(course, "plasma", beside, drips, now_min)


def _drawing(
    course: pharmacology.Course,
    where: str,
    beside: pharmacology.Course | None,
    drips: Drips,
    now_min: float | None,
    ends_min: float | None = None,
) -> CourseDrawing:
    low, high = _bounds(course, where)
    return draw_course(
        Course(
            t_min=course.t_min.tolist(),
            lines=tuple(ModelLine(line.title, _conc(line, where).tolist()) for line in course.lines),
            low_ng_per_ml=low,
            high_ng_per_ml=high,
            drips=drips,
            now_min=now_min,
            beside=_beside(beside, where) if beside else None,
            ends_min=ends_min,
        )
    )


def _beside(course: pharmacology.Course, where: str) -> Beside:
    low, high = _bounds(course, where)
    return Beside(line_ng_per_ml=_conc(course.lines[0], where).tolist(), low_ng_per_ml=low, high_ng_per_ml=high)


def _bounds(course: pharmacology.Course, where: str) -> tuple[list[float], list[float]]:
    band: Band | None = course.plasma_band if where == "plasma" else course.effect_site_band
    if band is None:
        raise ValueError("a fan is of models of the racemate")
    return band.lower_ng_per_ml.tolist(), band.upper_ng_per_ml.tolist()


def _conc(line: Line, where: str) -> Array:
    return line.plasma_ng_per_ml if where == "plasma" else line.effect_site_ng_per_ml


def _times(course: pharmacology.Course) -> str:
    """Of no drug at all, nothing can be said to be so many times as high."""
    peaks = [float(line.plasma_ng_per_ml.max()) for line in course.lines]
    return f"{max(peaks) / min(peaks):.1f}" if min(peaks) > 0 else ""


def _way_down(below: Below, *, stops_min: float) -> WayDown:
    return WayDown(
        level_ng_per_ml=round(below.level_ng_per_ml),
        models_min=_after(below.models_span, stops_min),
        spread_min=_after(below.spread_span, stops_min),
    )


def _after(span: Span | None, stops_min: float) -> tuple[int, int] | None:
    if span is None:
        return None
    return max(0, round(span.earliest_min - stops_min)), max(0, round(span.latest_min - stops_min))


def _beyond(lines: Iterable[Line]) -> Iterable[Beyond]:
    """What several models have in common is said once."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for line in lines:
        for found in line.findings:
            if found.code == "model_out_of_range":
                said = tuple(found.facts[name] for name in ("field", "value", "lowest", "highest", "standing"))
                titles.setdefault(said, []).append(line.title)
    for (field, value, lowest, highest, standing), named in titles.items():
        yield Beyond(
            field=field,
            titles=tuple(named),
            value=value,
            lowest=lowest,
            highest=highest,
            is_assumed=standing == "assumed",
        )
