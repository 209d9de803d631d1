"""Which alarms are heard at a moment? What is seen follows the condition; what is heard goes on until it is answered.

A pause silences one occurrence of one alarm, for a time that the order bounds, and never for longer than two minutes
together (`PAUSED_AT_MOST_S`). A new grave alarm ends every pause. There is no way to silence them all. A high alarm
that somebody has seen is heard again when the order's time is over, whether or not the watch has written that down yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stillroom.core.infusion.state import Alarm, InfusionState, settings_of
from stillroom.core.order.alarms import PAUSED_AT_MOST_S
from stillroom.core.safety.priority import Priority

ANSWERED_BY_ENDING = frozenset({"no_screen"})
"""What it asked for, a screen that somebody opens, is what ends it."""


def sounding(alarms: Iterable[Alarm], *, at: datetime) -> Priority | None:
    """The most urgent that is heard."""
    heard = {alarm.priority for alarm in alarms if is_heard(alarm, at=at)}
    return next((priority for priority in Priority if priority in heard), None)


def is_heard(alarm: Alarm, *, at: datetime) -> bool:
    """What was escalated is heard whatever the clinic chose: that nobody answered, no monitor knows."""
    if is_seen(alarm, at=at) or is_paused(alarm, at=at):
        return False
    return not alarm.is_monitors or alarm.step > 0


def is_seen(alarm: Alarm, *, at: datetime) -> bool:
    """Somebody has said so, and, if it is a high one, not so long ago that it is to be heard again."""
    if alarm.acknowledged_by is None:
        return False
    return alarm.heard_again_at is None or at < alarm.heard_again_at


def is_paused(alarm: Alarm, *, at: datetime) -> bool:
    return alarm.paused_until is not None and at < alarm.paused_until


def pause_left_s(state: InfusionState, alarm: Alarm, *, at: datetime) -> int:
    """For how long the sound of this occurrence may still be paused, whole seconds."""
    longest_s = min(settings_of(state).sound_paused_at_most_s, PAUSED_AT_MOST_S)
    used = alarm.paused_before
    if alarm.paused_at is not None and alarm.paused_until is not None:
        used += max(min(at, alarm.paused_until) - alarm.paused_at, timedelta(0))
    return max(0, int(longest_s - used.total_seconds()))


def unanswered_since(alarm: Alarm) -> datetime:
    """From when nobody has answered: when it was raised, or when its sound came back."""
    return max(alarm.raised_at, alarm.paused_until or alarm.raised_at)
