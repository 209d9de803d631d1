"""How much drug has the patient been given, and how do we know?

Ordered is not given. Four kinds of evidence say what was: the clock (the rates that were set, times time), drops that
were counted, what a pump showed, and readings of the bag. Each is a fact of its own with its own range; the estimate is
what all of them together leave possible (`pouring` says how). When their ranges do not even touch, something at the
bedside is other than it was recorded, and `is_consistent` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

from stillroom.core.drip.course import reached_patient_mg
from stillroom.core.drip.exact import Minutes, exact, shown, shown_at_least, shown_at_most
from stillroom.core.drip.history import FlowCounted, FlowRead, Happening, History, LevelRead, StreamSeen

DECIMALS = 2
"""Estimates are told to a hundredth of a milligram: far finer than any of the evidence."""


class Kind(StrEnum):
    CLOCK = "clock"
    DROPS = "drops"
    PUMP = "pump"
    BAG = "bag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one kind of evidence alone says has reached the patient, mg; `sightings` is how often it was looked at."""

    kind: Kind
    low_mg: Decimal
    likely_mg: Decimal
    high_mg: Decimal
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What has reached the patient, mg: at least, likely, at most; rounded outwards. In doubt counts at its maximum."""

    low_mg: Decimal
    likely_mg: Decimal
    high_mg: Decimal
    evidence: tuple[Evidence, ...]

    @property
    def is_consistent(self) -> bool:
        """Is there an amount that every kind of evidence allows?"""
        return max(each.low_mg for each in self.evidence) <= min(each.high_mg for each in self.evidence)


def given(history: History, *, at_min: Minutes) -> Estimate:
    """The dose given by a time, from everything known; never more than the bags held."""

    @cache  # where a kind of evidence leaves nothing out, it says the same as all of them
    def reached_mg(happenings: tuple[Happening, ...]) -> tuple[Decimal, Decimal, Decimal]:
        return _reached_mg(replace(history, happenings=happenings), at_min)

    low_mg, likely_mg, high_mg = reached_mg(history.happenings)
    kinds = [kind for kind, seen_by in _SEEN_BY.items() if kind is Kind.CLOCK or _sightings(history, at_min, *seen_by)]
    evidence = tuple(_told_by(kind, history, at_min, reached_mg) for kind in kinds)
    return Estimate(low_mg=low_mg, likely_mg=likely_mg, high_mg=high_mg, evidence=evidence)


_SEEN_BY: dict[Kind, tuple[type[Happening], ...]] = {
    Kind.CLOCK: (),
    Kind.DROPS: (FlowCounted, StreamSeen),
    Kind.PUMP: (FlowRead,),
    Kind.BAG: (LevelRead,),
}


_LEAVING_OUT: dict[Kind, tuple[type[Happening], ...]] = {
    Kind.CLOCK: (FlowCounted, FlowRead, StreamSeen, LevelRead),
    Kind.DROPS: (FlowRead, LevelRead),
    Kind.PUMP: (FlowCounted, StreamSeen, LevelRead),
    Kind.BAG: (FlowCounted, FlowRead),
}


def _told_by(
    kind: Kind,
    history: History,
    at_min: Minutes,
    reached_mg: Callable[[tuple[Happening, ...]], tuple[Decimal, Decimal, Decimal]],
) -> Evidence:
    rest = tuple(each for each in history.happenings if not isinstance(each, _LEAVING_OUT[kind]))
    low_mg, likely_mg, high_mg = reached_mg(rest)
    sightings = _sightings(history, at_min, *_SEEN_BY[kind])
    return Evidence(kind=kind, low_mg=low_mg, likely_mg=likely_mg, high_mg=high_mg, sightings=sightings)


def _sightings(history: History, at_min: Minutes, *kinds: type[Happening]) -> int:
    return sum(isinstance(each, kinds) and exact(each.t_min) <= exact(at_min) for each in history.happenings)


def _reached_mg(history: History, at_min: Minutes) -> tuple[Decimal, Decimal, Decimal]:
    low_mg, likely_mg, high_mg = reached_patient_mg(history, at_min=at_min)
    return (
        shown_at_least(low_mg, decimals=DECIMALS),
        shown(likely_mg, decimals=DECIMALS),
        shown_at_most(high_mg, decimals=DECIMALS),
    )
