"""What a patient is told of an infusion, against a nurse's arithmetic."""

from __future__ import annotations

from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.report import InfusionReport, Pressure, report
from tests.examples import ADA, VITALS, Walk, arrived, infusing

D = Decimal


def told(walk: Walk) -> InfusionReport:
    found = report(walk.log, at=walk.at)
    assert found is not None
    return found


def test_it_says_dose_rate_and_length() -> None:
    """20 min at 150 mL/h of 0.35 mg/mL are 17.5 mg, and the minute in doubt before it 0.875: 18 mg, 0.26 mg/kg."""
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, nauseous=2), after_min=10)
    walk.ask(c.StopInfusion(), after_min=10)
    walk.confirm()
    found = told(walk)
    assert (found.given_mg, found.given_mg_per_kg) == (D(18), D("0.26"))
    assert (found.usual_rate_mg_per_kg_per_h, found.minutes) == (D("0.75"), 21)
    assert found.most_nauseous == 2
    assert found.signed == ()


def test_what_a_flush_brought_in_is_told_apart_since_no_rate_gave_it() -> None:
    """The line's 15 mL hold 0.35 mg/mL: 5.25 mg."""
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=40)
    before = told(walk)
    walk.record(e.LineFlushed(volume_ml=D(20), duration_min=D(2)), after_min=1)
    walk.record(e.NoteAdded(words="calm"), after_min=5)
    found = told(walk)
    assert (before.flushed_mg, found.flushed_mg) == (D(0), D(5))
    assert found.given_mg - before.given_mg == D(5)


def test_the_whole_history_of_the_rate_is_there_with_its_pause() -> None:
    """150 mL/h of 0.35 mg/mL over 70 kg are 0.75 mg/kg/h; 120 mL/h are 0.6."""
    walk = infusing()
    walk.ask(c.PauseInfusion(), after_min=10)
    walk.confirm()
    walk.ask(c.ResumeInfusion(), after_min=4)
    walk.confirm()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), after_min=6)
    walk.confirm()
    walk.record(e.NoteAdded(words="calm"), after_min=9)
    found = [(line.rate_mg_per_kg_per_h, line.minutes) for line in told(walk).rates]
    assert found == [(D("0.75"), 11), (D("0.00"), 4), (D("0.75"), 6), (D("0.60"), 9)]


def test_a_rate_that_ran_twice_counts_twice_as_the_usual_one() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), after_min=8)
    walk.confirm()
    walk.ask(c.SetRate(rate_ml_per_h=D(150)), ADA, after_min=12)
    walk.confirm()
    walk.record(e.NoteAdded(words="calm"), after_min=8)
    assert told(walk).usual_rate_mg_per_kg_per_h == D("0.75")


def test_zero_is_not_missing() -> None:
    walk = infusing()
    assert told(walk).most_nauseous is None
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, nauseous=0))
    assert told(walk).most_nauseous == 0
    moment = told(walk).moments[0]
    assert (moment.nauseous, moment.anxious) == (0, None)


def test_pressure_stands_in_one_line() -> None:
    walk = infusing()
    for sbp_mmhg, dbp_mmhg in ((142, 88), (121, 76)):
        high = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=sbp_mmhg, dbp_mmhg=dbp_mmhg)
        walk.record(high, after_min=5)
    found = told(walk).pressures
    assert found is not None
    assert found.arrival == Pressure(sbp_mmhg=VITALS.sbp_mmhg or 0, dbp_mmhg=VITALS.dbp_mmhg)
    assert found.highest == Pressure(sbp_mmhg=142, dbp_mmhg=88)
    assert found.last == Pressure(sbp_mmhg=121, dbp_mmhg=76)


def test_what_was_corrected_counts_as_corrected() -> None:
    walk = infusing()
    (wrong,) = walk.record(e.PatientWatched(awake=e.Awake.ALERT, nauseous=9))
    right = e.PatientWatched(awake=e.Awake.ALERT, nauseous=0)
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="slip of the finger", replacement=right))
    assert told(walk).most_nauseous == 0


def test_comfort_and_what_was_given_are_told() -> None:
    walk = infusing()
    walk.record(e.ComfortSet(item="music", choice="Slow strings"))
    walk.record(
        e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="iv", before_start=False, reason="nausea")
    )
    found = told(walk)
    assert found.comfort == (("music", "Slow strings"),)
    assert [(each.name, each.amount, each.unit) for each in found.medicines] == [("ondansetron", D(4), "mg")]


def test_what_never_began_is_not_told() -> None:
    walk = arrived()
    walk.ask(c.AbandonInfusion(reason="fever"), ADA)
    assert report(walk.log, at=walk.at) is None
