"""Is the same trouble silenced again and again while the drip goes on? Then a prescriber looks, before it is resumed.

An alarm about the patient that is raised and silenced (seen, or its sound paused) is one turn, however often it is
heard again before it is over; so is a drip that is resumed. So many within so long, by the order (SR-27: three in ten
minutes), ask for a review, and it stays asked for until a prescriber has looked. What is missing, overdue or technical
is no turn: that is put right, not endured. Slower, pause and stop are never hindered by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.order import AlarmSettings
from stillroom.core.safety.limit_watch import GRAVE
from stillroom.core.safety.priority import Priority

SEEN_OR_SAID = frozenset(
    {
        *("hard_to_rouse", "cannot_be_roused", "distress_high", "nausea_high"),
        *("pressure_with_symptom", "line_endangered"),
    }
)
OF_THE_PATIENT = frozenset(GRAVE) | frozenset(GRAVE.values()) | SEEN_OR_SAID


@dataclass(slots=True)
class _Turn:
    """An alarm from when it was raised, and whether it was silenced; or a drip that was resumed."""

    at: datetime
    is_silenced: bool = False


def review_wanted_since(surviving: Iterable[e.Logged], settings: AlarmSettings) -> datetime | None:
    """When it was asked for, of a log in effective order; None while it is not, or when a prescriber has looked."""
    within = timedelta(minutes=settings.review_within_min)
    turns: list[_Turn] = []
    latest: dict[str, _Turn] = {}
    standing: set[str] = set()
    wanted_at: datetime | None = None
    for entry in surviving:
        fact, at = entry.fact, entry.occurred_at
        if isinstance(fact, e.AlarmsReviewed):
            turns, latest, wanted_at = [], {}, None
        elif isinstance(fact, e.AlarmCleared):
            standing.discard(fact.condition)
        elif isinstance(fact, e.AlarmRaised) and _counts(fact):
            if fact.condition in standing:
                continue
            standing.add(fact.condition)
            latest[fact.condition] = _Turn(at)
            turns.append(latest[fact.condition])
        elif isinstance(fact, e.AlarmAcknowledged | e.SoundPaused) and fact.condition in latest:
            latest[fact.condition].is_silenced = True
        elif isinstance(fact, e.InfusionResumed):
            turns.append(_Turn(at, is_silenced=True))
        else:
            continue
        lately = sum(each.is_silenced and at - each.at <= within for each in turns)
        if wanted_at is None and lately >= settings.review_after_cycles:
            wanted_at = at
    return wanted_at


def _counts(fact: e.AlarmRaised) -> bool:
    return fact.condition in OF_THE_PATIENT and fact.priority is not Priority.LOW
