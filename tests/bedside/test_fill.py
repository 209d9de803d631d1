"""The screen says what the log says: nothing too old, nothing in doubt as settled, nothing unasked as no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.template.loader import render_to_string

from stillroom.bedside import parts as p
from stillroom.bedside.fill.advice import fill_advice
from stillroom.bedside.fill.alarms import fill_alarms
from stillroom.bedside.fill.charts import expected, fill_vitals
from stillroom.bedside.fill.room import fill_later
from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.room import RoomView
from stillroom.bedside.sheets import Act
from stillroom.bedside.situation import MonitorSeen
from stillroom.core.drip.pace import Pace, Why
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import Antiemetic, Door
from stillroom.core.safety import ITEMS, PreflightItem, Reply
from stillroom.core.safety.advice import Code, Step
from stillroom.core.vitals import Freshness, Sample, Signal, Validity
from tests.bedside.rooms import ALDER, EVERY_5_S, PRESCRIBER, seen, sent, shown
from tests.examples import ADA, BEN, DEE, PLAN, VITALS, WATCH, Walk, arrived, infusing, ready, recovering
from tests.web.test_charts import points

D = Decimal


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def tile(walk: Walk, kind: p.TileKind, **kwargs: object) -> p.Tile:
    return next(each for each in fill_tiles(seen(walk, **kwargs)) if each.kind is kind)  # type: ignore[arg-type]


# --- vital signs


def test_beside_the_course_the_vital_signs_stand_over_the_same_minutes() -> None:
    """Before the start there is no course, and every sign since arrival is drawn."""
    before, drip = ready(), infusing()
    drawn = fill_vitals(seen(before))
    assert drawn is not None
    assert drawn.cuffs
    at_rest = sent(Signal.PULSE_PER_MIN, 66, drip.at - minutes(20))
    drawn = fill_vitals(seen(drip, monitor=EVERY_5_S, readings=[at_rest, sent(Signal.PULSE_PER_MIN, 78, drip.at)]))
    assert drawn is not None
    assert (drawn.from_min, drawn.to_min) == (0, 120)
    assert drawn.pulse_path.count("M") == 1
    assert not drawn.cuffs


def test_a_monitors_reading_is_shown_until_two_of_its_intervals_have_passed_and_no_longer() -> None:
    walk = infusing()
    reading = sent(Signal.SPO2_PERCENT, 97, walk.at)
    for age_s, is_shown in ((0, True), (12, True), (12.1, False), (60, False)):
        shown_then = tile(walk, p.TileKind.OXYGEN, at=walk.at + seconds(age_s), monitor=EVERY_5_S, readings=[reading])
        assert shown_then.is_shown is is_shown
        assert shown_then.good_for_s == 12


def test_a_pressure_stands_with_the_diastolic_of_its_own_time_by_whomever_it_was_measured() -> None:
    walk = arrived()
    walk.record(VITALS)
    assert tile(walk, p.TileKind.PRESSURE).figure == f"{VITALS.sbp_mmhg}/{VITALS.dbp_mmhg}"
    later = walk.at + minutes(2)
    systolic, diastolic, mean = (
        sent(signal, value, later)
        for signal, value in ((Signal.SBP_MMHG, 141), (Signal.DBP_MMHG, 88), (Signal.MBP_MMHG, 105))
    )
    earlier = sent(Signal.DBP_MMHG, 70, later - minutes(1))
    by_cuff = tile(
        walk, p.TileKind.PRESSURE, at=later, monitor=EVERY_5_S, readings=[earlier, systolic, diastolic, mean]
    )
    assert (by_cuff.figure, by_cuff.mean_mmhg) == ("141/88", 105)
    alone = tile(walk, p.TileKind.PRESSURE, at=later, monitor=EVERY_5_S, readings=[earlier, systolic])
    assert (alone.figure, alone.mean_mmhg) == ("141/–", None)


def test_a_set_written_by_hand_holds_until_the_next_is_well_overdue() -> None:
    walk = arrived()
    walk.record(VITALS)
    assert tile(walk, p.TileKind.PULSE, at=walk.at + minutes(12)).is_shown
    late = tile(walk, p.TileKind.PULSE, at=walk.at + minutes(12.1))
    assert (late.is_shown, late.state, late.is_by_hand) == (False, Freshness.STALE, True)


def test_the_newest_of_hand_and_monitor_is_shown_and_says_which_it_was() -> None:
    walk = infusing()
    reading = sent(Signal.PULSE_PER_MIN, 78, walk.at)
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, pulse_per_min=90), after_min=0.1)
    by_hand = tile(walk, p.TileKind.PULSE, monitor=EVERY_5_S, readings=[reading])
    assert (by_hand.figure, by_hand.is_by_hand) == ("90", True)
    newer = sent(Signal.PULSE_PER_MIN, 80, walk.at + seconds(5))
    by_monitor = tile(walk, p.TileKind.PULSE, at=walk.at + seconds(6), monitor=EVERY_5_S, readings=[reading, newer])
    assert (by_monitor.figure, by_monitor.is_by_hand) == ("80", False)


def test_a_pressure_is_read_as_one_with_its_mean_its_change_and_when_the_next_is_due() -> None:
    walk = infusing()
    at = walk.at + minutes(2)
    pairs = ((Signal.SBP_MMHG, 132), (Signal.DBP_MMHG, 82), (Signal.MBP_MMHG, 98))
    shown_then = tile(
        walk,
        p.TileKind.PRESSURE,
        at=at,
        monitor=EVERY_5_S,
        readings=[sent(signal, value, at) for signal, value in pairs],
    )
    assert (shown_then.figure, shown_then.mean_mmhg, shown_then.since_arrival) == ("132/82", 98, 14)
    assert shown_then.next_due_at == at + minutes(10)


def test_what_cannot_be_true_is_no_reading_and_is_said_to_be_none() -> None:
    walk = infusing()
    impossible = Sample(Signal.SPO2_PERCENT, D(127), walk.at, walk.at, Validity.INVALID)
    shown_then = tile(walk, p.TileKind.OXYGEN, monitor=EVERY_5_S, readings=[impossible])
    assert (shown_then.figure, shown_then.impossible) == ("98%", "127")
    good = Sample(Signal.SPO2_PERCENT, D(97), walk.at + seconds(5), walk.at + seconds(5))
    assert tile(walk, p.TileKind.OXYGEN, monitor=EVERY_5_S, readings=[impossible, good]).impossible is None


def test_what_a_capnometer_says_stands_beside_the_breaths_while_it_is_fresh_and_may_be_true() -> None:
    walk = infusing()
    carbon = sent(Signal.ETCO2_MMHG, 38, walk.at)
    readings = [sent(Signal.RESP_PER_MIN, 14, walk.at + seconds(20)), carbon]

    def etco2(readings: list[Sample], after_s: float = 0, monitor: MonitorSeen = EVERY_5_S) -> p.Etco2 | None:
        at = walk.at + seconds(after_s)
        return tile(walk, p.TileKind.BREATHING, at=at, monitor=monitor, readings=readings).etco2

    assert etco2(readings) == p.Etco2(mmhg=38)
    assert etco2(readings, after_s=60) is None
    assert etco2([*readings, carbon._replace(measured_at=walk.at + seconds(1), validity=Validity.INVALID)]) is None
    none = carbon._replace(value=D(0), measured_at=walk.at + seconds(1), validity=Validity.QUESTIONABLE)
    assert etco2([*readings, none]) == p.Etco2(mmhg=0, is_doubted=True)
    assert tile(walk, p.TileKind.OXYGEN, monitor=EVERY_5_S, readings=readings).etco2 is None
    # Another device's, that sends once a minute: named, and as fresh as that one's values are.
    sources = {Signal.RESP_PER_MIN: "Monitor A", Signal.ETCO2_MMHG: "Capnometer"}
    beside = replace(EVERY_5_S, sources=sources, intervals_s={Signal.ETCO2_MMHG: 60})
    assert etco2(readings, after_s=60, monitor=beside) == p.Etco2(mmhg=38, source="Capnometer")
    assert etco2(readings, after_s=200, monitor=beside) is None


def test_a_struck_set_is_not_shown() -> None:
    walk = arrived()
    (charted,) = walk.record(VITALS)
    walk.ask(c.CorrectEntry(corrects_seq=charted.seq, reason="the neighbour's"))
    assert [each.figure for each in fill_tiles(seen(walk))] == [None] * 4


def test_an_alarm_that_is_heard_again_keeps_its_place_among_those_as_grave() -> None:
    walk = infusing()
    first, second = "sbp_grave_high", "spo2_grave"
    for condition in (first, second):
        walk.record(e.AlarmRaised(condition=condition, priority=e.Priority.HIGH), WATCH, after_min=1)
    assert [each.condition for each in fill_alarms(seen(walk))] == [first, second]
    walk.record(e.AlarmAcknowledged(condition=first))
    walk.record(e.AlarmRaised(condition=first, priority=e.Priority.HIGH), WATCH, after_min=2)
    assert [each.condition for each in fill_alarms(seen(walk))] == [first, second]


def test_an_alarm_stands_on_its_own_tile() -> None:
    walk = infusing()
    walk.record(e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="88", limit="92"), WATCH)
    alarmed = {each.kind: each.alarm for each in fill_tiles(seen(walk))}
    assert alarmed[p.TileKind.OXYGEN] is e.Priority.HIGH
    assert alarmed[p.TileKind.PULSE] is None


@pytest.mark.parametrize(("silent_s", "state"), [(22, p.LinkState.HEARD), (23, p.LinkState.SILENT)])
def test_a_link_is_silent_by_its_own_interval(silent_s: float, state: p.LinkState) -> None:
    walk = infusing()
    monitor = replace(EVERY_5_S, last_heard_at=walk.at)
    assert shown(seen(walk, at=walk.at + seconds(silent_s), monitor=monitor)).link.state is state


# --- the drip


def test_before_the_start_nothing_is_given_and_no_curve_is_drawn() -> None:
    room = shown(seen(ready()))
    assert room.drip is not None
    assert (room.drip.given_mg, room.drip.elapsed_s, room.drip.is_running) == (None, 0, False)
    assert (room.course, room.began_at) == (None, None)


def test_a_start_in_doubt_runs_and_asks() -> None:
    walk = ready()
    (intended,) = walk.ask(c.StartInfusion())
    room = shown(seen(walk, at=walk.at + minutes(4)))
    assert room.doubt is not None
    assert (room.doubt.seq, room.doubt.kind, room.doubt.by) == (intended.seq, "StartIntended", "B. Osei")
    assert room.drip is not None
    assert (room.drip.is_running, room.drip.elapsed_s) == (True, 240)
    assert room.course is not None


def test_half_way_half_the_dose_is_likely_with_its_range() -> None:
    walk = infusing()
    drip = shown(seen(walk, at=walk.at + minutes(19))).drip
    assert drip is not None
    assert drip.given_mg is not None
    assert drip.given_least_mg is not None
    assert drip.given_most_mg is not None
    assert drip.given_least_mg < drip.given_mg < drip.given_most_mg
    assert drip.given_mg == pytest.approx(D(35) / 2, abs=1)
    assert drip.percent == pytest.approx(50, abs=2)


def test_a_count_is_shown_as_drops_a_minute_with_its_doubt() -> None:
    """11 in 15.2 s are 43.4 a minute, 13 in 14.8 s 52.7; told outwards."""
    walk = infusing()
    walk.record(e.DropsCounted(drops=12, seconds=D(15)))
    drip = shown(seen(walk)).drip
    assert drip is not None
    assert (drip.counted_least_per_min, drip.counted_per_min, drip.counted_most_per_min) == (43, 48, 53)


def test_the_coach_says_one_word_and_its_numbers() -> None:
    """40 drops in a minute are 120 mL/h; 120 mL/h x 0.35 mg/mL / 70 kg = 0.60 mg/kg/h. 85 mL run; the line took 15."""
    walk = infusing()
    walk.record(e.DropsCounted(drops=40, seconds=D(60)))
    walk.record(e.DropsCounted(drops=40, seconds=D(60)), after_min=10)
    coach = _coach(walk)
    assert (coach.pace, coach.why, coach.is_seen) == (Pace.TOO_SLOW, None, True)
    assert (coach.flow_ml_per_h[1], coach.rate_mg_per_kg_per_h[1], coach.volume_ml) == (120, D("0.60"), 85)
    for end in (0, 2):  # of the same range, 200 mL/h to each mg/kg/h
        assert abs(coach.rate_mg_per_kg_per_h[end] * 200 - coach.flow_ml_per_h[end]) <= 2
    assert coach.rate_mg_per_kg_per_h[0] < D("0.58") < D("0.62") < coach.rate_mg_per_kg_per_h[2]
    assert coach.planned_ml == 25  # ten minutes of 2.5 mL
    assert coach.offer_ml_per_h is not None
    assert 150 <= coach.offer_ml_per_h <= 180


def test_after_the_arm_was_moved_the_coach_cannot_tell_until_it_is_counted() -> None:
    walk = infusing()
    walk.record(e.DropsCounted(drops=50, seconds=D(60)))
    walk.record(e.DripDisturbed(), after_min=1)
    assert (_coach(walk).pace, _coach(walk).why) == (Pace.CANNOT_TELL, Why.MOVED)
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=1)
    assert _coach(walk).pace is Pace.ON_PLAN


def test_a_paused_drip_has_no_coach() -> None:
    walk = infusing()
    walk.ask(c.PauseInfusion())
    walk.confirm()
    drip = shown(seen(walk)).drip
    assert drip is not None
    assert drip.coach is None


def test_the_course_follows_what_was_counted_not_what_was_ordered() -> None:
    """Counted at half the rate from the start, half the drug has come in: every model is linear in that."""
    full, half = infusing(), infusing()
    full.record(e.DropsCounted(drops=50, seconds=D(60)))
    half.record(e.DropsCounted(drops=25, seconds=D(60)))
    levels = []
    for walk in (full, half):
        now = seen(walk, at=walk.at + timedelta(minutes=30))
        assert now.drip is not None
        found = expected(now, now.drip)
        assert found is not None
        levels.append(np.array([line.plasma_ng_per_ml[20] for line in found.course.lines]))
    assert levels[1] / levels[0] == pytest.approx(0.5, abs=0.08)  # the minute before the count was as it was set


# --- what nobody can foresee


def moved() -> Walk:
    """Counted at minute five, and the arm was moved at minute six."""
    walk = infusing()
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=5)
    walk.record(e.DripDisturbed(), after_min=1)
    return walk


def times_told(room: RoomView) -> dict[str, bool]:
    expected = {"drip_ends", "recovery_checks", "earliest_leaving"}
    return {thing.code: thing.at is not None for thing in room.next if thing.code in expected}


def test_after_the_arm_was_moved_only_what_was_is_drawn_and_stays_where_it_was() -> None:
    walk = moved()
    before = shown(seen(walk, at=walk.at - minutes(0.5)))
    after = shown(seen(walk))
    assert before.course is not None
    assert after.course is not None
    assert (before.course.cut_by, after.course.cut_by) == ("", "moved")
    now_units = float(after.course.plasma.now_units)
    for one, other in zip(before.course.plasma.lines, after.course.plasma.lines, strict=True):
        whole, cut = points(one.path), points(other.path)
        assert max(x for x, _ in whole) == 1000
        assert max(x for x, _ in cut) == pytest.approx(now_units, abs=0.1)
        assert cut[:6] == whole[:6]
    assert max(x for x, _ in points(after.course.effect_site.lines[0].path)) == pytest.approx(now_units, abs=0.1)
    assert (after.course.way_down, after.course.peaks_apart) == ((), "")
    assert max(at for _, _, at in after.course.plasma.peaks) <= 7
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=1)
    again = shown(seen(walk)).course
    assert again is not None
    assert again.cut_by == ""
    assert max(x for x, _ in points(again.plasma.lines[0].path)) == 1000


def test_when_the_drip_ends_is_not_told_either_until_it_was_counted() -> None:
    walk = moved()
    assert times_told(shown(seen(walk))) == {"drip_ends": False, "recovery_checks": False, "earliest_leaving": False}
    assert _coach(walk).left_min is None
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=1)
    assert times_told(shown(seen(walk))) == {"drip_ends": True, "recovery_checks": True, "earliest_leaving": True}
    assert _coach(walk).left_min is not None


def in_doubt(walk: Walk) -> None:
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))


@pytest.mark.parametrize(
    ("go", "after_min", "why"),
    [
        (lambda walk: None, 15, ""),
        (lambda walk: None, 16, "not_seen"),
        (lambda walk: walk.record(e.DropsCounted(drops=50, seconds=D(60))), 15, ""),
        (lambda walk: walk.record(e.DropsCounted(drops=50, seconds=D(60))), 16, "old"),
        (lambda walk: walk.record(e.StreamSeen()), 1, "stream"),
        (lambda walk: walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=30), 8, "unread"),
        (in_doubt, 1, "in_doubt"),
    ],
)
def test_a_forecast_is_not_shown_when_what_it_rests_on_is_old_or_in_doubt(
    go: Callable[[Walk], object], after_min: float, why: str
) -> None:
    """A count says nothing after 15 minutes (`SIGHT_GOOD_FOR_MIN`), and no more does what was set."""
    walk = infusing()
    go(walk)
    course = shown(seen(walk, at=walk.at + minutes(after_min))).course
    assert course is not None
    assert course.cut_by == why


def test_a_paused_drip_and_one_that_is_over_stand_still_and_their_way_down_is_shown() -> None:
    paused = infusing()
    paused.ask(c.PauseInfusion())
    doubtful = shown(seen(paused)).course
    paused.confirm()
    for walk in (paused, recovering()):
        course = shown(seen(walk, at=walk.at + minutes(20))).course
        assert course is not None
        assert course.cut_by == ""
        assert course.way_down
    assert doubtful is not None
    assert doubtful.cut_by == "in_doubt"


def test_what_was_drawn_before_does_not_stand_when_it_has_become_old() -> None:
    walk = infusing()
    before = shown(seen(walk))
    later = fill_later(seen(walk, at=walk.at + minutes(16)), before, course=before.course)
    assert later.course is not None
    assert later.course.cut_by == "not_seen"


def test_the_course_follows_the_bag_that_was_read() -> None:
    """After twenty minutes 50 mL should have gone; 80 left are 20 to 30 that went, 15 of them into the line."""
    walk = infusing()
    before = seen(walk, at=walk.at + timedelta(minutes=20))
    walk.record(e.BagRead(left_in_bag_ml=D(80)), after_min=20)
    after = seen(walk)
    levels = []
    for now in (before, after):
        assert now.drip is not None
        found = expected(now, now.drip)
        assert found is not None
        levels.append(np.array([line.plasma_ng_per_ml[20] for line in found.course.lines]))
    assert (levels[1] < 0.6 * levels[0]).all()


def _coach(walk: Walk) -> p.Coach:
    drip = shown(seen(walk)).drip
    assert drip is not None
    assert drip.coach is not None
    return drip.coach


def test_the_label_says_what_was_really_made_and_who_checked_it() -> None:
    label = shown(seen(ready())).label
    assert label is not None
    assert (label.drug_mg, label.final_volume_ml, label.strength_mg_per_ml) == (D(35), D(100), D("0.35"))
    assert (label.made_by, label.checked_by) == ("B. Osei", "D. Lind")


def test_usual_rates_are_settable_and_none_is_faster_than_ordered() -> None:
    rates = shown(seen(infusing())).rates
    assert [(step.rate_ml_per_h, step.drops_per_min) for step in rates] == [(D(150), 50), (D(111), 37), (D(75), 25)]


# --- the two ways


def test_before_the_drip_each_thing_is_open_until_it_is_done() -> None:
    before = {step.code: step for step in shown(seen(arrived())).before}
    assert [code for code, step in before.items() if step.is_met] == ["arrived"]
    assert before["preflight"].facts == {"answered": "0", "of": str(len(ITEMS))}
    assert [step.code for step in shown(seen(ready())).before if not step.is_met] == ["sound"]
    assert all(step.is_met for step in shown(replace(seen(ready()), can_be_heard=True)).before)
    assert shown(seen(infusing())).before == ()


def test_a_question_not_asked_is_not_answered_no() -> None:
    walk = arrived()
    walk.record(e.PreflightAnswered(item=PreflightItem.ALLERGIES, reply=Reply.PROBLEM, words="latex"))
    questions = {question.item: question for question in shown(seen(walk)).questions}
    asked, unasked = questions[PreflightItem.ALLERGIES], questions[PreflightItem.PREGNANCY]
    assert (asked.reply, asked.words, asked.by) == (Reply.PROBLEM, "latex", "B. Osei")
    assert unasked.reply is None
    assert shown(seen(walk, patient=replace(ALDER, allergies=None))).who.allergies is None


def test_an_ordered_antiemetic_is_a_step_until_it_was_given() -> None:
    order = replace(PLAN.order, antiemetic=Antiemetic(name="Ondansetron", dose_mg=D("4.0"), before_start=True))
    walk = arrived(replace(PLAN, order=order))
    step = next(step for step in shown(seen(walk)).before if step.code == "antiemetic")
    assert (step.is_met, step.facts) == (False, {"name": "Ondansetron", "dose_mg": "4"})
    given = {"name": "ondansetron", "amount": D(4), "unit": "mg", "route": "iv", "reason": "ordered"}
    walk.record(e.MedicineGiven(before_start=True, **given))  # type: ignore[arg-type]
    assert next(step for step in shown(seen(walk)).before if step.code == "antiemetic").is_met


def test_going_home_shows_each_condition_and_what_only_each_door_asks() -> None:
    home = shown(seen(recovering())).home
    assert home is not None
    assert not any(step.is_met for step in home.steps if step.code in ("awake", "risk", "observation", "pressure"))
    shut = {door.door: set(door.shut_by) for door in home.doors}
    assert "effects_not_gone_twice" in shut[Door.WHEN_CLEAR]
    assert shut[Door.WITH_ADULT].isdisjoint({"adult_not_named", "no_witness", "must_not_drive"})
    assert home.next_check_at == recovering().at + minutes(
        5
    )  # the drip ended ten minutes ago, and nothing was measured
    assert home.left_out == ("pressure", "saturation", "breaths")


def test_a_check_that_is_too_old_is_said_with_its_time_and_what_to_do() -> None:
    walk = recovering()
    home = shown(seen(walk)).home
    assert home is not None
    assert home.steps[0] == p.Step(code="check", is_met=True, facts={"checked_at": walk.at.isoformat()})
    made_at, walk.at = walk.at, walk.at + minutes(16)
    home = shown(seen(walk)).home
    assert home is not None
    assert home.steps[0] == p.Step(code="check", is_met=False, act=Act.CHECK, facts={"checked_at": made_at.isoformat()})
    words = render_to_string("bedside/_step_words.html", {"step": home.steps[0]})
    assert words == f"The last check is from {made_at:%H:%M on %-d %B}; take one now"


def test_a_question_asked_again_stands_as_answered_last_and_not_as_written_down_last() -> None:
    walk = arrived()
    walk.record(e.PreflightAnswered(item=PreflightItem.PREGNANCY, reply=Reply.PROBLEM), after_min=4)
    earlier = walk.at - minutes(3)
    walk.ask(c.Record(fact=e.PreflightAnswered(item=PreflightItem.PREGNANCY, reply=Reply.FINE), occurred_at=earlier))
    questions = {question.item: question for question in shown(seen(walk)).questions}
    assert questions[PreflightItem.PREGNANCY].reply is Reply.PROBLEM


# --- what was done, what comes, what is offered


def test_lines_are_newest_first_and_a_corrected_one_stays_marked() -> None:
    walk = infusing()
    (read,) = walk.record(e.BagRead(left_in_bag_ml=D(45)))
    right = e.BagRead(left_in_bag_ml=D(54))
    mark, replacing = walk.ask(c.CorrectEntry(corrects_seq=read.seq, reason="misread", replacement=right))
    lines = shown(seen(walk)).log
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    by_seq = {line.seq: line for line in lines}
    assert by_seq[read.seq].is_struck
    assert by_seq[replacing.seq].corrects == read.seq
    assert not by_seq[mark.seq].is_struck
    assert not by_seq[mark.seq].may_correct


def test_what_was_written_late_says_so_once() -> None:
    walk = infusing()
    walk.at += minutes(20)
    note = c.Record(fact=e.NoteAdded(words="smiled"), occurred_at=walk.at - minutes(9), late_reason="hands full")
    _, late = walk.ask(note)
    lines = shown(seen(walk)).log
    assert (lines[0].seq, lines[0].is_late) == (late.seq, True)
    assert "RecordedLate" not in {line.kind for line in lines}


def test_what_comes_next_is_in_the_order_of_time_and_late_when_past() -> None:
    walk = infusing()
    things = shown(seen(walk, at=walk.at + minutes(11))).next
    assert [thing.at for thing in things] == sorted(thing.at for thing in things if thing.at)
    late = {thing.code for thing in things if thing.is_late}
    assert late == {"pressure", "watch", "saturation"}

    def beside_a_monitor(*readings: Sample) -> set[str]:
        next_ = shown(seen(walk, at=walk.at + minutes(11), monitor=EVERY_5_S, readings=readings)).next
        return {thing.code for thing in next_ if thing.is_late}

    of_probe = sent(Signal.SPO2_PERCENT, 97, walk.at)
    assert "saturation" not in beside_a_monitor(of_probe)
    assert "saturation" in beside_a_monitor(), "a cuff or an ECG alone"
    assert "saturation" in beside_a_monitor(of_probe._replace(validity=Validity.QUESTIONABLE))
    ends = next(thing for thing in things if thing.code == "drip_ends")
    assert ends.at is not None
    runs_out_at = walk.at - minutes(1) + minutes(34)  # 15 of the bag's 100 mL went into the line: 85 mL at 150 mL/h
    assert ends.at == pytest.approx(runs_out_at, abs=seconds(10))


def test_stop_is_offered_to_whoever_stands_there_from_when_a_bag_hangs_until_the_end() -> None:
    for walk, is_offered in ((arrived(), False), (ready(), True), (infusing(), True), (recovering(), False)):
        for roles in (frozenset({None}), frozenset({"nurse"}), frozenset({"prescriber"})):
            assert ("stop" in shown(seen(walk), roles).acts) is is_offered


def test_a_display_with_nobody_signed_in_offers_only_what_makes_it_safer() -> None:
    walk = infusing()
    walk.record(e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH), WATCH)
    assert shown(seen(walk), frozenset({None})).acts == {
        *("stop", "clamp-closed", "pause", "help", "pause-sound", "sound-back")
    }
    walk.record(e.HelpCalled())
    acts = shown(seen(walk), frozenset({None})).acts
    assert "help-step" in acts
    assert not {"help", "help-over", "medicine"} & acts
    walk.ask(c.SetRate(rate_ml_per_h=D(100)))
    assert "confirm" not in shown(seen(walk), frozenset({None})).acts
    walk.ask(c.StopInfusion())
    assert "confirm" in shown(seen(walk), frozenset({None})).acts


def test_after_a_stop_only_a_prescriber_is_offered_to_resume() -> None:
    walk = infusing()
    walk.ask(c.StopInfusion())
    walk.confirm()
    assert walk.state.status is Status.STOPPED
    assert "resume" not in shown(seen(walk)).acts
    assert "resume" in shown(seen(walk), PRESCRIBER).acts


@pytest.mark.parametrize("author", [BEN, DEE, ADA])
def test_no_act_is_offered_that_the_core_refuses_to_that_role_at_any_time(author: c.Author) -> None:
    """An offered act of one tap, asked at once, is refused for no reason of role or of state."""
    walk = infusing()
    roles = frozenset({author.role})
    one_tap = {
        "pause": c.PauseInfusion(),
        "stop": c.StopInfusion(),
        "help": c.Record(fact=e.HelpCalled()),
        "take-room": c.Record(fact=e.RoomTaken()),
        "stream-seen": c.Record(fact=e.StreamSeen()),
        "disturbed": c.Record(fact=e.DripDisturbed()),
    }
    for act in shown(seen(walk), roles).acts & one_tap.keys():
        walk.ask(one_tap[act], author)


def test_what_a_model_was_not_made_for_is_said_beside_the_curve() -> None:
    walk = infusing()
    usual = shown(seen(walk)).course
    older = shown(seen(walk, patient=replace(ALDER, born=date(1950, 5, 4)))).course
    assert usual is not None
    assert older is not None
    assert usual.beyond == ()
    assert [(each.field, len(each.titles), each.is_assumed) for each in older.beyond] == [("age_y", 3, True)]


def test_the_way_down_counts_from_the_end_of_the_bag_also_when_that_is_out_of_view() -> None:
    """10 mL/h is set as 3 drops/min, 9 mL/h; of 100 mL, 15 fill the line and 2.5 have run: 82.5 mL in 550 min."""
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(10)))
    walk.ask(c.ConfirmDone(intent_seq=walk.log[-1].seq))
    now = seen(walk)
    assert now.drip is not None
    found = expected(now, now.drip)
    assert found is not None
    assert found.stops_min == pytest.approx(550)
    assert found.drips[-1][1] == found.course.t_min[-1] == 120
    fan = shown(now).course
    assert fan is not None
    assert [each.models_min for each in fan.way_down if each.level_ng_per_ml == 100] == [None]


# --- advice


def test_a_step_that_two_pieces_of_advice_ask_for_has_one_button() -> None:
    """Frightened and sick at once: slower and pause stand by the first, and by the second once that is dismissed."""
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, anxious=8, nauseous=6))
    calmed = (Step.CALM, Step.SLOWER, Step.PAUSE)
    assert [each.steps for each in fill_advice(seen(walk)) if each.code != Code.RECOUNT] == [
        calmed,
        (Step.ASK_PRESCRIBER,),
    ]
    walk.record(e.AdviceDismissed(code=Code.FRIGHT, level=8))
    (sick,) = (each for each in fill_advice(seen(walk)) if each.code != Code.RECOUNT)
    assert sick.steps == (Step.ASK_PRESCRIBER, Step.SLOWER, Step.PAUSE)


def test_one_figure_is_no_reason_for_a_glance_and_a_minute_of_them_is() -> None:
    """Saturation of 93 to 94 % is the mildest level: the middle one of the last minute counts."""
    walk = infusing()
    at = walk.at + timedelta(minutes=5)

    def glanced(*values: int) -> bool:
        times = (at - timedelta(seconds=15 * back) for back in range(len(values)))
        readings = [sent(Signal.SPO2_PERCENT, value, when) for value, when in zip(values, times, strict=True)]
        now = seen(walk, at=at, monitor=replace(EVERY_5_S, last_heard_at=at), readings=readings[::-1])
        return Code.GLANCE in {each.code for each in fill_advice(now)}

    assert not glanced(94, 97, 97, 97)
    assert glanced(97, 94, 94, 94)
    assert glanced(94, 94, 94, 94, 97, 97, 97, 97, 97)
    assert not glanced(97, 97, 97, 97, 94, 94, 94, 94, 94)
