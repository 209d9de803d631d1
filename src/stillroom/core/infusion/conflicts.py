"""Does what a colleague did since the screen was drawn matter to this act?"""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import is_from_monitor
from stillroom.core.infusion.state import InfusionState

# Only what changes state, rate, bag or patient matters to what somebody else is about to do.
MATTERS: tuple[type[e.Fact], ...] = (
    *(e.InfusionPlanned, e.MadeReady, e.InfusionReassigned, e.BagMade, e.BagChecked, e.BagHung),
    *(e.PatientChecked, e.EntryCorrected),
    *(e.StartIntended, e.StartConfirmed, e.RateIntended, e.RateConfirmed, e.ResumeIntended, e.InfusionResumed),
    *(e.PauseIntended, e.InfusionPaused, e.StopIntended, e.InfusionStopped, e.IntentNotDone),
    *(e.InfusionEnded, e.InfusionAbandoned, e.WentHome, e.TakenToHospital, e.LogRestored),
)

# What is seen of the patient matters to whoever is about to let them go. The monitor's own sets come by themselves:
# those that are beyond a limit raise an alarm.
SEEN: tuple[type[e.Fact], ...] = (
    *(e.RecoveryChecked, e.PatientWatched, e.VitalsCharted, e.MedicineGiven, e.HelpCalled),
)
LETTING_GO: tuple[type[c.Command], ...] = (c.SendHome, c.OverrideDoor)

# What these commands ask for stays right whatever a colleague did. Stop and pause are never questioned.
NEVER: tuple[type[c.Command], ...] = (
    c.StopInfusion,
    c.PauseInfusion,
    c.ConfirmDone,
    c.Record,
    c.CheckRecovery,
    c.ScoreRecovery,
    c.AgreeToOverride,
    c.AgreeToReassignment,
    c.ConfirmNaming,
    c.PauseSound,
    c.NoteRestored,
)

# Facts that are recorded, and yet lean on the state that the recorder saw.
LEANING: tuple[type[e.Fact], ...] = (e.BagHung, e.PatientArrived, e.PressureAccepted, e.TakenToHospital)


def conflicts(
    state: InfusionState, command: c.Command, entries_since: Sequence[e.Logged], author: c.Author
) -> tuple[e.Logged, ...]:
    """The colleagues' entries that came after the screen was drawn and that this act should not be done without.

    Empty: go on. One's own entries never conflict, nor does anything with stop, pause, slower, a note or an
    observation. What silences an alarm is of the occurrence that the screen showed: one raised since has come back, or
    stands still or is worse, and nobody has seen that.
    """
    silenced = _silenced(command)
    if silenced is not None:
        return tuple(each for each in entries_since if _raises(each.fact, silenced))
    if is_never_questioned(state, command):
        return ()
    is_letting_go = isinstance(command, LETTING_GO)
    return tuple(
        entry
        for entry in entries_since
        if entry.by != author.by and (isinstance(entry.fact, MATTERS) or (is_letting_go and _is_seen(state, entry)))
    )


def _is_seen(state: InfusionState, entry: e.Logged) -> bool:
    """An alarm that is only heard again was known."""
    fact = entry.fact
    if isinstance(fact, e.AlarmRaised):
        standing = (each for each in state.alarms if each.condition == fact.condition)
        return not any(each.said_first_seq < entry.seq for each in standing)
    return isinstance(fact, SEEN) and not is_from_monitor(fact)


def _silenced(command: c.Command) -> str | None:
    """The condition whose sound or calls this ends."""
    if isinstance(command, c.PauseSound):
        return command.condition
    fact = command.fact if isinstance(command, c.Record) else None
    return fact.condition if isinstance(fact, e.AlarmAcknowledged) else None


def _raises(fact: e.Fact, condition: str) -> bool:
    return isinstance(fact, e.AlarmRaised) and fact.condition == condition


def is_never_questioned(state: InfusionState, command: c.Command) -> bool:
    if isinstance(command, c.SetRate):
        return state.is_slower(command.rate_ml_per_h)
    if isinstance(command, c.Record):
        return not isinstance(command.fact, LEANING)
    return isinstance(command, NEVER)
