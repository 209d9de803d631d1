from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import Door
from tests.examples import ADA, BEN, DEE, PLAN, Walk, an_id, infusing, recovering

GOOD = e.RecoveryChecked(
    awake=e.Awake.ALERT,
    oriented=True,
    breathing_steady=True,
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


def test_alone_does_not_drive() -> None:
    assert shut_by(cleared(), replace(ALONE, drives=True)) == {"must_not_drive"}


def test_a_door_the_order_does_not_offer_stays_shut() -> None:
    order = replace(PLAN.order, doors=(Door.WITH_ADULT,))
    walk = cleared()
    planned = walk.log[0]
    assert isinstance(planned.fact, e.InfusionPlanned)
    walk.log[0] = replace(planned, fact=replace(planned.fact, order=order))
    assert shut_by(walk, ALONE) == {"door_not_offered"}
