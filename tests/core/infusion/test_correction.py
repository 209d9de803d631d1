from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold, surviving
from tests.examples import ADA, BEN, PLAN, VITALS, WATCH, Walk, an_id, infusing, ready, recovering

D = Decimal


def test_a_replacement_stands_where_the_wrong_entry_stood_and_the_original_stays() -> None:
    walk = infusing()
    (wrong,) = walk.record(e.BagRead(left_in_bag_ml=D(94)), after_min=10)
    walk.record(e.BagRead(left_in_bag_ml=D(40)), after_min=10)
    walk.ask(
        c.CorrectEntry(corrects_seq=wrong.seq, reason="read upside down", replacement=e.BagRead(left_in_bag_ml=D(74)))
    )
    assert walk.state.bag_read is not None
    assert walk.state.bag_read.fact.left_in_bag_ml == D(40)
    readings = [entry.fact.left_in_bag_ml for entry in surviving(walk.log) if isinstance(entry.fact, e.BagRead)]
    assert readings == [D(74), D(40)]
    assert wrong in walk.log


def test_a_replacement_keeps_the_time_of_what_it_replaces() -> None:
    walk = infusing()
    (wrong,) = walk.record(VITALS)
    right = e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=89)
    corrected = walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="other probe", replacement=right), after_min=30)
    assert [entry.kind for entry in corrected] == ["EntryCorrected", "VitalsCharted"]
    assert corrected[1].occurred_at == wrong.occurred_at


def test_a_correction_can_be_corrected() -> None:
    walk = infusing()
    (wrong,) = walk.record(e.BagRead(left_in_bag_ml=D(94)))
    first = walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="slip", replacement=e.BagRead(left_in_bag_ml=D(84))))
    walk.ask(
        c.CorrectEntry(corrects_seq=first[1].seq, reason="slip again", replacement=e.BagRead(left_in_bag_ml=D(74)))
    )
    assert walk.state.bag_read is not None
    assert walk.state.bag_read.fact.left_in_bag_ml == D(74)
    with pytest.raises(Refused):
        walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="it no longer counts"))


def test_an_observation_can_be_struck() -> None:
    walk = infusing()
    (wrong,) = walk.record(
        e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="IV", before_start=False, reason="nausea")
    )
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="drawn up, not given"))
    assert walk.state.medicines == ()


@pytest.mark.parametrize("kind", ["StartIntended", "StartConfirmed", "MadeReady", "PatientArrived"])
def test_a_move_cannot_be_struck(kind: str) -> None:
    walk = infusing()
    seq = next(entry.seq for entry in walk.log if entry.kind == kind)
    with pytest.raises(Refused) as refused:
        walk.ask(c.CorrectEntry(corrects_seq=seq, reason="never happened"))
    assert [finding.code for finding in refused.value.findings] == ["cannot_be_struck"]


def test_the_time_of_a_start_can_be_put_right() -> None:
    walk = infusing()
    confirmed = walk.log[-1]
    earlier = confirmed.occurred_at - timedelta(seconds=50)
    walk.ask(
        c.CorrectEntry(
            corrects_seq=confirmed.seq, reason="tapped late", replacement=e.StartConfirmed(), occurred_at=earlier
        )
    )
    assert walk.state.started_at == earlier


@pytest.mark.parametrize(
    ("fact", "minutes_ago", "refusal"),
    [(e.PatientArrived(), 31, "before_planned"), (e.LinePlaced(site="left hand"), 11, "before_arrival")],
)
def test_a_time_put_right_is_one_at_which_it_can_have_been(fact: e.Fact, minutes_ago: int, refusal: str) -> None:
    walk = Walk()
    walk.ask(PLAN, ADA)
    walk.record(e.PatientArrived(), after_min=20)
    walk.record(e.LinePlaced(site="left hand"), after_min=10)
    wrong = next(entry for entry in walk.log if entry.fact == fact)
    then = walk.at - timedelta(minutes=minutes_ago)
    with pytest.raises(Refused, match=refusal):
        walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="slip", replacement=fact, occurred_at=then))


def test_an_earlier_rate_put_right_does_not_become_the_present_one() -> None:
    walk = infusing()
    (wrong,) = walk.ask(c.SetRate(rate_ml_per_h=D(120)), after_min=5)
    walk.confirm()
    walk.ask(c.SetRate(rate_ml_per_h=D(90)), after_min=5)
    walk.confirm()
    right = e.RateIntended(rate_ml_per_h=D(132), drops_per_min=44)
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="44 drops, not 40", replacement=right))
    assert walk.state.rate_ml_per_h == D(90)
    before = [entry for entry in surviving(walk.log) if entry.occurred_at < walk.at]
    assert fold(before).rate_ml_per_h == D(132)


def test_another_kind_the_plan_and_an_empty_reason_are_refused() -> None:
    walk = infusing()
    (read,) = walk.record(e.BagRead(left_in_bag_ml=D(94)))
    for command, code in (
        (c.CorrectEntry(corrects_seq=read.seq, reason="x", replacement=VITALS), "not_the_same_kind"),
        (c.CorrectEntry(corrects_seq=1, reason="x"), "never_corrected"),
        (c.CorrectEntry(corrects_seq=read.seq, reason=" "), "correction_needs_a_reason"),
        (c.CorrectEntry(corrects_seq=999, reason="x"), "nothing_to_correct"),
    ):
        with pytest.raises(Refused) as refused:
            walk.ask(command)
        assert [finding.code for finding in refused.value.findings] == [code]


