"""What happened: the past-tense facts of one infusion, and the envelope a log keeps them in.

Each class is one kind of entry; its name is the kind. Fields are plain values (`str`, `int`, `bool`, `Decimal`, aware
UTC `datetime`, `UUID`, enums, tuples and frozen dataclasses of these). A field made by `free_text()` holds a name or
free words: it is stored apart, where the law can have it erased, and the log keeps only its salted digest.

What changes dose is first intended, then confirmed or not done; between the two it is in doubt (`state.pending`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.line import Line
from stillroom.core.order import Door, Order, Scale
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.library import Limits
from stillroom.core.safety.preflight import PreflightItem, Reply
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals.sources import Why


class Fact:
    """Something that happened. Facts are frozen, and the past is never judged again."""

    __slots__ = ()
    VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A fact and when it happened at the bedside, aware UTC."""

    occurred_at: datetime
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A fact as the log holds it. `seq` counts from 1; `by`: `person:`, `device:`, `emergency:` or `system:`, an id."""

    seq: int
    act: UUID
    kind: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    by: str
    fact: Fact


def free_text(**kwargs: Any) -> Any:
    """A dataclass field that holds free words or a name, kept apart from the log so that it can be erased."""
    return field(metadata={"text": True}, **kwargs)


class Awake(StrEnum):
    """How awake the patient is, in bedside words; ordered from alert to unrousable."""

    ALERT = "alert"
    DROWSY = "drowsy_answers"
    NEEDS_TOUCH = "needs_touch"
    NOT_ROUSED = "cannot_be_roused"


class Symptom(StrEnum):
    """What makes a high pressure an emergency. A nerve sign: weak, numb, or trouble speaking or seeing."""

    CHEST_PAIN = "chest_pain"
    HEADACHE = "headache"
    NERVE_SIGN = "nerve_sign"


class LineSite(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    NOT_LOOKED_AT = "not_looked_at"


class OnFeet(StrEnum):
    STEADY = "steady"
    WITH_HELP = "with_help"
    UNSTEADY = "unsteady"


class Tired(StrEnum):
    """How tired they say they are, when asked: it shuts no door, and is told to whoever takes them home."""

    NO = "no"
    TIRED = "tired"
    VERY = "very_tired"


class Risk(StrEnum):
    """How the question about suicide was settled. The form itself stays on paper or in the clinic's own record."""

    NO_CONCERN = "no_concern"
    DECIDED = "concern_decided_by_named_clinician"


class Source(StrEnum):
    BY_HAND = "by_hand"
    MONITOR = "monitor"


