"""For how long did no watch look at an infusion in use? Told once, by the watch that is back (SR-47, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import ByLog, is_dripping
from stillroom.core.infusion.state import AFTER, InfusionState

UNWATCHED_AFTER = timedelta(seconds=10)
"""So soon the second watch must call when the first is dead: longer is a fault (time budget of the alarms, F3)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The last look of any watch at this clinic, and the beginning of the first look after it. Aware UTC."""

    since: datetime
    until: datetime


def gap_before(at: datetime, *, looked_at: datetime | None) -> Gap | None:
    """What lies between the last look and one that begins at `at`, where that is too long; None where nobody ever
    looked: then nothing was watched that now is not.
    """
    return Gap(looked_at, at) if looked_at is not None and at - looked_at > UNWATCHED_AFTER else None


def watch_resumed(state: InfusionState, log: ByLog, gap: Gap | None) -> e.WatchResumed | None:
    """The fact to record of this infusion: from its own start at the earliest, and from what it has been told of."""
    in_use_since = _in_use_since(state)
    if gap is None or in_use_since is None:
        return None
    told_until = log.watched_again_at
    since = max(each for each in (gap.since, in_use_since, told_until) if each is not None)
    return e.WatchResumed(since=since, until=gap.until) if gap.until - since > UNWATCHED_AFTER else None


def _in_use_since(state: InfusionState) -> datetime | None:
    if not (is_dripping(state) or state.status in AFTER):
        return None
    return state.started_at or (state.pending[0].occurred_at if state.pending else None)
