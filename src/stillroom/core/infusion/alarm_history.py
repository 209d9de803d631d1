"""Every alarm of one infusion: when it began and passed, who saw it, who paused its sound, who was called.

One row for each occurrence: a condition that came back is another, one that was heard again while it stood is not.
Times are aware UTC, None: not yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPause:
    """Its sound was paused from then until then, at the latest, by whom."""

    from_at: datetime
    until_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One alarm. `written_s` is how long after it began it stood in the log.

    `again`: when it was heard again although it had been seen, with its figure then; `seen_again`: who saw that, when.
    """

    condition: str
    priority: Priority
    raised_at: datetime
    written_s: float
    value: str | None
    limit: str | None
    cleared_at: datetime | None = None
    shown_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    pauses: tuple[SoundPause, ...] = ()
    calls: tuple[tuple[datetime, Called], ...] = ()
    again: tuple[tuple[datetime, str | None], ...] = ()
    seen_again: tuple[tuple[datetime, str], ...] = ()

    @property
    def answered_after(self) -> timedelta | None:
        return None if self.acknowledged_at is None else self.acknowledged_at - self.raised_at


def alarm_history(surviving: Iterable[e.Logged]) -> tuple[Occurrence, ...]:
    """The occurrences in the order in which they were raised."""
    found: list[Occurrence] = []
    latest: dict[str, int] = {}
    for entry in surviving:
        fact = entry.fact
        if isinstance(fact, e.AlarmRaised):
            place = latest.get(fact.condition)
            if place is not None and found[place].cleared_at is None:
                found[place] = _still_there(found[place], entry, fact)
            else:
                if fact.priority is Priority.HIGH:
                    found = [_heard_again(each, entry.occurred_at) for each in found]
                latest[fact.condition] = len(found)
                found.append(_raised(entry, fact))
        elif (place := latest.get(getattr(fact, "condition", ""))) is not None:
            found[place] = _changed(found[place], entry)
    return tuple(found)


def _raised(entry: e.Logged, fact: e.AlarmRaised) -> Occurrence:
    return Occurrence(
        condition=fact.condition,
        priority=fact.priority,
        raised_at=entry.occurred_at,
        written_s=max(0.0, (entry.recorded_at - entry.occurred_at).total_seconds()),
        value=fact.value,
        limit=fact.limit,
    )


def _still_there(row: Occurrence, entry: e.Logged, fact: e.AlarmRaised) -> Occurrence:
    return replace(row, again=(*row.again, (entry.occurred_at, fact.value)))


def _changed(row: Occurrence, entry: e.Logged) -> Occurrence:
    fact, at = entry.fact, entry.occurred_at
    if isinstance(fact, e.AlarmCleared):
        return replace(row, cleared_at=at)
    if isinstance(fact, e.AlarmShown):
        return replace(row, shown_at=row.shown_at or at)
    if isinstance(fact, e.AlarmAcknowledged):
        return _seen(row, at, entry.by)
    if isinstance(fact, e.AlarmEscalated):
        return replace(row, calls=(*row.calls, (at, fact.called)))
    if isinstance(fact, e.SoundPaused):
        pause = SoundPause(from_at=at, until_at=at + timedelta(seconds=fact.for_s), by=entry.by)
        return replace(row, pauses=(*row.pauses, pause))
    return _heard_again(row, at) if isinstance(fact, e.SoundResumed) else row


def _seen(row: Occurrence, at: datetime, by: str) -> Occurrence:
    if row.acknowledged_at is None:
        return replace(row, acknowledged_at=at, acknowledged_by=by)
    return replace(row, seen_again=(*row.seen_again, (at, by)))


def _heard_again(row: Occurrence, at: datetime) -> Occurrence:
    pauses = (each if each.until_at <= at else replace(each, until_at=max(at, each.from_at)) for each in row.pauses)
    return replace(row, pauses=tuple(pauses))
