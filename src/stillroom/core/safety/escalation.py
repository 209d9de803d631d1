"""Who is called when nobody answers an alarm, and when? Steps and times come from the signed order.

The clock of a step runs from when the alarm was raised, or from when its sound came back after a pause: a pause says
that somebody is there, and it is short. A low alarm is never escalated. Times are aware UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from stillroom.core.order import AlarmSettings
from stillroom.core.safety.priority import Priority

AT_ONCE = frozenset({"no_screen", "review_wanted"})
"""Nobody can answer what nobody is shown; and a review is not meant for whoever has silenced it again and again."""


LOOKED_AGAIN_WITHIN = timedelta(seconds=1.5)
"""So soon a watch looks again and has written what it found (1.2 s, and some): the order says how long nobody may go
unheard at most, so the last look before that calls. Own choice."""


class Called(StrEnum):
    """One step further each: every screen of the clinic; its prescribers by name; everybody who works there."""

    SCREENS = "screens"
    PRESCRIBERS = "prescribers"
    EVERYBODY = "everybody"


def escalates_at(
    condition: str, priority: Priority, *, since: datetime, step: int, last_at: datetime | None, settings: AlarmSettings
) -> datetime | None:
    """When the next step is due, `step` of them done and the last at `last_at`. None: there is no further one."""
    if step >= len(Called) or (priority is Priority.LOW and condition not in AT_ONCE):
        return None
    if last_at is not None:
        return max(last_at, since) + timedelta(seconds=settings.escalates_further_after_s)
    if condition in AT_ONCE:
        return since
    is_high = priority is Priority.HIGH
    after_s = settings.high_escalates_after_s if is_high else settings.medium_escalates_after_s
    return since + timedelta(seconds=after_s) - LOOKED_AGAIN_WITHIN
