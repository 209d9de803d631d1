"""The slip and the chart, read back from the PDF as a person would read them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from stillroom.bedside.paper.contents import Letterhead, chart, slip
from stillroom.bedside.paper.pdf import pdf
from stillroom.bedside.situation import PatientSeen, Situation, situation
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Door, Scale
from stillroom.core.safety.recovery_scales import ALDRETE
from tests.core.infusion.test_override import INSISTS
from tests.core.infusion.test_recovery import ALONE, GOOD, cleared
from tests.examples import ADA, BEN, DEE, Walk, an_id, arrived, infusing, ready
from tests.infusions.story import CLEAR

D = Decimal
LETTERHEAD = Letterhead(
    name="Quiet Clinic",
    phone="555 0100",
    after_hours_phone="555 0199",
    zone=ZoneInfo("Europe/Berlin"),
    call_now="555 0188",
    call_now_is="the crisis line.",
)


def seen(walk: Walk) -> Situation:
    return situation(
        infusion_id=an_id("infusion"),
        at=walk.at,
        room="2",
        patient=PatientSeen(
            given_name="Marta", family_name="Alder", born=date(1985, 5, 4), weight_kg=D(70), allergies=()
        ),
        log=walk.log,
        names={BEN.by: "B. Osei", ADA.by: "Dr Varga", DEE.by: "D. Lind"},
    )


def read(page: str, walk: Walk) -> str:
    contents = (
        slip(seen(walk), LETTERHEAD)
        if page == "slip"
        else chart(seen(walk), LETTERHEAD, head_seq=len(walk.log), head_hash="c0ffee" * 10)
    )
    reader = PdfReader(io.BytesIO(pdf(page, contents)))
    return " ".join(" ".join(each.extract_text() for each in reader.pages).split())


@pytest.fixture
def over() -> Walk:
    """Ten minutes, a pause of four, twenty more; one reading put right; ten mL left."""
    walk = infusing()
    (wrong,) = walk.record(e.BagRead(left_in_bag_ml=D(84)), after_min=10)
    right = e.BagRead(left_in_bag_ml=D(60))
    walk.ask(c.CorrectEntry(corrects_seq=wrong.seq, reason="read upside down", replacement=right))
    walk.record(
        e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="IV", before_start=False, reason="nausea")
    )
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, nauseous=3))
    walk.ask(c.PauseInfusion())
    walk.confirm()
    walk.ask(c.ResumeInfusion(), after_min=4)
    walk.confirm()
    walk.ask(c.EndInfusion(left_in_bag_ml=D(10)), after_min=20)
    return walk


def test_the_slip_says_dose_rate_duration_and_whom_to_call(over: Walk) -> None:
    """31 min at 2.5 mL/min and 0.35 mg/mL are 27.1 mg, 0.39 mg/kg of 70 kg."""
    text = read("slip", over)
    for words in ("about 27 mg, 0.39 mg/kg", "31 min running", "150 0.75", "paused", "ondansetron 4 mg, IV"):
        assert words in text
    for words in ("at most 3 of 10", "555 0100", "555 0199", "Not yet signed", "11:01 11:02 1 min up to 150"):
        assert words in text


def test_the_slip_says_what_was_ordered_and_what_stayed_in_the_line(over: Walk) -> None:
    """15 mL of line at 0.35 mg/mL hold 5.25 mg; 20 mL of flush bring in all of it, 6 mL leave 9 mL, 3.15 mg."""
    assert "0.5 mg/kg, 35 mg, over 40 min" in read("slip", over)
    assert "About 5.25 mg stayed in the line and did not reach you." in read("slip", over)
    over.record(e.LineFlushed(volume_ml=D(6), duration_min=D(1)), after_min=1)
    over.at += timedelta(minutes=2)
    assert "About 3.15 mg stayed in the line and did not reach you." in read("slip", over)
    over.record(e.LineFlushed(volume_ml=D(14), duration_min=D(1)), after_min=1)
    over.at += timedelta(minutes=2)
    assert "stayed in the line" not in read("slip", over)


def test_while_it_runs_and_where_it_never_ran_nothing_has_stayed_in_the_line() -> None:
    assert "stayed in the line" not in read("slip", infusing())
    assert "stayed in the line" not in read("slip", arrived())


def test_the_seconds_until_a_rate_was_confirmed_are_no_rate_of_their_own_to_the_patient() -> None:
    """Started 12 s before it was said: one line of 20 min on the slip, both on the chart."""
    walk = ready()
    walk.ask(c.StartInfusion())
    walk.confirm(after_min=0.2)
    walk.ask(c.EndInfusion(left_in_bag_ml=D(50)), after_min=20)
    assert "11:00 11:20 20 min 150 0.75" in read("slip", walk)
    assert "up to 150" not in read("slip", walk)
    assert "12 s up to 150" in read("chart", walk)


def test_a_nausea_of_nought_is_none_and_not_at_most_nought() -> None:
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, nauseous=0))
    assert "none, 0 of 10" in read("slip", walk)


def test_the_slip_has_room_for_whoever_takes_them_home_and_says_who_did(over: Walk) -> None:
    assert "Taken home by" in read("slip", over)
    over.ask(c.CheckRecovery(check=replace(CLEAR, sbp_mmhg=118, dbp_mmhg=74)), after_min=61)
    for fact in (e.LineRemoved(), e.RiskSettled(outcome=e.Risk.NO_CONCERN), e.InstructionsGiven()):
        over.record(fact)
    adult = {"adult_name": "Jo Alder", "adult_relation": "sister", "adult_phone": "555 0142"}
    over.ask(c.SendHome(door=Door.WITH_ADULT, travels_by="taxi_with_them", drives=False, witness=DEE.person, **adult))
    text = read("slip", over)
    assert "Taken home by Jo Alder (sister, 555 0142), by taxi. Seen by D. Lind." in text
    assert "Signature" in text


def test_paper_says_whose_time_it_is(over: Walk) -> None:
    for page in ("slip", "chart"):
        assert "times of Europe/Berlin" in read(page, over)


def test_the_chart_says_who_was_named_and_has_not_confirmed(over: Walk) -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(190), reason="steady", prescriber=ADA.person))
    walk.confirm()
    assert "names Dr Varga, who has not confirmed it" in read("chart", walk)
    assert "ordered by Dr Varga: steady" in read("chart", walk)
    assert "has not confirmed" not in read("chart", over)


def test_the_chart_says_that_it_was_put_right_and_whom_it_waits_for() -> None:
    walk = infusing()
    wrong = c.ReassignInfusion(patient=an_id("other"), second_person=an_id("ben"), reason="two of a name")
    (put_right,) = walk.ask(wrong, ADA)
    waits = "The wrong patient had been opened and Dr Varga put it right. Waits for B. Osei to say so too."
    assert waits in read("chart", walk)
    assert "B. Osei to say so too: two of a name" in read("chart", walk)
    walk.ask(c.AgreeToReassignment(reassigned_seq=put_right.seq), BEN)
    assert waits not in read("chart", walk)
    assert f"Said so in person, as entry {put_right.seq} has it: this is whose infusion it is" in read("chart", walk)


def test_the_chart_says_what_the_line_kept_back(over: Walk) -> None:
    """85 mL of 100 at 150 mL/h are 34 min; 15 mL of 0.35 mg/mL are 5.25 mg."""
    text = read("chart", over)
    assert "about 34 min after the start" in text
    assert "5.25 mg, until flushed" in text


def test_no_amount_has_a_point_that_somebody_could_overlook(over: Walk) -> None:
    """35.0 mg read without its point are 350 (ISMP, error-prone abbreviations: no trailing zero)."""
    text = read("chart", over)
    assert "35 mg in 100 mL" in text
    assert "0.35 mg/mL" in text
    assert re.findall(r"\d+\.\d*0 m[gL]\b", text) == []


def test_a_sign_from_before_the_start_has_no_minute_of_the_drip(over: Walk) -> None:
    assert re.search(r"\d\d:\d\d before 118/74", read("chart", over))


def test_a_signed_slip_says_by_whom(over: Walk) -> None:
    over.ask(c.SignChart(meaning="Chart complete"), ADA)
    text = read("slip", over)
    assert (
        f"Dr Varga, prescriber, 23 Nov 2026, 11:36: Chart complete. Of the record up to entry {len(over.log) - 1}"
        in text
    )
    assert "Not yet signed" not in text


def test_a_nurse_signs_beside_the_prescriber_and_what_comes_later_says_so(over: Walk) -> None:
    over.ask(c.SignChart(meaning="Given and watched by me"), BEN)
    over.record(e.NoteAdded(words="asked for water"))
    text = read("chart", over)
    assert "B. Osei, nurse" in text
    assert "Not yet signed by a prescriber" in text
    over.ask(c.SignChart(meaning="Reviewed"), ADA)
    over.record(e.NoteAdded(words="rang from home, well"))
    text = read("chart", over)
    assert "rang from home, well (after the signature)" in text
    assert "asked for water (after" not in text


def test_a_door_opened_all_the_same_stands_on_the_slip_and_on_the_chart() -> None:
    walk = cleared(replace(GOOD, vomiting=True, tired=e.Tired.VERY))
    walk.ask(INSISTS, ADA)
    assert "Leaving against advice" not in read("slip", walk)  # not agreed yet
    walk.ask(c.AgreeToOverride(overridden_seq=walk.state.last_seq), BEN)
    walk.ask(replace(ALONE, drives=True, travels_by="drives"), BEN)
    for page in ("slip", "chart"):
        text = read(page, walk)
        unmet = "Not met: vomiting, or not asked; effects not seen gone, and all else well, at two checks; drives"
        for words in ("against advice", unmet, INSISTS.advised or "", "Dr Varga", "B. Osei"):
            assert words in text
    assert "Clear at two checks" not in read("slip", walk)
    assert "Went home alone, although not all was met (entry" in read("chart", walk)
    assert "Before leaving very tired" in read("slip", walk)


def test_the_chart_has_each_score_with_its_version_and_items(over: Walk) -> None:
    over.ask(c.ScoreRecovery(scale=Scale.MODIFIED_ALDRETE, points=dict.fromkeys(ALDRETE.tapped, 2)))
    assert "10 of 10, modified Aldrete 1995, five items with saturation (moves 2" in read("chart", over)


def test_the_slip_says_in_writing_what_holds_until_tomorrow_and_the_crisis_number(over: Walk) -> None:
    text = read("slip", over)
    crisis = "555 0188 (the crisis line), or the emergency number, now"
    for words in ("until the day after a good night", "555 0100", "555 0199", crisis):
        assert words in text


def test_a_missing_number_is_said_to_be_missing(over: Walk) -> None:
    contents = slip(seen(over), replace(LETTERHEAD, after_hours_phone=""))
    text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf("slip", contents))).pages)
    assert "no number was given" in text


def test_the_chart_holds_every_entry_the_corrected_one_too_and_the_head(over: Walk) -> None:
    text = read("chart", over)
    for words in ("Bag reads 84", "Bag reads 60", "read upside down", "c0ffee" * 10, f"entry {len(over.log)}"):
        assert words in text
    contents = chart(seen(over), LETTERHEAD, head_seq=1, head_hash="")
    assert [row["seq"] for row in contents["entries"]] == [str(n) for n in range(1, len(over.log) + 1)]
    assert [row["words"] for row in contents["entries"] if row["is_struck"]] == ["Bag reads 84 mL"]


def test_markup_in_a_name_is_only_a_name(over: Walk) -> None:
    over.record(e.NoteAdded(words='#import "x" *bold* <b>tag</b> $x$'))
    assert '#import "x" *bold*' in read("chart", over)


def test_a_drip_that_never_ran_says_so() -> None:
    walk = arrived()
    walk.ask(c.AbandonInfusion(reason="fever"))
    text = read("slip", walk)
    assert "The drip was not started" in text
    assert "none, none" in text or "nothing was given" in text


def test_the_chart_says_not_woken_where_nobody_saw_how_awake() -> None:
    walk = infusing()
    walk.record(e.PatientWatched(awake=None, not_woken=True, breaths_per_min=12), after_min=10)
    signs = chart(seen(walk), LETTERHEAD, head_seq=len(walk.log), head_hash="c0ffee" * 10)["signs"]
    assert isinstance(signs, dict)
    row = dict(zip(signs["columns"], signs["rows"][-1], strict=True))
    assert (row["Awake"], row["Breaths, per min"], row["Detached"]) == ("not woken", "12", "")
