"""A small line beside a figure: where it has been going, without a scale."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.web.charts.scale import Scale, path


def draw_spark(points: Sequence[tuple[float, float]], *, least_span: float) -> str:
    """A path in a square of 1000 units, or nothing from fewer than two points.

    `least_span` is the smallest range of values that fills the height, so that a steady sign looks steady.
    """
    if len(points) < 2:
        return ""
    values = [value for _, value in points]
    middle, span = (max(values) + min(values)) / 2, max(max(values) - min(values), least_span)
    return path(points, Scale(points[0][0], points[-1][0]), Scale(middle - span / 2, middle + span / 2))
