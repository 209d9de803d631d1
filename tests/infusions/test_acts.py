"""One act, one effect, one answer; and who must be asked again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import Door
from stillroom.infusions.acts import Answer, perform, read_answer
from stillroom.infusions.models import Act
from tests.cast import Cast, make_cast
from tests.examples import ADA, BEN, DEE, DISPLAY, PLAN, TEN, D
from tests.infusions.rooms import arrived, done, infusing, opened, planned, ready

NOTE = c.Record(fact=e.NoteAdded(words="calm"))


def test_what_was_done_is_in_the_log_when_the_answer_says_so(cast: Cast) -> None:
    room = planned(cast)
    answer = room.act(NOTE)
    assert (answer.outcome, answer.first_seq, answer.last_seq) == ("done", 2, 2)
    entry = room.log[1]
    assert (entry.seq, entry.kind, entry.by, entry.occurred_at) == (2, "NoteAdded", BEN.by, TEN)
    assert entry.fact == e.NoteAdded(words="calm")


def test_an_act_keeps_who_asked_what_having_seen_what_with_which_software(cast: Cast) -> None:
    room, act_id = arrived(cast), uuid4()
    with room.scope():
        perform(
            act_id=act_id, infusion_id=room.infusion_id, command=NOTE, author=DISPLAY, seen_seq=1, received_at=TEN,
            device=cast.display.pk,
        )  # fmt: skip
        act = Act.objects.get(pk=act_id)
    assert (act.command, act.by, act.device, act.seen_seq) == ("NoteAdded", DISPLAY.by, cast.display.pk, 1)
    assert act.software
    assert act.received_at == TEN


def test_a_refusal_is_kept_and_leaves_no_entry(cast: Cast) -> None:
    room, act_id = planned(cast), uuid4()
    answer = room.act(c.StartInfusion(), act_id=act_id)
    assert answer.outcome == "refused"
    assert [finding.code for finding in answer.findings] == ["not_now"]
    assert room.row.last_seq == 1
    with room.scope():
        assert read_answer(Act.objects.get(pk=act_id).answer) == answer


def test_a_colleagues_entry_that_matters_is_a_conflict(cast: Cast) -> None:
    room = infusing(cast)
    seen = room.row.last_seq
    room.act(c.SetRate(rate_ml_per_h=D(120)), DEE)
    answer = room.act(c.SetRate(rate_ml_per_h=D(160)), BEN, seen_seq=seen)
    assert (answer.outcome, answer.conflicting) == ("conflict", (seen + 1,))
    assert room.row.last_seq == seen + 1


@pytest.mark.parametrize("command", [c.StopInfusion(), c.PauseInfusion(), NOTE, c.SetRate(rate_ml_per_h=D(90))])
def test_stop_pause_slower_and_a_note_never_conflict(cast: Cast, command: c.Command) -> None:
    room = infusing(cast)
    seen = room.row.last_seq
    room.act(c.SetRate(rate_ml_per_h=D(120)), DEE)
    assert room.act(command, BEN, seen_seq=seen).outcome == "done"


def test_an_act_sent_again_answers_the_same_whatever_happened_since(cast: Cast) -> None:
    """Done, refused and in conflict alike; even when it would be decided otherwise by now."""
    room = infusing(cast)
    seen = room.row.last_seq
    asked = [
        (uuid4(), c.SetRate(rate_ml_per_h=D(120)), DEE, seen),
        (uuid4(), c.SetRate(rate_ml_per_h=D(160)), BEN, seen),
        (uuid4(), c.EndInfusion(left_in_bag_ml=D(9000)), BEN, seen + 1),
    ]
    first = [room.act(command, by, act_id=act, seen_seq=seq) for act, command, by, seq in asked]
    assert [answer.outcome for answer in first] == ["done", "conflict", "refused"]
    room.act(c.StopInfusion())
    room.confirm()
    length = room.row.last_seq
    again = [room.act(command, by, act_id=act, seen_seq=seq) for act, command, by, seq in asked for _ in range(2)]
    assert again == [answer for answer in first for _ in range(2)]
    assert room.row.last_seq == length


def test_an_act_is_done_only_inside_a_transaction(committed_db: Any) -> None:
    room = planned(make_cast())
    with pytest.raises(TransactionManagementError):
        perform(
            act_id=uuid4(), infusion_id=room.infusion_id, command=NOTE, author=BEN, seen_seq=1, received_at=TEN
        )  # fmt: skip


def test_the_same_act_five_times_at_once_has_one_effect_and_one_answer(committed_db: Any) -> None:
    room = infusing(make_cast())
    act, seen = uuid4(), room.row.last_seq
    answers = _at_once(5, lambda _: room.act(c.SetRate(rate_ml_per_h=D(120)), act_id=act, seen_seq=seen))
    assert answers == [Answer(outcome="done", first_seq=seen + 1, last_seq=seen + 1)] * 5
    assert room.row.last_seq == seen + 1


def test_of_five_contents_at_once_under_one_id_one_is_done_and_the_others_are_told_which(committed_db: Any) -> None:
    room = infusing(make_cast())
    act, seen = uuid4(), room.row.last_seq
    notes = [c.Record(fact=e.NoteAdded(words=str(number))) for number in range(5)]
    answers = _at_once(5, lambda number: room.act(notes[number], act_id=act, asked=f"note {number}"))
    assert sorted(answer.outcome for answer in answers) == ["done", *["taken"] * 4]
    assert {(answer.first_seq, answer.last_seq) for answer in answers} == {(seen + 1, seen + 1)}
    assert room.row.last_seq == seen + 1


def test_an_act_of_an_earlier_release_which_kept_no_mark_answers_as_it_did(cast: Cast) -> None:
    room, act = planned(cast), uuid4()
    first = room.act(NOTE, act_id=act)
    assert room.act(NOTE, act_id=act, asked="a note") == first
    with room.scope():
        old = json.loads(Act.objects.get(pk=act).answer)
    del old["asked"]
    assert read_answer(json.dumps(old)) == first


def test_the_same_refused_act_five_times_at_once_has_one_answer(committed_db: Any) -> None:
    room = planned(make_cast())
    act = uuid4()
    answers = _at_once(5, lambda _: room.act(c.StartInfusion(), act_id=act, seen_seq=1))
    assert {answer.outcome for answer in answers} == {"refused"}
    assert answers == answers[:1] * 5
    with room.scope():
        assert Act.objects.filter(pk=act).count() == 1


def test_six_people_writing_at_once_lose_nothing_and_number_without_a_gap(committed_db: Any) -> None:
    room = planned(make_cast())
    words = [f"note {number}" for number in range(6)]
    answers = _at_once(6, lambda number: room.act(c.Record(fact=e.NoteAdded(words=words[number])), seen_seq=1))
    assert sorted(answer.first_seq for answer in answers) == list(range(2, 8))
    assert sorted(entry.fact.words for entry in room.log[1:] if isinstance(entry.fact, e.NoteAdded)) == words


def test_of_two_who_start_at_once_one_starts_and_one_is_told(committed_db: Any) -> None:
    room = ready(make_cast())
    seen = room.row.last_seq
    people = (BEN, DEE)
    answers = _at_once(2, lambda number: room.act(c.StartInfusion(), people[number], seen_seq=seen))
    assert sorted(answer.outcome for answer in answers) == ["conflict", "done"]
    assert [entry.kind for entry in room.log[seen:]] == ["StartIntended"]


def test_one_infusion_at_a_time_to_a_room(cast: Cast) -> None:
    arrived(cast)
    second = opened(cast)
    done(second.act(replace(PLAN, patient=cast.neighbour.pk, room=cast.room.pk), ADA))
    answer = second.record(e.PatientArrived())
    assert [finding.code for finding in answer.findings] == ["room_in_use"]


def test_the_summary_follows_every_act(cast: Cast) -> None:
    room = infusing(cast)
    row = room.row
    assert (row.status, row.rate_ml_per_h, row.is_in_doubt) == (Status.INFUSING, D(150), False)
    assert row.started_at == room.at
    room.act(c.StopInfusion())
    assert room.row.is_in_doubt
    room.confirm(DISPLAY, after_min=1)
    assert (room.row.status, room.row.is_in_doubt, room.row.ended_at) == (Status.STOPPED, False, None)


def _at_once(many: int, ask: Any) -> list[Any]:
    """Each in a thread with a connection of its own, let go together."""
    barrier = Barrier(many)

    def one(number: int) -> Any:
        try:
            barrier.wait()
            return ask(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def test_an_infusion_is_planned_with_the_ways_home_that_the_clinic_opens(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.filter(pk=cast.clinic.pk).update(opens_door_stay_until_clear=False)
    room = planned(cast)
    plan = room.log[0].fact
    assert isinstance(plan, e.InfusionPlanned)
    assert plan.order.doors == (Door.WITH_ADULT,)


def test_an_order_whose_only_way_home_the_clinic_does_not_open_is_not_planned(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.filter(pk=cast.clinic.pk).update(opens_door_stay_until_clear=False)
    order = replace(PLAN.order, doors=(Door.WHEN_CLEAR,))
    answer = opened(cast).act(replace(PLAN, order=order, patient=cast.patient.pk, room=cast.room.pk), ADA)
    assert [finding.code for finding in answer.findings] == ["door_not_offered"]