# --- planned, arrived, made ready ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionPlanned(Fact):
    """The signed order, the weight, and what follows from them for bag and drip, frozen at planning."""

    VERSION = 6

    patient: UUID
    room: UUID
    order: Order
    limits: Limits
    protocol_version: str
    weight_kg: Decimal
    dose_mg: Decimal
    bag: Bag
    rate_ml_per_h: Decimal
    drops_per_min: int | None
    course_number: int | None = None
    course_length: int | None = None
    reason: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientArrived(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOffered(Fact):
    """Whoever keeps the room means to hand it to a colleague, with a word. It is theirs when they have taken it."""

    to: UUID
    words: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTaken(Fact):
    """A person took over the room: hand-over at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightAnswered(Fact):
    item: PreflightItem
    reply: Reply
    words: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlaced(Fact):
    """A cannula is in a vein. `site` in bedside words, as 'left forearm'."""

    site: str
    placed_by: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagMade(Fact):
    """What was really drawn up and put in the bag; the label is printed from this."""

    bag: Bag
    lot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BagChecked(Fact):
    """A second person compared bag, label, order and patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagHung(Fact):
    """The bag is connected; the line's content decides when drug reaches the vein."""

    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReady(Fact):
    """Everything asked before a start was answered; who the patient is was checked by two identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientChecked(Fact):
    """A second person asked the patient at the chair for name and birth date, and they are those of the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriberNamed(Fact):
    """A nurse names the prescriber who said that it may go on all the same, and why."""

    prescriber: UUID
    reason: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriberConfirmed(Fact):
    """The prescriber whom entry `named_seq` names says that it is so."""

    named_seq: int


# --- the drip: intended, confirmed, not done -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StartIntended(Fact):
    """Somebody is about to open the clamp. `patient_asked`: they asked for name and birth date for it, once more.

    `clock_off_by_s`: how far the computer's clock was from true time, above zero ahead of it; None: nobody knew.
    """

    VERSION = 2

    rate_ml_per_h: Decimal
    drops_per_min: int | None
    findings: tuple[str, ...] = ()
    patient_asked: bool = False
    reason: str | None = free_text(default=None)
    clock_off_by_s: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartConfirmed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RateIntended(Fact):
    rate_ml_per_h: Decimal
    drops_per_min: int | None
    findings: tuple[str, ...] = ()
    prescriber: UUID | None = None
    reason: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateConfirmed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseIntended(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionPaused(Fact):
    """The clamp is closed, for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIntended(Fact):
    rate_ml_per_h: Decimal
    drops_per_min: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionResumed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class StopIntended(Fact):
    """Somebody pressed stop; the drip counts as running until the clamp is said to be closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStopped(Fact):
    """The clamp is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentNotDone(Fact):
    """What was intended in entry `intent_seq` was not done."""

    intent_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRestored(Fact):
    """The log came back from a backup: what happened after it is not here. The drip may run at up to this rate."""

    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionEnded(Fact):
    """The drip is over. What was left in the bag is read; what was given follows from it."""

    left_in_bag_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionAbandoned(Fact):
    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionReassigned(Fact):
    """The wrong patient had been opened; two staff say whose infusion this is. Both records show it.

    `asks_second`: the second person has to say so in person. Of the same patient again it names another second.
    """

    VERSION = 2

    patient: UUID
    second_person: UUID
    asks_second: bool = True
    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignmentAgreed(Fact):
    """The second person of entry `reassigned_seq` says whose infusion this is."""

    reassigned_seq: int


# --- evidence of what the drip really gives --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DropsCounted(Fact):
    drops: int
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpRateRead(Fact):
    """What the pump shows that it runs at, which need not be what anybody set."""

    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSeen(Fact):
    """A stream, not drops: it cannot be counted. Close the clamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DripDisturbed(Fact):
    """Arm, chair or bag was moved: what was counted before says nothing of the flow now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagRead(Fact):
    left_in_bag_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFlushed(Fact):
    """Plain fluid pushed what the line held into the vein."""

    volume_ml: Decimal
    duration_min: Decimal


# --- seen, given, said -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsCharted(Fact):
    """One set of vital signs, written into the chart by hand or taken over from the monitor. None: not measured."""

    source: Source
    sbp_mmhg: int | None = None
    dbp_mmhg: int | None = None
    mbp_mmhg: int | None = None
    pulse_per_min: int | None = None
    spo2_percent: int | None = None
    resp_per_min: int | None = None
    temperature_cel: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWatched(Fact):
    """How the patient seems. `not_woken`: watched, not woken; how awake, and scores that need an answer, are None.

    Scores 0 to 10. `symptoms` of None: not asked. `pulls_at_line`: so restless that the line may come out; None: not
    said.
    """

    VERSION = 2

    awake: Awake | None
    not_woken: bool = False
    breaths_per_min: int | None = None
    detached: int | None = None
    anxious: int | None = None
    nauseous: int | None = None
    oxygen_l_per_min: Decimal | None = None
    line_site: LineSite = LineSite.NOT_LOOKED_AT
    symptoms: tuple[Symptom, ...] | None = None
    pulls_at_line: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineGiven(Fact):
    """A medicine besides the infusion: name, amount with its unit, route, and why.

    `against_nausea` of None: nobody was asked whether it is.
    """

    VERSION = 2

    name: str
    amount: Decimal
    unit: str
    route: str
    before_start: bool
    against_nausea: bool | None = None
    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComfortSet(Fact):
    """Light, music, company and the like: what was chosen."""

    item: str
    choice: str = free_text()


class Effect(StrEnum):
    """Whether something that was set, tried or given has helped."""

    HELPED = "helped"
    NO_DIFFERENCE = "no_difference"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectNoted(Fact):
    """What became of the comfort, the calming step or the medicine of entry `of_seq`."""

    of_seq: int
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CalmingTried(Fact):
    """Something was done for a frightened patient: a code of `comfort.Calming`."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceDismissed(Fact):
    """Somebody waved advice `code` away that stood at `level`, and perhaps said why. It changes nothing but advice."""

    code: str
    level: int
    reason: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCalled(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpStepDone(Fact):
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Fact):
    words: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLate(Fact):
    """What stands next in the log happened earlier than it was written; why."""

    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCorrected(Fact):
    """Entry `corrects_seq` was wrong. If `replaced`, the next entry takes its place. The original stays readable."""

    corrects_seq: int
    replaced: bool
    reason: str = free_text()


# --- what the software noticed ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(Fact):
    """A condition began. `condition` names it and is open at most once at a time.

    Said again of a high one that is open and was seen: it is heard again, as it still stands or is worse.
    """

    condition: str
    priority: Priority
    value: str | None = None
    limit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared(Fact):
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmShown(Fact):
    """A screen that somebody can see shows it, the first since it was raised; `can_sound`: one that can be heard."""

    condition: str
    can_sound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAcknowledged(Fact):
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsReviewed(Fact):
    """A prescriber has looked at what was silenced again and again, and says that it may go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPaused(Fact):
    """The sound of one alarm is paused for so long; asked from which screen, if it said."""

    condition: str
    for_s: int
    screen: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundResumed(Fact):
    """The pause is over before its time."""

    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEscalated(Fact):
    """Nobody has acknowledged it: who is called now. `step` counts from 1."""

    condition: str
    step: int
    called: Called


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanged(Fact):
    """From when on staff are called, in this infusion only. `limit` is a field of the order's watch limits.

    `prescriber` is who said that it may be wider than the order has it.
    """

    limit: str
    before: int
    value: int
    prescriber: UUID | None = None
    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorLost(Fact):
    monitor: UUID
    last_heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorFound(Fact):
    monitor: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchResumed(Fact):
    """No watch process looked at this infusion in that time: nobody was called to what happened in it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged(Fact):
    """Of two devices that measure one sign the other counts from here on. Their names are those of that day."""

    signal: str
    to: UUID
    to_name: str
    before_name: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseSourceChanged(Fact):
    """Of two sensors that give the rate of the heart, by the names of their signals, the other counts from here on."""

    to: str
    before: str
    why: Why


# --- recovery and the two doors --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryBegan(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryChecked(Fact):
    """One timed look at a patient who is coming back. None: not looked at, which never counts as good."""

    VERSION = 4

    awake: Awake
    oriented: bool | None = None
    breathing_steady: bool | None = None
    on_feet: OnFeet | None = None
    vomiting: bool | None = None
    effects_gone: bool | None = None
    sbp_mmhg: int | None = None
    dbp_mmhg: int | None = None
    pulse_per_min: int | None = None
    spo2_percent: int | None = None
    oxygen_l_per_min: Decimal | None = None
    tired: Tired | None = None
    detached: int | None = None
    symptoms: tuple[Symptom, ...] | None = None
    on_room_air: bool | None = None
    breaths_per_min: int | None = None
    anxious: int | None = None
    nauseous: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One item of a score, and its points."""

    item: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryScored(Fact):
    """A score of recovery, item by item, in the version of the scale it was scored by."""

    scale: Scale
    version: str
    items: tuple[Scored, ...]

    @property
    def total(self) -> int:
        return sum(each.points for each in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureAccepted(Fact):
    """A prescriber accepts a pressure that is not near the one on arrival, and says why."""

    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRemoved(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSettled(Fact):
    """The question about suicide was asked: no concern, or `decided_by` has decided what follows.

    `asks_named`: whoever decided, where somebody else writes it down, has to say so in person.
    """

    VERSION = 2

    outcome: Risk
    decided_by: UUID | None = None
    asks_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionsGiven(Fact):
    """The written instructions were handed over and talked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOverridden(Fact):
    """A prescriber says why this door may open although `conditions` are not met; `second` has to agree in person.

    `insists`: the patient leaves against advice, and `advised` says what they were told.
    """

    door: Door
    conditions: tuple[str, ...]
    second: UUID
    insists: bool
    reason: str = free_text()
    advised: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideAgreed(Fact):
    """The second person of entry `overridden_seq` says that it is so."""

    overridden_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WentHome(Fact):
    """The patient left by one of the two doors. With an adult: who, and who of the staff saw them sign.

    `overridden_seq` is the entry by which two of the staff opened it although not all was met.
    """

    VERSION = 2

    door: Door
    travels_by: str
    witness: UUID | None = None
    overridden_seq: int | None = None
    adult_name: str | None = free_text(default=None)
    adult_relation: str | None = free_text(default=None)
    adult_phone: str | None = free_text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenToHospital(Fact):
    """The patient left for a hospital, handed over to who took them there: by no door home. `line_stays`: still in."""

    line_stays: bool
    where: str = free_text()
    handed_to: str | None = free_text(default=None)
    reason: str = free_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSigned(Fact):
    """Somebody who treats signed the chart as it stood at `head_seq`, in this role, and meaning this."""

    VERSION = 2

    head_seq: int
    meaning: str
    role: str


KINDS: dict[str, type[Fact]] = {
    name: each
    for name, each in list(globals().items())
    if isinstance(each, type) and issubclass(each, Fact) and each is not Fact
}
