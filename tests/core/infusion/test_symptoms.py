"""From a look to the alarms it makes: symptoms beside a pressure, and a patient who pulls at the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import pressure_again_at
from stillroom.core.infusion.watching import noticed, watched_of
from stillroom.core.order import UNSIGNED_OBSERVATION
from tests.examples import ADA, BEN, ORDER, PLAN, VITALS, D, Walk, infusing, ready, recovering

CALM = e.PatientWatched(awake=e.Awake.ALERT, breaths_per_min=14)


def raised(walk: Walk) -> set[str]:
    facts = noticed(walk.state, walk.log, {}, None, at=walk.at)
    return {fact.condition for fact in facts if isinstance(fact, e.AlarmRaised)}


@pytest.mark.parametrize("symptom", e.Symptom)
def test_each_symptom_at_the_last_look_makes_a_risen_pressure_grave(symptom: e.Symptom) -> None:
    """Arrival was 118/74: a fifth over it is 141, and 88, which counts from 90 on (safety note 2.4, any threshold)."""
    walk = infusing()
    walk.record(replace(CALM, symptoms=(symptom,)), after_min=5)
    walk.record(replace(VITALS, sbp_mmhg=141, dbp_mmhg=90))
    assert "pressure_with_symptom" not in raised(walk)
    walk.record(replace(VITALS, sbp_mmhg=142, dbp_mmhg=90), after_min=1)
    assert "pressure_with_symptom" in raised(walk)
    walk.record(replace(CALM, awake=None, not_woken=True))
    assert "pressure_with_symptom" in raised(walk)  # who is not asked has said nothing
    walk.record(replace(CALM, symptoms=()))
    assert "pressure_with_symptom" not in raised(walk)


def test_it_is_so_in_recovery_too() -> None:
    walk = recovering()
    walk.record(replace(CALM, symptoms=(e.Symptom.HEADACHE,)))
    walk.record(replace(VITALS, sbp_mmhg=150, dbp_mmhg=80))
    assert "pressure_with_symptom" in raised(walk)
    check = e.RecoveryChecked(awake=e.Awake.ALERT, sbp_mmhg=150, dbp_mmhg=80)
    walk.ask(c.CheckRecovery(check=check), after_min=1)
    assert "pressure_with_symptom" in raised(walk)
    walk.ask(c.CheckRecovery(check=replace(check, symptoms=())), after_min=1)
    assert "pressure_with_symptom" not in raised(walk)
    walk.ask(c.CheckRecovery(check=replace(check, symptoms=(e.Symptom.CHEST_PAIN,))), after_min=1)
    assert "pressure_with_symptom" in raised(walk)


@pytest.mark.parametrize(("rise_percent", "levels"), [(10, (140, 90)), (20, (141, 90)), (50, (160, 100))])
def test_the_lower_of_the_orders_share_and_level_counts_from_140_over_90_on(
    rise_percent: int, levels: tuple[int, int]
) -> None:
    own = replace(UNSIGNED_OBSERVATION, pressure_rise_percent=rise_percent, baseline_sets=1, baseline_is_whole=False)
    walk = infusing(replace(PLAN, order=replace(ORDER, observation=own)))
    watched = watched_of(walk.state, walk.log, {}, None, at=walk.at)
    assert watched is not None
    assert (watched.symptom_sbp_mmhg, watched.symptom_dbp_mmhg) == levels


def test_who_pulls_at_the_line_is_called_out_while_a_drip_is_there_to_pull_at() -> None:
    walk = infusing()
    walk.record(replace(CALM, pulls_at_line=True), after_min=5)
    assert raised(walk) == {"line_endangered"}
    walk.record(CALM)
    assert raised(walk) == {"line_endangered"}  # a look that does not say ends nothing
    walk.ask(c.EndInfusion(left_in_bag_ml=D(10)))
    assert "line_endangered" in raised(walk)
    walk.record(e.LineRemoved())
    assert "line_endangered" not in raised(walk)


def test_a_pressure_that_is_not_measured_beside_a_symptom_is_called_out() -> None:
    for walk in (infusing(), recovering()):
        walk.record(replace(CALM, symptoms=(e.Symptom.CHEST_PAIN,)), after_min=1)
        assert "pressure_overdue" not in raised(walk)
        walk.at += timedelta(minutes=2)
        assert "pressure_overdue" in raised(walk)
        walk.record(VITALS)
        assert "pressure_overdue" not in raised(walk)


def test_no_level_is_above_the_limit_by_which_somebody_is_called() -> None:
    """No such order is signed any more; one that was keeps nobody from being called."""
    wide = replace(UNSIGNED_OBSERVATION, sbp_glance_high_mmhg=260, dbp_glance_high_mmhg=150, pressure_rise_percent=100)
    walk = infusing()
    assert walk.state.planned is not None
    planned = replace(walk.state.planned, order=replace(ORDER, observation=wide))
    watched = watched_of(replace(walk.state, planned=planned), walk.log, {}, None, at=walk.at)
    assert watched is not None
    assert (watched.symptom_sbp_mmhg, watched.symptom_dbp_mmhg) == (180, 110)


def test_a_pressure_is_asked_for_at_once_beside_a_symptom_until_one_is_measured() -> None:
    walk = infusing()
    begun = walk.at
    walk.record(replace(CALM, symptoms=(e.Symptom.CHEST_PAIN,)), after_min=4)
    asked_at = walk.at
    assert pressure_again_at(walk.state, measured_at=begun) == asked_at
    assert pressure_again_at(walk.state, measured_at=asked_at) == asked_at + timedelta(minutes=10)


def test_who_has_chest_pain_before_the_start_is_a_prescribers_to_decide() -> None:
    walk = ready()
    walk.record(replace(CALM, symptoms=(e.Symptom.CHEST_PAIN,)))
    with pytest.raises(Refused, match="symptom_before_start"):
        walk.ask(c.StartInfusion(), BEN)
    walk.ask(c.StartInfusion(reason="known, of the ribs"), ADA)


def test_what_is_seen_while_a_start_is_in_doubt_is_not_from_before_it() -> None:
    walk = ready()
    walk.record(replace(CALM, detached=1))
    walk.ask(c.StartInfusion())
    walk.record(replace(CALM, detached=8), after_min=10)
    walk.record(replace(VITALS, sbp_mmhg=165, dbp_mmhg=99))
    walk.confirm()
    assert walk.state.baseline_look is not None
    assert walk.state.baseline_look.fact.detached == 1
    assert walk.state.arrival_vitals is not None
    assert walk.state.arrival_vitals.fact.sbp_mmhg == 118
    assert walk.state.symptoms == ()
