"""What ran out of the bag, span by span?

Four tracks are followed. ORDERED is what was asked for, by the clock. LEAST, LIKELY and MOST bound what really ran.

A reading of the bag is a fence every track but ORDERED must pass: what had run out by then is what is missing, give or
take the reading's tolerance. A track that would miss the fence is bent, in the stretch since the fence before, by just
as much as it takes: first towards the track beside it, and beyond the outermost in proportion. So what was in doubt is
what gives way, the tracks keep their order at every moment, and no bag gives more than it held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from stillroom.core.drip.exact import exact
from stillroom.core.drip.history import BagHung, LevelRead
from stillroom.core.drip.line import Line, Priming
from stillroom.core.drip.rates import MIN_PER_H
from stillroom.core.drip.spans import Span


class Track(StrEnum):
    ORDERED = "ordered"
    LEAST = "least"
    LIKELY = "likely"
    MOST = "most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poured:
    """A span with one flow out of one bag, mL/min, and what was flushed in beside it, mL/min."""

    start_min: Fraction
    end_min: Fraction
    bag: BagHung | None
    bag_ml_per_min: Fraction
    flush_ml_per_min: Fraction

    @property
    def duration_min(self) -> Fraction:
        return self.end_min - self.start_min

    @property
    def bag_mg_per_min(self) -> Fraction:
        return Fraction(0) if self.bag is None else self.bag_ml_per_min * self.bag.strength_mg_per_ml


def pour(spans: Sequence[Span], *, line: Line, track: Track) -> tuple[Poured, ...]:
    """What ran out on this track. The first bag also fills the line, when that is primed with drug."""
    poured: list[Poured] = []
    bag: BagHung | None = None
    gone_ml = Fraction(0)
    for stretch in _between_fences(spans):
        if stretch[0].bag is not bag:
            gone_ml = primed_ml(stretch[0].bag, line) if bag is None else Fraction(0)
            bag = stretch[0].bag
        flows = _fenced(stretch, gone_ml, track)
        for span, flow in zip(stretch, flows, strict=True):
            poured += _until_empty(span, flow, gone_ml)
            gone_ml += flow * span.duration_h
            gone_ml = gone_ml if bag is None else min(gone_ml, exact(bag.volume_ml))
    return tuple(poured)


def primed_ml(bag: BagHung | None, line: Line) -> Fraction:
    """What the line took from the first bag hung, mL, before the drip began."""
    if bag is None or line.primed_with is Priming.FLUID:
        return Fraction(0)
    return min(exact(line.volume_ml), exact(bag.volume_ml))


def _between_fences(spans: Sequence[Span]) -> Iterator[list[Span]]:
    stretch: list[Span] = []
    for span in spans:
        if stretch and (stretch[-1].read_at_end is not None or stretch[-1].bag is not span.bag):
            yield stretch
            stretch = []
        stretch.append(span)
    if stretch:
        yield stretch


def _fenced(stretch: list[Span], gone_ml: Fraction, track: Track) -> list[Fraction]:
    """The flow of each span, mL/h, bent to pass the reading at the end of the stretch."""
    bag, read = stretch[-1].bag, stretch[-1].read_at_end
    if bag is None:
        return [Fraction(0)] * len(stretch)
    flows = [_unbent(span, track) for span in stretch]
    if read is None or track is Track.ORDERED:
        return flows
    unbent_ml = min(gone_ml + _volume_ml(stretch, flows), exact(bag.volume_ml))
    fenced_ml = _through_fence(unbent_ml, bag, read)
    return flows if fenced_ml == unbent_ml else _bent(stretch, max(fenced_ml - gone_ml, Fraction(0)))


def _unbent(span: Span, track: Track) -> Fraction:
    return {
        Track.ORDERED: span.ordered_ml_per_h,
        Track.LEAST: span.flow.least_ml_per_h,
        Track.LIKELY: span.flow.likely_ml_per_h,
        Track.MOST: span.flow.most_ml_per_h,
    }[track]


def _through_fence(gone_ml: Fraction, bag: BagHung, read: LevelRead) -> Fraction:
    missing_ml, tolerance_ml = exact(bag.volume_ml) - exact(read.volume_ml), exact(read.tolerance_ml)
    return min(max(gone_ml, missing_ml - tolerance_ml), missing_ml + tolerance_ml)


def _bent(stretch: list[Span], volume_ml: Fraction) -> list[Fraction]:
    """Flows that let out `volume_ml`: a mixture of the two neighbouring tracks, or the outermost in proportion."""
    tracks = [[Fraction(0)] * len(stretch)]
    tracks += [[_unbent(span, track) for span in stretch] for track in (Track.LEAST, Track.LIKELY, Track.MOST)]
    for lower, upper in pairwise(tracks):
        below_ml, above_ml = _volume_ml(stretch, lower), _volume_ml(stretch, upper)
        if below_ml <= volume_ml <= above_ml and below_ml < above_ml:
            share = (volume_ml - below_ml) / (above_ml - below_ml)
            return [low + share * (high - low) for low, high in zip(lower, upper, strict=True)]
    return _beyond(stretch, tracks[-1], volume_ml)


def _beyond(stretch: list[Span], most: list[Fraction], volume_ml: Fraction) -> list[Fraction]:
    most_ml = _volume_ml(stretch, most)
    if most_ml == 0:
        return [volume_ml / sum(span.duration_h for span in stretch)] * len(stretch)
    return [flow * volume_ml / most_ml for flow in most]


def _volume_ml(stretch: list[Span], flows: list[Fraction]) -> Fraction:
    return sum((flow * span.duration_h for span, flow in zip(stretch, flows, strict=True)), Fraction(0))


def _until_empty(span: Span, flow_ml_per_h: Fraction, gone_ml: Fraction) -> Iterator[Poured]:
    """The span as poured; in two parts when the bag runs empty within it."""
    left_ml = Fraction(0) if span.bag is None else exact(span.bag.volume_ml) - gone_ml
    empty_min = span.end_min
    if flow_ml_per_h * span.duration_h > left_ml:
        empty_min = span.start_min + left_ml / flow_ml_per_h * MIN_PER_H
    yield from _part(span, span.start_min, empty_min, flow_ml_per_h)
    yield from _part(span, empty_min, span.end_min, Fraction(0))


def _part(span: Span, start_min: Fraction, end_min: Fraction, ml_per_h: Fraction) -> Iterator[Poured]:
    if start_min < end_min:
        yield Poured(
            start_min=start_min,
            end_min=end_min,
            bag=span.bag,
            bag_ml_per_min=ml_per_h / MIN_PER_H,
            flush_ml_per_min=Fraction(0) if span.bag is None else span.flush_ml_per_h / MIN_PER_H,
        )
