"""The parts of the live room's page, as plain frozen values. Words are in the templates; here are facts and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from stillroom.adverse.reading import Kept
from stillroom.bedside.sheets import HELP_STEPS, Act
from stillroom.core.drip.counting import ENOUGH_SHARE, HAND_S
from stillroom.core.drip.pace import Pace, Why
from stillroom.core.errors import Finding
from stillroom.core.infusion.entries import Awake, Effect, Fact, LineSite, MedicineGiven, Symptom
from stillroom.core.order import Door, LeavingScore, Scale
from stillroom.core.safety import PreflightItem, Reply
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals.freshness import Freshness
from stillroom.core.vitals.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The patient as the header names them. `allergies` is None while nobody has asked, empty when there are none."""

    room: str
    name: str
    initials: str
    born: date
    weight_kg: Decimal | None
    allergies: tuple[str, ...] | None
    line_site: str | None
    is_line_out: bool = False
    course_number: int | None = None
    course_length: int | None = None


class LinkState(StrEnum):
    NONE = "none"  # no monitor is assigned to the room: vital signs are written by hand
    HEARD = "heard"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The monitor's link: how often it sends, and when it was last heard."""

    state: LinkState
    every_s: int | None = None
    last_heard_at: datetime | None = None

    @property
    def said(self) -> tuple[LinkState, int | None, datetime | None]:
        """What is said of it: since when it is silent, and not each second at which it was heard."""
        return self.state, self.every_s, self.last_heard_at if self.state is LinkState.SILENT else None


