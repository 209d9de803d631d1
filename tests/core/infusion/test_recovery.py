from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.recovery import open_conditions
from stillroom.core.infusion.state import Seen, Status
from stillroom.core.infusion.upcast import upcast
from stillroom.core.order import Door, Order
from tests.examples import ADA, BEN, DEE, PLAN, WATCH, Walk, an_id, infusing, recovering

GOOD = e.RecoveryChecked(
    awake=e.Awake.ALERT,
    oriented=True,
    breathing_steady=True,
    on_room_air=True,
    on_feet=e.OnFeet.WITH_HELP,
    vomiting=False,
    effects_gone=True,
    sbp_mmhg=124,
    dbp_mmhg=78,
    spo2_percent=97,
)
WITH_JO = c.SendHome(
    door=Door.WITH_ADULT,
    travels_by="car",
    drives=False,
    witness=an_id("dee"),
    adult_name="Jo",
    adult_relation="sister",
    adult_phone="555 0100",
)
ALONE = c.SendHome(door=Door.WHEN_CLEAR, travels_by="tram", drives=False)


def cleared(check: e.RecoveryChecked = GOOD, *, leave_out: str = "") -> Walk:
    """Two good checks a quarter of an hour apart, an hour after the drip; line out, risk settled, told."""
    walk = recovering()
    walk.ask(c.CheckRecovery(check=check), after_min=45)
    walk.ask(c.CheckRecovery(check=check), after_min=15)
    done = {
        "line_not_out": e.LineRemoved(),
        "risk_not_settled": e.RiskSettled(outcome=e.Risk.NO_CONCERN),
        "instructions_not_given": e.InstructionsGiven(),
    }
    for code, fact in done.items():
        if code != leave_out:
            walk.record(fact)
    return walk


