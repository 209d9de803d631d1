"""Which entries of the log answer a word of a script? One table: what a nurse educator may write, and what it means.

Only what a person or a display did counts; what the software noticed is nobody's act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stillroom.core.infusion import entries as e
from stillroom.core.order import Door


@dataclass(frozen=True, slots=True)
class Done:
    """An entry, and the rate before and after it, mL/h, where it set one."""

    entry: e.Logged
    before_ml_per_h: Decimal
    after_ml_per_h: Decimal


Answers = Callable[[Done], bool]


def _is(*kinds: type[e.Fact]) -> Answers:
    return lambda done: isinstance(done.entry.fact, kinds)


def _has(kind: type[e.Fact], field: str) -> Answers:
    return lambda done: isinstance(done.entry.fact, kind) and getattr(done.entry.fact, field) is not None


def _goes_home_by(door: Door) -> Answers:
    return lambda done: isinstance(done.entry.fact, e.WentHome) and done.entry.fact.door is door


def _either(*answers: Answers) -> Answers:
    return lambda done: any(each(done) for each in answers)


ACTS: Mapping[str, Answers] = {
    "slower": lambda done: _is(e.RateIntended)(done) and done.after_ml_per_h < done.before_ml_per_h,
    "faster": lambda done: _is(e.RateIntended)(done) and done.after_ml_per_h > done.before_ml_per_h,
    "new rate": _is(e.RateIntended),
    "pause": _is(e.PauseIntended, e.InfusionPaused),
    "resume": _is(e.ResumeIntended),
    "stop": _is(e.StopIntended, e.InfusionStopped),
    "clamp closed": _is(e.InfusionPaused, e.InfusionStopped),
    "infusion ended": _is(e.InfusionEnded),
    "drops counted": _is(e.DropsCounted),
    "stream seen": _is(e.StreamSeen),
    "pump read": _is(e.PumpRateRead),
    "drip moved": _is(e.DripDisturbed),
    "bag read": _is(e.BagRead),
    "line flushed": _is(e.LineFlushed),
    "vital signs": _is(e.VitalsCharted),
    "pressure measured": _either(_has(e.VitalsCharted, "sbp_mmhg"), _has(e.RecoveryChecked, "sbp_mmhg")),
    "saturation measured": _either(_has(e.VitalsCharted, "spo2_percent"), _has(e.RecoveryChecked, "spo2_percent")),
    "patient watched": _is(e.PatientWatched),
    "nausea asked": _has(e.PatientWatched, "nauseous"),
    "anxiety asked": _has(e.PatientWatched, "anxious"),
    "oxygen": _has(e.PatientWatched, "oxygen_l_per_min"),
    "medicine": _is(e.MedicineGiven),
    "comfort": _is(e.ComfortSet),
    "calming": _is(e.CalmingTried),
    "effect noted": _is(e.EffectNoted),
    "advice dismissed": _is(e.AdviceDismissed),
    "note": _is(e.NoteAdded),
    "alarm answered": _is(e.AlarmAcknowledged),
    "sound paused": _is(e.SoundPaused),
    "limit changed": _is(e.LimitChanged),
    "help": _is(e.HelpCalled),
    "help step": _is(e.HelpStepDone),
    "help over": _is(e.HelpEnded),
    "room offered": _is(e.RoomOffered),
    "room taken": _is(e.RoomTaken),
    "patient asked who": _is(e.PatientChecked),
    "recovery check": _is(e.RecoveryChecked),
    "recovery scored": _is(e.RecoveryScored),
    "door overridden": _is(e.DoorOverridden, e.OverrideAgreed),
    "line out": _is(e.LineRemoved),
    "risk question": _is(e.RiskSettled),
    "instructions": _is(e.InstructionsGiven),
    "home with an adult": _goes_home_by(Door.WITH_ADULT),
    "home when clear": _goes_home_by(Door.WHEN_CLEAR),
}

SAME_AS: Mapping[str, str] = {
    "paused": "pause",
    "stopped": "stop",
    "resumed": "resume",
    "slowed": "slower",
    "help called": "help",
    "note written": "note",
    "medicine given": "medicine",
    "comfort noted": "comfort",
    "oxygen given": "oxygen",
    "calmed": "calming",
    "fright calmed": "calming",
}
"""Other ways to say it."""

STAFF = ("person:", "device:")


def done_by_staff(surviving: Sequence[e.Logged]) -> Iterator[Done]:
    """Every entry that a person or a display made, in the order of the log, with the rate before and after it."""
    rate = Decimal(0)
    for entry in surviving:
        fact, before = entry.fact, rate
        if isinstance(fact, e.StartIntended | e.RateIntended | e.ResumeIntended):
            rate = fact.rate_ml_per_h
        if entry.by.startswith(STAFF):
            yield Done(entry, before, rate)


def answers_any(acts: Sequence[str], done: Done) -> bool:
    return any(ACTS[act](done) for act in acts)
