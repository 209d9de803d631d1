"""What is to be known before a start: two sets within a quarter of an hour, a whole look (safety note 2.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import UNSIGNED_OBSERVATION, Observation
from tests.examples import ORDER, PLAN, VITALS, Walk, infusing, ready

LOOK = e.PatientWatched(awake=e.Awake.ALERT, breaths_per_min=14, detached=0)


def made_ready(observation: Observation | None = UNSIGNED_OBSERVATION) -> Walk:
    """With one set, of this minute: pressure, pulse and saturation. By the template, unless it is said."""
    return ready(replace(PLAN, order=replace(ORDER, observation=observation)))


def missing(walk: Walk) -> dict[str, dict[str, str]]:
    with pytest.raises(Refused) as refused:
        walk.ask(c.StartInfusion())
    return {finding.code: dict(finding.facts) for finding in refused.value.findings}


def test_the_template_wants_two_sets_and_a_whole_look() -> None:
    found = missing(made_ready())
    assert found == {
        "baseline_sets_missing": {"taken": "1", "wanted": "2", "within_min": "15"},
        "baseline_not_whole": {"missing": "breaths awake detached", "within_min": "15"},
    }


def test_two_sets_and_a_whole_look_let_it_start() -> None:
    walk = made_ready()
    walk.record(LOOK)
    walk.record(VITALS, after_min=3)
    walk.ask(c.StartInfusion())
    walk.confirm()
    assert walk.state.status is Status.INFUSING


def test_two_sets_of_one_minute_are_one() -> None:
    walk = made_ready()
    walk.record(LOOK)
    walk.record(VITALS, after_min=0.5)
    assert missing(walk)["baseline_sets_missing"]["taken"] == "1"


@pytest.mark.parametrize(("after_min", "taken"), [(15, None), (16, "1")])
def test_sets_further_apart_than_they_stay_good_are_no_two(after_min: float, taken: str | None) -> None:
    walk = made_ready()
    walk.record(LOOK)
    walk.record(VITALS, after_min=after_min)
    if taken is None:
        walk.ask(c.StartInfusion())
    else:
        assert missing(walk)["baseline_sets_missing"]["taken"] == taken


def test_a_set_without_a_pressure_is_no_set() -> None:
    walk = made_ready()
    walk.record(LOOK)
    walk.record(replace(VITALS, sbp_mmhg=None, dbp_mmhg=None), after_min=2)
    assert missing(walk)["baseline_sets_missing"]["taken"] == "1"


@pytest.mark.parametrize(
    ("minutes", "said"), [(15, None), (16, "breaths awake detached"), (300, "breaths awake detached")]
)
def test_what_was_seen_longer_ago_than_vital_signs_stay_good_is_not_known(minutes: float, said: str | None) -> None:
    """Fifteen minutes in the order of the tests; a look of five hours ago let it start."""
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=1))
    walk.record(LOOK)
    walk.record(VITALS, after_min=minutes)
    if said is None:
        walk.ask(c.StartInfusion())
    else:
        assert missing(walk)["baseline_not_whole"] == {"missing": said, "within_min": "15"}


def test_of_a_whole_look_each_part_has_its_own_age() -> None:
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=1))
    walk.record(LOOK)
    walk.record(replace(VITALS, resp_per_min=13), after_min=10)
    walk.record(e.PatientWatched(awake=e.Awake.ALERT), after_min=2)
    walk.record(VITALS, after_min=5)
    assert missing(walk)["baseline_not_whole"]["missing"] == "detached"


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (replace(LOOK, breaths_per_min=None), "breaths"),
        (replace(LOOK, detached=None), "detached"),
        (replace(LOOK, awake=None, detached=None, not_woken=True), "awake detached"),
    ],
)
def test_each_thing_that_is_not_known_is_said_by_name(look: e.PatientWatched, said: str) -> None:
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=1))
    walk.record(look)
    assert missing(walk) == {"baseline_not_whole": {"missing": said, "within_min": "15"}}


def test_breaths_count_from_a_set_too_and_saturation_from_a_set_alone() -> None:
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=2))
    walk.record(replace(LOOK, breaths_per_min=None))
    walk.record(replace(VITALS, resp_per_min=13), after_min=2)
    walk.ask(c.StartInfusion())


@pytest.mark.parametrize(("pressure_after_min", "is_known"), [(None, True), (15, True), (16, False)])
def test_a_saturation_charted_alone_counts_for_as_long_as_a_set_does_and_is_none(
    pressure_after_min: float | None, is_known: bool
) -> None:
    walk = made_ready()
    (first,) = (entry for entry in walk.log if entry.fact == VITALS)
    without = replace(VITALS, spo2_percent=None)
    walk.ask(c.CorrectEntry(corrects_seq=first.seq, reason="of another patient", replacement=without))
    walk.record(LOOK)
    assert missing(walk)["baseline_not_whole"] == {"missing": "saturation", "within_min": "15"}
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=98), after_min=2)
    if pressure_after_min is not None:
        walk.record(without, after_min=pressure_after_min)
    walk.record(LOOK)
    found = missing(walk)
    assert found["baseline_sets_missing"]["taken"] == "1"
    assert ("baseline_not_whole" not in found) == is_known


def test_an_order_may_ask_for_less() -> None:
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=1, baseline_is_whole=False))
    walk.ask(c.StartInfusion())
    walk.confirm()
    assert walk.state.status is Status.INFUSING


def test_what_was_struck_was_not_taken() -> None:
    walk = made_ready()
    walk.record(LOOK)
    (again,) = walk.record(VITALS, after_min=2)
    walk.ask(c.CorrectEntry(corrects_seq=again.seq, reason="another patient's cuff"))
    assert missing(walk)["baseline_sets_missing"]["taken"] == "1"


def test_a_shorter_look_after_a_whole_one_takes_nothing_away() -> None:
    walk = made_ready(replace(UNSIGNED_OBSERVATION, baseline_sets=1))
    walk.record(LOOK)
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, line_site=e.LineSite.GOOD), after_min=1)
    walk.ask(c.StartInfusion())


def test_a_look_during_the_drip_is_no_baseline() -> None:
    walk = infusing()
    assert walk.state.baseline_look is None
    walk.record(replace(LOOK, detached=6), after_min=10)
    assert walk.state.baseline_look is None
    before = ready()
    before.record(LOOK)
    assert before.state.baseline_look is not None


def test_an_order_that_says_nothing_keeps_nobody_from_a_start() -> None:
    """What no clinician has signed asks for nothing that was not asked before."""
    made_ready(None).ask(c.StartInfusion())