def test_what_is_in_doubt_is_settled_before_it_is_corrected() -> None:
    walk = infusing()
    (intended,) = walk.ask(c.SetRate(rate_ml_per_h=D(120)))
    right = e.RateIntended(rate_ml_per_h=D(132), drops_per_min=44)
    with pytest.raises(Refused, match="already_in_doubt"):
        walk.ask(c.CorrectEntry(corrects_seq=intended.seq, reason="44", replacement=right))
    walk.ask(c.ReportNotDone(intent_seq=intended.seq))
    with pytest.raises(Refused, match="never_corrected"):
        walk.ask(c.CorrectEntry(corrects_seq=intended.seq, reason="44", replacement=right))
    assert not walk.state.is_in_doubt


@pytest.mark.parametrize(
    ("rate_ml_per_h", "author", "refusal"),
    [
        (D(-5), ADA, "rate_must_be_above_zero"),
        (D(300), BEN, "needs_prescriber_and_reason"),
        (D(303), ADA, "above_hard"),
    ],
)
def test_a_rate_put_right_passes_the_limits(rate_ml_per_h: Decimal, author: c.Author, refusal: str) -> None:
    """Else a nurse could write 300 where 150 was set, and then ask for 290 as slower."""
    walk = infusing()
    start = next(entry for entry in walk.log if entry.kind == "StartIntended")
    right = e.StartIntended(rate_ml_per_h=rate_ml_per_h, drops_per_min=50)
    with pytest.raises(Refused, match=refusal):
        walk.ask(c.CorrectEntry(corrects_seq=start.seq, reason="slip", replacement=right), author)


def test_a_rate_put_right_is_one_that_can_be_set_and_carries_its_drops() -> None:
    walk = infusing()
    start = next(entry for entry in walk.log if entry.kind == "StartIntended")
    right = e.StartIntended(rate_ml_per_h=D(125), drops_per_min=7)
    walk.ask(c.CorrectEntry(corrects_seq=start.seq, reason="slip", replacement=right))
    assert (walk.state.rate_ml_per_h, walk.state.drops_per_min) == (D(123), 41)


def test_a_resumption_put_right_is_no_faster_than_the_drip_was_before_the_pause() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)))
    walk.confirm()
    walk.ask(c.PauseInfusion())
    walk.confirm()
    (resumed,) = walk.ask(c.ResumeInfusion(rate_ml_per_h=D(90)))
    walk.confirm()
    faster = e.ResumeIntended(rate_ml_per_h=D(150), drops_per_min=50)
    with pytest.raises(Refused, match="resume_not_faster"):
        walk.ask(c.CorrectEntry(corrects_seq=resumed.seq, reason="slip", replacement=faster), ADA)
    as_before = e.ResumeIntended(rate_ml_per_h=D(120), drops_per_min=40)
    walk.ask(c.CorrectEntry(corrects_seq=resumed.seq, reason="slip", replacement=as_before))
    assert walk.state.rate_ml_per_h == D(120)


def test_who_may_not_say_it_may_not_correct_it() -> None:
    walk = infusing()
    (alarm,) = walk.record(e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH), WATCH)
    with pytest.raises(Refused, match="role_not_allowed"):
        walk.ask(c.CorrectEntry(corrects_seq=alarm.seq, reason="a false alarm"), BEN)
    assert walk.state.alarms


def test_what_took_two_people_is_not_undone_by_one() -> None:
    walk = infusing()
    wrong = c.ReassignInfusion(patient=an_id("other"), second_person=an_id("dee"), reason="wrong chart")
    (reassigned,) = walk.ask(wrong, BEN)
    with pytest.raises(Refused, match="never_corrected"):
        walk.ask(c.CorrectEntry(corrects_seq=reassigned.seq, reason="right after all"), BEN)


def test_a_concern_put_right_still_needs_who_decided() -> None:
    walk = recovering()
    (settled,) = walk.record(e.RiskSettled(outcome=e.Risk.NO_CONCERN))
    right = e.RiskSettled(outcome=e.Risk.DECIDED)
    with pytest.raises(Refused, match="risk_needs_a_name"):
        walk.ask(c.CorrectEntry(corrects_seq=settled.seq, reason="slip", replacement=right))


def test_a_bag_is_made_anew_before_the_start_and_put_right_after_it() -> None:
    for walk, is_refused in ((ready(), True), (infusing(), False)):
        made = next(entry for entry in walk.log if entry.kind == "BagMade")
        assert isinstance(made.fact, e.BagMade)
        right = replace(made.fact, bag=replace(made.fact.bag, drug_volume_ml=D(7)))
        command = c.CorrectEntry(corrects_seq=made.seq, reason="7 mL were drawn up", replacement=right)
        if is_refused:
            with pytest.raises(Refused, match="bag_is_made_anew"):
                walk.ask(command)
        else:
            walk.ask(command)
            assert walk.state.bag is not None
            assert walk.state.bag.fact.bag.drug_mg == 350
