"""The dose given: an estimate, its evidence, and whether they fit."""

from __future__ import annotations

from stillroom.core.drip.given import Kind, given
from stillroom.core.drip.history import FlowCounted, FlowSettled, Happening, LevelRead, LineFlushed, StreamSeen
from tests.core.drip.drips import FLUID_LINE, STARTED, D, drip

STOPPED_AT_20 = FlowSettled(t_min=20, rate_ml_per_h=D(0))


def count(t_min: int, drops: int) -> FlowCounted:
    return FlowCounted(t_min=t_min, drops=drops, seconds=D(60))


def read(t_min: int, volume: int) -> LevelRead:
    return LevelRead(t_min=t_min, volume_ml=D(volume), tolerance_ml=D(5))


def ranges(*happenings: Happening, at_min: int = 20) -> dict[Kind, tuple[str, str, str]]:
    evidence = given(drip(STARTED, *happenings), at_min=at_min).evidence
    return {each.kind: (str(each.low_mg), str(each.likely_mg), str(each.high_mg)) for each in evidence}


def test_the_clock_alone_carries_the_tolerance_of_the_set() -> None:
    """20 min at 0.875 mg/min within a tenth (ISO 8536-4:2019, 7.8)."""
    assert ranges() == {Kind.CLOCK: ("15.75", "17.50", "19.25")}


def test_each_kind_of_evidence_is_a_fact_of_its_own() -> None:
    """Set at 50 drops/min and counted at 40 after 20 min: at least 39 in 60.2 s, 116.61 mL/h, less a tenth 104.95, so
    34.98 to 55 mL. Bag read at 56 mL, give or take 5: 39 to 49 mL are gone, and by the clock at least 45."""
    told = ranges(count(20, 40), read(20, 56))
    assert told[Kind.CLOCK] == ("15.75", "17.50", "19.25")
    assert told[Kind.DROPS] == ("12.24", "15.75", "19.25")
    assert told[Kind.BAG] == ("15.75", "17.15", "17.15")


def test_the_estimate_takes_from_each_what_it_can_exclude() -> None:
    whole = given(drip(STARTED, count(20, 40), read(20, 56)), at_min=20)
    assert (str(whole.low_mg), str(whole.likely_mg), str(whole.high_mg)) == ("13.65", "15.75", "17.15")
    assert whole.is_consistent


def test_evidence_that_cannot_be_reconciled_says_so() -> None:
    """By the clock 45 to 55 mL are gone, by the bag 5 to 15."""
    assert not given(drip(STARTED, read(20, 90)), at_min=20).is_consistent


def test_a_stream_is_at_most_what_the_bag_held() -> None:
    estimate = given(drip(STARTED, StreamSeen(t_min=20)), at_min=20)
    assert (estimate.low_mg, estimate.high_mg) == (0, 35)
    assert estimate.evidence[1].sightings == 1


def test_drug_in_the_line_is_not_given_until_it_is_flushed_in() -> None:
    history = drip(STARTED, FlowSettled(t_min=60, rate_ml_per_h=D(0)), line=FLUID_LINE)
    assert given(history, at_min=70).likely_mg == D("29.75")
    flush = LineFlushed(t_min=61, volume_ml=D(20), duration_min=D(2))
    flushed = drip(STARTED, FlowSettled(t_min=60, rate_ml_per_h=D(0)), flush, line=FLUID_LINE)
    assert given(flushed, at_min=70).low_mg == 35


def test_ranges_are_rounded_outwards() -> None:
    """A third of a minute at 0.875 mg/min, within a tenth: 0.2625 to 0.32083."""
    history = drip(STARTED, FlowSettled(t_min=D(1) / 3, rate_ml_per_h=D(0)))
    estimate = given(history, at_min=5)
    assert (str(estimate.low_mg), str(estimate.high_mg)) == ("0.26", "0.33")


def test_before_anything_ran_nothing_is_given() -> None:
    estimate = given(drip(), at_min=0)
    assert (estimate.low_mg, estimate.likely_mg, estimate.high_mg) == (0, 0, 0)
    assert [each.kind for each in estimate.evidence] == [Kind.CLOCK]
