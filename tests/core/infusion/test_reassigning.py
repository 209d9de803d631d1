"""The wrong patient had been opened: it holds at once, and waits for a second who says so in person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.infusion.upcast import upcast
from tests.core.infusion.test_recovery import WITH_JO, cleared
from tests.examples import ADA, BEN, DEE, DISPLAY, PLAN, Walk, an_id, infusing, ready, recovering

OTHER = an_id("other")
WRONG = c.ReassignInfusion(patient=OTHER, second_person=an_id("dee"), reason="two of one name")
BACK = replace(WRONG, patient=PLAN.patient, reason="it was right after all")
SIGN = c.SignChart(meaning="seen and right")


def put_right(walk: Walk, *asked: c.ReassignInfusion) -> int:
    """By Ben, each after the other; the number of the last."""
    return [walk.ask(each, BEN)[0].seq for each in asked or (WRONG,)][-1]


def agree(walk: Walk, author: c.Author = DEE, seq: int | None = None) -> None:
    walk.ask(c.AgreeToReassignment(reassigned_seq=walk.state.last_seq if seq is None else seq), author)


def refused(walk: Walk, command: c.Command, author: c.Author) -> list[str]:
    with pytest.raises(Refused) as found:
        walk.ask(command, author)
    return [each.code for each in found.value.findings]


def test_it_is_the_other_patients_at_once_and_waits_for_the_second() -> None:
    walk = infusing()
    seq = put_right(walk)
    assert walk.state.patient == OTHER
    assert walk.state.reassignment_waits is not None
    assert (walk.state.reassignment_waits.seq, walk.state.reassignment_waits.by) == (seq, BEN.by)
    agree(walk)
    assert walk.state.reassignment_waits is None
    assert walk.log[-1].fact == e.ReassignmentAgreed(reassigned_seq=seq)


def test_nothing_is_started_before_the_second_has_said_so_not_even_by_a_prescriber() -> None:
    walk = ready()
    put_right(walk, WRONG, BACK)
    for author, reason in ((BEN, None), (ADA, "in a hurry")):
        assert refused(walk, c.StartInfusion(reason=reason), author) == ["reassignment_not_agreed"]
    agree(walk)
    walk.ask(c.StartInfusion(), BEN)


def test_the_chart_is_not_signed_before_the_second_has_said_so() -> None:
    walk = recovering()
    put_right(walk)
    assert refused(walk, SIGN, ADA) == ["reassignment_not_agreed"]
    agree(walk)
    walk.ask(SIGN, ADA)


@pytest.mark.parametrize(
    "command",
    [
        c.SetRate(rate_ml_per_h=Decimal(60)),
        c.PauseInfusion(),
        c.StopInfusion(),
        c.EndInfusion(left_in_bag_ml=Decimal(10)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_drip_that_runs_is_not_touched_and_slower_pause_stop_and_the_end_do_not_wait(command: c.Command) -> None:
    walk = infusing()
    before = walk.state.rate_ml_per_h
    put_right(walk)
    assert walk.state.status is Status.INFUSING
    assert walk.state.rate_ml_per_h == before
    walk.ask(command, BEN)


@pytest.mark.parametrize("halted", [c.PauseInfusion(), c.StopInfusion()], ids=lambda command: type(command).__name__)
def test_nothing_runs_again_before_the_second_has_said_so_not_even_by_a_prescriber(halted: c.Command) -> None:
    walk = infusing()
    walk.ask(halted)
    walk.confirm()
    put_right(walk)
    assert refused(walk, c.ResumeInfusion(), ADA) == ["reassignment_not_agreed"]
    walk.ask(c.StopInfusion(), BEN)
    agree(walk, seq=put_right(walk, BACK))
    walk.ask(c.ResumeInfusion(), ADA)


def test_nothing_runs_faster_before_the_second_has_said_so_and_what_was_done_already_is_said() -> None:
    walk = infusing()
    as_fast = walk.state.rate_ml_per_h
    faster = c.SetRate(rate_ml_per_h=as_fast + 3)
    walk.ask(faster, BEN)
    seq = put_right(walk)
    walk.confirm()
    assert walk.state.rate_ml_per_h == as_fast + 3
    again = replace(faster, rate_ml_per_h=as_fast + 6)
    assert refused(walk, replace(again, reason="told by telephone"), ADA) == ["reassignment_not_agreed"]
    agree(walk, seq=seq)
    walk.ask(again, BEN)


def test_recovery_and_the_door_do_not_wait() -> None:
    walk = cleared()
    seq = put_right(walk)
    walk.ask(WITH_JO, BEN)
    assert walk.state.status is Status.GONE_HOME
    assert refused(walk, SIGN, ADA) == ["reassignment_not_agreed"]
    agree(walk, seq=seq)
    walk.ask(SIGN, ADA)


def test_only_who_was_named_says_so_and_only_of_what_waits() -> None:
    walk = infusing()
    seq = put_right(walk)
    for author, about, code in (
        (BEN, seq, "not_the_one_named"),
        (ADA, seq, "not_the_one_named"),
        (DISPLAY, seq, "role_not_allowed"),
        (DEE, seq - 1, "no_reassignment_to_agree_to"),
    ):
        assert refused(walk, c.AgreeToReassignment(reassigned_seq=about), author) == [code]
    agree(walk)
    assert refused(walk, c.AgreeToReassignment(reassigned_seq=seq), DEE) == ["no_reassignment_to_agree_to"]


def test_somebody_else_is_named_where_the_second_has_gone_home() -> None:
    walk = infusing()
    seq = put_right(walk)
    put_right(walk, replace(WRONG, second_person=an_id("ada"), reason="Dee has gone home"))
    assert refused(walk, c.AgreeToReassignment(reassigned_seq=seq), DEE) == ["no_reassignment_to_agree_to"]
    assert refused(walk, c.AgreeToReassignment(reassigned_seq=walk.state.last_seq), DEE) == ["not_the_one_named"]
    agree(walk, ADA)
    assert walk.state.reassignment_waits is None
    assert walk.state.patient == OTHER


def test_whoever_put_it_right_is_never_its_second_whoever_names_them() -> None:
    walk = infusing()
    put_right(walk)
    for author, named in ((ADA, "ben"), (ADA, "ada"), (BEN, "ben")):
        asked = replace(WRONG, second_person=an_id(named))
        assert refused(walk, asked, author) == ["second_person_is_the_first"], (author, named)
    walk.ask(replace(WRONG, second_person=an_id("zoe")), ADA)
    assert walk.state.reassignment_waits is not None
    assert walk.state.reassignment_waits.by == BEN.by
    assert refused(walk, replace(WRONG, second_person=an_id("ben")), ADA) == ["second_person_is_the_first"]


def test_another_second_asks_nobody_again_who_sits_there_but_another_patient_does() -> None:
    walk = ready(replace(PLAN, order=replace(PLAN.order, second_patient_check=True)))
    put_right(walk, WRONG, BACK)
    walk.ask(c.CheckPatient(), DEE)
    put_right(walk, replace(BACK, second_person=an_id("ada")))
    assert walk.state.patient_checked_by == DEE.by
    put_right(walk, WRONG)
    assert walk.state.patient_checked_by is None


def test_it_is_not_put_right_to_whose_it_is() -> None:
    walk = infusing()
    assert refused(walk, BACK, BEN) == ["infusion_is_theirs_already"]
    put_right(walk)
    agree(walk)
    assert refused(walk, WRONG, BEN) == ["infusion_is_theirs_already"]


def test_once_the_patient_has_left_another_second_is_all_that_can_be_named() -> None:
    """Whoever was named may have left the clinic; the chart is to be signed all the same."""
    walk = cleared()
    put_right(walk)
    walk.ask(WITH_JO, BEN)
    assert refused(walk, BACK, BEN) == ["not_now"]
    put_right(walk, replace(WRONG, second_person=an_id("ada"), reason="Dee works here no more"))
    agree(walk, ADA)
    walk.ask(SIGN, ADA)
    assert refused(walk, WRONG, BEN) == ["not_now"]


def test_what_was_put_right_before_the_second_was_asked_waits_for_nobody() -> None:
    stored = {"patient": str(OTHER), "second_person": str(DEE.person), "reason": "two of one name"}
    assert upcast("InfusionReassigned", 1, stored) == stored | {"asks_second": False}
    walk = recovering()
    put_right(walk)
    last = walk.log[-1]
    assert isinstance(last.fact, e.InfusionReassigned)
    walk.log[-1] = replace(last, fact=replace(last.fact, asks_second=False))
    assert walk.state.patient == OTHER
    walk.ask(SIGN, ADA)


def test_it_is_never_struck_or_put_in_another_light_by_a_correction() -> None:
    walk = infusing()
    put_right(walk)
    agree(walk)
    correct = c.CorrectEntry(corrects_seq=walk.state.last_seq, reason="slip")
    assert refused(walk, correct, DEE) == ["never_corrected"]
