"""From the log to the drip: what was hung, asked, settled, counted and read, in minutes from the start.

`drip_history` is what core.drip works from, and through it the dose given and the rates that pharmacology sees.
Surviving entries only; each at the time it happened, so that what was recorded late counts where it belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip import history as drip
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.planning import meter_of

# How well a bag can be read: its marks are 25 or 50 mL apart and the fluid moves; half of the finer mark, rounded down.
# A choice of ours, wide on purpose, until a clinic has measured its own; it only widens what is said to be known.
BAG_READING_TOLERANCE_ML = Decimal(10)


def start_of(log: Sequence[e.Logged]) -> datetime | None:
    """Minute zero: when the start was confirmed, or while that is in doubt, when it was intended. None before."""
    entries = surviving(log)
    confirmed = (entry.occurred_at for entry in entries if isinstance(entry.fact, e.StartConfirmed))
    intended = (entry.occurred_at for entry in reversed(entries) if isinstance(entry.fact, e.StartIntended))
    return next(confirmed, None) or next(intended, None) or _perhaps_since(entries)


def _perhaps_since(entries: Sequence[e.Logged]) -> datetime | None:
    """A log that came back from a backup may have lost the start itself."""
    restored = (entry for entry in entries if isinstance(entry.fact, e.LogRestored) and entry.fact.rate_ml_per_h > 0)
    return next((entry.occurred_at for entry in restored), None)


def minutes_from(start: datetime, at: datetime) -> float:
    """Minutes from `start` to `at`; below zero for what came before."""
    return (at - start) / timedelta(minutes=1)


def _exact_minutes_from(start: datetime, at: datetime) -> Fraction:
    """The same without a float's last bits, which core.drip would carry along exactly at thrice the work."""
    return Fraction((at - start) // timedelta(microseconds=1), 60_000_000)


def drip_history(log: Sequence[e.Logged]) -> drip.History | None:
    """What happened at the drip, or None before a start was intended: nothing can have run."""
    start = start_of(log)
    entries = surviving(log)
    hung = next((entry.fact for entry in reversed(entries) if isinstance(entry.fact, e.BagHung)), None)
    planned = next((entry.fact for entry in entries if isinstance(entry.fact, e.InfusionPlanned)), None)
    if start is None or hung is None or planned is None:
        return None
    return drip.History(line=hung.line, meter=meter_of(planned.order), happenings=_happenings(entries, start))


def _happenings(entries: Sequence[e.Logged], start: datetime) -> tuple[drip.Happening, ...]:
    """In the order of the log; core.drip puts them in the order of time."""
    happenings: list[drip.Happening] = []
    asked: dict[int, Decimal] = {}
    bag: e.BagMade | None = None
    for entry in entries:
        t_min, fact = _exact_minutes_from(start, entry.occurred_at), entry.fact
        if isinstance(fact, e.BagMade):
            bag = fact
        elif isinstance(fact, e.BagHung) and bag is not None:
            volume_ml, drug_mg = bag.bag.final_volume_ml, bag.bag.drug_mg
            happenings.append(drip.BagHung(t_min=t_min, drug_mg=drug_mg, volume_ml=volume_ml))
        elif (rate_ml_per_h := _asked_ml_per_h(fact)) is not None:
            asked[entry.seq] = rate_ml_per_h
            happenings.append(drip.FlowAsked(t_min=t_min, rate_ml_per_h=rate_ml_per_h))
        elif (settled := _settled(fact, asked)) is not None:
            asked.clear()
            happenings.append(drip.FlowSettled(t_min=t_min, rate_ml_per_h=settled))
        elif isinstance(fact, e.IntentNotDone) and fact.intent_seq in asked:
            happenings.append(drip.FlowUnchanged(t_min=t_min, rate_ml_per_h=asked.pop(fact.intent_seq)))
        else:
            happenings.extend(_evidence(fact, t_min))
    return tuple(happenings)


def _asked_ml_per_h(fact: e.Fact) -> Decimal | None:
    if isinstance(fact, e.StartIntended | e.RateIntended | e.ResumeIntended | e.LogRestored):
        return fact.rate_ml_per_h
    return Decimal(0) if isinstance(fact, e.PauseIntended | e.StopIntended) else None


def _settled(fact: e.Fact, asked: dict[int, Decimal]) -> Decimal | None:
    """A confirmation settles the newest intent; a closed clamp is zero whatever was asked."""
    if isinstance(fact, e.InfusionPaused | e.InfusionStopped):
        return Decimal(0)
    if isinstance(fact, e.StartConfirmed | e.RateConfirmed | e.InfusionResumed) and asked:
        return next(reversed(asked.values()))
    return None


def _evidence(fact: e.Fact, t_min: Fraction) -> tuple[drip.Happening, ...]:
    if isinstance(fact, e.DropsCounted):
        return (drip.FlowCounted(t_min=t_min, drops=fact.drops, seconds=fact.seconds),)
    if isinstance(fact, e.PumpRateRead):
        return (drip.FlowRead(t_min=t_min, rate_ml_per_h=fact.rate_ml_per_h),)
    if isinstance(fact, e.DripDisturbed):
        return (drip.Moved(t_min=t_min),)
    if isinstance(fact, e.StreamSeen):
        return (drip.StreamSeen(t_min=t_min),)
    if isinstance(fact, e.BagRead | e.InfusionEnded):
        tolerance_ml = BAG_READING_TOLERANCE_ML
        return (drip.LevelRead(t_min=t_min, volume_ml=fact.left_in_bag_ml, tolerance_ml=tolerance_ml),)
    if isinstance(fact, e.LineFlushed):
        return (drip.LineFlushed(t_min=t_min, volume_ml=fact.volume_ml, duration_min=fact.duration_min),)
    return ()
