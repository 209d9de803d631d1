"""Counted drops and the bag that differ call the staff; and a gravity bag holds no more than the ordered dose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.drip.line import Line, Priming
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.watching import noticed
from stillroom.core.safety.priority import Priority
from tests.examples import ADA, BEN, WATCH, D, Walk, arrived, infusing, ready


def called(walk: Walk) -> list[e.Fact]:
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at)
    kinds = e.AlarmRaised, e.AlarmCleared
    return [each for each in facts if isinstance(each, kinds) and each.condition == "drops_and_bag_differ"]


def counted(left_ml: int) -> Walk:
    """Fifty drops a minute at the start and at minute ten: 27.5 mL of the 85 mL that run, and the bag is read."""
    walk = infusing()
    walk.record(e.DropsCounted(drops=50, seconds=D(60)))
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=10)
    walk.record(e.BagRead(left_in_bag_ml=D(left_ml)))
    return walk


def test_a_bag_that_lost_twice_what_was_counted_is_a_medium_alarm() -> None:
    """100 mL, 15 into the line: 30 left are 55 gone, give or take 10."""
    (alarm,) = called(counted(30))
    assert isinstance(alarm, e.AlarmRaised)
    assert (alarm.priority, alarm.limit) == (Priority.MEDIUM, "55")


def test_a_bag_that_agrees_calls_nobody() -> None:
    assert called(counted(60)) == []


def test_a_reading_put_right_is_over() -> None:
    walk = counted(30)
    walk.record(called(walk)[0], WATCH)
    wrong = next(each for each in reversed(walk.log) if isinstance(each.fact, e.BagRead))
    right = e.BagRead(left_in_bag_ml=D(60))
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="read upside down", replacement=right), BEN)
    assert called(walk) == [e.AlarmCleared(condition="drops_and_bag_differ")]


def test_no_bag_of_more_than_the_dose_is_made_for_a_gravity_drip() -> None:
    """Ordered are 35 mg; 0.8 mL of 50 mg/mL are 40 mg."""
    walk = arrived()
    planned = walk.state.planned
    assert planned is not None
    assert planned.order.delivery.drops_per_ml == 20
    with pytest.raises(Refused, match="more_drug_than_ordered"):
        walk.ask(c.MakeBag(bag=replace(planned.bag, drug_volume_ml=D("0.8"))))
    with pytest.raises(Refused, match="no_bag"):
        walk.record(e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG)))


def test_nor_is_one_that_hangs_put_right_to_more_it_is_made_anew() -> None:
    walk = ready()
    made = next(each for each in walk.log if isinstance(each.fact, e.BagMade))
    assert isinstance(made.fact, e.BagMade)
    more = replace(made.fact, bag=replace(made.fact.bag, drug_volume_ml=D("0.8")))
    with pytest.raises(Refused, match="bag_is_made_anew"):
        walk.ask(c.CorrectEntry(corrects_seq=made.seq, reason="drew up more", replacement=more), ADA)
