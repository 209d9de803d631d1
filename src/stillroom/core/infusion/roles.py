"""Who may do what in the room. Deny by default: what is not in the table is not allowed.

Stop, closing the clamp, calling for help and going through its list are open to whoever stands at the device, signed in
or not. So is a pause of a sound, which is short; that an alarm was seen ends its calls, and is said by somebody.
"""

from __future__ import annotations

from stillroom.core.errors import Refused, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e

PRESCRIBER = "prescriber"
EMERGENCY = "emergency"
"""Who could not prove who they are: what makes a drip safer, help, alarms, and writing down what they see and give."""
BEDSIDE = frozenset({PRESCRIBER, "nurse_anaesthetist", "nurse"})
ARRIVALS = BEDSIDE | {"front_desk"}
ANYBODY = (
    frozenset({None, "system", "front_desk", "technician", "administrator", "library_approver", "editor"}) | BEDSIDE
)
PRESCRIBERS = frozenset({PRESCRIBER})
SYSTEM = frozenset({"system"})

MAY: dict[type, frozenset[str | None]] = {
    c.StopInfusion: ANYBODY,
    c.PauseInfusion: ANYBODY,
    c.ConfirmDone: ANYBODY,
    e.HelpCalled: ANYBODY,
    e.HelpStepDone: ANYBODY,
    e.AlarmAcknowledged: BEDSIDE,
    c.PlanInfusion: PRESCRIBERS,
    e.PressureAccepted: PRESCRIBERS,
    c.OverrideDoor: PRESCRIBERS,
    e.PatientArrived: ARRIVALS,
    c.PauseSound: BEDSIDE | {None},
    e.SoundResumed: BEDSIDE | {None} | SYSTEM,
    e.AlarmEscalated: SYSTEM,
    e.AlarmShown: SYSTEM,
    e.AlarmsReviewed: PRESCRIBERS,
    e.AlarmRaised: SYSTEM,
    e.AlarmCleared: SYSTEM,
    e.MonitorLost: SYSTEM,
    e.MonitorFound: SYSTEM,
    e.WatchResumed: SYSTEM,
    e.SourceChanged: SYSTEM,
    e.PulseSourceChanged: SYSTEM,
    c.NoteRestored: SYSTEM,
    e.VitalsCharted: BEDSIDE | SYSTEM,
} | dict.fromkeys(
    (
        *(c.MakeBag, c.CheckBag, c.DeclareReady, c.CheckPatient, c.StartInfusion),
        *(c.SetRate, c.ResumeInfusion, c.ReportNotDone),
        *(
            c.ChangeLimit,
            c.EndInfusion,
            c.AbandonInfusion,
            c.ReassignInfusion,
            c.AgreeToReassignment,
            c.ConfirmNaming,  # for a decision about a risk; else a prescriber's (decide.py)
            c.CorrectEntry,
            c.CheckRecovery,
            c.SendHome,
            c.ScoreRecovery,
            c.AgreeToOverride,
            c.SignChart,
        ),
        *(e.RoomTaken, e.PreflightAnswered, e.LinePlaced, e.BagHung, e.DropsCounted, e.StreamSeen, e.BagRead),
        *(e.PumpRateRead, e.DripDisturbed, e.RoomOffered),
        *(e.LineFlushed, e.PatientWatched, e.MedicineGiven, e.ComfortSet, e.HelpEnded, e.NoteAdded),
        *(c.SetComfort, e.EffectNoted, e.CalmingTried, e.AdviceDismissed),
        *(e.LineRemoved, e.RiskSettled, e.InstructionsGiven, e.TakenToHospital),
    ),
    BEDSIDE,
)


IN_EMERGENCY: tuple[type, ...] = (
    *(c.StopInfusion, c.PauseInfusion, c.SetRate, c.ConfirmDone, c.ReportNotDone, c.EndInfusion, c.CheckRecovery),
    *(e.HelpCalled, e.HelpStepDone, e.HelpEnded, e.AlarmAcknowledged, c.PauseSound, e.SoundResumed),
    *(e.VitalsCharted, e.PatientWatched, e.MedicineGiven, e.ComfortSet, e.CalmingTried, e.EffectNoted, e.NoteAdded),
    *(e.DropsCounted, e.PumpRateRead, e.StreamSeen, e.DripDisturbed, e.BagRead, e.LineFlushed),
)
"""A rate only when it is slower (decide.py). Nothing is started, resumed, made faster, corrected or signed."""
MAY |= {asked: MAY[asked] | {EMERGENCY} for asked in IN_EMERGENCY}


def may(command: c.Command, author: c.Author) -> bool:
    """Is this role allowed to ask for this at all? Says nothing about whether now is the time."""
    asked: type = type(command.fact) if isinstance(command, c.Record) else type(command)
    return author.role in MAY.get(asked, frozenset())


def must_be_allowed(command: c.Command, author: c.Author) -> None:
    """Refused (`role_not_allowed`) unless the author's role may ask for this."""
    if not may(command, author):
        raise role_not_allowed(command, author)


def role_not_allowed(command: c.Command, author: c.Author) -> Refused:
    asked = type(command.fact) if isinstance(command, c.Record) else type(command)
    return refuse("role_not_allowed", act=asked.__name__, role=author.role or "nobody signed in")
