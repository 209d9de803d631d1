"""Whatever two people, a display and the watch ask for, in whatever order: the log stays right.

A machine walks random acts through `perform` on the real database. After every act the summary row is the fold of the
log; at the end of each walk the chain holds, every prefix folds, each entry was a legal move from where the log then
stood, every act sent again answers as it did, and every answer says what is in the log.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from stillroom.clinics.models import Room as RoomRow
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.state import ALWAYS, MOVES, WHILE_OPEN, Status
from stillroom.core.safety import ITEMS, Reply
from stillroom.infusions.acts import Answer
from stillroom.infusions.append import open_infusion
from stillroom.infusions.projections import differences
from stillroom.infusions.standalone_verify import Verdict
from stillroom.patients.models import Patient
from tests.cast import Cast, consents, make_cast, screened
from tests.examples import ADA, BEN, DEE, DISPLAY, PLAN, VITALS, WATCH, D
from tests.infusions.anything import commands, usual
from tests.infusions.rooms import Room

AUTHORS = st.sampled_from([ADA, BEN, DISPLAY, WATCH])
PREFLIGHT = [
    *(c.Record(fact=e.PreflightAnswered(item=item, reply=Reply.FINE)) for item in ITEMS),
    c.Record(fact=VITALS),
]
NOTE = c.Record(fact=e.NoteAdded(words="calm"))
LINE = c.Record(fact=e.LinePlaced(site="left hand"))


class Walks(RuleBasedStateMachine):
    cast: Cast
    reached: set[str]

    @initialize(head_start=st.integers(0, 5))
    def plan(self, head_start: int) -> None:
        """Each walk has a room and a patient of its own: two infusions at a time in one room are not allowed."""
        self.asked: list[tuple[UUID, c.Command, c.Author, int, Answer]] = []
        self.room = Room(self.cast.clinic.pk)
        patient, room = _someone(self.cast), uuid4()
        with clinic_scope(self.cast.clinic.pk):
            RoomRow.objects.create(pk=room, clinic=self.cast.clinic, name=str(room))
            open_infusion(
                infusion_id=self.room.infusion_id, clinic_id=self.cast.clinic.pk, patient_id=patient, room_id=room
            )
        assert self.ask(replace(PLAN, patient=patient, room=room), ADA).outcome == "done"
        for author in (BEN, BEN, DEE, ADA, ADA)[:head_start]:
            self.go_on(author, minutes=1)

    def ask(self, command: c.Command, author: c.Author, *, unseen: int = 0) -> Answer:
        act_id, seen_seq = uuid4(), max(self.room.row.last_seq - unseen, 0)
        answer = self.room.act(command, author, seen_seq=seen_seq, act_id=act_id)
        self.asked.append((act_id, command, author, seen_seq, answer))
        return answer

    @rule(command=commands, author=AUTHORS, unseen=st.sampled_from([0, 0, 1, 4]))
    def ask_anything(self, command: c.Command, author: c.Author, unseen: int) -> None:
        if isinstance(command, c.ReassignInfusion):
            command = replace(command, patient=_someone(self.cast))
        answer = self.ask(command, author, unseen=unseen)
        if isinstance(command, c.StopInfusion):
            assert answer.outcome == "done" or not self.room.state.may_be_running

    @rule(command=usual, author=AUTHORS, unseen=st.sampled_from([0, 0, 0, 1]))
    def ask_the_usual(self, command: c.Command, author: c.Author, unseen: int) -> None:
        self.ask(command, author, unseen=unseen)

    @rule(author=st.sampled_from([ADA, BEN]), minutes=st.integers(0, 3))
    def go_on(self, author: c.Author, minutes: int) -> None:
        """The next sensible thing, so that a walk goes through all states and not only the first."""
        self.room.at += timedelta(minutes=minutes)
        for command in self.next_acts():
            self.ask(command, author)

    def next_acts(self) -> list[c.Command]:
        state = self.room.state
        plan = state.planned
        assert plan is not None
        if state.pending:
            return [c.ConfirmDone(intent_seq=state.pending[-1].seq)]
        match state.status:
            case Status.PLANNED:
                return [c.Record(fact=e.PatientArrived())]
            case Status.ARRIVED if state.bag is None:
                return [*PREFLIGHT, LINE, c.MakeBag(bag=plan.bag)]
            case Status.ARRIVED:
                line = Line(volume_ml=D(15), primed_with=Priming.DRUG)
                return [c.CheckBag(), c.Record(fact=e.BagHung(line=line)), c.DeclareReady(reason="needed")]
            case Status.READY:
                return [*PREFLIGHT[-1:], c.StartInfusion(reason="needed")]
            case Status.INFUSING | Status.PAUSED:
                return [c.SetRate(rate_ml_per_h=D(120)), c.StopInfusion()] if len(self.room.log) > 40 else [NOTE]
            case Status.STOPPED:
                return [c.EndInfusion(left_in_bag_ml=D(1))]
            case _:
                return [c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT))]

    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        act_id, command, author, seen_seq, answer = data.draw(st.sampled_from(self.asked))
        before = self.room.row.last_seq
        assert self.room.act(command, author, seen_seq=seen_seq, act_id=act_id) == answer
        assert self.room.row.last_seq == before

    @invariant()
    def the_summary_is_the_fold(self) -> None:
        assert differences(self.room.row, self.room.state) == []

    def teardown(self) -> None:
        log = self.room.log
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
        assert not Verdict(self.room.lines).wrong
        for answer, act in ((answer, act) for act, _, _, _, answer in self.asked):
            of_act = [entry.seq for entry in log if entry.act == act]
            assert of_act == list(range(answer.first_seq, answer.last_seq + 1)) or answer.outcome != "done"
            assert not of_act or answer.outcome == "done"
        _every_prefix_folds_and_every_move_was_legal(log)
        self.reached |= {entry.kind for entry in log} | {answer.outcome for *_, answer in self.asked}


def _every_prefix_folds_and_every_move_was_legal(log: tuple[e.Logged, ...]) -> None:
    for place, entry in enumerate(log):
        state = fold(log[:place])
        assert state.last_seq == place
        before = log[place - 1].fact
        stands_in_place = isinstance(before, e.EntryCorrected) and before.replaced
        if not stands_in_place:
            allowed = (
                ALWAYS if isinstance(entry.fact, e.EntryCorrected) else MOVES.get(type(entry.fact), WHILE_OPEN).sources
            )
            assert state.status in allowed, f"{entry.kind} in {state.status}"


def _someone(cast: Cast) -> UUID:
    with clinic_scope(cast.clinic.pk):
        made = Patient.objects.create(
            clinic=cast.clinic,
            identifier=str(uuid4()),
            given_name="Sam",
            family_name="Example",
            birth_date="1980-01-01",
        )
        consents(made, witness=cast.ben)
        screened(made, cast.ben)
    return made.pk


def test_walks(committed_db: Any) -> None:
    class OfThisCast(Walks):
        cast = make_cast()
        reached: set[str] = set()

    run_state_machine_as_test(
        OfThisCast,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert OfThisCast.reached >= {"done", "refused", "conflict", "StartConfirmed", "StopIntended"}
