"""Recovery scores: five items each, in a named version; one is reckoned; a threshold is the order's, and no door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.recovery import open_conditions
from stillroom.core.order import LeavingScore, Scale
from stillroom.core.safety.recovery_scales import SCALES, vital_signs_points
from tests.core.infusion.test_recovery import ALONE, GOOD, WITH_JO, cleared, shut_by
from tests.examples import BEN, PLAN, Walk, infusing

FULL = {scale: c.ScoreRecovery(scale=scale, points=dict.fromkeys(SCALES[scale].tapped, 2)) for scale in Scale}
WITH_PULSE = replace(GOOD, pulse_per_min=66)
ASKED = replace(PLAN.order, leaving_score=LeavingScore(scale=Scale.PADSS, at_least=9, times=2, apart_min=15))


def recovering(order: object = PLAN.order, check: e.RecoveryChecked = WITH_PULSE) -> Walk:
    walk = infusing(replace(PLAN, order=order))
    walk.ask(c.EndInfusion(left_in_bag_ml=0), after_min=40)
    walk.ask(c.CheckRecovery(check=check), after_min=30)
    return walk


# Chung, Chan, Ong 1995, table 1: within 20 % of before 2, 20 to 40 % 1, more 0.
@pytest.mark.parametrize(
    ("now", "before", "points"),
    [(120, 100, 2), (80, 100, 2), (121, 100, 1), (140, 100, 1), (60, 100, 1), (141, 100, 0), (59, 100, 0)],
)
def test_the_vital_signs_of_padss_are_twenty_and_forty_percent_off(now: int, before: int, points: int) -> None:
    assert vital_signs_points(((now, before),)) == points
    assert vital_signs_points(((100, 100), (now, before))) == points


@pytest.mark.parametrize("scale", Scale)
def test_a_score_is_five_items_of_ten_points_in_its_version(scale: Scale) -> None:
    walk = recovering()
    (entry,) = walk.ask(FULL[scale])
    assert isinstance(entry.fact, e.RecoveryScored)
    assert (len(entry.fact.items), entry.fact.total) == (5, 10)
    assert entry.fact.version == SCALES[scale].version
    assert "1995" in entry.fact.version


def test_the_reckoned_item_follows_from_the_pressure_and_not_from_a_tap() -> None:
    walk = recovering(check=replace(WITH_PULSE, sbp_mmhg=150, dbp_mmhg=90))  # 118/74 on arrival: 27 and 22 % above
    tapped = {**FULL[Scale.PADSS].points, "vital_signs": 2}
    (entry,) = walk.ask(replace(FULL[Scale.PADSS], points=tapped))
    assert isinstance(entry.fact, e.RecoveryScored)
    assert (entry.fact.items[0], entry.fact.total) == (e.Scored(item="vital_signs", points=1), 9)


def test_no_item_is_guessed() -> None:
    points = dict(FULL[Scale.MODIFIED_ALDRETE].points)
    del points["saturation"]
    with pytest.raises(Refused, match=r"score_not_complete.*saturation"):
        recovering().ask(replace(FULL[Scale.MODIFIED_ALDRETE], points=points))
    with pytest.raises(Refused, match="no_vitals_to_score"):
        recovering(check=GOOD).ask(FULL[Scale.PADSS])  # no pulse was taken
    with pytest.raises(Refused, match="no_vitals_to_score"):
        recovering().ask(FULL[Scale.PADSS], after_min=16)  # good for a quarter of an hour


def test_a_full_score_opens_no_door_by_itself() -> None:
    walk = recovering(check=replace(WITH_PULSE, oriented=False), order=ASKED)
    walk.ask(FULL[Scale.PADSS])
    assert {"not_awake_and_oriented", "line_not_out"} <= shut_by(walk, WITH_JO)


def test_an_order_that_asks_for_no_score_waits_for_none() -> None:
    walk = cleared()
    assert "score_not_reached" not in open_conditions(walk.state, at=walk.at)


def test_where_the_order_asks_the_score_is_reached_twice_and_far_enough_apart() -> None:
    walk = recovering(ASKED)
    assert "score_not_reached" in shut_by(walk, ALONE)
    walk.ask(FULL[Scale.PADSS])
    walk.ask(FULL[Scale.MODIFIED_ALDRETE])  # of another scale: says nothing here
    walk.ask(c.CheckRecovery(check=WITH_PULSE), after_min=14)
    walk.ask(FULL[Scale.PADSS])
    assert "score_not_reached" in shut_by(walk, ALONE)
    walk.ask(FULL[Scale.PADSS], after_min=1)
    assert "score_not_reached" not in shut_by(walk, ALONE)


def test_a_lower_score_between_starts_the_count_again() -> None:
    walk = recovering(ASKED)
    low = replace(FULL[Scale.PADSS], points={**FULL[Scale.PADSS].points, "walking_and_mind": 0})
    for asked, after_min in ((FULL[Scale.PADSS], 0), (low, 10), (FULL[Scale.PADSS], 5)):
        walk.ask(c.CheckRecovery(check=WITH_PULSE), BEN, after_min=after_min)
        walk.ask(asked)
    assert "score_not_reached" in shut_by(walk, ALONE)
