"""The rate history as people read it: from when to when the drip ran at what, and what was in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import apply
from stillroom.core.infusion.state import InfusionState


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpan:
    """From `start` to `end` at `rate_ml_per_h`: what was confirmed, or while in doubt the most it may have been."""

    start: datetime
    end: datetime
    rate_ml_per_h: Decimal
    is_in_doubt: bool


def rate_spans(surviving: Iterable[e.Logged], *, until: datetime) -> tuple[RateSpan, ...]:
    """Touching spans from the first intended start to the end of the drip or `until`; pauses are spans at zero.

    By the order in which things happened. Empty before a start was intended.
    """
    turns = [*_turns(sorted(surviving, key=lambda entry: entry.occurred_at)), (until, Decimal(0), False)]
    spans = (
        RateSpan(start=start, end=min(end, until), rate_ml_per_h=rate, is_in_doubt=in_doubt)
        for (start, rate, in_doubt), (end, _, _) in pairwise(turns)
        if start < min(end, until)
    )
    return tuple(_without_idle_end(list(spans)))


def _turns(entries: Iterable[e.Logged]) -> Iterable[tuple[datetime, Decimal, bool]]:
    """Each moment at which the rate, or the doubt about it, changed."""
    state, before = InfusionState(), (Decimal(0), False)
    for entry in entries:
        state = apply(state, entry)
        now = (state.highest_rate_ml_per_h, state.is_in_doubt and state.may_be_running)
        if now != before:
            yield entry.occurred_at, *now
        before = now


def _without_idle_end(spans: list[RateSpan]) -> list[RateSpan]:
    while spans and not spans[-1].rate_ml_per_h:
        spans.pop()
    return spans
