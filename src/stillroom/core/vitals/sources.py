"""Two devices, or two sensors of one, measure one sign: which of them counts now?

One at a time. What counts is judged and shown; the other is kept, and nothing of it is mixed in. The one that counts
goes on counting as long as it measures well, and gives way by rule: at once to another that measures well when it has
fallen silent or says itself that its value is invalid; and back to one that goes before it only when that one has
measured well without a break for `BACK_AFTER`, so that a loose probe does not make the figure jump. Where none measures
well, nothing changes: the sign is missing, and that is an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from stillroom.core.vitals.freshness import Freshness, Lifetime, age_s, freshness_of
from stillroom.core.vitals.sample import Sample, Validity
from stillroom.core.vitals.signals import CUFF_SIGNALS, Signal

Id = TypeVar("Id")

BACK_AFTER = timedelta(seconds=60)
"""Our own choice: as long as a nurse needs to set a probe right and step back."""

TOGETHER: tuple[tuple[Signal, ...], ...] = (
    (Signal.SPO2_PERCENT,),
    (Signal.PULSE_PER_MIN,),
    (Signal.HEART_RATE_PER_MIN,),
    (Signal.RESP_PER_MIN,),
    (Signal.ETCO2_MMHG,),
    (Signal.TEMPERATURE_CEL,),
    (Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG, Signal.CUFF_PULSE_PER_MIN),
)
"""What one device must measure together: the systolic of one cuff and the diastolic of another are no pressure. The
first of each is looked at."""


class Why(StrEnum):
    """Why another counts now."""

    SILENT = "silent"
    INVALID = "invalid"
    STILL = "still"
    GOES_BEFORE = "goes_before"


@dataclass(frozen=True, slots=True)
class Measuring(Generic[Id]):
    """One that measures the sign, and its readings of the last minutes, oldest first.

    `is_still`: its figures have stayed the same for longer than living ones do.
    """

    id: Id
    readings: Sequence[Sample]
    lifetime: Lifetime
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class Choice(Generic[Id]):
    """Which one counts, and why it changed; no reason where it did not."""

    id: Id
    why: Why | None = None


def which_counts(order: Sequence[Measuring[Id]], counting: Id, at: datetime) -> Choice[Id]:
    """Of these, the one to go first before the others, at least one; `counting` is the one until now."""
    now = next((each for each in order if each.id == counting), order[0])
    if _measures_well(now, at):
        before = order[: order.index(now)]
        back = next((each for each in before if _has_measured_well(each, at)), None)
        return Choice(back.id, Why.GOES_BEFORE) if back else Choice(now.id)
    instead = next((each for each in order if _measures_well(each, at)), None)
    return Choice(instead.id, _fault_of(now, at)) if instead else Choice(now.id)


def _measures_well(source: Measuring[Id], at: datetime) -> bool:
    """Its newest value is fresh, it does not say itself that it is invalid, and its figures live."""
    newest = source.readings[-1] if source.readings else None
    is_fresh = freshness_of(newest, at, source.lifetime) is Freshness.FRESH
    return is_fresh and newest is not None and newest.validity is not Validity.INVALID and not source.is_still


def _has_measured_well(source: Measuring[Id], at: datetime) -> bool:
    """Without a break for long enough. A cuff gives one value at a time, and that is enough."""
    if not _measures_well(source, at):
        return False
    if source.readings[-1].signal in CUFF_SIGNALS:
        return True
    since = at
    for reading in reversed(source.readings):
        is_gap = (since - reading.measured_at).total_seconds() > source.lifetime.fresh_s
        if is_gap or reading.validity is not Validity.VALID:
            break
        since = reading.measured_at
    return at - since >= BACK_AFTER


def _fault_of(source: Measuring[Id], at: datetime) -> Why:
    newest = source.readings[-1] if source.readings else None
    is_old = newest is None or age_s(newest, at) > source.lifetime.fresh_s
    if is_old:
        return Why.SILENT
    return Why.INVALID if newest is not None and newest.validity is Validity.INVALID else Why.STILL
