"""The alarms of an infusion: those that are open, and the history of all."""

from __future__ import annotations

from datetime import datetime

from stillroom.bedside import parts as p
from stillroom.bedside.situation import Situation
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.alarm_history import Occurrence, alarm_history
from stillroom.core.infusion.sounding import is_paused, is_seen, pause_left_s
from stillroom.core.infusion.state import Alarm
from stillroom.core.safety.priority import Priority


def fill_alarms(now: Situation) -> tuple[p.OpenAlarm, ...]:
    """Alarms that last or that nobody has seen, the gravest first and the oldest of those first.

    One that is heard again keeps its place: nothing moves under a finger.
    """
    order = list(Priority)
    alarms = sorted(now.state.alarms, key=lambda alarm: (order.index(alarm.priority), alarm.since or alarm.raised_at))
    return tuple(_open(now, alarm) for alarm in alarms)


def _open(now: Situation, alarm: Alarm) -> p.OpenAlarm:
    paused_until = alarm.paused_until if is_paused(alarm, at=now.at) else None
    last_seen_by = now.name_of(alarm.acknowledged_by) if alarm.acknowledged_by else None
    seen_by = last_seen_by if is_seen(alarm, at=now.at) else None
    seen_before_by = now.name_of(alarm.seen_before_by) if alarm.seen_before_by else None
    return p.OpenAlarm(
        condition=alarm.condition,
        priority=alarm.priority,
        raised_at=alarm.raised_at,
        occurrence=_occurrence(alarm),
        value=alarm.value,
        limit=alarm.limit,
        acknowledged_by=seen_by,
        is_over=alarm.cleared_at is not None,
        paused_until=paused_until,
        paused_by=now.name_of(alarm.paused_by) if paused_until and alarm.paused_by else None,
        may_pause=pause_left_s(now.state, alarm, at=now.at) > 0,
        called=alarm.called,
        times=alarm.times,
        heard_again_at=alarm.heard_again_at if seen_by else None,
        since=alarm.since,
        seen_before_by=None if seen_by else last_seen_by or seen_before_by,
        is_worse=alarm.is_worse,
    )


def _occurrence(alarm: Alarm) -> str:
    """Another once it was raised anew, or is heard although it was seen or its sound was paused."""
    answered = (each.isoformat() for each in (alarm.seen_at, alarm.paused_until) if each)
    return " ".join((str(alarm.raised_seq), *answered))


def fill_history(now: Situation) -> tuple[p.PastAlarm | p.Unwatched, ...]:
    """Every occurrence, and every time in which nobody watched, the newest first."""
    alarms = (_past(now, each) for each in reversed(alarm_history(now.surviving)))
    resumed = (each.fact for each in now.surviving if isinstance(each.fact, e.WatchResumed))
    gaps = (p.Unwatched(since=fact.since, until=fact.until) for fact in resumed)
    return tuple(sorted([*alarms, *gaps], key=_began_at, reverse=True))


def _began_at(row: p.PastAlarm | p.Unwatched) -> datetime:
    """What a watch found when it was back stands above that it was away."""
    return row.until if isinstance(row, p.Unwatched) else row.raised_at


def _past(now: Situation, row: Occurrence) -> p.PastAlarm:
    until = row.cleared_at or now.at
    return p.PastAlarm(
        condition=row.condition,
        priority=row.priority,
        raised_at=row.raised_at,
        value=row.value,
        limit=row.limit,
        cleared_at=row.cleared_at,
        lasted_s=int((until - row.raised_at).total_seconds()),
        shown_after_s=int((row.shown_at - row.raised_at).total_seconds()) if row.shown_at else None,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=now.name_of(row.acknowledged_by) if row.acknowledged_by else None,
        answered_after_s=int(row.answered_after.total_seconds()) if row.answered_after is not None else None,
        pauses=tuple(
            (each.from_at, int((each.until_at - each.from_at).total_seconds()), now.name_of(each.by))
            for each in row.pauses
        ),
        calls=row.calls,
        again=row.again,
        seen_again=tuple((at, now.name_of(by)) for at, by in row.seen_again),
    )
