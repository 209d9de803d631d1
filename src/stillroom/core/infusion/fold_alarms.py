"""What becomes of the alarms of an infusion as facts about them are folded: raised, shown, paused, called out, over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.sounding import ANSWERED_BY_ENDING
from stillroom.core.infusion.state import Alarm, InfusionState, settings_of
from stillroom.core.order.alarms import SEEN_FOR_AT_MOST_S
from stillroom.core.safety.limit_watch import MEASURED
from stillroom.core.safety.priority import Priority

Change = dict[str, Any]

TAKEN_OVER_BY = {"monitor_lost": "spo2_missing"}
"""What has not passed and is not listed as if it had: a graver alarm says it too."""


def _raised(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.AlarmRaised)
    before = next((each for each in state.alarms if each.condition == fact.condition), None)
    alarm = Alarm(
        condition=fact.condition,
        priority=fact.priority,
        raised_seq=entry.seq,
        raised_at=entry.occurred_at,
        value=fact.value,
        limit=fact.limit,
        is_monitors=fact.condition in MEASURED and not settings_of(state).values_sound,
    )
    alarm = _as_one(before or state.alarms_done.get(fact.condition), alarm, state)
    others = (each for each in state.alarms if each.condition != fact.condition)
    if fact.priority is Priority.HIGH and fact.condition not in state.open_conditions:
        others = (_heard_again(each, entry.occurred_at) for each in others)
    return {"alarms": (*others, alarm)}


def _as_one(before: Alarm | None, alarm: Alarm, state: InfusionState) -> Alarm:
    """What comes back shortly after it had passed is one alarm on the screen. It is heard anew each time, and answered
    anew; while nobody has answered, it goes on being called out from where it was.
    """
    within = timedelta(seconds=settings_of(state).grouped_within_s)
    if before is not None and before.cleared_at is None:
        return _still_standing(before, alarm)
    if before is None or before.cleared_at is None or alarm.raised_at - before.cleared_at > within:
        return alarm
    alarm = replace(alarm, times=before.times + 1, again_at=alarm.raised_at)
    if before.acknowledged_by is not None:
        return alarm
    called: Change = {"step": before.step, "called": before.called, "escalated_at": before.escalated_at}
    return replace(alarm, raised_at=before.raised_at, **called)


def _still_standing(before: Alarm, alarm: Alarm) -> Alarm:
    """What was seen is heard again, as it stands still or is worse: answered anew, and called out from the first step.

    Its sound may be paused for what is left of that.
    """
    is_worse = before.heard_again_at is not None and alarm.raised_at < before.heard_again_at
    return replace(
        alarm,
        since=before.stands_since,
        first_seq=None if is_worse else before.said_first_seq,
        times=before.times,
        seen_before_by=before.acknowledged_by,
        is_worse=is_worse,
        paused_before=_paused_for(before, alarm.raised_at),
    )


def _paused_for(alarm: Alarm, at: datetime) -> timedelta:
    """How long its sound was paused so far, all pauses of this alarm together."""
    if alarm.paused_at is None or alarm.paused_until is None:
        return alarm.paused_before
    return alarm.paused_before + max(min(at, alarm.paused_until) - alarm.paused_at, timedelta(0))


def _heard_again(alarm: Alarm, at: datetime) -> Alarm:
    """Its pause, if it lasts, is over."""
    if alarm.paused_until is None or at >= alarm.paused_until:
        return alarm
    return replace(alarm, paused_until=max(at, alarm.paused_at or at))


def _sound_paused(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.SoundPaused)
    return {
        "alarms": tuple(
            _paused_again(each, entry, fact) if each.condition == fact.condition else each for each in state.alarms
        )
    }


def _paused_again(alarm: Alarm, entry: e.Logged, fact: e.SoundPaused) -> Alarm:
    at, before = entry.occurred_at, _paused_for(alarm, entry.occurred_at)
    until = at + timedelta(seconds=fact.for_s)
    return replace(
        alarm, paused_at=at, paused_until=until, paused_by=entry.by, paused_before=before, paused_from=fact.screen
    )


def _sound_resumed(state: InfusionState, entry: e.Logged) -> Change:
    fact, at = entry.fact, entry.occurred_at
    assert isinstance(fact, e.SoundResumed)
    alarms = (_heard_again(each, at) if each.condition == fact.condition else each for each in state.alarms)
    return {"alarms": tuple(alarms)}


def _escalated(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.AlarmEscalated)
    return _alarm_changed(state, fact.condition, step=fact.step, called=fact.called, escalated_at=entry.occurred_at)


def _acknowledged(state: InfusionState, entry: e.Logged) -> Change:
    """An alarm that had passed was kept for this alone."""
    fact, at = entry.fact, entry.occurred_at
    assert isinstance(fact, e.AlarmAcknowledged)
    is_high = any(each.condition == fact.condition and each.priority is Priority.HIGH for each in state.alarms)
    after_s = min(settings_of(state).seen_again_after_s, SEEN_FOR_AT_MOST_S)
    again_at = at + timedelta(seconds=after_s) if is_high else None
    return _alarm_changed(state, fact.condition, acknowledged_by=entry.by, seen_at=at, heard_again_at=again_at)


def _shown(state: InfusionState, entry: e.Logged) -> Change:
    assert isinstance(entry.fact, e.AlarmShown)
    return _alarm_changed(state, entry.fact.condition, shown_at=entry.occurred_at)


def _cleared(state: InfusionState, entry: e.Logged) -> Change:
    fact = entry.fact
    assert isinstance(fact, e.AlarmCleared)
    if TAKEN_OVER_BY.get(fact.condition) in state.open_conditions:
        return {"alarms": tuple(each for each in state.alarms if each.condition != fact.condition)}
    return _alarm_changed(state, fact.condition, cleared_at=entry.occurred_at)


def _alarm_changed(state: InfusionState, condition: str, **change: Any) -> Change:
    """With what changed; without those that are both over and seen, or answered by being over."""
    changed = [replace(each, **change) if each.condition == condition else each for each in state.alarms]
    done = {each.condition: each for each in changed if _is_done(each)}
    return {
        "alarms": tuple(each for each in changed if not _is_done(each)),
        "alarms_done": {**state.alarms_done, **done} if done else state.alarms_done,
    }


def _is_done(alarm: Alarm) -> bool:
    is_answered = alarm.acknowledged_by is not None or alarm.condition in ANSWERED_BY_ENDING
    return alarm.cleared_at is not None and is_answered


ALARM_CHANGES: dict[type[e.Fact], Callable[[InfusionState, e.Logged], Change]] = {
    e.AlarmRaised: _raised,
    e.AlarmShown: _shown,
    e.AlarmAcknowledged: _acknowledged,
    e.SoundPaused: _sound_paused,
    e.SoundResumed: _sound_resumed,
    e.AlarmEscalated: _escalated,
    e.AlarmCleared: _cleared,
}
