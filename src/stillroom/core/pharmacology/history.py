"""At what rate did the drug reach the vein, from when to when?

A history is any number of segments of constant rate, in order, with pauses between them. It is read from what was
done, as core.drip reckons it at the end of the line: delay and washout of the line are already in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

import numpy as np

from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.pharmacology.exponentials import Array


class RateSegment(NamedTuple):
    """Ketamine base at one rate, mg/min, from one minute of the infusion to another."""

    start_min: float
    end_min: float
    rate_mg_per_min: float


@dataclass(frozen=True, slots=True, eq=False)
class RateHistory:
    """The rate as a staircase: from `starts_min[i]` on it is `rates_mg_per_min[i]`, the last being zero for ever.

    starts_min        (s,) minutes from the start of the infusion, rising
    rates_mg_per_min  (s,) mg of ketamine base per minute, zero or more
    """

    starts_min: Array
    rates_mg_per_min: Array


def staircase(segments: Sequence[tuple[float, float, float]]) -> RateHistory:
    """Segments (start_min, end_min, rate_mg_per_min) as one staircase, pauses filled in; refused if they make no sense.

    Codes: rate_not_a_number, rate_negative, segment_has_no_length, segments_out_of_order, segments_overlap.
    """
    ordered = [RateSegment(*segment) for segment in segments]
    found = [*_segments_in_doubt(ordered), *_neighbours_in_doubt(ordered)]
    if found:
        raise Refused(found)
    steps = list(_steps(ordered))
    return RateHistory(np.array([start for start, _ in steps]), np.array([rate for _, rate in steps]))


def given_mg(segments: Sequence[tuple[float, float, float]]) -> float:
    """What all segments carry together, mg."""
    return sum((end_min - start_min) * rate_mg_per_min for start_min, end_min, rate_mg_per_min in segments)


def _steps(segments: list[RateSegment]) -> Iterator[tuple[float, float]]:
    """Where each rate begins: a segment's at its start, none at its end unless the next begins there."""
    starts = {segment.start_min for segment in segments}
    for segment in segments:
        yield segment.start_min, segment.rate_mg_per_min
        if segment.end_min not in starts:
            yield segment.end_min, 0.0
    if not segments:
        yield 0.0, 0.0


def _segments_in_doubt(segments: list[RateSegment]) -> Iterator[Finding]:
    for number, segment in enumerate(segments, start=1):
        if not all(isfinite(each) for each in segment):
            yield _hard("rate_not_a_number", number, segment)
        elif segment.rate_mg_per_min < 0:
            yield _hard("rate_negative", number, segment)
        elif segment.end_min <= segment.start_min:
            yield _hard("segment_has_no_length", number, segment)


def _neighbours_in_doubt(segments: list[RateSegment]) -> Iterator[Finding]:
    for number, (earlier, later) in enumerate(pairwise(segments), start=2):
        if later.start_min < earlier.start_min:
            yield _hard("segments_out_of_order", number, later)
        elif later.start_min < earlier.end_min:
            yield _hard("segments_overlap", number, later)


def _hard(code: str, number: int, segment: RateSegment) -> Finding:
    facts = {name: f"{value:g}" for name, value in segment._asdict().items()}
    return Finding(code, Severity.HARD, {"number": str(number), **facts})
