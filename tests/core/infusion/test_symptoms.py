"""From a look to the alarms it makes: symptoms beside a pressure, and a patient who pulls at the line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.watching import noticed, watched_of
from stillroom.core.order import UNSIGNED_OBSERVATION
from tests.examples import ORDER, PLAN, VITALS, D, Walk, infusing, recovering

CALM = e.PatientWatched(awake=e.Awake.ALERT, breaths_per_min=14)


def raised(walk: Walk) -> set[str]:
    facts = noticed(walk.state, walk.log, {}, None, at=walk.at)
    return {fact.condition for fact in facts if isinstance(fact, e.AlarmRaised)}


@pytest.mark.parametrize("symptom", e.Symptom)
def test_each_symptom_at_the_last_look_makes_a_risen_pressure_grave(symptom: e.Symptom) -> None:
    """Arrival was 118/74: a fifth over it is 141/88 (safety note 2.4, any threshold)."""
    walk = infusing()
    walk.record(replace(CALM, symptoms=(symptom,)), after_min=5)
    walk.record(replace(VITALS, sbp_mmhg=141, dbp_mmhg=88))
    assert "pressure_with_symptom" not in raised(walk)
    walk.record(replace(VITALS, sbp_mmhg=142, dbp_mmhg=88), after_min=1)
    assert "pressure_with_symptom" in raised(walk)
    walk.record(CALM)
    assert "pressure_with_symptom" not in raised(walk)


def test_it_is_so_in_recovery_too() -> None:
    walk = recovering()
    walk.record(replace(CALM, symptoms=(e.Symptom.HEADACHE,)))
    walk.record(replace(VITALS, sbp_mmhg=150, dbp_mmhg=80))
    assert "pressure_with_symptom" in raised(walk)


@pytest.mark.parametrize(("rise_percent", "levels"), [(10, (129, 81)), (20, (141, 88)), (50, (160, 100))])
def test_the_share_and_the_levels_are_the_orders_whichever_is_lower(rise_percent: int, levels: tuple[int, int]) -> None:
    own = replace(UNSIGNED_OBSERVATION, pressure_rise_percent=rise_percent, baseline_sets=1, baseline_is_whole=False)
    walk = infusing(replace(PLAN, order=replace(ORDER, observation=own)))
    watched = watched_of(walk.state, walk.log, {}, None, at=walk.at)
    assert watched is not None
    assert (watched.symptom_sbp_mmhg, watched.symptom_dbp_mmhg) == levels


def test_who_pulls_at_the_line_is_called_out_while_a_drip_is_there_to_pull_at() -> None:
    walk = infusing()
    walk.record(replace(CALM, pulls_at_line=True), after_min=5)
    assert raised(walk) == {"line_endangered"}
    walk.ask(c.EndInfusion(left_in_bag_ml=D(10)))
    assert "line_endangered" not in raised(walk)
