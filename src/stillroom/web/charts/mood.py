"""One answer a day over weeks, infusions marked above it, and a longer questionnaire on a strip of its own.

The two have their own axes and share only the days: one is 0 to 10 a day, the other a total every two weeks. A day
without an answer breaks the line; a day that stands alone is a dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from stillroom.web.charts.scale import Scale, path

DAY = timedelta(days=1)
HIGHEST = 10.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day, at `x` and `y` percent of its plot; `value` is what stands beside it."""

    x: str
    y: str
    day: date
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodDrawing:
    """Strings for `web/charts/mood.html`. `alone` are days with no answer before or after them."""

    line: str
    alone: tuple[Mark, ...]
    infusions: tuple[Mark, ...]
    totals: tuple[Mark, ...]
    first: date
    last: date
    answered: int


def draw_mood(
    lows: Mapping[date, int],
    *,
    infusions: Iterable[date],
    totals: Mapping[date, int],
    highest_total: int,
    first: date,
    last: date,
) -> MoodDrawing:
    """The days from `first` to `last`, both drawn; what lies outside is left out."""
    x, y = Scale(0.0, float(max((last - first).days, 1))), Scale(0.0, HIGHEST)
    up = Scale(0.0, float(highest_total))
    shown = {day: low for day, low in sorted(lows.items()) if first <= day <= last}
    runs = list(_runs(shown))

    def mark(day: date, scale: Scale, value: int) -> Mark:
        return Mark(x.across_percent((day - first).days), scale.up_percent(value), day, value)

    return MoodDrawing(
        line=" ".join(path([((day - first).days, shown[day]) for day in run], x, y) for run in runs if len(run) > 1),
        alone=tuple(mark(run[0], y, shown[run[0]]) for run in runs if len(run) == 1),
        infusions=tuple(mark(day, y, 0) for day in sorted(set(infusions)) if first <= day <= last),
        totals=tuple(mark(day, up, total) for day, total in sorted(totals.items()) if first <= day <= last),
        first=first,
        last=last,
        answered=len(shown),
    )


def _runs(days: Iterable[date]) -> Iterable[Sequence[date]]:
    """Days that follow on one another without a gap."""
    ordered = list(days)
    breaks = [i for i, (before, after) in enumerate(pairwise(ordered), start=1) if after - before > DAY]
    return [ordered[start:end] for start, end in pairwise([0, *breaks, len(ordered)]) if end > start]
