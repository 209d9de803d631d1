"""May advice that was dismissed be said again? When it has got clearly worse, or after a while; and not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.safety.advice.advice import WORSE_BY, Advice

AGAIN_AFTER = timedelta(minutes=15)
"""Own choice: about once between two looks at the patient, so two or three times in a drip of 40 minutes."""

DISMISSED_AT_MOST = 3
"""Own choice: who has waved it away three times has heard it. Alarms go on by themselves and know nothing of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissals:
    """One advice as it was dismissed: how often, when last, and how bad it was then."""

    times: int
    at: datetime
    level: int


def is_said(advice: Advice, dismissed: Dismissals | None, *, at: datetime) -> bool:
    """Never dismissed; or dismissed fewer than `DISMISSED_AT_MOST` times and since then clearly worse, or long ago."""
    if dismissed is None:
        return True
    if dismissed.times >= DISMISSED_AT_MOST:
        return False
    worse_by = WORSE_BY.get(advice.code)
    is_worse = worse_by is not None and advice.level >= dismissed.level + worse_by
    return is_worse or at - dismissed.at >= AGAIN_AFTER
