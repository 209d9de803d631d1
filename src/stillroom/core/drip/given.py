"""How much drug has the patient been given, and how do we know?

Ordered is not given. Four kinds of evidence say what was: the clock (the rates that were set, times time), drops that
were counted, what a pump showed, and readings of the bag. Each is a fact of its own with its own range; the estimate is
what all of them together leave possible (`pouring` says how). When their ranges do not even touch, something at the
bedside is other than it was recorded, and `is_consistent` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

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
    low_mg, likely_mg, high_mg = _reached_mg(history, at_min)
    return Estimate(low_mg=low_mg, likely_mg=likely_mg, high_mg=high_mg, evidence=_evidence(history, at_min))


def _evidence(history: History, at_min: Minutes) -> tuple[Evidence, ...]:
    evidence = [_told_by(Kind.CLOCK, history, at_min, leaving_out=(FlowCounted, FlowRead, StreamSeen, LevelRead))]
    if _sightings(history, at_min, FlowCounted, StreamSeen):
        evidence.append(_told_by(Kind.DROPS, history, at_min, leaving_out=(FlowRead, LevelRead)))
    if _sightings(history, at_min, FlowRead):
        evidence.append(_told_by(Kind.PUMP, history, at_min, leaving_out=(FlowCounted, StreamSeen, LevelRead)))
    if _sightings(history, at_min, LevelRead):
        evidence.append(_told_by(Kind.BAG, history, at_min, leaving_out=(FlowCounted, FlowRead)))
    return tuple(evidence)


_SEEN_BY: dict[Kind, tuple[type[Happening], ...]] = {
    Kind.CLOCK: (),
    Kind.DROPS: (FlowCounted, StreamSeen),
    Kind.PUMP: (FlowRead,),
    Kind.BAG: (LevelRead,),
}


def _told_by(kind: Kind, history: History, at_min: Minutes, *, leaving_out: tuple[type[Happening], ...]) -> Evidence:
    rest = tuple(each for each in history.happenings if not isinstance(each, leaving_out))
    low_mg, likely_mg, high_mg = _reached_mg(replace(history, happenings=rest), at_min)
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