def shut_by(walk: Walk, command: c.SendHome) -> set[str]:
    with pytest.raises(Refused) as refused:
        walk.ask(command, BEN)
    return {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize("door", [WITH_JO, ALONE])
def test_each_door_opens_when_every_condition_is_met(door: c.SendHome) -> None:
    walk = cleared()
    walk.ask(door, BEN)
    assert walk.state.status is Status.GONE_HOME


def late(walk: Walk, check: e.RecoveryChecked, *, min_ago: float) -> e.Logged:
    """Written down now, of a check made so long ago."""
    then = walk.at - timedelta(minutes=min_ago)
    return walk.ask(c.CheckRecovery(check=check, occurred_at=then, late_reason="hands were full"))[-1]


def ordered(walk: Walk, order: Order) -> Walk:
    """The same walk under another order."""
    planned = walk.log[0]
    assert isinstance(planned.fact, e.InfusionPlanned)
    walk.log[0] = replace(planned, fact=replace(planned.fact, order=order))
    return walk


def test_a_good_check_entered_late_does_not_take_the_place_of_a_newer_one() -> None:
    walk = cleared()
    walk.ask(c.CheckRecovery(check=replace(GOOD, vomiting=True)), after_min=5)
    walk.at += timedelta(minutes=2)
    late(walk, GOOD, min_ago=22)
    assert shut_by(walk, WITH_JO) == {"vomiting"}
    assert shut_by(walk, ALONE) == {"vomiting", "effects_not_gone_twice"}


def test_a_bad_check_entered_late_does_not_shut_a_door_that_a_newer_one_opened() -> None:
    walk = cleared()
    late(walk, replace(GOOD, vomiting=True), min_ago=8)
    walk.ask(WITH_JO)


def test_of_two_checks_of_one_moment_the_one_written_down_later_counts() -> None:
    walk = cleared()
    walk.ask(c.CheckRecovery(check=replace(GOOD, vomiting=True)))
    assert shut_by(walk, WITH_JO) == {"vomiting"}


@pytest.mark.parametrize(("min_ago", "is_between"), [(8, True), (30, False)])
def test_an_effect_entered_late_counts_where_it_was_felt(min_ago: float, is_between: bool) -> None:
    """Between the two clear checks it starts the count again; before both it says nothing."""
    walk = cleared()
    late(walk, replace(GOOD, effects_gone=False), min_ago=min_ago)
    if is_between:
        assert shut_by(walk, ALONE) == {"effects_not_gone_twice"}
        return
    walk.ask(ALONE)


def test_a_corrected_check_stands_where_the_wrong_one_stood_or_at_the_time_that_was_put_right() -> None:
    walk = cleared()
    first, last = (each for each in walk.log if each.fact == GOOD)
    sick = replace(GOOD, vomiting=True)
    walk.ask(c.CorrectEntry(corrects_seq=first.seq, reason="was sick then", replacement=sick))
    assert [each.fact for each in walk.state.checks[-2:]] == [sick, GOOD]
    earlier = first.occurred_at - timedelta(minutes=1)
    slip = c.CorrectEntry(corrects_seq=last.seq, reason="read the clock wrong", replacement=GOOD, occurred_at=earlier)
    walk.ask(slip)
    assert "vomiting" in shut_by(walk, WITH_JO)
    walk.ask(c.CorrectEntry(corrects_seq=walk.state.checks[-1].seq, reason="of another patient"))
    assert "vomiting" not in shut_by(walk, WITH_JO)


def test_a_check_is_good_for_as_long_as_the_order_says_at_either_door() -> None:
    walk = cleared()
    walk.at += timedelta(minutes=16)
    assert shut_by(walk, WITH_JO) == {"no_recent_check"} == shut_by(walk, ALONE)
    intervals = replace(PLAN.order.intervals, vitals_good_for_min=16)
    ordered(walk, replace(PLAN.order, intervals=intervals)).ask(WITH_JO)


def test_a_good_check_just_after_the_end_opens_no_door_when_the_hour_is_over() -> None:
    walk = cleared()
    made = [each for each in walk.log if each.fact == GOOD]
    walk.log = [each for each in walk.log if each not in made[1:]]
    walk.log = [
        replace(each, occurred_at=walk.at - timedelta(minutes=55)) if each in made else each for each in walk.log
    ]
    with pytest.raises(Refused) as refused:
        walk.ask(WITH_JO)
    (finding,) = refused.value.findings
    assert (finding.code, finding.facts["checked_at"]) == (
        "no_recent_check",
        walk.state.checks[-1].occurred_at.isoformat(),
    )
    walk.ask(c.CheckRecovery(check=GOOD))
    walk.ask(WITH_JO)


def test_who_left_while_the_check_was_good_is_written_down_as_gone_then() -> None:
    walk = cleared()
    left_at = walk.at + timedelta(minutes=10)
    walk.at += timedelta(minutes=50)
    walk.ask(replace(WITH_JO, occurred_at=left_at, late_reason="saw them out"))
    assert walk.state.gone_at == left_at


def test_without_a_check_none_is_recent() -> None:
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=0), after_min=40)
    assert not open_conditions(walk.state, at=walk.at)["no_recent_check"]


def test_a_line_placed_after_the_one_that_came_out_is_still_in() -> None:
    walk = cleared(leave_out="line_not_out")
    out_at = walk.at - timedelta(minutes=2)
    walk.record(e.LinePlaced(site="right forearm"))
    walk.ask(c.Record(fact=e.LineRemoved(), occurred_at=out_at))
    walk.ask(c.Record(fact=e.LinePlaced(site="left hand"), occurred_at=out_at))
    assert walk.state.line is not None
    assert walk.state.line.fact.site == "right forearm"
    assert shut_by(walk, WITH_JO) == {"line_not_out"}
    walk.record(e.LineRemoved())
    walk.ask(WITH_JO)


def test_to_hospital_no_door_is_asked_and_nothing_more_is_called_out() -> None:
    """The line may stay in, nobody looked, nothing is settled: none of it may keep an ambulance waiting."""
    walk = recovering()
    walk.record(e.HelpCalled())
    walk.record(e.TakenToHospital(where="St Anna", line_stays=True, reason="did not wake"))
    assert walk.state.status is Status.TO_HOSPITAL
    assert walk.state.help_called_at is None
    assert walk.state.went_home is None


def test_while_a_drip_may_run_nobody_has_left() -> None:
    walk = infusing()
    with pytest.raises(Refused):
        walk.record(e.TakenToHospital(where="St Anna", line_stays=True, reason="did not wake"))


