"""Two clocks, when it happened and when it was written down: not ahead of now, and not before anybody was there."""

from __future__ import annotations

from datetime import datetime, timedelta

from stillroom.core.errors import Refused, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState

LATE_AFTER = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
NEVER_REFUSED = (c.StopInfusion, c.PauseInfusion, c.ConfirmDone, c.SetRate)

WITHOUT_THE_PATIENT = (c.MakeBag, c.CheckBag, e.BagHung, e.RoomTaken, e.ComfortSet, e.NoteAdded, e.PatientArrived)
"""What can be done before anybody is there. Everything else happens to a patient, and so after the arrival."""


def happened_at(state: InfusionState, command: c.Command, *, at: datetime) -> tuple[datetime, tuple[e.Fact, ...]]:
    """When `command` says it happened (never after `at`), and the late mark to log before it, if it is late.

    Refused: in the future, before the infusion was planned or the patient arrived, or over five minutes ago without a
    reason. What makes a drip slower or stops it is not refused for its clock: without a reason it is marked late all
    the same, and a time that cannot be counts as now.
    """
    if command.occurred_at is None:
        return at, ()
    if isinstance(command, c.NoteRestored):
        return min(command.occurred_at, at), ()  # it says itself that it was written later
    if command.occurred_at.tzinfo is None:
        raise ValueError("occurred_at must be aware")
    never_refused = isinstance(command, NEVER_REFUSED)
    asked = command.fact if isinstance(command, c.Record) else command
    impossible = impossible_time(state, asked, command.occurred_at, at=at)
    if impossible is not None and never_refused:
        return at, (e.RecordedLate(reason=f"The device's clock was wrong: it said {command.occurred_at.isoformat()}"),)
    if impossible is not None:
        raise impossible
    if at - command.occurred_at <= LATE_AFTER:
        return min(command.occurred_at, at), ()
    reason = (command.late_reason or "").strip()
    if not reason and not never_refused:
        raise refuse("late_needs_a_reason", occurred_at=command.occurred_at.isoformat())
    return command.occurred_at, (e.RecordedLate(reason=reason or "No reason given"),)


def impossible_time(
    state: InfusionState, asked: c.Command | e.Fact, occurred_at: datetime, *, at: datetime
) -> Refused | None:
    """Why `asked` cannot have happened then, if it cannot. A time is written in whole minutes, and so compared."""
    if occurred_at > at + CLOCKS_MAY_DIFFER:
        return refuse("in_the_future", occurred_at=occurred_at.isoformat())
    if state.planned_at is not None and occurred_at < _minute_of(state.planned_at):
        return refuse("before_planned", planned_at=state.planned_at.isoformat())
    if isinstance(asked, WITHOUT_THE_PATIENT) or state.arrived_at is None:
        return None
    if occurred_at < _minute_of(state.arrived_at):
        return refuse("before_arrival", arrived_at=state.arrived_at.isoformat())
    return None


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
