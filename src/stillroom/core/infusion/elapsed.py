"""How long has the drip run? Pauses do not count; while it is in doubt whether it runs, it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import apply
from stillroom.core.infusion.state import InfusionState

NOTHING = timedelta(0)


def running_time(surviving: Iterable[e.Logged], *, at: datetime) -> timedelta:
    """All the time until `at` in which drug may have been flowing, by the surviving entries of a log."""
    state, ran, since = InfusionState(), NOTHING, at
    for entry in surviving:
        after = apply(state, entry)
        if after.may_be_running and not state.may_be_running:
            since = entry.occurred_at
        elif state.may_be_running and not after.may_be_running:
            ran += max(entry.occurred_at - since, NOTHING)
        state = after
    return ran + max(at - since, NOTHING) if state.may_be_running else ran