@pytest.mark.parametrize("code", ["line_not_out", "risk_not_settled", "instructions_not_given"])
def test_what_was_not_done_keeps_both_doors_shut(code: str) -> None:
    walk = cleared(leave_out=code)
    assert shut_by(walk, WITH_JO) == {code} == shut_by(walk, ALONE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"awake": e.Awake.DROWSY}, "not_awake_and_oriented"),
        ({"oriented": None}, "not_awake_and_oriented"),
        ({"breathing_steady": None}, "breathing_not_steady"),
        ({"spo2_percent": 91}, "saturation_not_steady"),
        ({"spo2_percent": None}, "saturation_not_steady"),
        ({"oxygen_l_per_min": 2}, "saturation_not_steady"),
        ({"on_room_air": None}, "saturation_not_steady"),
        ({"on_room_air": False}, "saturation_not_steady"),
        ({"breaths_per_min": 9}, "breathing_not_steady"),
        ({"symptoms": (e.Symptom.CHEST_PAIN,)}, "symptom_now"),
        ({"sbp_mmhg": 142}, "pressure_not_near_arrival"),
        ({"sbp_mmhg": None, "dbp_mmhg": None}, "pressure_not_near_arrival"),
        ({"vomiting": True}, "vomiting"),
        ({"vomiting": None}, "vomiting"),
        ({"on_feet": e.OnFeet.UNSTEADY}, "not_safe_on_feet"),
        ({"on_feet": None}, "not_safe_on_feet"),
    ],
)
def test_what_was_not_seen_to_be_good_keeps_the_door_shut(change: dict[str, Any], code: str) -> None:
    assert code in shut_by(cleared(replace(GOOD, **change)), WITH_JO)


def test_a_prescriber_may_accept_a_pressure_for_the_check_it_was_written_about() -> None:
    walk = cleared(replace(GOOD, sbp_mmhg=150))
    walk.record(e.PressureAccepted(reason="usual for her, no symptoms"), ADA)
    walk.ask(c.CheckRecovery(check=replace(GOOD, sbp_mmhg=165)))
    assert shut_by(walk, WITH_JO) == {"pressure_not_near_arrival"}
    walk.record(e.PressureAccepted(reason="seen, cuff too small"), ADA)
    walk.ask(WITH_JO)


def test_a_note_about_an_earlier_pressure_entered_late_accepts_no_later_one() -> None:
    walk = cleared(replace(GOOD, sbp_mmhg=150))
    walk.ask(c.CheckRecovery(check=replace(GOOD, sbp_mmhg=170)), after_min=10)
    then = walk.at - timedelta(minutes=5)
    walk.ask(c.Record(fact=e.PressureAccepted(reason="usual for her"), occurred_at=then), ADA)
    assert shut_by(walk, WITH_JO) == {"pressure_not_near_arrival"}


def test_no_clock_opens_a_door() -> None:
    walk = recovering()
    assert "not_awake_and_oriented" in shut_by(walk, WITH_JO)
    walk.at = walk.at.replace(day=walk.at.day + 1)
    assert "not_awake_and_oriented" in shut_by(walk, WITH_JO)


def test_the_time_of_observation_keeps_it_shut() -> None:
    walk = recovering()
    walk.ask(c.CheckRecovery(check=GOOD), after_min=20)
    assert "observation_not_over" in shut_by(walk, WITH_JO)


@pytest.mark.parametrize("missing", ["adult_name", "adult_relation", "adult_phone"])
def test_the_adult_is_named(missing: str) -> None:
    assert shut_by(cleared(), replace(WITH_JO, **{missing: ""})) == {"adult_not_named"}


def test_somebody_else_witnesses() -> None:
    walk = cleared()
    assert shut_by(walk, replace(WITH_JO, witness=None)) == {"no_witness"}
    assert shut_by(walk, replace(WITH_JO, witness=an_id("ben"))) == {"witness_is_the_author"}
    walk.ask(replace(WITH_JO, witness=an_id("dee")))
    assert DEE.person == an_id("dee")


