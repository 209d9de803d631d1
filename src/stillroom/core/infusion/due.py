"""What is due next, by the order's intervals: a pressure, a look at the patient, a recovery check, the way home.

An interval counts from the last time the thing was done, or else from when it began to matter. None: nothing is due.
Times are aware UTC. Nothing here raises an alarm; a screen says when, and after that time says that it is late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import OVER, InfusionState, Seen, Status
from stillroom.core.order import Intervals

DRIP_IN_USE = frozenset({Status.INFUSING, Status.PAUSED, Status.STOPPED})


def last_pressure_at(surviving: Iterable[e.Logged]) -> datetime | None:
    """When a pressure was last written into the chart: by a set of vital signs or a recovery check."""
    kinds = (e.VitalsCharted, e.RecoveryChecked)
    times = (each.occurred_at for each in surviving if isinstance(each.fact, kinds) and each.fact.sbp_mmhg is not None)
    return max(times, default=None)


def pressure_due_at(state: InfusionState, *, measured_at: datetime | None) -> datetime | None:
    """When the next pressure is wanted while the drip is in use. `measured_at`: the last one, by hand or by monitor."""
    if state.status not in DRIP_IN_USE:
        return None
    return _after(measured_at or state.started_at, intervals_of(state).pressure_every_min)


def watch_due_at(state: InfusionState) -> datetime | None:
    """When the patient is to be looked at again while the drip is in use."""
    if state.status not in DRIP_IN_USE:
        return None
    times = (state.started_at, state.watched.occurred_at if state.watched else None)
    last_at = max((each for each in times if each is not None), default=None)
    return _after(last_at, intervals_of(state).watched_every_min)


EFFECT_AFTER = timedelta(minutes=15)
"""When to ask whether a medicine has helped. Own choice; an order has no word on it yet."""


def effects_due(state: InfusionState) -> tuple[tuple[Seen[e.MedicineGiven], datetime], ...]:
    """Medicines given since the start of which nobody has said yet whether they helped, and when that is to be asked.

    What went in before the start is meant to prevent: the score tells whether it did. It may be noted all the same.
    """
    if state.status in OVER:
        return ()
    open_ones = (each for each in state.medicines if not each.fact.before_start and each.seq not in state.effects)
    return tuple((each, each.occurred_at + EFFECT_AFTER) for each in open_ones)


def check_due_at(state: InfusionState) -> datetime | None:
    """When the next recovery check is wanted: the first as soon as the drip is over."""
    if state.status is Status.ENDED:
        return state.ended_at
    if state.status is not Status.RECOVERING:
        return None
    last_at = state.checks[-1].occurred_at if state.checks else state.ended_at
    return _after(last_at, intervals_of(state).recovery_check_every_min)


def observed_until(state: InfusionState) -> datetime | None:
    """Until when the order keeps the patient under observation: no door opens before it, and none opens by it."""
    return _after(state.ended_at, intervals_of(state).stay_at_least_min) if state.planned else None


def intervals_of(state: InfusionState) -> Intervals:
    """The order's intervals. Only a planned infusion has any."""
    if state.planned is None:
        raise ValueError("an infusion that was not planned has no intervals")
    return state.planned.order.intervals


def _after(last_at: datetime | None, minutes: int) -> datetime | None:
    return None if last_at is None else last_at + timedelta(minutes=minutes)
