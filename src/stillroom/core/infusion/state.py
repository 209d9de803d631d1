"""Where an infusion stands, and which moves lead from where.

`InfusionState` is folded from the log (fold.py) and is never stored but as the summary row. `MOVES` is the whole table
of states: a fact that stands in it is legal only in the states named, and leads to the state named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar
from uuid import UUID

from stillroom.core.infusion import entries as e
from stillroom.core.order import UNASKED, UNSIGNED, AlarmSettings, Observation, WatchLimits
from stillroom.core.safety.advice import Dismissals
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.preflight import PreflightItem, Reply
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import Signal

F = TypeVar("F", bound=e.Fact)


class Status(StrEnum):
    NEW = "new"  # nothing logged yet
    PLANNED = "planned"
    ARRIVED = "arrived"
    READY = "ready"
    INFUSING = "infusing"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"
    RECOVERING = "recovering"
    GONE_HOME = "gone_home"
    TO_HOSPITAL = "to_hospital"
    ABANDONED = "abandoned"


BEFORE_INFUSING = frozenset({Status.PLANNED, Status.ARRIVED, Status.READY})
DRIP_ON = frozenset({Status.INFUSING, Status.PAUSED})
LEFT = frozenset({Status.GONE_HOME, Status.TO_HOSPITAL})
OVER = LEFT | {Status.ABANDONED}
ALWAYS = frozenset(Status) - {Status.NEW}
AFTER = frozenset({Status.ENDED, Status.RECOVERING})
OUT_OF_THE_CHAIR = frozenset({Status.ARRIVED, Status.READY, Status.GONE_HOME, Status.ABANDONED})
"""Before the start, and after the chart has them gone: from here too an ambulance takes somebody."""


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `sources` to `target`; a target of None leaves the state as it is."""

    sources: frozenset[Status]
    target: Status | None = None


MOVES: Mapping[type[e.Fact], Move] = MappingProxyType(
    {
        e.InfusionPlanned: Move(frozenset({Status.NEW}), Status.PLANNED),
        e.PatientArrived: Move(frozenset({Status.PLANNED}), Status.ARRIVED),
        e.PreflightAnswered: Move(frozenset({Status.ARRIVED, Status.READY})),
        e.LinePlaced: Move(ALWAYS - OVER - {Status.PLANNED}),
        e.BagMade: Move(BEFORE_INFUSING),
        e.BagChecked: Move(BEFORE_INFUSING),
        e.BagHung: Move(BEFORE_INFUSING),
        e.MadeReady: Move(frozenset({Status.ARRIVED}), Status.READY),
        e.PatientChecked: Move(frozenset({Status.READY})),
        e.PrescriberNamed: Move(frozenset({Status.ARRIVED})),
        e.PrescriberConfirmed: Move(ALWAYS),
        e.StartIntended: Move(frozenset({Status.READY})),
        e.StartConfirmed: Move(frozenset({Status.READY}), Status.INFUSING),
        e.RateIntended: Move(DRIP_ON | {Status.READY, Status.STOPPED}),
        e.RateConfirmed: Move(frozenset({Status.INFUSING})),
        e.PauseIntended: Move(DRIP_ON | {Status.READY, Status.STOPPED}),
        e.InfusionPaused: Move(DRIP_ON | {Status.READY}, Status.PAUSED),
        e.ResumeIntended: Move(frozenset({Status.PAUSED, Status.STOPPED})),
        e.InfusionResumed: Move(frozenset({Status.PAUSED, Status.STOPPED}), Status.INFUSING),
        e.StopIntended: Move(ALWAYS),
        e.InfusionStopped: Move(DRIP_ON | {Status.READY, Status.STOPPED}, Status.STOPPED),
        e.LogRestored: Move(ALWAYS - OVER - {Status.PLANNED}),
        e.InfusionEnded: Move(frozenset({Status.STOPPED}), Status.ENDED),
        e.InfusionAbandoned: Move(BEFORE_INFUSING, Status.ABANDONED),
        e.InfusionReassigned: Move(ALWAYS),  # of who has left, to name another second alone: reassigning.py
        e.ReassignmentAgreed: Move(ALWAYS),
        e.DropsCounted: Move(DRIP_ON | {Status.READY}),
        e.PumpRateRead: Move(DRIP_ON | {Status.READY}),
        e.StreamSeen: Move(DRIP_ON | {Status.READY}),
        e.DripDisturbed: Move(DRIP_ON | {Status.READY}),
        e.BagRead: Move(DRIP_ON | {Status.READY, Status.STOPPED}),
        e.LineFlushed: Move(DRIP_ON | {Status.STOPPED, Status.ENDED, Status.RECOVERING}),
        e.RecoveryBegan: Move(frozenset({Status.ENDED}), Status.RECOVERING),
        e.RecoveryChecked: Move(frozenset({Status.RECOVERING})),
        e.PressureAccepted: Move(AFTER),
        e.LineRemoved: Move(AFTER | {Status.STOPPED, Status.ARRIVED, Status.READY}),
        e.RiskSettled: Move(AFTER),
        e.RecoveryScored: Move(AFTER),
        e.DoorOverridden: Move(AFTER),
        e.OverrideAgreed: Move(AFTER),
        e.InstructionsGiven: Move(AFTER),
        e.WentHome: Move(frozenset({Status.RECOVERING}), Status.GONE_HOME),
        e.TakenToHospital: Move(AFTER | OUT_OF_THE_CHAIR, Status.TO_HOSPITAL),
        e.ChartSigned: Move(AFTER | LEFT),
        # Who falls in the corridor has left by the log: help is called, and what is seen and given is written down.
        e.HelpCalled: Move(ALWAYS),
        e.HelpStepDone: Move(ALWAYS),
        e.HelpEnded: Move(ALWAYS),
        e.MedicineGiven: Move(ALWAYS),
        e.PatientWatched: Move(ALWAYS),
        e.VitalsCharted: Move(ALWAYS),
        e.IntentNotDone: Move(ALWAYS),
        e.NoteAdded: Move(ALWAYS),
        e.RecordedLate: Move(ALWAYS),
        e.EntryCorrected: Move(ALWAYS),
    }
)

