"""What is due next follows from the order's intervals and from when it was last done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import (
    Sent,
    check_due_at,
    detached_due_at,
    intervals_of,
    last_pressure_at,
    left_out,
    observed_until,
    pressure_again_at,
    pressure_due_at,
    watch_due_at,
)
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.state import InfusionState, Status
from stillroom.core.infusion.watching import noticed, watched_of
from stillroom.core.safety.priority import CONDITIONS
from stillroom.core.safety.watch import assess
from stillroom.core.vitals import Sample, Signal, Validity
from tests.examples import VITALS, WATCH, Walk, arrived, infusing, ready, recovering


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def test_the_first_pressure_of_the_drip_counts_from_the_start() -> None:
    state = infusing().state
    assert state.started_at is not None
    assert pressure_due_at(state, measured_at=None) == state.started_at + minutes(10)


def test_a_pressure_by_monitor_or_by_hand_puts_the_next_one_off() -> None:
    walk = infusing()
    walk.record(VITALS, after_min=7)
    measured_at = last_pressure_at(surviving(walk.log))
    assert measured_at == walk.at
    assert pressure_due_at(walk.state, measured_at=walk.at + minutes(1)) == walk.at + minutes(11)


def test_the_watch_counts_from_the_newest_pressure_of_the_cuff_that_can_be_true() -> None:
    walk = infusing()
    begun = walk.at
    seen = ((1, "118", Validity.VALID), (6, "121", Validity.VALID), (7, "400", Validity.INVALID))
    cuffs = [
        Sample(Signal.SBP_MMHG, Decimal(value), begun + minutes(number), begun + minutes(number), validity)
        for number, value, validity in seen
    ]
    at = begun + minutes(8)
    watched = watched_of(walk.state, surviving(walk.log), {Signal.SBP_MMHG: cuffs}, None, at=at)
    assert watched is not None
    assert watched.pressure_due_at == begun + minutes(16)


def test_a_set_without_a_pressure_puts_nothing_off() -> None:
    walk = infusing()
    before = last_pressure_at(surviving(walk.log))
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=97), after_min=7)
    assert last_pressure_at(surviving(walk.log)) == before


def test_a_pressure_that_was_struck_out_was_not_taken() -> None:
    walk = infusing()
    before = last_pressure_at(surviving(walk.log))
    (charted,) = walk.record(VITALS, after_min=7)
    walk.ask(c.CorrectEntry(corrects_seq=charted.seq, reason="another patient's cuff"))
    assert last_pressure_at(surviving(walk.log)) == before


def test_the_look_before_the_start_does_not_count_as_one_after_it() -> None:
    walk = ready()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT))
    walk.ask(c.StartInfusion(), after_min=8)
    walk.confirm()
    assert watch_due_at(walk.state, breaths_sent_at=None) == walk.at + minutes(10)
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=12), after_min=4)
    assert watch_due_at(walk.state, breaths_sent_at=None) == walk.at + minutes(10)


def test_nothing_of_the_drip_is_due_before_or_after_it() -> None:
    for walk in (arrived(), recovering()):
        assert watch_due_at(walk.state, breaths_sent_at=None) is None
        assert pressure_due_at(walk.state, measured_at=walk.at) is None


def test_the_first_recovery_check_is_due_at_once_and_the_next_after_the_interval() -> None:
    walk = infusing()
    assert check_due_at(walk.state) is None
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    assert check_due_at(walk.state) == walk.at
    walk.ask(c.CheckRecovery(check=WHOLE), after_min=3)
    assert check_due_at(walk.state) == walk.at + minutes(15)
    assert left_out(walk.state) == ()


WHOLE = e.RecoveryChecked(
    awake=e.Awake.DROWSY, sbp_mmhg=120, dbp_mmhg=75, spo2_percent=97, breaths_per_min=14, pulse_per_min=70
)


@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ({"sbp_mmhg": None, "dbp_mmhg": None}, "pressure"),
        ({"spo2_percent": None}, "saturation"),
        ({"breaths_per_min": None}, "breaths"),
    ],
)
def test_a_recovery_check_that_leaves_a_sign_out_puts_it_off_by_nothing(missing: dict[str, None], name: str) -> None:
    """safety note 2.3: pressure, saturation once they are alert, and breaths every 15 min in recovery."""
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    walk.ask(c.CheckRecovery(check=WHOLE), after_min=10)
    due_at = walk.at + minutes(15)
    walk.ask(c.CheckRecovery(check=replace(WHOLE, **missing)), after_min=12)
    assert check_due_at(walk.state) == due_at
    assert left_out(walk.state) == (name,)
    sent = Sent(**{f"{name}_at": walk.at})
    assert check_due_at(walk.state, sent) == walk.at + minutes(15)
    assert left_out(walk.state, sent) == ()
    by_hand = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=120, dbp_mmhg=75, spo2_percent=97, resp_per_min=14)
    walk.record(by_hand)
    assert check_due_at(walk.state) == walk.at + minutes(15)
    assert left_out(walk.state) == ()


def test_what_a_monitor_still_sends_is_not_missed_at_a_check() -> None:
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    without = replace(WHOLE, spo2_percent=None, breaths_per_min=None, sbp_mmhg=None, dbp_mmhg=None)
    walk.ask(c.CheckRecovery(check=without), after_min=14)
    signs = {Signal.SPO2_PERCENT: 98, Signal.RESP_PER_MIN: 14, Signal.SBP_MMHG: 120}
    readings = {signal: [Sample(signal, Decimal(value), walk.at, walk.at)] for signal, value in signs.items()}
    judged = watched_of(walk.state, surviving(walk.log), readings, None, at=walk.at)
    assert judged is not None
    assert judged.check_due_at == walk.at + minutes(15)


def test_ninety_minutes_of_checks_without_a_sign_are_called_out() -> None:
    walk = recovering()
    for _ in range(6):
        walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.DROWSY)), after_min=15)
    raised = {each.condition for each in noticed(walk.state, walk.log, {}, None, at=walk.at) if is_raised(each)}
    assert "check_long_overdue" in raised


@pytest.mark.parametrize(("name", "condition"), [("anxious", "distress_high"), ("nauseous", "nausea_high")])
@pytest.mark.parametrize("sheet", [e.PatientWatched, e.RecoveryChecked])
def test_distress_and_nausea_call_until_they_have_gone_home(name: str, condition: str, sheet: type[Any]) -> None:
    walk = recovering()
    ask(walk, sheet(awake=e.Awake.ALERT, detached=0, **{name: 10}))
    raised = [each for each in noticed(walk.state, walk.log, {}, None, at=walk.at) if is_raised(each)]
    assert [each.condition for each in raised] == [condition]
    walk.record(raised[0], WATCH)
    ask(walk, sheet(awake=e.Awake.ALERT))
    assert e.AlarmCleared(condition=condition) not in noticed(walk.state, walk.log, {}, None, at=walk.at)
    ask(walk, sheet(awake=e.Awake.ALERT, **{name: 2}))
    assert e.AlarmCleared(condition=condition) in noticed(walk.state, walk.log, {}, None, at=walk.at)


def ask(walk: Walk, seen: e.Fact) -> None:
    walk.at += minutes(1)
    is_check = isinstance(seen, e.RecoveryChecked)
    walk.ask(c.CheckRecovery(check=seen) if is_check else c.Record(fact=seen))


def is_raised(fact: e.Fact) -> bool:
    return isinstance(fact, e.AlarmRaised)


def test_observation_lasts_from_the_end_and_is_unknown_before_it() -> None:
    assert observed_until(infusing().state) is None
    state = recovering().state
    assert state.ended_at is not None
    assert observed_until(state) == state.ended_at + minutes(60)


def test_without_a_plan_there_are_no_intervals() -> None:
    assert observed_until(InfusionState()) is None
    with pytest.raises(ValueError, match="not planned"):
        intervals_of(InfusionState())


COUNTED = e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=12)


def test_a_look_without_breaths_puts_no_look_off_unless_the_monitor_counts_them() -> None:
    walk = infusing()
    begun = walk.at
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY), after_min=7)
    assert watch_due_at(walk.state, breaths_sent_at=None) == begun + minutes(10)
    assert watch_due_at(walk.state, breaths_sent_at=walk.at) == walk.at + minutes(10)
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, resp_per_min=13))
    assert watch_due_at(walk.state, breaths_sent_at=None) == walk.at + minutes(10)


def test_breaths_alone_put_no_look_off() -> None:
    walk = infusing()
    begun = walk.at
    assert watch_due_at(walk.state, breaths_sent_at=begun + minutes(9)) == begun + minutes(10)


def test_the_watch_takes_breaths_of_the_monitor_that_may_be_believed() -> None:
    walk = infusing()
    begun = walk.at
    walk.record(COUNTED, after_min=2)
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY), after_min=6)
    for validity, due_min in ((Validity.VALID, 17), (Validity.QUESTIONABLE, 12), (Validity.INVALID, 12)):
        at = begun + minutes(7)
        sent = {Signal.RESP_PER_MIN: [Sample(Signal.RESP_PER_MIN, Decimal(14), at, at, validity)]}
        watched = watched_of(walk.state, surviving(walk.log), sent, None, at=begun + minutes(9))
        assert watched is not None
        assert watched.watch_due_at == begun + minutes(due_min)


@pytest.mark.parametrize("condition", ["sbp_high", "dbp_high", "sbp_grave_high", "dbp_grave_high"])
def test_a_pressure_over_the_limit_is_measured_again_in_three_minutes(condition: str) -> None:
    """safety note 2.4: over 180 or 110, repeat in 2 to 3 min."""
    walk = infusing()
    walk.record(e.AlarmRaised(condition=condition, priority=CONDITIONS[condition].priority), WATCH, after_min=5)
    assert pressure_again_at(walk.state, measured_at=walk.at) == walk.at + minutes(3)
    assert pressure_due_at(walk.state, measured_at=walk.at) == walk.at + minutes(10)  # by which somebody is called
    walk.record(e.AlarmCleared(condition=condition), WATCH)
    assert pressure_again_at(walk.state, measured_at=walk.at) == walk.at + minutes(10)


def test_how_detached_is_asked_at_40_and_at_60_minutes() -> None:
    """safety note 2.3: at 40 min, and at 60 to 90 min in recovery."""
    walk = infusing()
    begun = walk.at
    assert detached_due_at(walk.state) == begun + minutes(40)
    walk.record(replace(COUNTED, detached=5), after_min=20)
    assert detached_due_at(walk.state) == begun + minutes(40)
    walk.record(replace(COUNTED, detached=7), after_min=15)
    assert detached_due_at(walk.state) == begun + minutes(60)
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=5)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.DROWSY)), after_min=21)
    assert detached_due_at(walk.state) == begun + minutes(60)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT, detached=2)), after_min=1)
    assert detached_due_at(walk.state) is None


@pytest.mark.parametrize(
    ("check", "is_asked"),
    [
        (e.RecoveryChecked(awake=e.Awake.ALERT, effects_gone=True), True),
        (e.RecoveryChecked(awake=e.Awake.ALERT, effects_gone=False), False),
        (e.RecoveryChecked(awake=e.Awake.DROWSY), False),
    ],
)
def test_whose_effects_are_seen_gone_early_is_not_asked_again(check: e.RecoveryChecked, is_asked: bool) -> None:
    walk = infusing()
    walk.record(replace(COUNTED, detached=6), after_min=38)
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=2)
    walk.ask(c.CheckRecovery(check=check), after_min=10)
    assert (detached_due_at(walk.state) is None) is is_asked


@pytest.mark.parametrize("awake", [e.Awake.NEEDS_TOUCH, e.Awake.NOT_ROUSED])
def test_who_cannot_answer_at_a_look_is_not_asked(awake: e.Awake) -> None:
    walk = infusing()
    begun = walk.at
    walk.record(replace(COUNTED, awake=awake), after_min=38)
    assert detached_due_at(walk.state) == begun + minutes(60)


def test_breaths_of_a_monitor_count_from_when_it_last_sent_them_however_long_ago() -> None:
    walk = infusing()
    begun = walk.at
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY), after_min=27)
    sent_at = begun + minutes(26)
    facts = [
        fact.condition
        for sent in ({}, {Signal.RESP_PER_MIN: sent_at})
        for fact in noticed(walk.state, walk.log, {}, None, at=begun + minutes(29), sent_before=sent)
        if isinstance(fact, e.AlarmRaised) and fact.condition.startswith("watch")
    ]
    assert facts == ["watch_long_overdue"]  # with none ever sent, and nobody counted


def test_who_cannot_answer_at_a_check_is_not_asked_then() -> None:
    walk = infusing()
    begun = walk.at
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.NEEDS_TOUCH)), after_min=3)
    assert detached_due_at(walk.state) == begun + minutes(60)


def test_who_is_left_to_sleep_is_not_woken_to_be_asked() -> None:
    walk = infusing()
    begun = walk.at
    walk.record(replace(COUNTED, awake=None, not_woken=True), after_min=39)
    assert detached_due_at(walk.state) == begun + minutes(60)


ASLEEP = replace(COUNTED, awake=None, not_woken=True)


def test_a_drip_in_which_nobody_was_roused_is_called_out_though_somebody_looked() -> None:
    """How awake is due each ten minutes (safety note 2.3), and a look at who sleeps does not tell it."""
    walk = infusing()
    begun = walk.at
    for _ in range(4):
        walk.record(ASLEEP, after_min=9)
    assert watch_due_at(walk.state, breaths_sent_at=None) == begun + minutes(10)
    raised = [fact.condition for fact in noticed(walk.state, walk.log, {}, None, at=walk.at) if hasattr(fact, "limit")]
    assert "watch_long_overdue" in raised
    walk.record(COUNTED)
    assert watch_due_at(walk.state, breaths_sent_at=None) == walk.at + minutes(10)


def test_a_look_at_who_was_not_woken_leaves_how_awake_they_were() -> None:
    walk = infusing()
    walk.record(replace(COUNTED, awake=e.Awake.NOT_ROUSED), after_min=5)
    walk.record(ASLEEP, after_min=1)
    watched = watched_of(walk.state, surviving(walk.log), {}, None, at=walk.at)
    assert watched is not None
    assert watched.cannot_be_roused


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (replace(COUNTED, not_woken=True), "not_woken_and_asked"),
        (replace(ASLEEP, anxious=0), "not_woken_and_asked"),
        (replace(ASLEEP, symptoms=()), "not_woken_and_asked"),
        (e.PatientWatched(awake=None), "how_awake_not_said"),
    ],
)
def test_not_woken_and_how_awake_are_two_looks(look: e.PatientWatched, code: str) -> None:
    walk = infusing()
    with pytest.raises(Refused, match=code):
        walk.record(look)
    walk.record(replace(ASLEEP, pulls_at_line=True, line_site=e.LineSite.GOOD))


def test_an_old_look_that_says_both_folds_to_what_it_said() -> None:
    """A log of before may hold a level beside "not woken", as somebody wrote it."""
    walk = infusing()
    walk.record(COUNTED, after_min=5)
    old = replace(walk.log[-1], fact=replace(COUNTED, not_woken=True))
    roused = fold([*walk.log[:-1], old]).roused
    assert roused is not None
    assert roused.fact.awake is e.Awake.DROWSY


def test_nobody_asks_how_detached_before_a_start_or_of_who_has_left() -> None:
    assert detached_due_at(ready().state) is None
    assert detached_due_at(replace(infusing().state, status=Status.GONE_HOME)) is None


def test_that_it_was_not_asked_is_called_out_two_minutes_later() -> None:
    walk = infusing()
    begun = walk.at
    for after_min, is_called in ((41, False), (42, True)):
        at = begun + minutes(after_min)
        watched = watched_of(walk.state, surviving(walk.log), {}, None, at=at)
        assert watched is not None
        assert ("detached_overdue" in {each.condition for each in assess(watched).present}) is is_called
