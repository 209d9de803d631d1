"""Over which stretches of time was the flow the same, and what was known of it?

A `Span` is a stretch in which nothing happened. Its flow follows from what was last seen before it, from what was asked
and not yet settled, and from what was seen at its end:

- nothing open: as last seen (settled or counted); if the next thing is a count, between the two;
- asked and not settled: the old or the new, whichever is more (in doubt counts at its maximum);
- a stream seen at its beginning or its end: anything up to an open clamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from stillroom.core.drip.counting import count_drops, flow_counted
from stillroom.core.drip.exact import Minutes, exact
from stillroom.core.drip.history import (
    BagHung,
    FlowAsked,
    FlowCounted,
    FlowRead,
    FlowSettled,
    Happening,
    History,
    LevelRead,
    LineFlushed,
    Moved,
    StreamSeen,
    in_order,
)
from stillroom.core.drip.line import (
    STOPPED,
    STREAM,
    Flow,
    Gravity,
    Meter,
    Pump,
    flow_as_set,
    flow_between,
    flow_in_doubt,
)
from stillroom.core.drip.rates import MIN_PER_H


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of steady flow. `bag` hangs all through it; `read_at_end` is what was read of it when it ended."""

    start_min: Fraction
    end_min: Fraction
    bag: BagHung | None
    ordered_ml_per_h: Fraction
    flow: Flow
    flush_ml_per_h: Fraction
    read_at_end: LevelRead | None

    @property
    def duration_h(self) -> Fraction:
        return (self.end_min - self.start_min) / MIN_PER_H


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known at one moment: the flow last seen, what was asked since, and the bag."""

    seen: Flow = STOPPED
    asked: tuple[Flow, ...] = ()
    ordered_ml_per_h: Fraction = Fraction(0)
    bag: BagHung | None = None


def spans_of(history: History, *, until_min: Minutes) -> tuple[Span, ...]:
    """The spans from the first happening to `until_min`, or to the last happening when that is later."""
    happenings = in_order(history)
    marks = _marks(happenings, exact(until_min))
    known, todo = _Known(), list(reversed(happenings))
    spans: list[Span] = []
    for start_min, end_min in pairwise(marks):
        while todo and exact(todo[-1].t_min) <= start_min:
            known = _learn(known, todo.pop(), history.meter)
        spans.append(_span(known, todo, start_min, end_min, history))
    return tuple(_with_flushes(spans, happenings))


def _marks(happenings: tuple[Happening, ...], until_min: Fraction) -> list[Fraction]:
    marks = {until_min}
    for happening in happenings:
        marks.add(exact(happening.t_min))
        if isinstance(happening, LineFlushed):
            marks.add(exact(happening.t_min) + exact(happening.duration_min))
    return sorted(marks)


def _learn(known: _Known, happening: Happening, meter: Meter) -> _Known:
    match happening:
        case BagHung():
            return replace(known, bag=happening)
        case FlowAsked(rate_ml_per_h=rate):
            asked = (*known.asked, flow_as_set(rate, meter))
            return replace(known, asked=asked, ordered_ml_per_h=exact(rate))
        case FlowSettled(rate_ml_per_h=rate):
            return replace(known, seen=flow_as_set(rate, meter), asked=(), ordered_ml_per_h=exact(rate))
    sighted = _sighted(happening, meter)
    if isinstance(happening, FlowRead) and known.seen == STREAM:
        return known  # a pump shows its rate while fluid runs by it
    return known if sighted is None else replace(known, seen=sighted)


def _sighted(happening: Happening, meter: Meter) -> Flow | None:
    """The flow that was seen, if flow was seen. Drops counted under a pump have no known size and say nothing."""
    match happening:
        case FlowSettled(rate_ml_per_h=rate):
            return flow_as_set(rate, meter)
        case StreamSeen():
            return STREAM
        case FlowCounted(drops=drops, seconds=seconds) if isinstance(meter, Gravity):
            return flow_counted(count_drops(drops=drops, seconds=seconds), meter)
        case FlowRead(rate_ml_per_h=rate) if isinstance(meter, Pump):
            return flow_as_set(rate, meter)
    return None


def _span(known: _Known, todo: list[Happening], start_min: Fraction, end_min: Fraction, history: History) -> Span:
    return Span(
        start_min=start_min,
        end_min=end_min,
        bag=known.bag,
        ordered_ml_per_h=known.ordered_ml_per_h,
        flow=_flow(known, _next_of_flow(todo), history.meter),
        flush_ml_per_h=Fraction(0),
        read_at_end=_read_at(todo, end_min),
    )


def _flow(known: _Known, following: Happening | None, meter: Meter) -> Flow:
    coming = None if following is None else _sighted(following, meter)
    if known.asked:
        return flow_in_doubt([known.seen, *known.asked, *([] if coming is None else [coming])])
    if coming is None or isinstance(following, FlowSettled):
        return known.seen
    if STREAM in (known.seen, coming):
        return flow_in_doubt([known.seen, coming])
    return flow_between(known.seen, coming)


def _next_of_flow(todo: list[Happening]) -> Happening | None:
    says_nothing = BagHung | LevelRead | LineFlushed | Moved
    return next((each for each in reversed(todo) if not isinstance(each, says_nothing)), None)


def _read_at(todo: list[Happening], end_min: Fraction) -> LevelRead | None:
    """The reading that ends a span: the first at its end, before any other bag is hung there."""
    for happening in reversed(todo):
        if isinstance(happening, BagHung) or exact(happening.t_min) > end_min:
            return None
        if isinstance(happening, LevelRead):
            return happening
    return None


def _with_flushes(spans: list[Span], happenings: tuple[Happening, ...]) -> Iterator[Span]:
    flushes = [each for each in happenings if isinstance(each, LineFlushed)]
    for span in spans:
        yield replace(span, flush_ml_per_h=sum((_flushing(each, span) for each in flushes), Fraction(0)))


def _flushing(flush: LineFlushed, span: Span) -> Fraction:
    begins_min, lasts_min = exact(flush.t_min), exact(flush.duration_min)
    if begins_min <= span.start_min and span.end_min <= begins_min + lasts_min:
        return exact(flush.volume_ml) * MIN_PER_H / lasts_min
    return Fraction(0)
