"""From an infusion and its readings to what must be written down now: alarms raised, alarms over, a monitor lost.

Nothing is remembered between two looks; what was raised before stands in the log. While the drip is in use everything
is watched. While the patient recovers the signs still are, and that checks are made when due; that the monitor sends,
until a check has found the patient awake. What was about the drip is over then, and stays on the screens until somebody
has seen it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from uuid import UUID

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import ByLog, by_log, is_dripping
from stillroom.core.infusion.due import (
    Sent,
    check_due_at,
    detached_due_at,
    intervals_of,
    pressure_due_at,
    saturation_due_at,
    symptom_pressure_at,
    watch_due_at,
)
from stillroom.core.infusion.elapsed import Running
from stillroom.core.infusion.glancing import glance_high_mmhg
from stillroom.core.infusion.last_seen import awake_now, is_back
from stillroom.core.infusion.pulse_source import pulse_counts_by, pulse_source_changed
from stillroom.core.infusion.sounding import is_paused, unanswered_since
from stillroom.core.infusion.state import AFTER, Alarm, InfusionState, settings_of
from stillroom.core.safety.escalation import Called, escalates_at
from stillroom.core.safety.frozen import Readings
from stillroom.core.safety.priority import CONDITIONS, Priority
from stillroom.core.safety.watch import (
    READINGS_FOR,
    Assessment,
    LinkSeen,
    SeenAlarm,
    Watched,
    assess,
    was_saturation_sent,
)
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreensSeen:
    """When a screen last showed this room, by itself or on the board, and which screens of the clinic are there now.

    `heard_at`: when one did whose sound was turned on and heard.
    """

    shown_at: datetime | None
    heard_at: datetime | None = None
    alive: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorHeard:
    """The monitor that stands in the room, its link, what it says of its own alarms, and by what it takes a pulse."""

    id: UUID
    link: LinkSeen
    said: tuple[MonitorAlarm, ...] = ()
    pulse_first: Signal = Signal.PULSE_PER_MIN


def noticed(
    state: InfusionState,
    surviving: Sequence[e.Logged],
    readings: Readings,
    monitor: MonitorHeard | None,
    *,
    at: datetime,
    screens: ScreensSeen | None = None,
    is_reserve_in_use: bool = False,
    is_monitor_gone: bool = False,
    sent_before: Mapping[Signal, datetime] = MappingProxyType({}),
    log: ByLog | None = None,
) -> tuple[e.Fact, ...]:
    """The facts to record at `at`, gravest first, or none. `readings` are the room's of the last minutes, oldest first.

    `screens` of None: nobody has asked which screens there are. `is_monitor_gone`: one stood in the room since the
    start, and none does now. `sent_before`: when one last sent these signs, where that is longer ago than the readings
    go back. `log`: what `by_log` says of the same entries, from whoever has asked it already.
    """
    watched = watched_of(state, surviving, readings, monitor, at=at, screens=screens, sent_before=sent_before, log=log)
    if watched is not None and (is_reserve_in_use or is_monitor_gone):
        watched = replace(watched, is_reserve_in_use=is_reserve_in_use, is_link_gone=is_monitor_gone)
    calls = (*_sounds_back(state, screens, at), *_escalations(state, at), *_shown(state, screens))
    if watched is None:
        return (*(e.AlarmCleared(condition=each) for each in sorted(state.open_conditions)), *calls)
    other = pulse_source_changed(state, watched, monitor.pulse_first) if monitor else None
    assessment = assess(replace(watched, pulse_by=Signal(other.to)) if other else watched)
    facts = (*_monitor_facts(state, assessment, monitor), *_alarm_facts(state, assessment), *calls)
    return (other, *facts) if other else facts


def watched_of(
    state: InfusionState,
    surviving: Sequence[e.Logged],
    readings: Readings,
    monitor: MonitorHeard | None,
    *,
    at: datetime,
    screens: ScreensSeen | None = None,
    sent_before: Mapping[Signal, datetime] = MappingProxyType({}),
    log: ByLog | None = None,
) -> Watched | None:
    """What alarms ask of this infusion; None while no drip is in use and nobody recovers from one."""
    is_in_use = is_dripping(state)
    if state.planned is None or not (is_in_use or state.status in AFTER):
        return None
    log = log or by_log(state, surviving)
    by_hand = [each for each in log.by_hand if at - _by_hand_for(state) <= each.measured_at <= at]
    since = state.started_at or (state.pending[0].occurred_at if state.pending else at)
    awake = awake_now(state)
    cuffs = reversed(readings.get(Signal.SBP_MMHG, ()))
    by_cuff_at = next((each.measured_at for each in cuffs if each.validity is Validity.VALID), None)
    measured_at = max((each for each in (by_cuff_at, log.pressure_at) if each is not None), default=None)
    breaths_sent_at = last_breaths_at(readings) or sent_before.get(Signal.RESP_PER_MIN)
    is_sent = was_saturation_sent(readings, sent_before, since=since)
    by_hand_since = monitor.link.last_heard_at if monitor and is_sent else None
    return Watched(
        at=at,
        limits=state.watch_limits,
        settings=settings_of(state),
        watched_since=since,
        readings=readings,
        sent_before=sent_before,
        by_hand=by_signal(by_hand),
        link=monitor.link if monitor else None,
        said=monitor.said if monitor else (),
        open=state.open_conditions,
        raised_at={each.condition: each.stands_since for each in state.alarms if each.cleared_at is None},
        seen=_seen_and_standing(state),
        is_hard_to_rouse=awake is e.Awake.NEEDS_TOUCH,
        cannot_be_roused=awake is e.Awake.NOT_ROUSED,
        has_symptom=bool(state.symptoms),
        pulls_at_line=_pulls_at_line(state),
        symptom_sbp_mmhg=glance_high_mmhg(state, "sbp_mmhg"),
        symptom_dbp_mmhg=glance_high_mmhg(state, "dbp_mmhg"),
        anxious=log.anxious,
        nauseous=log.nauseous,
        pressure_due_at=symptom_pressure_at(state, measured_at=measured_at)
        or pressure_due_at(state, measured_at=measured_at),
        watch_due_at=watch_due_at(state, breaths_sent_at=breaths_sent_at),
        saturation_due_at=saturation_due_at(state, measured_at=_spo2_measured_at(log, readings, at=at)),
        detached_due_at=detached_due_at(state),
        paused_at=state.paused_at,
        doubt_since=state.pending[0].occurred_at if state.pending else None,
        drops_and_bag_ml=log.drops_and_bag_ml,
        stream_seen_at=state.stream_seen_at,
        ends_at=_ends_at(state, log.ran),
        check_due_at=check_due_at(state, Sent(by_cuff_at, last_saturation_at(readings), breaths_sent_at)),
        review_since=log.review_since,
        unseen_since=max(since, screens.shown_at or since) if screens and is_in_use else None,
        is_link_wanted=is_in_use or not is_back(state),
        pulse_by=pulse_counts_by(state, monitor.pulse_first) if monitor else None,
        spo2_by_hand_until=_spo2_by_hand_until(state, log, by_hand_since or since, at=at),
    )


def _by_hand_for(state: InfusionState) -> timedelta:
    """What a hand has written counts as long as a reading does; in recovery for two checks, as two figures end what one
    of them does not.
    """
    two_checks = timedelta(minutes=2 * intervals_of(state).recovery_check_every_min + 2)
    return max(READINGS_FOR, two_checks) if state.status in AFTER else READINGS_FOR


def _spo2_measured_at(log: ByLog, readings: Readings, *, at: datetime) -> datetime | None:
    by_hand = (
        each.measured_at for each in log.by_hand if each.signal is Signal.SPO2_PERCENT and each.measured_at <= at
    )
    sent = reversed(readings.get(Signal.SPO2_PERCENT, ()))
    good = (each.measured_at for each in sent if each.validity is Validity.VALID)
    return max((*by_hand, *islice(good, 1)), default=None)


def _spo2_by_hand_until(state: InfusionState, log: ByLog, since: datetime, *, at: datetime) -> datetime | None:
    """As long as the order lets pass from one look to the next, and in recovery from one check to the next.

    Of one written down since then; a time is written in whole minutes, and so compared.
    """
    begins = since.replace(second=0, microsecond=0)
    saturations = (each.measured_at for each in log.by_hand if each.signal is Signal.SPO2_PERCENT)
    times = (each for each in saturations if begins <= each <= at)
    intervals = intervals_of(state)
    every_min = intervals.recovery_check_every_min if state.status in AFTER else intervals.watched_every_min
    return max((each + timedelta(minutes=every_min) for each in times), default=None)


def _seen_and_standing(state: InfusionState) -> dict[str, SeenAlarm]:
    return {
        each.condition: SeenAlarm(
            value=each.value, limit=each.limit, seen_at=each.seen_at, again_at=each.heard_again_at
        )
        for each in state.alarms
        if each.cleared_at is None and each.seen_at is not None and each.heard_again_at is not None
    }


def last_breaths_at(readings: Readings) -> datetime | None:
    """When a monitor last counted breaths that may be believed, of these readings."""
    return _last_valid_at(readings, Signal.RESP_PER_MIN)


def last_saturation_at(readings: Readings) -> datetime | None:
    """Likewise of saturation."""
    return _last_valid_at(readings, Signal.SPO2_PERCENT)


def _last_valid_at(readings: Readings, signal: Signal) -> datetime | None:
    sent = reversed(readings.get(signal, ()))
    return next((each.measured_at for each in sent if each.validity is Validity.VALID), None)


def _pulls_at_line(state: InfusionState) -> bool:
    """As it was last said, while a line is in."""
    is_in = state.line is not None or is_dripping(state)
    return is_in and state.pulls_at_line is not None and state.pulls_at_line.fact.pulls_at_line is True


def _escalations(state: InfusionState, at: datetime) -> tuple[e.Fact, ...]:
    """Who is called now for what nobody has answered, whether or not it has passed."""
    return tuple(
        e.AlarmEscalated(condition=alarm.condition, step=alarm.step + 1, called=list(Called)[alarm.step])
        for alarm in state.alarms
        if alarm.acknowledged_by is None and not is_paused(alarm, at=at) and _is_due(state, alarm, at)
    )


def _is_due(state: InfusionState, alarm: Alarm, at: datetime) -> bool:
    due_at = escalates_at(
        alarm.condition,
        alarm.priority,
        since=unanswered_since(alarm),
        step=alarm.step,
        last_at=alarm.escalated_at,
        settings=settings_of(state),
    )
    return due_at is not None and at >= due_at


def _sounds_back(state: InfusionState, screens: ScreensSeen | None, at: datetime) -> tuple[e.Fact, ...]:
    """Whoever paused a sound must still be there to hear it come back (SR-45)."""
    if screens is None:
        return ()
    return tuple(
        e.SoundResumed(condition=alarm.condition)
        for alarm in state.alarms
        if is_paused(alarm, at=at) and alarm.paused_from is not None and alarm.paused_from not in screens.alive
    )


def _shown(state: InfusionState, screens: ScreensSeen | None) -> tuple[e.Fact, ...]:
    """What a screen has come to show since it was raised: each alarm once, each time it was raised."""
    if screens is None or screens.shown_at is None:
        return ()
    return tuple(
        e.AlarmShown(condition=alarm.condition, can_sound=_since(alarm, screens.heard_at))
        for alarm in state.alarms
        if alarm.shown_at is None and alarm.cleared_at is None and _since(alarm, screens.shown_at)
    )


def _since(alarm: Alarm, at: datetime | None) -> bool:
    return at is not None and at > (alarm.again_at or alarm.raised_at)


def _ends_at(state: InfusionState, ran: Running) -> datetime | None:
    """When the ordered minutes of a drip that may be running are over; pauses do not count."""
    if state.planned is None or ran.since is None:
        return None
    return ran.since + timedelta(minutes=float(state.planned.order.duration_min)) - ran.before


def by_signal(seen: Iterable[Sample]) -> dict[Signal, list[Sample]]:
    readings: defaultdict[Signal, list[Sample]] = defaultdict(list)
    for each in sorted(seen, key=attrgetter("measured_at")):
        readings[each.signal].append(each)
    return readings


def _monitor_facts(state: InfusionState, found: Assessment, monitor: MonitorHeard | None) -> tuple[e.Fact, ...]:
    """The monitor itself, once: lost when its silence becomes an alarm, found when that is over."""
    if monitor is None:
        return ()
    if found.is_lost is True and state.monitor_lost_at is None:
        return (e.MonitorLost(monitor=monitor.id, last_heard_at=monitor.link.last_heard_at),)
    if found.is_lost is False and state.monitor_lost_at is not None:
        return (e.MonitorFound(monitor=monitor.id),)
    return ()


def _alarm_facts(state: InfusionState, found: Assessment) -> tuple[e.Fact, ...]:
    new = [each for each in found.present if each.condition not in state.open_conditions]
    new += found.again
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
