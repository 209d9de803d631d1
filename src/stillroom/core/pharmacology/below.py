"""When has the level fallen below a mark for good? A range of the models, never one time.

The models agree on the height of a course and part on the way down: to one level they differ fourfold. So the answer is
where each model stands, and how far apart they are. It is arithmetic on curves. It says nothing of how somebody is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.forecast import Line, course, models_named
from stillroom.core.pharmacology.models import Body
from stillroom.core.pharmacology.parameters import ASSUMED_SPREAD_PERCENT, Drug

AFTER_MIN, FAR_MIN = 90.0, 48 * 60.0
"""Looked at minute by minute until so long after the drug stopped, then in steps of ten up to two days after."""
PARTS = 10
"""Into so many parts a step is divided in which a curve falls through a mark; in a part its logarithm is straight."""

Times = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class ModelBelow:
    """Minutes from the start of the infusion from which one model stays below; None if it never comes up to there."""

    model: str
    title: str
    from_min: float | None


@dataclass(frozen=True, slots=True)
class Span:
    """From the earliest to the latest, minutes from the start of the infusion."""

    earliest_min: float
    latest_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """From when each model stays below `level_ng_per_ml` of racemic ketamine, in plasma or at the effect site.

    `models_span` reaches from the first model to the last, `spread_span` from the foot of the band to its head. None:
    the level is not reached by every one of them, so there is no such span.
    """

    level_ng_per_ml: float
    models: tuple[ModelBelow, ...]
    models_span: Span | None
    spread_span: Span | None


def below(
    models: Iterable[str],
    segments: Sequence[tuple[float, float, float]],
    patient: Body,
    levels_ng_per_ml: Sequence[float],
    *,
    at_effect_site: bool = False,
) -> tuple[Below, ...]:
    """For each level, from when each model of racemic ketamine stays below it. Models, segments and body as `course`.

    Valid to two days after the last drug; a model that is still above then counts as never having fallen.
    """
    racemic = [model.name for model in models_named(models) if model.drug is Drug.KETAMINE]
    levels = np.asarray(levels_ng_per_ml, dtype=np.float64)
    spread = ASSUMED_SPREAD_PERCENT / 100.0
    marks = np.concatenate([levels, levels / (1.0 - spread), levels / (1.0 + spread)])
    lines = course(racemic, segments, patient, _grid(segments)).lines
    found = [_falling(line, segments, patient, at_effect_site).below_from_min(marks) for line in lines]
    by_mark = list(zip(*found, strict=True))
    return tuple(
        _below(lines, level, by_mark[i], by_mark[i + levels.size], by_mark[i + 2 * levels.size])
        for i, level in enumerate(levels_ng_per_ml)
    )


def _falling(
    line: Line, segments: Sequence[tuple[float, float, float]], patient: Body, at_effect_site: bool
) -> _Falling:
    def conc_of(drawn: Line) -> Array:
        return drawn.effect_site_ng_per_ml if at_effect_site else drawn.plasma_ng_per_ml

    def at(t_min: Array) -> Array:
        return conc_of(course([line.model], segments, patient, t_min).lines[0])

    return _Falling(_grid(segments), conc_of(line), at)


@dataclass(frozen=True, slots=True, eq=False)
class _Falling:
    """One model's concentration (t,) at rising times (t,), which hold every change of rate, and at others if asked."""

    t_min: Array
    conc_ng_per_ml: Array
    at: Callable[[Array], Array]

    def below_from_min(self, levels_ng_per_ml: Array) -> list[float | None]:
        """For each level (n,) the moment after which the curve is below it; None if it never came up or is still up."""
        is_above = self.conc_ng_per_ml >= levels_ng_per_ml[:, None]
        last = self.t_min.size - 1 - np.argmax(is_above[:, ::-1], axis=1)
        falls = np.any(is_above, axis=1) & ~is_above[:, -1]
        steps = self._steps(last[falls])
        curves = iter(zip(steps, self.at(steps.ravel()).reshape(steps.shape), levels_ng_per_ml[falls], strict=True))
        return [_crossing_min(*next(curves)) if does_fall else None for does_fall in falls]

    def _steps(self, last: NDArray[np.intp]) -> Array:
        """The step of the grid in which each curve falls through its mark, divided: (n, parts + 1)."""
        parts = np.linspace(0.0, 1.0, PARTS + 1)
        return self.t_min[last, None] + (self.t_min[last + 1] - self.t_min[last])[:, None] * parts


def _crossing_min(t_min: Array, conc_ng_per_ml: Array, level_ng_per_ml: float) -> float:
    """Where a falling curve meets the level, on the straight line of its logarithm between two neighbours."""
    after = int(np.argmax(conc_ng_per_ml < level_ng_per_ml))
    high, low = np.log(conc_ng_per_ml[after - 1 : after + 1])
    part = (high - np.log(level_ng_per_ml)) / (high - low)
    return float(t_min[after - 1] + part * (t_min[after] - t_min[after - 1]))


def _grid(segments: Sequence[tuple[float, float, float]]) -> Array:
    over_min = max((end_min for _, end_min, _ in segments), default=0.0)
    near = np.arange(0.0, over_min + AFTER_MIN, 1.0)
    far = np.arange(over_min + AFTER_MIN, over_min + FAR_MIN, 10.0)
    edges = [edge for start_min, end_min, _ in segments for edge in (start_min, end_min)]
    return np.unique(np.concatenate([near, far, edges]))


def _below(lines: Sequence[Line], level_ng_per_ml: float, found: Times, foot: Times, head: Times) -> Below:
    return Below(
        level_ng_per_ml=level_ng_per_ml,
        models=tuple(ModelBelow(line.model, line.title, each) for line, each in zip(lines, found, strict=True)),
        models_span=_span(found, found),
        spread_span=_span(foot, head),
    )


def _span(earliest: Times, latest: Times) -> Span | None:
    low = [each for each in earliest if each is not None]
    high = [each for each in latest if each is not None]
    if not low or len(low) < len(earliest) or len(high) < len(latest):
        return None
    return Span(min(low), max(high))
