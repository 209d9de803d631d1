"""When is a minute of a script? The patient's time and the room's are told apart.

At a speed of ten the patient lives ten minutes in one: events come ten times sooner, signs and levels change ten times
as fast. The room does not hurry: the log, the drip, the alarms' delays and the time that staff are given are those of
the clock on the wall, so that nothing in the record says a time at which it was not (docs/decisions/0014).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stillroom.core.drip.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptClock:
    """`started_at` is minute 0 of the drip. Until `begin_min` all was told at its own time; from then on it hurries."""

    started_at: datetime
    begin_min: float
    speed: float

    def minute(self, at: datetime) -> float:
        """The patient's minute at a time of the room."""
        return self.minute_of((at - self.started_at) / timedelta(minutes=1))

    def minute_of(self, room_min: float) -> float:
        """The patient's minute when the clock on the wall says so many minutes since the start."""
        return room_min if room_min <= self.begin_min else self.begin_min + (room_min - self.begin_min) * self.speed

    def room_minute(self, minute: float) -> float:
        """How many minutes after the start, by the clock on the wall, the patient's minute comes."""
        return minute if minute <= self.begin_min else self.begin_min + (minute - self.begin_min) / self.speed

    def at(self, minute: float) -> datetime:
        return self.started_at + timedelta(minutes=self.room_minute(minute))


def hurried(history: History, clock: ScriptClock) -> History:
    """The drip as the patient lives it: every happening at the patient's minute."""
    happenings = tuple(replace(each, t_min=clock.minute_of(float(each.t_min))) for each in history.happenings)
    return replace(history, happenings=happenings)
