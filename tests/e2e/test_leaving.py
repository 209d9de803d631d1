"""Going home by either door, and the papers that go along: opened as the page links them, and read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from stillroom.clinics.rows import clinic_scope
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.outcomes.writing import fill_in
from tests.bedside.house import House
from tests.e2e.conftest import Beside
from tests.e2e.hands import HANDS
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse

Open = Callable[..., Page]
SHAPES = [("finger", "phone"), ("keyboard", "desk")]


def at_the_door(recovering: House, open_page: Open, hand: str, on: str) -> Nurse:
    """Line out, risk settled, instructions given; the second check is still to come."""
    ben = Nurse(HANDS[hand](open_page(recovering.cast.ben, recovering.href, on=on)), recovering)
    ben.prepares_for_home()
    expect(ben.step("Time of observation over").locator(".is-open")).to_have_count(0)
    return ben


@pytest.mark.parametrize(("hand", "on"), SHAPES)
def test_whoever_settles_the_risk_question_reads_that_an_answer_waits(
    recovering: House, beside: Beside[None], open_page: Open, hand: str, on: str
) -> None:
    beside(lambda: says_they_think_of_death(recovering))
    ben = Nurse(HANDS[hand](open_page(recovering.cast.ben, recovering.href, on=on)), recovering)
    ben.press_at_step("Risk question settled")
    expect(ben.hand.sheet).to_contain_text("they answered with thoughts of death or self-harm")
    look_at(ben.page, "sheet-risk-waits")


def says_they_think_of_death(house: House) -> None:
    patient = house.cast.patient
    with clinic_scope(house.cast.clinic.pk):
        said = {"items": [1] * 9, "day": house.cast.clinic.today(), "by": house.ben.by, "source": "paper"}
        fill_in(patient, INSTRUMENTS["phq9"], **said)


@pytest.mark.parametrize(("hand", "on"), SHAPES)
def test_a_patient_goes_home_with_an_adult_who_signs(recovering: House, open_page: Open, hand: str, on: str) -> None:
    ben = at_the_door(recovering, open_page, hand, on)
    slip = paper(ben, "Print the slip for the patient")
    assert "Taken home by" in slip
    ben.checks_recovery(effects_gone=False)
    look_at(ben.page, "room-doors")
    ben.hand.press("Goes home with an adult")
    for label, words in (("Name", "Rowan Example"), ("Who they are to the patient", "brother"), ("Phone", "000 17")):
        ben.hand.write(label, words)
    ben.hand.choose("Taxi together")
    ben.hand.pick("Who of the staff saw them sign", "N. Lindqvist")
    look_at(ben.page, "sheet-goes-with-adult")
    ben.hand.record("They have signed and left")
    ben.sees("Went home with Rowan Example (brother), who signed")
    look_at(ben.page, "room-gone-home")


@pytest.mark.parametrize(("hand", "on"), SHAPES)
def test_a_patient_goes_home_alone_when_clear_twice(recovering: House, open_page: Open, hand: str, on: str) -> None:
    ben = at_the_door(recovering, open_page, hand, on)
    ben.hand.press("Goes home, clear")
    ben.hand.choose("Tram or bus")
    ben.hand.press("They have left")
    expect(ben.hand.sheet).to_contain_text("Not recorded")
    look_at(ben.page, "sheet-door-shut")
    ben.hand.record("Leave it")
    ben.checks_recovery(effects_gone=True)
    ben.hand.press("Goes home, clear")
    ben.hand.choose("Driving themselves")
    ben.hand.press("They have left")
    expect(ben.hand.sheet).to_contain_text("Not recorded")
    ben.hand.choose("Tram or bus")
    ben.hand.record("They have left")
    ben.sees("Went home clear")


def test_the_papers_say_dose_rate_duration_whom_to_call_and_that_nobody_signed(
    recovering: House, open_page: Open
) -> None:
    """35 mg in 100 mL, of which 15 mL still fill the line: 29.75 mg reached the patient, at 150 mL/h, 0.75 mg/kg/h."""
    ben = Nurse(HANDS["mouse"](open_page(recovering.cast.ben, recovering.href)), recovering)
    slip = paper(ben, "Print the slip for the patient")
    patient = recovering.cast.patient
    for words in (
        str(patient),
        "about 30 mg",
        "0.75",
        "45 min",
        "+000 1",
        "Not yet signed",
        "Europe/Dublin",
    ):
        assert words in slip, words
    ben.hand.unfold("More")
    chart = paper(ben, "Chart, to print")
    for words in (
        "Everything that was recorded",
        "Recovery check: alert",
        "Head of the record: entry",
        "Not yet signed",
    ):
        assert words in chart, words


def paper(nurse: Nurse, link: str) -> str:
    """What stands on the paper that this link of the page opens beside it: there as leaves, and from there as a PDF."""
    shown = nurse.page.get_by_role("link", name=link, exact=True).locator("visible=true").first
    assert shown.get_attribute("target") == "_blank", "the room stays in view"
    href = shown.evaluate("link => link.href")
    leaves = nurse.page.context.request.get(href).text()
    assert '<p class="leaf">' in leaves
    assert 'href="?">As PDF' in leaves
    answer = nurse.page.context.request.get(href.partition("?")[0])
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages).split())