def test_alone_needs_two_clear_checks_some_minutes_apart() -> None:
    walk = recovering()
    walk.ask(c.CheckRecovery(check=GOOD), after_min=50)
    for fact in (e.LineRemoved(), e.RiskSettled(outcome=e.Risk.NO_CONCERN), e.InstructionsGiven()):
        walk.record(fact)
    assert shut_by(walk, ALONE) == {"effects_not_gone_twice"}
    walk.ask(c.CheckRecovery(check=GOOD), after_min=14)
    assert shut_by(walk, ALONE) == {"effects_not_gone_twice"}
    walk.ask(c.CheckRecovery(check=GOOD), after_min=1)
    walk.ask(ALONE)


def test_an_effect_that_came_back_starts_the_count_again() -> None:
    walk = cleared()
    walk.ask(c.CheckRecovery(check=replace(GOOD, effects_gone=False)))
    walk.ask(c.CheckRecovery(check=GOOD), after_min=5)
    assert shut_by(walk, ALONE) == {"effects_not_gone_twice"}


@pytest.mark.parametrize("door", [WITH_JO, ALONE])
def test_nobody_drives_by_either_door(door: c.SendHome) -> None:
    assert shut_by(cleared(), replace(door, drives=True)) == {"must_not_drive"}


def test_a_door_the_order_does_not_offer_stays_shut() -> None:
    walk = ordered(cleared(), replace(PLAN.order, doors=(Door.WITH_ADULT,)))
    assert shut_by(walk, ALONE) == {"door_not_offered"}


FAR = replace(GOOD, effects_gone=False)


@pytest.mark.parametrize(
    ("before", "check", "is_back"),
    [
        (None, replace(FAR, detached=0), True),
        (None, replace(FAR, detached=1), False),
        (2, replace(FAR, detached=2), True),
        (2, replace(FAR, detached=3), False),
        (None, FAR, False),
        (None, GOOD, True),
        (None, replace(GOOD, detached=9), False),  # both said: the worse is believed
        (9, replace(GOOD, detached=9), True),
    ],
)
def test_neither_door_opens_while_they_are_more_detached_than_before_the_start(
    before: int | None, check: e.RecoveryChecked, is_back: bool
) -> None:
    """safety note 2.6: dissociation back to base."""
    walk = cleared(check)
    look = e.PatientWatched(awake=e.Awake.ALERT, detached=before)
    seen = Seen(seq=1, occurred_at=walk.at, by=BEN.by, fact=look)
    state = replace(walk.state, baseline_look=seen)
    assert open_conditions(state, at=walk.at)["detachment_not_back"] is is_back


def test_an_adult_takes_nobody_home_who_is_more_detached_than_before() -> None:
    assert shut_by(cleared(replace(FAR, detached=4)), WITH_JO) == {"detachment_not_back"}


def test_an_order_may_leave_detachment_out_and_say_how_near_a_pressure_is() -> None:
    walk = cleared(replace(FAR, sbp_mmhg=147))  # 25 % over 118
    planned = walk.state.planned
    assert planned is not None
    assert planned.order.observation is not None
    less = replace(planned.order.observation, detached_back_to_base=False, pressure_within_percent=25)
    state = replace(walk.state, planned=replace(planned, order=replace(planned.order, observation=less)))
    found = open_conditions(state, at=walk.at)
    assert "detachment_not_back" not in found
    assert found["pressure_not_near_arrival"]
    assert not open_conditions(walk.state, at=walk.at)["pressure_not_near_arrival"]


WELL = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=120, dbp_mmhg=76, spo2_percent=98, resp_per_min=14)
HIGH = e.AlarmRaised(condition="sbp_grave_high", priority=e.Priority.HIGH)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (e.PatientWatched(awake=e.Awake.NOT_ROUSED), "not_awake_and_oriented"),
        (e.PatientWatched(awake=e.Awake.DROWSY), "not_awake_and_oriented"),
        (e.PatientWatched(awake=e.Awake.ALERT, breaths_per_min=4), "breathing_not_steady"),
        (e.PatientWatched(awake=e.Awake.ALERT, oxygen_l_per_min=2), "saturation_not_steady"),
        (e.PatientWatched(awake=e.Awake.ALERT, symptoms=(e.Symptom.HEADACHE,)), "symptom_now"),
        (replace(WELL, spo2_percent=82), "saturation_not_steady"),
        (replace(WELL, resp_per_min=4), "breathing_not_steady"),
        (replace(WELL, sbp_mmhg=225, dbp_mmhg=130), "pressure_not_near_arrival"),
        (HIGH, "high_alarm_open"),
        (e.HelpCalled(), "help_is_called"),
    ],
)
def test_what_is_seen_after_a_good_check_shuts_both_doors(seen: e.Fact, code: str) -> None:
    walk = cleared()
    walk.record(seen, WATCH if seen is HIGH else BEN, after_min=1)
    assert shut_by(walk, WITH_JO) == {code} == shut_by(walk, ALONE)


