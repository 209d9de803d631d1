"""What a person or a device may ask for. Imperative; `decide` answers with facts or refuses.

Most of what happens is simply recorded: `Record(fact=...)`. A command of its own exists only where something has to be
decided. `occurred_at` None means now; earlier than five minutes ago needs a `late_reason`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from stillroom.core.drip.bag import Bag
from stillroom.core.errors import Finding
from stillroom.core.infusion.entries import Fact, RecoveryChecked
from stillroom.core.order import Door, Order, Scale
from stillroom.core.safety.consent import Consented
from stillroom.core.safety.known import Known
from stillroom.core.safety.library import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who asks: `by` as entries write it, the clinic role that counts (None for a device), and the person if one."""

    by: str
    role: str | None = None
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    occurred_at: datetime | None = None
    late_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Command):
    """Write down what was seen, given, said or done, where no decision is needed but legality and plausibility."""

    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInfusion(Command):
    """`due_at` is when it is to begin, None now. `reason` answers every soft finding, `reasons` one each, by its key.

    `second` is the clinician who looked at an order far from the last. `instead_of` is the order signed before for the
    same visit, whose place this one takes. `known` is what the record says of the patient:
    whoever performs the act puts it there, whatever came with it.
    """

    patient: UUID
    room: UUID
    order: Order
    limits: Limits
    protocol_version: str
    weight_kg: Decimal
    course_number: int | None = None
    course_length: int | None = None
    due_at: datetime | None = None
    reason: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    second: UUID | None = None
    known: Known | None = None
    link_interval_s: float | None = None
    instead_of: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBag(Command):
    """What was really drawn up and put in the bag."""

    bag: Bag
    lot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBag(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPatient(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareReady(Command):
    """`reason` answers soft findings of the preflight and of the record; a prescriber gives it, or is named as having
    given it. `again`: what the record says against it only now; whoever performs the act puts it there.
    """

    reason: str | None = None
    prescriber: UUID | None = None
    again: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNaming(Command):
    """The author is whom entry `named_seq` names, and says that it is so."""

    named_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartInfusion(Command):
    """`consent` is what the record says of the patient's, `again` what else it says, only since they were made ready:
    whoever performs the act puts both there, whatever came. `link_interval_s`: how often the slowest device sends;
    `self_test`: what is not as it must be in Stillroom itself; `is_sound_armed`: a screen that shows it can sound;
    `sends_saturation`: a device in the room does, just now; `patient_asked`: the patient was asked who they are for
    this start, and it agrees with the record. None, of any: nobody has asked. `clock_off_by_s`: the computer's clock,
    above zero ahead of true time; None: nobody knows.
    """

    reason: str | None = None
    consent: Consented | None = None
    again: tuple[Finding, ...] = ()
    self_test: tuple[Finding, ...] = ()
    patient_asked: bool | None = None
    link_interval_s: float | None = None
    is_sound_armed: bool | None = None
    sends_saturation: bool | None = None
    clock_off_by_s: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRate(Command):
    """A new rate in mL/h. Faster than now is judged; slower never is. `prescriber` names who ordered it."""

    rate_ml_per_h: Decimal
    reason: str | None = None
    prescriber: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseInfusion(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeInfusion(Command):
    """At the rate before the pause unless another is given, which may only be slower."""

    rate_ml_per_h: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopInfusion(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDone(Command):
    """The hand has done what entry `intent_seq` intended."""

    intent_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotDone(Command):
    """The hand has not done what entry `intent_seq` intended, and will not."""

    intent_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSound(Command):
    """The sound of one alarm, for `for_s` seconds or for as long as is left of what its occurrence may be paused."""

    condition: str
    for_s: int | None = None
    screen: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimit(Command):
    """From when on staff are called, in this infusion. `prescriber` names who said that it may be wider."""

    limit: str
    value: int
    reason: str
    prescriber: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetComfort(Command):
    """Several pieces of comfort at once, each an item and its choice: as the patient wished for beforehand."""

    chosen: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRestored(Command):
    """The log came back from a backup that ends at `occurred_at`; what happened since is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndInfusion(Command):
    """The drip is over: clamp closed, bag read."""

    left_in_bag_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonInfusion(Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignInfusion(Command):
    """Whose infusion this is, and who has to say so too. Of the same patient again, it names another second."""

    patient: UUID
    second_person: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToReassignment(Command):
    """The author is the second person of entry `reassigned_seq`, and says that it is so."""

    reassigned_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEntry(Command):
    """Entry `corrects_seq` is wrong. With a `replacement` of the same kind that stands in its place; else it is struck.

    `occurred_at` None keeps the time of the corrected entry.
    """

    corrects_seq: int
    reason: str
    replacement: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecovery(Command):
    """Record a recovery check; the first one begins recovery."""

    check: RecoveryChecked


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRecovery(Command):
    """The points of each item but the one that is reckoned, by the codes of core.safety.recovery_scales."""

    scale: Scale
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideDoor(Command):
    """That this door may open although `conditions` are not met. `insists`: they leave against what was advised."""

    door: Door
    conditions: tuple[str, ...]
    second: UUID | None
    reason: str
    insists: bool = False
    advised: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToOverride(Command):
    """The author is the second person of entry `overridden_seq`, and says that it is so."""

    overridden_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendHome(Command):
    door: Door
    travels_by: str
    drives: bool
    witness: UUID | None = None
    adult_name: str | None = None
    adult_relation: str | None = None
    adult_phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignChart(Command):
    meaning: str
