"""From an infusion and its readings to what must be written down now: alarms raised, alarms over, a monitor lost.

Nothing is remembered between two looks; what was raised before stands in the log. While the drip is in use everything
is watched; afterwards what was open is over, and stays on the screens until somebody has seen it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import DRIP_IN_USE, last_pressure_at, pressure_due_at, watch_due_at
from stillroom.core.infusion.elapsed import running
from stillroom.core.infusion.state import InfusionState, Status
from stillroom.core.order import UNSIGNED, AlarmSettings
from stillroom.core.safety.priority import CONDITIONS, Priority
from stillroom.core.safety.watch import READINGS_FOR, Assessment, LinkSeen, Watched, assess
from stillroom.core.vitals import Sample, Signal, Validity, is_possible

CHARTED: Mapping[str, Signal] = {
    "sbp_mmhg": Signal.SBP_MMHG,
    "dbp_mmhg": Signal.DBP_MMHG,
    "pulse_per_min": Signal.PULSE_PER_MIN,
    "spo2_percent": Signal.SPO2_PERCENT,
    "resp_per_min": Signal.RESP_PER_MIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorHeard:
    """The monitor that stands in the room, and its link."""

    id: UUID
    link: LinkSeen


def settings_of(state: InfusionState) -> AlarmSettings:
    """When staff are called in this infusion: as its order says, else as Stillroom's unsigned defaults do."""
    return (state.planned.order.alarms if state.planned else None) or UNSIGNED


def noticed(
    state: InfusionState,
    surviving: Sequence[e.Logged],
    readings: Iterable[Sample],
    monitor: MonitorHeard | None,
    *,
    at: datetime,
) -> tuple[e.Fact, ...]:
    """The facts to record at `at`, gravest first, or none. `readings` are the room's of the last minutes."""
    watched = watched_of(state, surviving, readings, monitor, at=at)
    if watched is None:
        return tuple(e.AlarmCleared(condition=each) for each in sorted(state.open_conditions))
    assessment = assess(watched)
    return (*_monitor_facts(state, assessment, monitor), *_alarm_facts(state, assessment))


def watched_of(
    state: InfusionState,
    surviving: Sequence[e.Logged],
    readings: Iterable[Sample],
    monitor: MonitorHeard | None,
    *,
    at: datetime,
) -> Watched | None:
    """What alarms ask of this infusion; None while no drip is in use."""
    is_opening = state.status is Status.READY and state.may_be_running
    if state.planned is None or not (state.status in DRIP_IN_USE or is_opening):
        return None
    seen, by_hand = list(readings), _by_hand(surviving, at)
    since = state.started_at or (state.pending[0].occurred_at if state.pending else at)
    awake = state.watched.fact.awake if state.watched else e.Awake.ALERT
    cuffs = [each.measured_at for each in seen if each.signal is Signal.SBP_MMHG and each.validity is Validity.VALID]
    measured_at = max((each for each in (*cuffs, last_pressure_at(surviving)) if each is not None), default=None)
    return Watched(
        at=at,
        limits=state.planned.order.watch_limits,
        settings=settings_of(state),
        watched_since=since,
        readings=_by_signal(seen),
        by_hand=_by_signal(by_hand),
        link=monitor.link if monitor else None,
        open=state.open_conditions,
        is_hard_to_rouse=awake is e.Awake.NEEDS_TOUCH,
        cannot_be_roused=awake is e.Awake.NOT_ROUSED,
        pressure_due_at=pressure_due_at(state, measured_at=measured_at),
        watch_due_at=watch_due_at(state),
        paused_at=state.paused_at,
        doubt_since=state.pending[0].occurred_at if state.pending else None,
        stream_seen_at=state.stream_seen_at,
        ends_at=_ends_at(state, surviving),
    )


def _ends_at(state: InfusionState, surviving: Sequence[e.Logged]) -> datetime | None:
    """When the ordered minutes of a drip that may be running are over; pauses do not count."""
    ran = running(surviving)
    if state.planned is None or ran.since is None:
        return None
    return ran.since + timedelta(minutes=float(state.planned.order.duration_min)) - ran.before


def _by_hand(surviving: Iterable[e.Logged], at: datetime) -> list[Sample]:
    """Vital signs that a hand charted of late. What the chart took over from the monitor is there already."""
    charted = (
        (entry, entry.fact)
        for entry in surviving
        if isinstance(entry.fact, e.VitalsCharted) and entry.fact.source is e.Source.BY_HAND
    )
    return [
        Sample(signal, Decimal(value), entry.occurred_at, entry.recorded_at)
        for entry, fact in charted
        if at - READINGS_FOR <= entry.occurred_at <= at
        for name, signal in CHARTED.items()
        if (value := getattr(fact, name)) is not None and is_possible(signal, Decimal(value))
    ]


def _by_signal(seen: Iterable[Sample]) -> dict[Signal, list[Sample]]:
    readings: defaultdict[Signal, list[Sample]] = defaultdict(list)
    for each in sorted(seen, key=lambda sample: sample.measured_at):
        readings[each.signal].append(each)
    return readings


def _monitor_facts(state: InfusionState, found: Assessment, monitor: MonitorHeard | None) -> tuple[e.Fact, ...]:
    """The monitor itself, once: lost when its silence becomes an alarm, found when that is over."""
    if monitor is None:
        return ()
    is_lost = any(each.condition == "monitor_lost" for each in found.present)
    if is_lost and state.monitor_lost_at is None:
        return (e.MonitorLost(monitor=monitor.id, last_heard_at=monitor.link.last_heard_at),)
    if "monitor_lost" in found.over and state.monitor_lost_at is not None:
        return (e.MonitorFound(monitor=monitor.id),)
    return ()


def _alarm_facts(state: InfusionState, found: Assessment) -> tuple[e.Fact, ...]:
    new = [each for each in found.present if each.condition not in state.open_conditions]
    raised = [
        e.AlarmRaised(
            condition=each.condition,
            priority=CONDITIONS[each.condition].priority,
            value=each.value,
            limit=each.limit,
        )
        for each in new
    ]
    raised.sort(key=lambda fact: list(Priority).index(fact.priority))
    return (*raised, *(e.AlarmCleared(condition=each) for each in sorted(found.over)))
