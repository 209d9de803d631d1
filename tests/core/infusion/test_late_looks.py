"""What was seen last is what was true last: an entry made late stands at its own time, and hides nothing newer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import by_log
from stillroom.core.infusion.due import check_due_at, watch_due_at
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.recovery import open_conditions
from stillroom.core.infusion.scored import reckoned_points
from stillroom.core.infusion.watching import ScreensSeen, noticed, watched_of
from stillroom.core.order import LeavingScore, Scale
from stillroom.core.safety import PreflightItem, Reply
from stillroom.core.safety.recovery_scales import SCALES
from tests.core.infusion.test_recovery import GOOD, late
from tests.examples import BEN, PLAN, VITALS, WATCH, Walk, arrived, infusing, recovering

ALERT = e.PatientWatched(awake=e.Awake.ALERT, anxious=1, nauseous=0)
NOT_ROUSED = e.PatientWatched(awake=e.Awake.NOT_ROUSED, anxious=8, nauseous=8)


def recorded_late(walk: Walk, fact: e.Fact, *, min_ago: float) -> None:
    """Written down now, of what was so long ago."""
    then = walk.at - timedelta(minutes=min_ago)
    walk.ask(c.Record(fact=fact, occurred_at=then, late_reason="hands were full"))


def watch(walk: Walk) -> tuple[e.Fact, ...]:
    """The watch looks, and what it noticed is logged."""
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at, screens=ScreensSeen(shown_at=walk.at))
    for fact in facts:
        walk.record(fact, WATCH)
    return facts


@pytest.mark.parametrize(("looked_min_ago", "is_over"), [(4, False), (1, True)])
def test_only_a_newer_look_ends_the_alarm_that_nobody_can_rouse_them(looked_min_ago: float, is_over: bool) -> None:
    walk = infusing()
    walk.record(NOT_ROUSED, after_min=6)
    watch(walk)
    assert "cannot_be_roused" in walk.state.open_conditions
    walk.at += timedelta(minutes=2)
    recorded_late(walk, ALERT, min_ago=looked_min_ago)
    assert (e.AlarmCleared(condition="cannot_be_roused") in watch(walk)) is is_over


def test_an_older_check_ends_it_no_more_than_an_older_look() -> None:
    walk = recovering()
    walk.ask(c.CheckRecovery(check=replace(GOOD, awake=e.Awake.NOT_ROUSED)), after_min=20)
    watch(walk)
    late(walk, GOOD, min_ago=8)
    assert watch(walk) == ()
    assert "cannot_be_roused" in walk.state.open_conditions


def test_after_an_older_good_check_the_probe_stays_on() -> None:
    """Who was drowsy at the last check is still watched by the monitor."""
    walk = recovering()
    walk.ask(c.CheckRecovery(check=replace(GOOD, awake=e.Awake.DROWSY)), after_min=20)
    late(walk, GOOD, min_ago=8)
    watched = watched_of(walk.state, surviving(walk.log), {}, None, at=walk.at)
    assert watched is not None
    assert watched.is_link_wanted


@pytest.mark.parametrize("name", ["anxious", "nauseous"])
def test_the_last_score_is_of_the_last_look(name: str) -> None:
    walk = infusing()
    walk.record(NOT_ROUSED, after_min=6)
    recorded_late(walk, ALERT, min_ago=3)
    assert getattr(by_log(walk.state, surviving(walk.log)), name) == 8
    walk.record(e.PatientWatched(awake=e.Awake.ALERT))
    assert getattr(by_log(walk.state, surviving(walk.log)), name) == 8


def test_what_is_due_counts_from_the_last_look_and_the_last_check() -> None:
    walk = infusing()
    counted = replace(ALERT, breaths_per_min=12)
    walk.record(counted, after_min=6)
    recorded_late(walk, counted, min_ago=4)
    assert watch_due_at(walk.state, breaths_sent_at=None) == walk.at + timedelta(minutes=10)
    walk = recovering()
    whole = replace(GOOD, breaths_per_min=14)
    walk.ask(c.CheckRecovery(check=whole), after_min=20)
    late(walk, whole, min_ago=8)
    assert check_due_at(walk.state) == walk.at + timedelta(minutes=15)


def test_the_pressure_before_a_start_is_the_last_that_was_measured() -> None:
    walk = arrived()
    high = replace(VITALS, sbp_mmhg=185)
    walk.record(high, after_min=10)
    recorded_late(walk, VITALS, min_ago=8)
    assert walk.state.arrival_vitals is not None
    assert walk.state.vitals is not None
    assert (walk.state.arrival_vitals.fact, walk.state.vitals.fact) == (high, high)


def test_an_answer_entered_late_does_not_hide_a_newer_one() -> None:
    walk = arrived()
    walk.record(e.PreflightAnswered(item=PreflightItem.PREGNANCY, reply=Reply.PROBLEM), after_min=10)
    recorded_late(walk, e.PreflightAnswered(item=PreflightItem.PREGNANCY, reply=Reply.FINE), min_ago=8)
    assert walk.state.replies[PreflightItem.PREGNANCY] == (Reply.PROBLEM, walk.at)


def test_a_count_from_before_does_not_end_the_alarm_of_a_stream() -> None:
    walk = infusing()
    walk.record(e.StreamSeen(), after_min=6)
    seen_at = walk.at
    recorded_late(walk, e.DropsCounted(drops=12, seconds=Decimal(15)), min_ago=3)
    assert walk.state.stream_seen_at == seen_at
    walk.record(e.DropsCounted(drops=12, seconds=Decimal(15)))
    assert walk.state.stream_seen_at is None


def test_within_one_minute_the_order_of_the_log_holds_as_times_are_typed_in_whole_minutes() -> None:
    walk = infusing()
    walk.at = walk.at.replace(second=20) + timedelta(minutes=6)
    walk.record(e.StreamSeen())
    typed = walk.at.replace(second=0)
    walk.at += timedelta(seconds=30)
    walk.ask(c.Record(fact=e.DropsCounted(drops=12, seconds=Decimal(15)), occurred_at=typed))
    assert walk.state.stream_seen_at is None


def test_a_line_that_came_out_is_out_whenever_somebody_writes_down_that_it_was_placed() -> None:
    walk = recovering()
    walk.record(e.LineRemoved())
    recorded_late(walk, e.LinePlaced(site="left hand"), min_ago=20)
    assert walk.state.line is None


def test_signs_by_hand_of_before_an_alarm_do_not_end_it() -> None:
    """Where no monitor sends any more. Those of after it do."""
    walk = infusing()
    well = e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=97)
    for _ in range(2):
        walk.record(well, after_min=1)
    low = e.AlarmRaised(condition="spo2_grave", priority=e.Priority.HIGH, value="84", limit="90")
    walk.ask(c.Record(fact=low), WATCH, after_min=1)
    assert e.AlarmCleared(condition="spo2_grave") not in watch(walk)
    for _ in range(2):
        walk.record(well, after_min=1)
    assert e.AlarmCleared(condition="spo2_grave") in watch(walk)


def test_a_bag_and_drops_that_were_read_before_do_not_stand_as_the_last() -> None:
    walk = infusing()
    read, counted = e.BagRead(left_in_bag_ml=Decimal(60)), e.DropsCounted(drops=12, seconds=Decimal(15))
    for fact, before in ((read, replace(read, left_in_bag_ml=Decimal(90))), (counted, replace(counted, drops=20))):
        walk.record(fact, after_min=6)
        recorded_late(walk, before, min_ago=3)
    assert walk.state.bag_read is not None
    assert walk.state.counted is not None
    assert (walk.state.bag_read.fact, walk.state.counted.fact) == (read, counted)


def test_a_newer_pressure_of_the_monitor_without_a_pulse_takes_no_score_away() -> None:
    walk = recovering()
    walk.ask(c.CheckRecovery(check=replace(GOOD, sbp_mmhg=128, dbp_mmhg=80, pulse_per_min=66)), after_min=1)
    reckoned = reckoned_points(walk.state, at=walk.at)
    assert reckoned is not None
    from_monitor = e.VitalsCharted(source=e.Source.MONITOR, sbp_mmhg=128, dbp_mmhg=80)
    walk.ask(c.Record(fact=from_monitor), WATCH, after_min=1)
    assert reckoned_points(walk.state, at=walk.at) == reckoned


def test_vital_signs_are_reckoned_from_the_last_and_a_score_entered_late_stands_at_its_time() -> None:
    asked = LeavingScore(scale=Scale.PADSS, at_least=9, times=1, apart_min=0)
    walk = infusing(replace(PLAN, order=replace(PLAN.order, leaving_score=asked)))
    walk.ask(c.EndInfusion(left_in_bag_ml=0), after_min=40)
    walk.ask(c.CheckRecovery(check=replace(GOOD, pulse_per_min=66)), after_min=30)
    walk.record(replace(VITALS, sbp_mmhg=190), after_min=10)
    recorded_late(walk, VITALS, min_ago=4)
    assert reckoned_points(walk.state, at=walk.at) == 0
    full = c.ScoreRecovery(scale=Scale.PADSS, points=dict.fromkeys(SCALES[Scale.PADSS].tapped, 2))
    walk.ask(full, BEN)  # 8 of 10
    good = replace(full, occurred_at=walk.at - timedelta(minutes=3))
    walk.record(VITALS, after_min=0)
    walk.ask(good, BEN)
    assert not open_conditions(walk.state, at=walk.at)["score_not_reached"]
