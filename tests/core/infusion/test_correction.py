from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold, surviving
from tests.examples import VITALS, infusing

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
