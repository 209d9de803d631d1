"""What does a bedside monitor say of its own alarms? Shown as the monitor's; Stillroom judges for itself.

The states are those of IEC 60601-1-8 as IHE PCD-04 carries them: an alarm is active, or over and latched until somebody
at the monitor has seen it, or inactive; and its sound or the whole of it may be silenced there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stillroom.core.vitals.signals import Signal

STILL_SAID = timedelta(hours=12)
"""An alarm nothing was heard of for so long belongs to another day: no infusion and its recovery last that long."""


class Standing(StrEnum):
    ACTIVE = "active"
    LATCHED = "latched"
    INACTIVE = "inactive"


class Silenced(StrEnum):
    """What was silenced at the monitor. `NO` is IEC's "enabled"."""

    NO = "no"
    SOUND_PAUSED = "sound_paused"
    SOUND_OFF = "sound_off"
    ALARM_PAUSED = "alarm_paused"
    ALARM_OFF = "alarm_off"
    SEEN = "seen"


class Urgency(StrEnum):
    """The monitor's own word; not ours."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class MonitorAlarm:
    """One thing the monitor said of one alarm. `key` names the alarm: what, of which part of the monitor.

    `words` are the monitor's own, or the name of the event where it sent none. `signal` is what it is about, if that
    is a sign we keep. `is_technical` is None where it was not said. `device` is what the clinic calls the one that says
    it, where it is not the room's monitor but stands beside it: a pump, a second monitor.
    """

    key: str
    words: str
    signal: Signal | None
    standing: Standing
    silenced: Silenced
    urgency: Urgency
    is_technical: bool | None
    said_at: datetime
    received_at: datetime
    device: str = ""


_ORDER = (Urgency.HIGH, Urgency.MEDIUM, Urgency.LOW, Urgency.NOT_SAID)


def still_standing(said: Iterable[MonitorAlarm], *, at: datetime) -> tuple[MonitorAlarm, ...]:
    """Of all that one monitor said, in any order: the alarms that stand, the most urgent first.

    What was said last of each counts, by the monitor's clock, so that a report that comes late changes nothing.
    """
    last: dict[str, MonitorAlarm] = {}
    for alarm in said:
        known = last.get(alarm.key)
        if known is None or (alarm.said_at, alarm.received_at) >= (known.said_at, known.received_at):
            last[alarm.key] = alarm
    standing = (alarm for alarm in last.values() if alarm.standing is not Standing.INACTIVE)
    recent = (alarm for alarm in standing if at - alarm.received_at <= STILL_SAID)
    return most_urgent_first(recent)


def most_urgent_first(alarms: Iterable[MonitorAlarm]) -> tuple[MonitorAlarm, ...]:
    """By what the devices themselves call urgent; of the same urgency the older first."""
    return tuple(sorted(alarms, key=lambda alarm: (_ORDER.index(alarm.urgency), alarm.said_at, alarm.key)))
