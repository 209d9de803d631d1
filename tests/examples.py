"""One plain order, the limits it stands under, and a walk through an infusion: what many tests begin with.

The numbers are those of the usual infusion, 0.5 mg/kg over 40 min (APA consensus 2017), and the library defaults that
the product ships as an inactive template. 70 kg, a 50 mg/mL vial, 100 mL, a set of 20 drops/mL.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import decide
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import (
    UNSIGNED_OBSERVATION,
    BagOrder,
    Delivery,
    Door,
    Intervals,
    Order,
    StartLimits,
    WatchLimits,
)
from stillroom.core.safety import ITEMS, Band, Limits, Reply

SPACE = UUID("5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001")
D = Decimal


def an_id(name: str) -> UUID:
    return uuid5(SPACE, name)


ADA = c.Author(by=f"person:{an_id('ada')}", role="prescriber", person=an_id("ada"))
BEN = c.Author(by=f"person:{an_id('ben')}", role="nurse", person=an_id("ben"))
DEE = c.Author(by=f"person:{an_id('dee')}", role="nurse", person=an_id("dee"))
DISPLAY = c.Author(by=f"device:{an_id('display')}")
WATCH = c.Author(by="system:watch", role="system")

LIMITS = Limits(
    library_version="test library 1",
    drug="ketamine",
    vial_mg_per_ml=D(50),
    dose_mg_per_kg=Band(soft_low=D("0.1"), typical=D("0.5"), soft_high=D("0.75"), hard_high=D("1.0")),
    dose_mg=Band(soft_high=D(60), hard_high=D(100)),
    rate_mg_per_kg_per_h=Band(typical=D("0.75"), soft_high=D("1.0"), hard_high=D("1.5")),
    duration_min=Band(hard_low=D(20), soft_low=D(30), typical=D(40), soft_high=D(60), hard_high=D(120)),
)

ORDER = Order(
    dose_mg_per_kg=D("0.5"),
    duration_min=D(40),
    bag=BagOrder(
        vial_mg_per_ml=D(50), fluid_volume_ml=D(100), overfill_ml=D(0), makes_room=True, syringe_step_ml=D("0.1")
    ),
    delivery=Delivery(line_volume_ml=D(15), drops_per_ml=20),
    highest_rate_mg_per_kg_per_h=D("0.9"),
    start_limits=StartLimits(hold_sbp_mmhg=160, hold_dbp_mmhg=100, no_start_sbp_mmhg=180, no_start_dbp_mmhg=110),
    watch_limits=WatchLimits(
        spo2_low_percent=92,
        sbp_high_mmhg=180,
        dbp_high_mmhg=110,
        sbp_low_mmhg=90,
        pulse_high_per_min=130,
        pulse_low_per_min=45,
        resp_low_per_min=10,
    ),
    intervals=Intervals(
        pressure_every_min=10,
        watched_every_min=10,
        recovery_check_every_min=15,
        clear_checks_apart_min=15,
        stay_at_least_min=60,
        preflight_good_for_min=60,
        vitals_good_for_min=15,
    ),
    doors=(Door.WITH_ADULT, Door.WHEN_CLEAR),
    second_check=True,
    may_start=("prescriber", "nurse_anaesthetist", "nurse"),
    observation=replace(UNSIGNED_OBSERVATION, baseline_sets=1, baseline_is_whole=False),
)

PLAN = c.PlanInfusion(
    patient=an_id("patient"),
    room=an_id("room 2"),
    order=ORDER,
    limits=LIMITS,
    protocol_version="usual, version 1",
    weight_kg=D(70),
)

PUMP = Delivery(line_volume_ml=D(15), pump_step_ml_per_h=D("0.1"), pump_tolerance=D("0.05"))
BY_PUMP = replace(PLAN, order=replace(ORDER, delivery=PUMP))

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Walk:
    """An infusion in memory: each act goes through `decide` as in the product, and time moves only when told to."""

    at: datetime = TEN
    log: list[e.Logged] = field(default_factory=list)

    @property
    def state(self) -> InfusionState:
        return fold(self.log)

    def ask(self, command: c.Command, author: c.Author = BEN, *, after_min: float = 0) -> tuple[e.Logged, ...]:
        """Ask for `command` `after_min` minutes later. Returns the new entries; raises Refused."""
        self.at += timedelta(minutes=after_min)
        decided = decide(self.state, command, at=self.at, author=author, log=self.log)
        act = an_id(f"act {len(self.log)}")
        new = tuple(self._logged(dated, act, author, offset) for offset, dated in enumerate(decided, start=1))
        self.log.extend(new)
        return new

    def record(self, fact: e.Fact, author: c.Author = BEN, *, after_min: float = 0) -> tuple[e.Logged, ...]:
        return self.ask(c.Record(fact=fact), author, after_min=after_min)

    def confirm(self, author: c.Author = BEN, *, after_min: float = 0) -> tuple[e.Logged, ...]:
        """The hand has done what was last intended."""
        return self.ask(c.ConfirmDone(intent_seq=self.state.pending[-1].seq), author, after_min=after_min)

    def _logged(self, dated: e.Dated, act: UUID, author: c.Author, offset: int) -> e.Logged:
        return e.Logged(
            seq=len(self.log) + offset,
            act=act,
            kind=type(dated.fact).__name__,
            version=dated.fact.VERSION,
            occurred_at=dated.occurred_at,
            recorded_at=self.at,
            by=author.by,
            fact=dated.fact,
        )


VITALS = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=118, dbp_mmhg=74, pulse_per_min=66, spo2_percent=98)


def arrived(plan: c.PlanInfusion = PLAN) -> Walk:
    """Planned and in the chair."""
    walk = Walk()
    walk.ask(plan, ADA)
    walk.record(e.PatientArrived())
    return walk


def ready(plan: c.PlanInfusion = PLAN) -> Walk:
    """Everything that a start needs, done and answered."""
    walk = arrived(plan)
    for item in ITEMS:
        walk.record(e.PreflightAnswered(item=item, reply=Reply.FINE))
    walk.record(VITALS)
    walk.record(e.LinePlaced(site="left forearm"))
    planned = walk.state.planned
    assert planned is not None
    walk.ask(c.MakeBag(bag=planned.bag))
    walk.ask(c.CheckBag(), DEE)
    walk.record(e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG)))
    walk.ask(c.DeclareReady())
    return walk


def infusing(plan: c.PlanInfusion = PLAN) -> Walk:
    """The drip runs, confirmed, since one minute after it was intended."""
    walk = ready(plan)
    walk.ask(c.StartInfusion(), after_min=1)
    walk.confirm(after_min=1)
    return walk


def recovering() -> Walk:
    """Forty minutes of drip, the bag empty, one recovery check ten minutes later."""
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=40)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.DROWSY)), after_min=10)
    return walk