def test_a_later_set_that_does_not_say_it_hides_no_saturation_and_one_that_does_opens_the_door() -> None:
    walk = cleared()
    walk.record(replace(WELL, spo2_percent=82), after_min=1)
    walk.record(replace(WELL, spo2_percent=None), after_min=1)
    assert shut_by(walk, WITH_JO) == {"saturation_not_steady"}
    walk.record(WELL, after_min=1)
    walk.ask(WITH_JO)


def test_what_was_measured_before_the_last_check_does_not_stand_for_what_it_left_out() -> None:
    walk = cleared()
    walk.record(WELL, after_min=1)
    walk.ask(c.CheckRecovery(check=replace(GOOD, spo2_percent=None, sbp_mmhg=None, dbp_mmhg=None)), after_min=1)
    assert shut_by(walk, WITH_JO) == {"saturation_not_steady", "pressure_not_near_arrival"}


def test_a_good_check_after_a_bad_look_opens_the_door() -> None:
    walk = cleared()
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=8), after_min=1)
    walk.ask(c.CheckRecovery(check=replace(GOOD, breaths_per_min=12)), after_min=1)
    walk.ask(WITH_JO)


def test_a_symptom_shuts_the_door_until_a_look_that_asks_finds_none() -> None:
    walk = cleared(replace(GOOD, symptoms=(e.Symptom.CHEST_PAIN,)))
    walk.ask(c.CheckRecovery(check=GOOD), after_min=5)
    with pytest.raises(Refused) as refused:
        walk.ask(WITH_JO)
    (finding,) = refused.value.findings
    assert (finding.code, finding.facts["symptoms"]) == ("symptom_now", "chest_pain")
    walk.ask(c.CheckRecovery(check=replace(GOOD, symptoms=())))
    walk.ask(WITH_JO)


def test_a_high_alarm_shuts_the_door_until_it_has_passed_and_seeing_it_is_not_enough() -> None:
    walk = cleared()
    walk.record(HIGH, WATCH)
    walk.record(e.AlarmRaised(condition="check_overdue", priority=e.Priority.LOW), WATCH)
    walk.record(e.AlarmAcknowledged(condition="sbp_grave_high"))
    with pytest.raises(Refused) as refused:
        walk.ask(WITH_JO)
    (finding,) = refused.value.findings
    assert (finding.code, finding.facts["conditions"]) == ("high_alarm_open", "sbp_grave_high")
    walk.record(e.AlarmCleared(condition="sbp_grave_high"), WATCH)
    walk.ask(WITH_JO)


def test_nobody_goes_home_before_help_is_over() -> None:
    walk = cleared()
    walk.record(e.HelpCalled())
    assert shut_by(walk, WITH_JO) == {"help_is_called"}
    walk.record(e.HelpEnded())
    walk.ask(WITH_JO)


OXYGEN = e.MedicineGiven(
    name="oxygen", amount=8, unit="L/min", route="inhaled", reason="Help was called", before_start=False
)


@pytest.mark.parametrize("name", ["oxygen", "Sauerstoff"])
def test_oxygen_goes_on_until_a_check_says_room_air(name: str) -> None:
    """Tapped at a call for help and never ended: a saturation on it opens no door."""
    walk = cleared()
    walk.record(replace(OXYGEN, name=name), after_min=1)
    assert shut_by(walk, WITH_JO) == {"saturation_not_steady"} == shut_by(walk, ALONE)
    walk.ask(c.CheckRecovery(check=replace(GOOD, on_room_air=None)), after_min=1)
    assert shut_by(walk, WITH_JO) == {"saturation_not_steady"}
    walk.ask(c.CheckRecovery(check=GOOD), after_min=1)
    walk.ask(WITH_JO)


