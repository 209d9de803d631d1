"""What is due next, by the order's intervals: a pressure, a look at the patient, a recovery check, the way home.

An interval counts from the last time the thing was done, or else from when it began to matter. None: nothing is due.
Times are aware UTC. Nothing here raises an alarm; a screen says when, and after that time says that it is late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import AFTER, OVER, InfusionState, Seen, Status, observation_of
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


def pressure_again_at(state: InfusionState, *, measured_at: datetime | None) -> datetime | None:
    """Likewise; at once beside a symptom, and sooner after one that is too high.

    That is asked on the screen, and called out by the interval alone: a cuff that inflates each five minutes would be
    late by it, and in time, again and again.
    """
    if (at_once := symptom_pressure_at(state, measured_at=measured_at)) is not None:
        return at_once
    due_at = pressure_due_at(state, measured_at=measured_at)
    if due_at is None or HIGH_PRESSURE.isdisjoint(state.open_conditions):
        return due_at
    return _earliest(due_at, _after(measured_at, observation_of(state).repeat_pressure_after_min))


def symptom_pressure_at(state: InfusionState, *, measured_at: datetime | None) -> datetime | None:
    """At once, when a symptom is written down and no pressure was measured since: without one nobody can tell."""
    since = state.symptoms_at
    if not state.symptoms or since is None or state.status not in DRIP_IN_USE | AFTER:
        return None
    return since if measured_at is None or measured_at < since else None


def watch_due_at(state: InfusionState, *, breaths_sent_at: datetime | None) -> datetime | None:
    """When the patient is to be looked at again while the drip is in use: how awake, and how many breaths.

    A monitor counts breaths too: `breaths_sent_at` is when it last did. A look without them puts off none, and one at
    which they were not woken does not tell how awake they are.
    """
    if state.status not in DRIP_IN_USE:
        return None
    every_min = intervals_of(state).watched_every_min
    roused_at = _latest(state.started_at, state.roused.occurred_at if state.roused else None)
    breaths_at = _latest(state.started_at, state.breaths_at, breaths_sent_at)
    return _earliest(_after(roused_at, every_min), _after(breaths_at, every_min))


def saturation_due_at(state: InfusionState, *, measured_at: datetime | None) -> datetime | None:
    """When a saturation is to be written down while the drip is in use and no monitor sends one: with each look.

    `measured_at`: the last one, by hand or by whatever device did send it.
    """
    if state.status not in DRIP_IN_USE:
        return None
    return _after(_latest(state.started_at, measured_at), intervals_of(state).watched_every_min)


def detached_due_at(state: InfusionState) -> datetime | None:
    """When to ask how detached they feel: twice after the start, the second time in recovery as a rule.

    None: both were asked, or it was seen that all effects are gone. Who sleeps is not woken for it.
    """
    began_at, order = state.started_at, observation_of(state)
    if began_at is None or state.status not in DRIP_IN_USE | AFTER:
        return None
    if state.checks and state.checks[-1].fact.effects_gone is True:
        return None
    times = (
        began_at + timedelta(minutes=each) for each in (order.detached_asked_at_min, order.detached_asked_again_at_min)
    )
    asked_at = state.detached_at
    return next((each for each in sorted(times) if asked_at is None or asked_at < each - ASKED_BEFORE), None)


ASKED_BEFORE = timedelta(minutes=5)
"""Asked so shortly before its time, it is asked. Own choice: half of the usual interval of looks."""
HIGH_PRESSURE = frozenset({"sbp_high", "sbp_grave_high", "dbp_high", "dbp_grave_high", "pressure_with_symptom"})


def effects_due(state: InfusionState) -> tuple[tuple[Seen[e.MedicineGiven], datetime], ...]:
    """Medicines given since the start of which nobody has said yet whether they helped, and when that is to be asked.

    What went in before the start is meant to prevent: the score tells whether it did. It may be noted all the same.
    """
    if state.status in OVER:
        return ()
    open_ones = (each for each in state.medicines if not each.fact.before_start and each.seq not in state.effects)
    after = timedelta(minutes=observation_of(state).effect_after_min)
    return tuple((each, each.occurred_at + after) for each in open_ones)


@dataclass(frozen=True, slots=True)
class Sent:
    """When a monitor last sent each sign that a recovery check asks for too; None: not lately."""

    pressure_at: datetime | None = None
    saturation_at: datetime | None = None
    breaths_at: datetime | None = None


NOT_SENT = Sent()


def check_due_at(state: InfusionState, sent: Sent = NOT_SENT) -> datetime | None:
    """When the next recovery check is wanted: the first as soon as the drip is over.

    Then by the interval, from the last check or from when pressure, saturation or breaths were last known, whichever is
    longer ago: a check without them puts off none.
    """
    if state.status is Status.ENDED:
        return state.ended_at
    if state.status is not Status.RECOVERING:
        return None
    last_at = state.checks[-1].occurred_at if state.checks else state.ended_at
    return _after(_earliest(last_at, *_known_at(state, sent).values()), intervals_of(state).recovery_check_every_min)


def left_out(state: InfusionState, sent: Sent = NOT_SENT) -> tuple[str, ...]:
    """What the last recovery check did not say and nobody has said since."""
    if state.status is not Status.RECOVERING or not state.checks:
        return ()
    last_at = state.checks[-1].occurred_at.replace(second=0, microsecond=0)
    return tuple(name for name, at in _known_at(state, sent).items() if at is None or at < last_at)


def _known_at(state: InfusionState, sent: Sent) -> dict[str, datetime | None]:
    """Since the drip ended, by whatever sheet or monitor."""
    seen = {"pressure": state.pressure, "saturation": state.saturation, "breaths": state.breaths}
    times = {"pressure": sent.pressure_at, "saturation": sent.saturation_at, "breaths": sent.breaths_at}
    return {
        name: _latest(state.ended_at, each.occurred_at if each else None, times[name]) for name, each in seen.items()
    }


def observed_until(state: InfusionState) -> datetime | None:
    """Until when the order keeps the patient under observation: no door opens before it, and none opens by it."""
    return _after(state.ended_at, intervals_of(state).stay_at_least_min) if state.planned else None


def intervals_of(state: InfusionState) -> Intervals:
    """The order's intervals. Only a planned infusion has any."""
    if state.planned is None:
        raise ValueError("an infusion that was not planned has no intervals")
    return state.planned.order.intervals


def _latest(*times: datetime | None) -> datetime | None:
    return max((each for each in times if each is not None), default=None)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each is not None), default=None)


def _after(last_at: datetime | None, minutes: int) -> datetime | None:
    return None if last_at is None else last_at + timedelta(minutes=minutes)