WHILE_OPEN = Move(ALWAYS - OVER)  # for facts that are not in the table: what is seen, given and said
OPENINGS = ("StartIntended", "ResumeIntended", "LogRestored")
"""After these a closed clamp may be open; after a rate alone it is not. Who restored a log does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An intent that nobody has confirmed or denied. `rate_ml_per_h` is what the drip would run at if it was done."""

    seq: int
    kind: str
    rate_ml_per_h: Decimal
    drops_per_min: int | None
    occurred_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A prescriber whom somebody else named, and who has not confirmed it. `before_start`: the drip waits for that.

    `is_limit`: they were named for a wider limit. `is_risk`: any clinician, named for a decision about a risk of
    suicide; both doors wait for that.
    """

    seq: int
    prescriber: UUID
    occurred_at: datetime
    by: str
    reason: str | None
    before_start: bool
    is_limit: bool = False
    is_risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A condition that was raised. Cleared, it stays until somebody has acknowledged it (SR-42).

    Raised again shortly after it had passed, it is the same alarm: `times` so far, the last `again_at` (SR-52).
    `shown_at`: when a screen that somebody can see first showed it.
    `is_monitors`: the order leaves it to the bedside monitor to be heard. Its sound is or was paused until
    `paused_until`, from the screen `paused_from`; `paused_before` is how long earlier pauses of this occurrence took
    together. `step` of its escalation were taken, the last at `escalated_at`.
    Seen at `seen_at`, a high one is heard again at `heard_again_at`, or sooner when it is worse: then it has stood
    `since`, was seen by `seen_before_by`, and is to be seen anew. `first_seq`: where it was said that it stands, or is
    worse, before it was only heard again; None: where it was raised.
    """

    condition: str
    priority: Priority
    raised_seq: int
    raised_at: datetime
    value: str | None
    limit: str | None
    acknowledged_by: str | None = None
    seen_at: datetime | None = None
    heard_again_at: datetime | None = None
    since: datetime | None = None
    first_seq: int | None = None
    seen_before_by: str | None = None
    is_worse: bool = False
    cleared_at: datetime | None = None
    times: int = 1
    again_at: datetime | None = None
    shown_at: datetime | None = None
    is_monitors: bool = False
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    paused_by: str | None = None
    paused_before: timedelta = timedelta(0)
    paused_from: UUID | None = None
    step: int = 0
    called: Called | None = None
    escalated_at: datetime | None = None

    @property
    def stands_since(self) -> datetime:
        """Without a break, however often it was heard again."""
        return self.since or self.again_at or self.raised_at

    @property
    def said_first_seq(self) -> int:
        """Whoever has read the log up to here knows of it."""
        return self.raised_seq if self.first_seq is None else self.first_seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[F]):
    """A fact, with when, by whom and under which number it was logged."""

    seq: int
    occurred_at: datetime
    by: str
    fact: F


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionState:
    """What a screen or a rule asks of one infusion. Rates are mL/h; `pending` is what is in doubt, oldest first.

    `alarms_done`: of each condition the last that was both over and seen. `offered`: to whom the room is to be handed.
    `baseline_vitals` and `baseline_look`: every set of vital signs, and the last look at which they said how detached
    they feel, before the start. `breaths_at`, `detached_at`: when breaths were last counted, and when how detached they
    feel was last asked, or left because they could not answer. `line_site`: the last look at the site of the line that
    is in; `roused`: the last at which it was seen how awake they are; `anxious`, `nauseous`: the last look or check at
    which they gave that score. `symptoms` as last asked for, at `symptoms_at`. `pressure`, `saturation`, `breaths`: the
    newest look, set or check that says it; `oxygen`: the newest look that saw some given. `called_seq`: the
    last call for help.
    `shut_at`: since when the clamp is closed, by a pause, a stop, or one after the other.
    `asked_who_at`: when each of the staff last asked the patient for name and birth date.
    `reassignment_waits`: its second person has not said so yet; `by` is who put it right, whoever named the second.
    """

    status: Status = Status.NEW
    last_seq: int = 0
    planned: e.InfusionPlanned | None = None
    planned_at: datetime | None = None
    arrived_at: datetime | None = None
    patient: UUID | None = None
    reassignment_waits: Seen[e.InfusionReassigned] | None = None
    taken_by: str | None = None
    replies: Mapping[PreflightItem, tuple[Reply, datetime]] = field(default_factory=dict)
    line: Seen[e.LinePlaced] | None = None
    line_site: Seen[e.PatientWatched] | None = None
    bag: Seen[e.BagMade] | None = None
    bag_checked_by: str | None = None
    ready_by: str | None = None
    patient_checked_by: str | None = None
    asked_who_at: Mapping[str, datetime] = field(default_factory=dict)
    hung: Seen[e.BagHung] | None = None
    rate_ml_per_h: Decimal = Decimal(0)
    drops_per_min: int | None = None
    pending: tuple[Pending, ...] = ()
    named: tuple[Named, ...] = ()
    started_at: datetime | None = None
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    shut_at: datetime | None = None
    ended_at: datetime | None = None
    gone_at: datetime | None = None
    left_in_bag_ml: Decimal | None = None
    stream_seen_at: datetime | None = None
    vitals: Seen[e.VitalsCharted] | None = None
    arrival_vitals: Seen[e.VitalsCharted] | None = None
    baseline_vitals: tuple[Seen[e.VitalsCharted], ...] = ()
    baseline_look: Seen[e.PatientWatched] | None = None
    pressure: Seen[e.VitalsCharted | e.RecoveryChecked] | None = None
    saturation: Seen[e.VitalsCharted | e.RecoveryChecked] | None = None
    oxygen: Seen[e.PatientWatched] | None = None
    breaths: Seen[e.VitalsCharted | e.PatientWatched | e.RecoveryChecked] | None = None
    breaths_at: datetime | None = None
    detached_at: datetime | None = None
    symptoms: tuple[e.Symptom, ...] = ()
    symptoms_at: datetime | None = None
    pulls_at_line: Seen[e.PatientWatched] | None = None
    watched: Seen[e.PatientWatched] | None = None
    roused: Seen[e.PatientWatched] | None = None
    anxious: Seen[e.PatientWatched | e.RecoveryChecked] | None = None
    nauseous: Seen[e.PatientWatched | e.RecoveryChecked] | None = None
    counted: Seen[e.DropsCounted] | None = None
    bag_read: Seen[e.BagRead] | None = None
    medicines: tuple[Seen[e.MedicineGiven], ...] = ()
    comfort: Mapping[str, Seen[e.ComfortSet]] = field(default_factory=dict)
    calmed: tuple[Seen[e.CalmingTried], ...] = ()
    effects: Mapping[int, e.Effect] = field(default_factory=dict)
    dismissed: Mapping[str, Dismissals] = field(default_factory=dict)
    help_called_at: datetime | None = None
    called_seq: int | None = None
    help_steps: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    alarms_done: Mapping[str, Alarm] = field(default_factory=dict)
    offered: Seen[e.RoomOffered] | None = None
    limits_changed: Mapping[str, int] = field(default_factory=dict)
    monitor_lost_at: datetime | None = None
    pulse_by: Signal | None = None
    checks: tuple[Seen[e.RecoveryChecked], ...] = ()
    scores: tuple[Seen[e.RecoveryScored], ...] = ()
    pressure_accepted_seq: int | None = None
    override: Seen[e.DoorOverridden] | None = None
    override_agreed_by: str | None = None
    line_removed_at: datetime | None = None
    risk: e.RiskSettled | None = None
    instructions_given: bool = False
    went_home: e.WentHome | None = None
    to_hospital: e.TakenToHospital | None = None
    signed: tuple[Seen[e.ChartSigned], ...] = ()

    @property
    def open_conditions(self) -> frozenset[str]:
        """What was raised and has not passed."""
        return frozenset(alarm.condition for alarm in self.alarms if alarm.cleared_at is None)

    @property
    def watch_limits(self) -> WatchLimits:
        """When staff are called: as the order says, and as was changed at the bedside since."""
        if self.planned is None:
            raise ValueError("an infusion that was not planned has no limits")
        return replace(self.planned.order.watch_limits, **self.limits_changed)

    @property
    def is_in_doubt(self) -> bool:
        return bool(self.pending)

    @property
    def restored_to(self) -> datetime | None:
        """The log came back from a backup that ends then, and nobody has said yet what is so. Else None."""
        return next((each.occurred_at for each in reversed(self.pending) if each.kind == "LogRestored"), None)

    @property
    def may_be_running(self) -> bool:
        """Could drug be flowing right now? In doubt counts as yes."""
        return self.status is Status.INFUSING or any(each.rate_ml_per_h > 0 for each in self.pending)

    @property
    def highest_rate_ml_per_h(self) -> Decimal:
        """The most the drip may be running at: what is confirmed, or the fastest thing in doubt."""
        confirmed = self.rate_ml_per_h if self.status is Status.INFUSING else Decimal(0)
        return max([confirmed, *(each.rate_ml_per_h for each in self.pending)])

    @property
    def accepted_rate_ml_per_h(self) -> Decimal:
        """The rate that was judged last and may be running: confirmed, or that of an opening in doubt. Else zero."""
        if self.status is Status.INFUSING:
            return self.rate_ml_per_h
        return next((each.rate_ml_per_h for each in self.pending if each.kind in OPENINGS), Decimal(0))

    def is_slower(self, rate_ml_per_h: Decimal) -> bool:
        """Not faster than what was accepted: such a rate is never judged, refused or questioned."""
        return Decimal(0) < rate_ml_per_h <= self.accepted_rate_ml_per_h


def names_another_second(state: InfusionState, fact: e.InfusionReassigned) -> bool:
    """Does this only name somebody else to say whose infusion it is, while the second named before has not?"""
    return state.reassignment_waits is not None and fact.patient == state.patient


def wants_review(state: InfusionState) -> bool:
    """Has the same trouble been silenced so often that only a prescriber lets a paused drip go on?"""
    return "review_wanted" in state.open_conditions


def is_site_doubtful(state: InfusionState) -> bool:
    """Does the last look at where the line goes in say that it may not lie in the vein?"""
    return state.line_site is not None and state.line_site.fact.line_site is e.LineSite.DOUBTFUL


def settings_of(state: InfusionState) -> AlarmSettings:
    """When staff are called in this infusion: as its order says, else as Stillroom's unsigned defaults do."""
    return (state.planned.order.alarms if state.planned else None) or UNSIGNED


def observation_of(state: InfusionState) -> Observation:
    """What is worth a glance and what is asked in this infusion: as its order says, or else by `UNASKED`."""
    return (state.planned.order.observation if state.planned else None) or UNASKED
