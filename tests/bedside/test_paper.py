"""The slip and the chart, read back from the PDF as a person would read them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from stillroom.bedside.paper.contents import Letterhead, chart, slip
from stillroom.bedside.paper.pdf import pdf
from stillroom.bedside.situation import PatientSeen, Situation, situation
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.examples import ADA, BEN, DEE, Walk, an_id, arrived, infusing

D = Decimal
LETTERHEAD = Letterhead(
    name="Quiet Clinic", phone="555 0100", after_hours_phone="555 0199", zone=ZoneInfo("Europe/Berlin")
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


def test_a_signed_slip_says_by_whom(over: Walk) -> None:
    over.ask(c.SignChart(meaning="Chart complete"), ADA)
    text = read("slip", over)
    assert "Chart complete: Dr Varga" in text
    assert "Not yet signed" not in text


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
