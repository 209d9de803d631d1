"""How long has the drip run? Pauses do not count; while it is in doubt whether it runs, it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import states

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Running:
    """For how long drug may have been flowing before, and since when it may be flowing now, if it may."""

    before: timedelta
    since: datetime | None

    def until(self, at: datetime) -> timedelta:
        return self.before + max(at - self.since, NOTHING) if self.since is not None else self.before


def running(surviving: Iterable[e.Logged]) -> Running:
    """How the drip ran, by the surviving entries of a log."""
    before, since = NOTHING, None
    for entry, state in states(surviving):
        if state.may_be_running and since is None:
            since = entry.occurred_at
        elif since is not None and not state.may_be_running:
            before, since = before + max(entry.occurred_at - since, NOTHING), None
    return Running(before, since)


def running_time(surviving: Iterable[e.Logged], *, at: datetime) -> timedelta:
    """All the time until `at` in which drug may have been flowing, by the surviving entries of a log."""
    return running(surviving).until(at)
