"""The table of states: every fact and every command, tried in every state, against MOVES and against the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial

import pytest

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.line import Line, Priming
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import DECISIONS, decide
from stillroom.core.infusion.roles import MAY
from stillroom.core.infusion.state import MOVES, WHILE_OPEN, Status
from stillroom.core.order import Door, Scale
from stillroom.core.safety import PreflightItem, Reply
from tests.examples import ADA, BEN, BY_PUMP, DISPLAY, PLAN, VITALS, WATCH, D, Walk, an_id, arrived, infusing, ready
from tests.examples import recovering as in_recovery

CLEAR = e.RecoveryChecked(
    awake=e.Awake.ALERT, oriented=True, breathing_steady=True, on_feet=e.OnFeet.STEADY, vomiting=False,
    on_room_air=True, effects_gone=True, sbp_mmhg=118, dbp_mmhg=74, spo2_percent=98,
)  # fmt: skip


def planned() -> Walk:
    walk = Walk()
    walk.ask(PLAN, ADA)
    return walk


def done(make: Callable[[], Walk], *commands: c.Command) -> Callable[[], Walk]:
    """A walk on which these were asked, and confirmed where they left a doubt."""

    def walked() -> Walk:
        walk = make()
        for command in commands:
            walk.ask(command, ADA)
            if walk.state.pending:
                walk.confirm(ADA)
        return walk

    return walked


def meant(make: Callable[[], Walk], command: c.Command) -> Callable[[], Walk]:
    """A walk on which this was asked and is in doubt."""

    def walked() -> Walk:
        walk = make()
        walk.ask(command, ADA)
        assert walk.state.is_in_doubt
        return walk

    return walked


def all_but_said_to_be_ready() -> Walk:
    walk = ready()
    return Walk(at=walk.at, log=walk.log[:-1])


def clear() -> Walk:
    """In recovery, with everything that either door asks for."""
    walk = in_recovery()
    for _ in range(4):
        walk.ask(c.CheckRecovery(check=CLEAR), after_min=20)
    for fact in (e.LineRemoved(), e.RiskSettled(outcome=e.Risk.NO_CONCERN), e.InstructionsGiven()):
        walk.record(fact)
    return walk


BAG = Bag(vial_mg_per_ml=D(50), drug_volume_ml=D("0.7"), fluid_volume_ml=D(100), overfill_ml=D(0))
HOSPITAL = e.TakenToHospital(where="St Anna", line_stays=True, reason="did not wake")
CALL = c.Record(fact=e.HelpCalled())
GIVE_UP = c.AbandonInfusion(reason="fever")
GO = c.SendHome(door=Door.WHEN_CLEAR, travels_by="taxi", drives=False)
stopped = done(infusing, c.StopInfusion())
paused = done(infusing, c.PauseInfusion())
by_pump = partial(infusing, BY_PUMP)
WALKS: dict[Status, list[Callable[[], Walk]]] = {
    Status.NEW: [Walk],
    Status.PLANNED: [planned],
    Status.ARRIVED: [arrived, all_but_said_to_be_ready],
    Status.READY: [ready, partial(ready, BY_PUMP), meant(ready, c.StartInfusion())],
    Status.INFUSING: [infusing, by_pump, *(meant(infusing, each) for each in (c.PauseInfusion(), c.StopInfusion()))],
    Status.PAUSED: [paused, done(by_pump, c.PauseInfusion()), meant(paused, c.ResumeInfusion())],
    Status.STOPPED: [stopped, meant(stopped, c.ResumeInfusion())],
    Status.ENDED: [done(infusing, c.EndInfusion(left_in_bag_ml=D(0)))],
    Status.RECOVERING: [in_recovery, clear],
    Status.GONE_HOME: [done(clear, GO), done(clear, GO, CALL)],
    Status.TO_HOSPITAL: [
        done(make, c.Record(fact=HOSPITAL), *called) for make in (clear, ready) for called in ((), (CALL,))
    ],
    Status.ABANDONED: [done(arrived, GIVE_UP), done(arrived, GIVE_UP, CALL)],
}

FACTS: dict[type[e.Fact], e.Fact] = {
    type(fact): fact
    for fact in (
        *(e.RoomOffered(to=an_id("d")), e.AlarmShown(condition="pulse_high", can_sound=True), e.AlarmsReviewed()),
        *(e.PatientArrived(), e.RoomTaken(), e.LinePlaced(site="left hand"), e.StreamSeen(), e.HelpCalled(), VITALS),
        *(e.HelpStepDone(step="oxygen"), e.HelpEnded(), e.NoteAdded(words="calm"), e.LineRemoved()),
        *(e.InstructionsGiven(), e.RiskSettled(outcome=e.Risk.NO_CONCERN), e.PressureAccepted(reason="as always")),
        *(e.BagRead(left_in_bag_ml=D(0)), e.DropsCounted(drops=25, seconds=D(30)), e.DripDisturbed()),
        *(e.PumpRateRead(rate_ml_per_h=D(150)), HOSPITAL),
        *(e.LineFlushed(volume_ml=D(20), duration_min=D(2)), e.ComfortSet(item="music", choice="none")),
        *(e.PreflightAnswered(item=PreflightItem.TOILET, reply=Reply.FINE), e.PatientWatched(awake=e.Awake.ALERT)),
        e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="IV", before_start=False, reason="nausea"),
        *(e.MonitorFound(monitor=an_id("m")), e.MonitorLost(monitor=an_id("m"), last_heard_at=None)),
        e.WatchResumed(since=Walk().at, until=Walk().at + timedelta(minutes=1)),
        e.SourceChanged(signal="spo2_percent", to=an_id("o"), to_name="o", before_name="m", why=e.Why.SILENT),
        e.PulseSourceChanged(to="heart_rate_per_min", before="pulse_per_min", why=e.Why.STILL),
        e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH),
        *(e.AlarmAcknowledged(condition="pulse_high"), e.AlarmCleared(condition="pulse_high")),
        e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG)),
        e.SoundResumed(condition="pulse_high"),
        e.AlarmEscalated(condition="pulse_high", step=1, called=e.Called.SCREENS),
        *(e.CalmingTried(step="eyes"), e.AdviceDismissed(code="fright", level=5)),
        e.EffectNoted(of_seq=0, effect=e.Effect.HELPED),
    )
}
RECORDABLE = [kind for kind in MAY if issubclass(kind, e.Fact)]


@cache
def _walked(make: Callable[[], Walk]) -> Walk:
    return make()


def walks_to(status: Status) -> list[Walk]:
    """Every walk to this state, each to be gone on with by itself."""
    return [Walk(at=walk.at, log=list(walk.log)) for walk in map(_walked, WALKS[status])]


def test_every_state_is_walked_to_and_every_recordable_fact_is_tried() -> None:
    assert {status: {walk.state.status for walk in walks_to(status)} for status in Status} == {
        status: {status} for status in Status
    }
    assert set(FACTS) == set(RECORDABLE)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", RECORDABLE, ids=lambda kind: kind.__name__)
def test_a_fact_is_recorded_where_the_table_allows_it_and_nowhere_else(kind: type[e.Fact], status: Status) -> None:
    """In some walk to that state: a bag is not hung before it is made, nor a line drawn from a running drip."""
    is_allowed = status in MOVES.get(kind, WHILE_OPEN).sources
    recorded = [_is_recorded(_with_an_alarm(walk), _of_something(walk, FACTS[kind])) for walk in walks_to(status)]
    has_nothing_to_hang = kind is e.BagHung and status is Status.PLANNED
    assert any(recorded) == (is_allowed and not has_nothing_to_hang)


def _with_an_alarm(walk: Walk) -> Walk:
    """Something to acknowledge, to clear and to hear again, where that can be."""
    if _is_recorded(walk, e.AlarmRaised(condition="pulse_high", priority=e.Priority.LOW)):
        walk.ask(c.PauseSound(condition="pulse_high"))
        _is_recorded(walk, e.AlarmRaised(condition="review_wanted", priority=e.Priority.MEDIUM))
    return walk


def _of_something(walk: Walk, fact: e.Fact) -> e.Fact:
    """An effect is of something that was tried, where that can be."""
    if isinstance(fact, e.EffectNoted) and _is_recorded(walk, e.CalmingTried(step="words")):
        return replace(fact, of_seq=walk.state.calmed[-1].seq)
    return fact


def _is_recorded(walk: Walk, fact: e.Fact) -> bool:
    for author in (ADA, WATCH):
        try:
            walk.record(fact, author)
        except Refused:
            continue
        return True
    return False


# DESIGN of the product: planned, arrived, ready, infusing <> paused; infusing or paused, stopped (a prescriber may let
# it resume, anyone may end), ended, recovering, gone home; abandoned from anywhere before infusing. Before the
# start, with the drip ended, and while help is called after leaving somebody may also be taken to hospital. What is in
# doubt when ready may turn out to run or to be closed. Written out here by hand, so that a change of the table is seen.
LEADS_TO: dict[Status, set[Status]] = {
    Status.NEW: {Status.PLANNED},
    Status.PLANNED: {Status.ARRIVED, Status.ABANDONED},
    Status.ARRIVED: {Status.READY, Status.ABANDONED, Status.TO_HOSPITAL},
    Status.READY: {
        *(Status.INFUSING, Status.PAUSED, Status.STOPPED, Status.ENDED, Status.ABANDONED, Status.TO_HOSPITAL)
    },
    Status.INFUSING: {Status.PAUSED, Status.STOPPED, Status.ENDED},
    Status.PAUSED: {Status.INFUSING, Status.STOPPED, Status.ENDED},
    Status.STOPPED: {Status.INFUSING, Status.ENDED},
    Status.ENDED: {Status.RECOVERING, Status.TO_HOSPITAL},
    Status.RECOVERING: {Status.GONE_HOME, Status.TO_HOSPITAL},
    Status.GONE_HOME: {Status.TO_HOSPITAL},
    Status.TO_HOSPITAL: set(),
    Status.ABANDONED: {Status.TO_HOSPITAL},
}


@pytest.mark.parametrize("status", Status)
def test_every_command_leads_only_where_the_design_says(status: Status) -> None:
    """Each command by each author on each walk to this state, and again with what it left in doubt confirmed."""
    reached = {end for walk in walks_to(status) for end in _ends(walk)}
    assert reached - {status} == LEADS_TO[status]


def _ends(start: Walk) -> set[Status]:
    ends = set()
    for command in _commands(start):
        for author in (ADA, BEN, DISPLAY):
            walk = Walk(at=start.at + timedelta(seconds=1), log=list(start.log))
            try:
                walk.ask(command, author)
            except Refused:
                continue
            ends.add(walk.state.status)
            for pending in walk.state.pending:
                confirmed = Walk(at=walk.at, log=list(walk.log))
                try:
                    confirmed.ask(c.ConfirmDone(intent_seq=pending.seq), author)
                except Refused:
                    continue
                ends.add(confirmed.state.status)
    return ends


def _commands(walk: Walk) -> list[c.Command]:
    state = walk.state
    pending = state.pending[-1].seq if state.pending else 1
    tried: list[c.Command] = [
        *(PLAN, c.MakeBag(bag=BAG), c.CheckBag(), c.CheckPatient()),
        *(c.DeclareReady(reason="needed"), c.StartInfusion(reason="needed")),
        *(c.SetRate(rate_ml_per_h=D(rate)) for rate in (60, 150, 180)),
        *(c.PauseInfusion(), c.ResumeInfusion(), c.ResumeInfusion(rate_ml_per_h=D(60)), c.StopInfusion()),
        *(c.ConfirmDone(intent_seq=pending), c.ReportNotDone(intent_seq=pending), c.NoteRestored(occurred_at=walk.at)),
        *(c.EndInfusion(left_in_bag_ml=D(0)), c.AbandonInfusion(reason="fever"), c.CheckRecovery(check=CLEAR), GO),
        c.SetComfort(chosen=(("lights", "low"),)),
        replace(GO, door=Door.WITH_ADULT, witness=an_id("dee"), adult_name="R", adult_relation="son", adult_phone="1"),
        c.ReassignInfusion(patient=an_id("other"), second_person=an_id("zoe"), reason="wrong chart"),
        c.ScoreRecovery(scale=Scale.PADSS, points={}),
        c.OverrideDoor(door=Door.WHEN_CLEAR, conditions=("vomiting",), second=an_id("ben"), reason="needed"),
        *(c.AgreeToOverride(overridden_seq=1), c.AgreeToReassignment(reassigned_seq=1)),
        *(c.ConfirmNaming(named_seq=1), c.SignChart(meaning="seen"), c.CorrectEntry(corrects_seq=2, reason="slip")),
        *(c.PauseSound(condition="pulse_high"), c.ChangeLimit(limit="spo2_low_percent", value=94, reason="asthma")),
        *(c.Record(fact=fact) for fact in FACTS.values()),
    ]
    assert {type(command) for command in tried} == {*DECISIONS, c.CorrectEntry}
    return tried


@pytest.mark.parametrize("kind", [kind for kind in e.KINDS.values() if kind not in RECORDABLE])
def test_what_is_decided_is_never_just_recorded(kind: type[e.Fact]) -> None:
    """Neither a start nor a way home comes about by writing it down."""
    fact = object.__new__(kind)
    for walk in (walks_to(status)[0] for status in Status):
        for author in (ADA, BEN, DISPLAY, WATCH):
            with pytest.raises(Refused, match="role_not_allowed"):
                decide(walk.state, c.Record(fact=fact), at=walk.at, author=author)