class TileKind(StrEnum):
    PRESSURE = "pressure"
    PULSE = "pulse"
    OXYGEN = "oxygen"
    BREATHING = "breathing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Etco2:
    """What a capnometer says; `source` is its name where another device measures the breaths."""

    mmhg: int
    is_doubted: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One vital sign. `figure`, as read aloud ("131/82"), is shown for `good_for_s` after `measured_at`, no longer."""

    kind: TileKind
    state: Freshness
    figure: str | None = None
    measured_at: datetime | None = None
    good_for_s: int = 0
    is_by_hand: bool = False
    next_due_at: datetime | None = None
    since_arrival: int | None = None
    limit: str | None = None
    mean_mmhg: int | None = None
    oxygen_l_per_min: Decimal | None = None
    alarm: Priority | None = None
    spark: str = ""
    impossible: str | None = None
    source: str = ""
    signal: Signal | None = None
    other_rate: int | None = None
    etco2: Etco2 | None = None

    @property
    def is_shown(self) -> bool:
        return self.state is Freshness.FRESH and self.figure is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seems:
    """How the patient seemed at the last look, and when the next is due. Scores of None were not asked.

    `awake` as it was last seen: at `roused_at`, where they were not woken since.
    """

    seen_at: datetime | None = None
    next_due_at: datetime | None = None
    awake: Awake | None = None
    roused_at: datetime | None = None
    not_woken: bool = False
    breaths_per_min: int | None = None
    detached: int | None = None
    anxious: int | None = None
    nauseous: int | None = None
    oxygen_l_per_min: Decimal | None = None
    line_site: LineSite = LineSite.NOT_LOOKED_AT
    symptoms: tuple[Symptom, ...] = ()
    pulls_at_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VialsInHand:
    """What the ledger has in hand for this infusion: all of it, and what of it is still in the vials."""

    in_hand_mg: Decimal
    in_vials_mg: Decimal
    in_vials_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """How the drip goes, in one word (`core.drip.pace`), with its numbers: what runs, what has run, when it is done.

    `least`, `likely`, `most` in this order. `offer_ml_per_h` is what could be set; `is_let_be`: nothing is to be set,
    it ends `late_min` late. `apart_ml`: what was counted and what the bag lost, where the two differ.
    """

    pace: Pace
    why: Why | None
    flow_ml_per_h: tuple[int, int, int]
    rate_mg_per_kg_per_h: tuple[Decimal, Decimal, Decimal]
    is_seen: bool
    run_ml: tuple[int, int, int]
    planned_ml: int
    volume_ml: int
    left_min: tuple[int, int, int] | None
    due_in_min: int
    offer_ml_per_h: Decimal | None = None
    offer_drops_per_min: int | None = None
    is_let_be: bool = False
    apart_ml: tuple[int, int] | None = None
    late_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """The drip as the log's evidence has it. `elapsed_s` counts only while drug may flow; `percent` is of the dose.

    `bag_empty_min`: how long after the start the bag is empty at the ordered rate; `line_holds_mg`: what then waits in
    the line for a flush. None once the drip is over.
    """

    ordered_mg: Decimal
    ordered_ml_per_h: Decimal
    set_drops_per_min: int | None
    duration_min: Decimal
    elapsed_s: int
    is_running: bool
    given_mg: Decimal | None = None
    given_least_mg: Decimal | None = None
    given_most_mg: Decimal | None = None
    percent: int = 0
    rate_ml_per_h: Decimal | None = None
    counted_per_min: int | None = None
    counted_least_per_min: int | None = None
    counted_most_per_min: int | None = None
    counted_at: datetime | None = None
    bag_empty_min: Decimal | None = None
    line_holds_mg: Decimal | None = None
    bag_left_ml: Decimal | None = None
    bag_read_at: datetime | None = None
    paused_at: datetime | None = None
    stream_seen_at: datetime | None = None
    drops_per_ml: int | None = None
    hand_s: Decimal = HAND_S
    enough_share: Decimal = ENOUGH_SHARE
    coach: Coach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An intent that nobody has settled: what was meant (`kind` is the entry's kind), by whom, since when."""

    seq: int
    kind: str
    since: datetime
    by: str
    rate_ml_per_h: Decimal
    drops_per_min: int | None
    from_rate_ml_per_h: Decimal
    from_drops_per_min: int | None = None
    may_confirm: bool = True

    @property
    def template(self) -> str:
        return f"bedside/doubts/{self.kind}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPrescriber:
    """A prescriber whom `by` named at `since`, and who has not confirmed it; for a risk, any clinician."""

    seq: int
    name: str
    by: str
    since: datetime
    reason: str | None
    before_start: bool
    is_limit: bool = False
    is_risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignedView:
    """The wrong patient had been opened and `by` put it right; `second`, named at `since`, has not said so yet."""

    seq: int
    by: str
    second: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOffer:
    """`by` means to hand the room to `to`, with a word. Until they have taken it, it is as it was."""

    to: str
    by: str
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlarm:
    """`is_over`: it has passed, and nobody has acknowledged it yet. `value` crossed `limit`, if it is of that kind.

    Its sound is paused until `paused_until`, by `paused_by`; `called` is who was called last, as nobody answered. It
    has come `times` in a row.

    One that was seen is heard again at `heard_again_at`. From then it is to be seen anew: it has stood `since`, and
    `seen_before_by` saw it last; `is_worse`: sooner, as it is clearly worse. `occurrence` is another each time that it
    is heard anew: what is tapped then is a new act.
    """

    condition: str
    priority: Priority
    raised_at: datetime
    occurrence: str = ""
    value: str | None = None
    limit: str | None = None
    acknowledged_by: str | None = None
    is_over: bool = False
    paused_until: datetime | None = None
    paused_by: str | None = None
    may_pause: bool = False
    called: Called | None = None
    times: int = 1
    heard_again_at: datetime | None = None
    since: datetime | None = None
    seen_before_by: str | None = None
    is_worse: bool = False

    @property
    def is_unseen(self) -> bool:
        """It lasts, and nobody has seen it: it flashes."""
        return not self.is_over and not self.acknowledged_by


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlarm:
    """One occurrence in the history. `pauses`: from when, for how many seconds, by whom; `calls`: when, and who.

    `again`: when it was heard again although it had been seen, with its figure; `seen_again`: who saw that, when.
    """

    condition: str
    priority: Priority
    raised_at: datetime
    lasted_s: int
    value: str | None = None
    limit: str | None = None
    cleared_at: datetime | None = None
    shown_after_s: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    answered_after_s: int | None = None
    pauses: tuple[tuple[datetime, int, str], ...] = ()
    calls: tuple[tuple[datetime, Called], ...] = ()
    again: tuple[tuple[datetime, str | None], ...] = ()
    seen_again: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwatched:
    """A time in which no watch process looked, in the history among the alarms."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitNow:
    """From when on staff are called: `limit` is its field in the order, `ordered` what the order says."""

    limit: str
    value: int
    ordered: int

    @property
    def is_changed(self) -> bool:
        return self.value != self.ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Help was called at `since`; the steps of the checklist in their order, and those that are done, with `times`.

    `kept` is the clinic's emergency list; `given`: when, what, by whom, since the call.
    """

    since: datetime
    done: tuple[str, ...] = ()
    steps: tuple[str, ...] = HELP_STEPS
    times: Mapping[str, datetime] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    given: tuple[tuple[datetime, MedicineGiven, str], ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, datetime | None], ...]:
        return tuple((step, self.times.get(step)) for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing on the way to the start, or to going home: its code, whether it is so, and what to do about it."""

    code: str
    is_met: bool
    act: Act | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorView:
    """One of the two doors: what still keeps it shut."""

    door: Door
    shut_by: tuple[str, ...]
    lifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """One scale: its last total, and what the order asks of it (None: nothing). `reckoned`: of what is not tapped."""

    scale: Scale
    version: str
    highest: int
    usual_at_least: int
    total: int | None = None
    scored_at: datetime | None = None
    wanted: LeavingScore | None = None
    has_reckoned: bool = False
    reckoned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideView:
    """What two of the staff lift, or the second has not agreed to yet. `is_over`: they were looked at again since."""

    seq: int
    door: Door
    conditions: tuple[str, ...]
    by: str
    second: str
    reason: str
    insists: bool
    is_agreed: bool
    is_over: bool
    advised: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayHome:
    """`may_lift`: what the sheet of an override offers, of all that keeps either door shut. `left_out`: what the last
    check did not say, and nobody since.
    """

    steps: tuple[Step, ...]
    doors: tuple[DoorView, ...]
    checks_done: int
    next_check_at: datetime | None
    earliest_at: datetime | None
    scores: tuple[ScoreView, ...] = ()
    override: OverrideView | None = None
    may_lift: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question before the drip, and its last answer. No `reply`: not asked, which is not the same as no.

    `on_record` is what the record says to it, told before the visit and taken in by a clinician.
    """

    item: PreflightItem
    reply: Reply | None = None
    words: str | None = None
    at: datetime | None = None
    by: str | None = None
    on_record: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagPlan:
    """What the signed order wants in the bag."""

    vial_mg_per_ml: Decimal
    drug_volume_ml: Decimal
    drug_mg: Decimal
    fluid_volume_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BagLabel:
    """What the label on the bag says: the bag as made, for whom, by whom."""

    patient: str
    born: date
    drug_mg: Decimal
    final_volume_ml: Decimal
    strength_mg_per_ml: Decimal
    made_by: str
    made_at: datetime
    lot: str | None = None
    checked_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStep:
    """A rate that one tap fills in, and the drops that go with it."""

    rate_ml_per_h: Decimal
    drops_per_min: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComfortRow:
    """One item of comfort: its codes, and how it is now. No `choice`: not asked, which is not the same as no.

    `choice` is a code of the item's, or free words; `wished` what the patient wrote beforehand.
    """

    item: str
    codes: tuple[str, ...] = ()
    choice: str | None = None
    seq: int | None = None
    at: datetime | None = None
    by: str | None = None
    effect: Effect | None = None
    wished: str | None = None
    is_felt: bool = False
    is_lively: bool = False

    @property
    def is_in_words(self) -> bool:
        return self.choice is not None and self.choice not in self.codes


@dataclass(frozen=True, slots=True, kw_only=True)
class CalmRow:
    """One thing that may be done for a frightened patient, and how it went when it was last tried."""

    step: str
    seq: int | None = None
    at: datetime | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Somebody close to the patient: the patient's wish, the doctor's leave, and what follows from both."""

    may_stay: bool | None
    wish: str | None
    leave: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextThing:
    """What comes: a code, when, and whether it is past its time. `about` names a medicine, given in entry `seq`."""

    code: str
    at: datetime | None
    is_late: bool = False
    about: str = ""
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry as a line. `fact` has its free text filled in; a struck or replaced entry stays, marked."""

    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    by: str
    fact: Fact
    named: str | None = None
    is_late: bool = False
    is_struck: bool = False
    corrects: int | None = None
    may_correct: bool = True

    @property
    def template(self) -> str:
        return f"bedside/log/{self.kind}.html"