def test_a_look_that_says_nothing_of_oxygen_does_not_end_what_an_earlier_look_saw() -> None:
    walk = cleared()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, oxygen_l_per_min=3), after_min=1)
    walk.record(e.PatientWatched(awake=e.Awake.ALERT), after_min=1)
    assert shut_by(walk, WITH_JO) == {"saturation_not_steady"}
    walk.ask(c.CheckRecovery(check=GOOD), after_min=1)
    walk.ask(WITH_JO)


def test_a_look_typed_for_the_minute_of_a_check_and_written_after_it_is_the_later() -> None:
    walk = cleared()
    walk.at = walk.at.replace(second=40)
    walk.ask(c.CheckRecovery(check=GOOD))
    sleepy = c.Record(fact=e.PatientWatched(awake=e.Awake.NEEDS_TOUCH), occurred_at=walk.at.replace(second=0))
    walk.at += timedelta(seconds=20)
    walk.ask(sleepy)
    assert "not_awake_and_oriented" in shut_by(walk, WITH_JO)


def test_oxygen_written_down_late_is_over_by_a_check_that_came_after_it() -> None:
    walk = cleared()
    then = walk.at - timedelta(minutes=5)
    walk.ask(c.Record(fact=OXYGEN, occurred_at=then))
    walk.ask(WITH_JO)


def test_of_an_earlier_release_an_empty_field_does_not_say_room_air() -> None:
    stored = {"awake": "alert", "oxygen_l_per_min": None}
    added = {"on_room_air": None, "breaths_per_min": None, "anxious": None, "nauseous": None}
    assert upcast("RecoveryChecked", 3, stored) == stored | added
    assert upcast("RecoveryChecked", 3, stored | {"oxygen_l_per_min": "2"})["on_room_air"] is False
    assert upcast("RecoveryChecked", 3, stored | {"oxygen_l_per_min": "0"})["on_room_air"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"awake": e.Awake.DROWSY},
        {"oriented": False},
        {"breathing_steady": None},
        {"on_room_air": None},
        {"oxygen_l_per_min": 2},
        {"spo2_percent": 91},
        {"spo2_percent": None},
        {"sbp_mmhg": 142},
        {"vomiting": True},
        {"on_feet": e.OnFeet.UNSTEADY},
        {"detached": 1},
        {"symptoms": (e.Symptom.HEADACHE,)},
        {"effects_gone": False},
    ],
)
def test_alone_needs_all_that_a_check_asks_to_be_well_twice(change: dict[str, Any]) -> None:
    """facts: until repeated checks all pass twice some minutes apart."""
    walk = cleared(replace(GOOD, **change))
    walk.ask(c.CheckRecovery(check=replace(GOOD, symptoms=())), after_min=15)
    assert shut_by(walk, ALONE) == {"effects_not_gone_twice"}
    walk.ask(c.CheckRecovery(check=GOOD), after_min=15)
    walk.ask(ALONE)


def test_a_pressure_that_a_prescriber_accepts_now_is_not_held_against_the_check_before() -> None:
    walk = cleared(replace(GOOD, sbp_mmhg=150))
    walk.record(e.PressureAccepted(reason="usual for her"), ADA)
    walk.ask(ALONE)


def test_a_note_about_a_pressure_is_of_none_that_was_measured_after_it() -> None:
    walk = cleared(replace(GOOD, sbp_mmhg=150))
    walk.record(e.PressureAccepted(reason="usual for her, no symptoms"), ADA)
    walk.record(replace(WELL, sbp_mmhg=225, dbp_mmhg=130), after_min=1)
    assert shut_by(walk, WITH_JO) == {"pressure_not_near_arrival"}
    then = walk.at - timedelta(seconds=30)
    walk.ask(c.Record(fact=e.PressureAccepted(reason="usual for her"), occurred_at=then), ADA)
    assert shut_by(walk, WITH_JO) == {"pressure_not_near_arrival"}
