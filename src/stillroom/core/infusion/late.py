"""Two clocks: when it happened and when it was written down."""

from __future__ import annotations

from datetime import datetime, timedelta

from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e

LATE_AFTER = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
NEVER_REFUSED = (c.StopInfusion, c.PauseInfusion, c.ConfirmDone, c.SetRate)


def happened_at(command: c.Command, *, at: datetime) -> tuple[datetime, tuple[e.Fact, ...]]:
    """When `command` says it happened (never after `at`), and the late mark to log before it, if it is late.

    Refused: in the future, or over five minutes ago without a reason. What makes a drip slower or stops it is not
    refused for its clock: without a reason it is marked late all the same, from the future it counts as now.
    """
    if command.occurred_at is None:
        return at, ()
    if command.occurred_at.tzinfo is None:
        raise ValueError("occurred_at must be aware")
    never_refused = isinstance(command, NEVER_REFUSED)
    if command.occurred_at > at + CLOCKS_MAY_DIFFER:
        if not never_refused:
            raise refuse("in_the_future", occurred_at=command.occurred_at.isoformat())
        return at, (e.RecordedLate(reason=f"The device's clock was ahead: it said {command.occurred_at.isoformat()}"),)
    if at - command.occurred_at <= LATE_AFTER:
        return min(command.occurred_at, at), ()
    reason = (command.late_reason or "").strip()
    if not reason and not never_refused:
        raise refuse("late_needs_a_reason", occurred_at=command.occurred_at.isoformat())
    return command.occurred_at, (e.RecordedLate(reason=reason or "No reason given"),)
