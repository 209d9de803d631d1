"""What a forecast is told of an infusion: what the log says, and nothing that nobody asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.pharmacology.history import given_mg
from stillroom.infusions.ran import Ran, ran
from tests.examples import Walk, infusing, ready, recovering

BORN = date(1985, 5, 4)


def told(walk: Walk) -> Ran:
    found = ran(walk.log, born=BORN)
    assert found is not None
    return found


def watched(walk: Walk, detached: int | None, *, after_min: float) -> None:
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, detached=detached), after_min=after_min)


def test_what_was_never_begun_did_not_run() -> None:
    assert ran(ready().log, born=BORN) is None


def test_scores_stand_at_their_minutes_and_what_was_not_asked_is_no_score() -> None:
    walk = infusing()
    watched(walk, 3, after_min=10)
    watched(walk, None, after_min=5)
    watched(walk, 0, after_min=5)
    scores = told(walk).scores
    assert [score.detached for score in scores] == [3.0, 0.0]
    assert scores[1].t_min - scores[0].t_min == pytest.approx(10)


def test_a_score_that_was_struck_is_not_told() -> None:
    walk = infusing()
    watched(walk, 9, after_min=10)
    walk.ask(c.CorrectEntry(corrects_seq=walk.log[-1].seq, reason="Not this patient", replacement=None))
    assert told(walk).scores == ()


def test_what_reached_the_vein_is_told_and_no_more_than_the_bag_held() -> None:
    """35 mg ordered and drawn up, a line primed with drug: the bag empties into the vein."""
    found = told(recovering())
    assert given_mg(found.segments) <= 35
    assert given_mg(told(infusing()).segments) == pytest.approx(35 * 85 / 100, abs=1.0)  # 15 mL stay in the line


def test_age_is_that_of_the_day_and_weight_that_of_the_plan() -> None:
    found = told(infusing())
    assert found.body.weight_kg == 70
    assert 41 < found.body.age_y < 42
    assert found.ordered_mg_per_kg == Decimal("0.5")


def test_a_rise_is_over_the_last_set_before_the_start_and_needs_both() -> None:
    walk = infusing()  # 118/74, 66 before
    assert told(walk).rises == {}
    for sbp, dbp in ((131, 80), (127, 84)):
        walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=sbp, dbp_mmhg=dbp), after_min=5)
    assert told(walk).rises == {"sbp_mmhg": 131 - 118, "dbp_mmhg": 84 - 74}
