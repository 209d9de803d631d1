"""Where the drug is, worked out by hand: 35 mg in 100 mL, 150 mL/h, so 2.5 mL and 0.875 mg a minute."""

from __future__ import annotations

import pytest

from stillroom.core.drip.course import RateSegment, ledger, rates_reaching_patient
from stillroom.core.drip.history import BagHung, FlowSettled, History, LineFlushed
from stillroom.core.drip.line import Line, Priming
from tests.core.drip.drips import DRUG_LINE, FLUID_LINE, STARTED, TWENTY, D, drip

CLOSED_AT_40 = FlowSettled(t_min=40, rate_ml_per_h=D(0))
FLUSHED = LineFlushed(t_min=42, volume_ml=D(20), duration_min=D(2))


@pytest.mark.parametrize(
    ("at_min", "in_bag_mg", "in_line_mg", "reached_mg"),
    [
        ("-10", "0", "0", "0"),
        ("0", "35", "0", "0"),
        ("4", "31.5", "3.5", "0"),
        ("6", "29.75", "5.25", "0"),
        ("16", "21", "5.25", "8.75"),
        ("40", "0", "5.25", "29.75"),
        ("60", "0", "5.25", "29.75"),
    ],
)
def test_primed_with_fluid_the_drug_arrives_a_line_later(
    at_min: str, in_bag_mg: str, in_line_mg: str, reached_mg: str
) -> None:
    now = ledger(drip(STARTED, line=FLUID_LINE), at_min=D(at_min))
    assert (now.in_bag_mg, now.in_line_mg, now.reached_patient_mg) == (D(in_bag_mg), D(in_line_mg), D(reached_mg))


@pytest.mark.parametrize(
    ("at_min", "in_bag_mg", "in_line_mg", "reached_mg"),
    [
        ("-10", "0", "0", "0"),
        ("0", "29.75", "5.25", "0"),
        ("10", "21", "5.25", "8.75"),
        ("34", "0", "5.25", "29.75"),
        ("60", "0", "5.25", "29.75"),
    ],
)
def test_primed_with_drug_it_arrives_at_once_and_the_bag_is_empty_sooner(
    at_min: str, in_bag_mg: str, in_line_mg: str, reached_mg: str
) -> None:
    now = ledger(drip(STARTED, line=DRUG_LINE), at_min=D(at_min))
    assert (now.in_bag_mg, now.in_line_mg, now.reached_patient_mg) == (D(in_bag_mg), D(in_line_mg), D(reached_mg))


def test_the_patient_receives_what_the_line_lets_out_when_it_lets_it_out() -> None:
    """From minute 6 at 0.875 mg/min; nothing while the clamp is closed; 5.25 mg in 1.5 min by a flush of 10 mL/min."""
    history = drip(STARTED, CLOSED_AT_40, FLUSHED, line=FLUID_LINE)
    assert rates_reaching_patient(history, until_min=120) == (
        RateSegment(6.0, 40.0, 0.875),
        RateSegment(42.0, 43.5, 3.5),
    )


def test_a_flush_shorter_than_the_line_leaves_the_rest_in_it() -> None:
    flush = LineFlushed(t_min=42, volume_ml=D(6), duration_min=D(1))
    now = ledger(drip(STARTED, CLOSED_AT_40, flush, line=FLUID_LINE), at_min=60)
    assert (now.in_line_mg, now.reached_patient_mg) == (D("3.15"), D("31.85"))


def test_a_flush_while_the_drip_runs_pushes_faster_and_thins() -> None:
    """From minute 10, 2.5 mL/min of flush beside 2.5 mL/min of bag push the full line's 15 mL out in 3 min, at twice
    the rate; the 15 mL of half strength behind it then take 6 min to leave at the old speed."""
    flush = LineFlushed(t_min=10, volume_ml=D("7.5"), duration_min=D(3))
    assert rates_reaching_patient(drip(STARTED, flush, line=FLUID_LINE), until_min=25) == (
        RateSegment(6.0, 10.0, 0.875),
        RateSegment(10.0, 13.0, 1.75),
        RateSegment(13.0, 19.0, 0.4375),
        RateSegment(19.0, 25.0, 0.875),
    )


def test_a_second_bag_brings_its_own_strength_a_line_later() -> None:
    """The first bag keeps what is left in it; 6 min after the change the stronger fluid is at the vein."""
    second = BagHung(t_min=20, drug_mg=D(50), volume_ml=D(100))
    history = drip(STARTED, second, line=FLUID_LINE)
    now = ledger(history, at_min=36)
    assert now.held_mg == 85
    assert now.in_bag_mg == D("17.5") + 30
    assert (now.in_line_mg, now.bag_volume_ml) == (D("7.5"), 60)
    assert rates_reaching_patient(history, until_min=36) == (
        RateSegment(6.0, 26.0, 0.875),
        RateSegment(26.0, 36.0, 1.25),
    )


def test_only_the_first_bag_fills_the_line() -> None:
    """At minute 4 the first bag has given 15 mL to the line and 10 to the drip; the second then runs all its 40 min."""
    second = BagHung(t_min=4, drug_mg=D(50), volume_ml=D(100))
    history = drip(STARTED, second, line=DRUG_LINE)
    now = ledger(history, at_min=4)
    assert (now.bag_volume_ml, now.in_bag_mg) == (100, 75 * D("0.35") + 50)
    assert ledger(history, at_min=43).bag_volume_ml == D("2.5")


def test_no_flow_without_a_bag() -> None:
    history = History(
        line=DRUG_LINE, meter=TWENTY, happenings=(STARTED, BagHung(t_min=10, drug_mg=D(35), volume_ml=D(100)))
    )
    assert ledger(history, at_min=10).reached_patient_mg == 0
    assert rates_reaching_patient(history, until_min=20) == (RateSegment(10.0, 20.0, 0.875),)


def test_an_empty_history_is_empty() -> None:
    history = History(line=DRUG_LINE, meter=TWENTY, happenings=())
    assert rates_reaching_patient(history, until_min=60) == ()
    assert ledger(history, at_min=60).held_mg == 0


def test_a_line_larger_than_the_bag_takes_all_of_it() -> None:
    line = Line(volume_ml=D(200), primed_with=Priming.DRUG)
    now = ledger(drip(STARTED, line=line), at_min=60)
    assert (now.in_bag_mg, now.in_line_mg, now.reached_patient_mg) == (0, 35, 0)


def test_the_forecast_goes_on_as_is_until_the_bag_is_empty() -> None:
    (only,) = rates_reaching_patient(drip(STARTED), until_min=1000)
    assert only == RateSegment(0.0, 40.0, 0.875)


def test_ordered_is_not_given() -> None:
    """Ordered by the clock, left the bag, and reached the patient are three numbers."""
    now = ledger(drip(STARTED, line=FLUID_LINE), at_min=20)
    assert (now.ordered_mg, now.left_bag_mg, now.reached_patient_mg) == (D("17.5"), D("17.5"), D("12.25"))
