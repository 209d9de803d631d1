"""35 mg in 100 mL at 150 mL/h is 52.5 mg/h, 0.875 mg/min: a nurse's arithmetic, not ours."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from stillroom.core.drip import history as drip
from stillroom.core.drip.course import rates_reaching_patient
from stillroom.core.drip.given import given
from stillroom.core.drip.history import FlowSettled, History
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from tests.examples import BY_PUMP, Walk, arrived, infusing, ready

D = Decimal


def history(walk: Walk) -> History:
    known = drip_history(walk.log)
    assert known is not None
    return known


def likely_mg(walk: Walk) -> Decimal:
    start = start_of(walk.log)
    assert start is not None
    return given(history(walk), at_min=minutes_from(start, walk.at)).likely_mg


def test_before_a_start_there_is_no_drip() -> None:
    assert drip_history(arrived().log) is None
    assert drip_history(ready().log) is None


def test_a_start_counts_from_when_it_was_intended() -> None:
    walk = infusing()  # confirmed one minute after it was intended
    walk.at += timedelta(minutes=9)
    assert likely_mg(walk) == D("8.75")


def test_a_pause_in_doubt_runs_on_and_a_closed_clamp_does_not() -> None:
    walk = infusing()
    walk.ask(c.PauseInfusion(), after_min=4)
    walk.at += timedelta(minutes=5)
    assert likely_mg(walk) == D("8.75")
    walk.confirm()
    walk.at += timedelta(minutes=60)
    assert likely_mg(walk) == D("8.75")


def test_what_was_not_done_does_not_count() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(180)))
    walk.at += timedelta(minutes=9)
    in_doubt_mg = likely_mg(walk)
    walk.ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq))
    assert in_doubt_mg == D("10.32")  # a minute at 0.875 and nine at 1.05 mg/min are 10.325, told to a hundredth
    assert likely_mg(walk) == D("8.75")


def test_a_pause_recorded_late_counts_from_when_it_was() -> None:
    walk = infusing()
    walk.at += timedelta(minutes=20)
    paused_at = walk.at - timedelta(minutes=11)
    walk.ask(c.PauseInfusion(occurred_at=paused_at, late_reason="both hands at the patient"))
    walk.ask(c.ConfirmDone(intent_seq=walk.state.pending[-1].seq, occurred_at=paused_at))
    assert likely_mg(walk) == D("8.75")


def test_a_rate_put_right_changes_what_was_given() -> None:
    walk = infusing()
    (wrong,) = walk.ask(c.SetRate(rate_ml_per_h=D(120)))
    walk.confirm()
    walk.at += timedelta(minutes=10)
    before_mg = likely_mg(walk)
    right = e.RateIntended(rate_ml_per_h=D(60), drops_per_min=20)
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="20 drops, not 40", replacement=right))
    assert before_mg - likely_mg(walk) == D("3.5")  # ten minutes of 60 mL/h less, at 0.35 mg/mL


def test_the_rates_that_pharmacology_sees_end_with_the_bag() -> None:
    """A line of 15 mL primed with drug takes 15 mL from the bag: 85 mL at 2.5 mL/min run out after 34 min."""
    (segment,) = rates_reaching_patient(history(infusing()), until_min=60)
    assert (segment.start_min, segment.end_min) == pytest.approx((-1, 33))
    assert segment.rate_mg_per_min == pytest.approx(0.875)


def test_counts_readings_streams_and_flushes_are_evidence() -> None:
    walk = infusing()
    walk.record(e.DropsCounted(drops=50, seconds=D(60)), after_min=5)
    walk.record(e.BagRead(left_in_bag_ml=D(70)))
    walk.record(e.StreamSeen())
    walk.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=20)
    walk.record(e.LineFlushed(volume_ml=D(15), duration_min=D(2)))
    names = [type(each).__name__ for each in history(walk).happenings]
    assert names[-6:] == ["FlowCounted", "LevelRead", "StreamSeen", "FlowSettled", "LevelRead", "LineFlushed"]


def test_what_a_pump_shows_and_what_was_moved_is_known_to_the_drip() -> None:
    walk = infusing(BY_PUMP)
    walk.record(e.PumpRateRead(rate_ml_per_h=D("149.9")), after_min=5)
    walk.record(e.DripDisturbed(), after_min=1)
    assert history(walk).happenings[-2:] == (
        drip.FlowRead(t_min=Fraction(5), rate_ml_per_h=D("149.9")),
        drip.Moved(t_min=Fraction(6)),
    )


def test_a_confirmation_settles_what_was_meant_last_even_where_an_earlier_intent_was_put_right() -> None:
    """What is put right has the newest number, and yet stands where it stood: before the rate that was confirmed."""
    walk = infusing()
    (earlier,) = walk.ask(c.SetRate(rate_ml_per_h=D(120)), after_min=1)
    walk.ask(c.SetRate(rate_ml_per_h=D(90)), after_min=1)
    walk.confirm()
    right = e.RateIntended(rate_ml_per_h=D(132), drops_per_min=44)
    walk.ask(c.CorrectEntry(corrects_seq=earlier.seq, reason="44 drops, not 40", replacement=right))
    settled = [each.rate_ml_per_h for each in history(walk).happenings if isinstance(each, FlowSettled)]
    assert settled == [D(150), D(90)]
    assert walk.state.rate_ml_per_h == D(90)
