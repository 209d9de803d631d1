"""A patient's record in their own hands, in a browser; and every page of it read by eye, by ear, and enlarged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from stillroom.clinics.models import Person, Room
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.exchange.archive import unpacked
from stillroom.exchange.bringing import bring
from stillroom.infusions.models import EntryText, ErasureAsked
from stillroom.journal.links import share
from stillroom.outcomes.models import CheckIn, Questionnaire, Reach
from stillroom.patients.models import Patient
from stillroom.project.cli import app
from tests.cast import Cast, signed_in
from tests.e2e.conftest import Beside
from tests.e2e.hands import HANDS, Hand
from tests.e2e.looking import look_at
from tests.exchange.records import furnish
from tests.journal.records import file_elsewhere
from tests.web.test_browser_look import CLIPPED, OVERFLOWING

Open = Callable[..., Page]
BORN = date(1984, 5, 17)
_numbers = count(1)


def somebody(cast: Cast, keys: Path) -> Cast:
    """A patient of their own at the cast's clinic, with all that a record can hold, and one brought from elsewhere."""
    number = next(_numbers)
    person = Person.objects.create(email=f"rae{number}@clinic.test", display_name="Rae Example")
    with clinic_scope(cast.clinic.pk):
        Reach.objects.get_or_create(
            clinic=cast.clinic,
            defaults={"read_by": "The nurses", "read_when": "Monday to Friday, 9 to 5", "call_now": "988"},
        )
        room = Room.objects.create(clinic=cast.clinic, name=f"Own room {number}")
        patient = Patient.objects.create(
            clinic=cast.clinic, person=person, identifier=f"R-{number}", given_name="Rae", family_name="Example",
            birth_date=BORN,
        )  # fmt: skip
    theirs = replace(cast, pat=person, patient=patient, room=room)
    content = file_elsewhere(theirs, keys)
    furnish(theirs)
    with clinic_scope(cast.clinic.pk):
        row = {"clinic": cast.clinic, "patient": patient, "by": f"person:{person.pk}"}
        for ago, low in ((12, 8), (10, 6), (9, 4), (8, 0)):
            CheckIn.objects.create(**row, day=cast.clinic.today() - timedelta(days=ago), low=low)
        whole = {"instrument": "phq9", "version": "v", "source": "patient", "items": [1] * 9, "total": 9}
        Questionnaire.objects.create(**row, **whole, day=cast.clinic.today() - timedelta(days=40), band="mild")
    with person_scope(person.pk):
        bring(content, person, passphrase="", keys=keys)
    return theirs


def pages_of(cast: Cast) -> dict[str, str]:
    """Name -> path: every page that a patient can be on."""
    with person_scope(cast.pat.pk):
        infusion = cast.patient.infusions.get().pk
        part = cast.pat.brought_parts.get()
        text = EntryText.objects.get(text="slip of the finger")
        form = Questionnaire.objects.get(total=9).pk
    plain = {name.replace("/", "-"): f"/journal/{name}/" for name in PLAIN}
    return plain | {
        "record": "/journal/",
        "year": "/journal/?weeks=52",
        "infusion": f"/journal/infusions/{infusion}/",
        "brought": f"/journal/bring/{part.pk}/",
        "correct-questionnaire": f"/journal/questionnaire/?form={form}",
        "ask-erasure": f"/journal/erase/ask/?words=log+{text.infusion_id}+{text.seq}+reason",
    }


PLAIN = (
    *("looks", "check-in", "check-in/kept", "questionnaire", "days", "take-along", "bring", "sharing", "erase"),
    *("signing-keys", "helped", "helped/not", "helped/fades", "coming", "prepare", "after", "reminders"),
)


@pytest.fixture(scope="module")
def rae(cast: Cast, beside: Beside[Cast], tmp_path_factory: pytest.TempPathFactory) -> Cast:
    keys = tmp_path_factory.mktemp("keys")
    return beside(lambda: somebody(cast, keys))


def taken_along(hand: Hand, folder: Path) -> Path:
    hand.page.goto(hand.page.url.split("/journal/")[0] + "/journal/take-along/")
    with hand.page.expect_download() as file:
        hand.press("Make the file")
    kept = folder / f"record-{next(_numbers)}.zip"
    file.value.save_as(kept)
    return kept


def verified(file: Path) -> str:
    found = CliRunner().invoke(app, ["verify", str(file)], env={"STILLROOM_SIGNING_KEYS": str(file.parent)})
    assert found.exit_code == 0, found.output
    return found.stdout


@pytest.mark.parametrize(("hand", "on"), [("finger", "phone"), ("keyboard", "desk")])
def test_a_record_is_taken_shared_seen_revoked_corrected_and_erased(
    cast: Cast, open_page: Open, beside: Beside[Any], tmp_path: Path, hand: str, on: str
) -> None:
    rae = beside(lambda: somebody(cast, tmp_path / "keys"))
    mine = HANDS[hand](open_page(rae.pat, "/journal/", on=on))
    home = mine.page.url

    file = taken_along(mine, tmp_path)
    assert "Alder Clinic, made" in verified(file)
    assert "Elm Clinic, made" in verified(file)

    mine.page.goto(home)
    mine.press("Share it with a doctor")
    mine.write("For whom?", "Dr Weber")
    mine.press("Make a link")
    expect(mine.page.get_by_role("status")).to_contain_text("Your link")
    look_at(mine.page, "journal-new-link")
    link = mine.page.get_by_role("status").locator(".key").inner_text()

    doctor = open_page(None, "/" + link.split("/", 3)[3], on=on, java_script_enabled=False)
    doctor.get_by_label("Your name, and where you work").fill("Dr Weber, Quay Street")
    doctor.get_by_role("button", name="Open the record").click()
    expect(doctor.locator("main")).to_contain_text("Rae Example, born 17 May 1984")
    doctor.locator("tbody a").first.click()
    expect(doctor.get_by_role("heading", level=1)).to_contain_text("Infusion of")

    beside(lambda: signed_in(cast.ben).get(f"/office/outcomes/{rae.patient.pk}/"))
    mine.page.goto(home)
    mine.press("Share it with a doctor")
    expect(mine.page.locator(".uses")).to_contain_text("Dr Weber, Quay Street")
    look_at(mine.page, "journal-used-link")
    mine.press("Revoke the link for Dr Weber")
    expect(mine.page.locator("main")).to_contain_text("opens nothing any more")
    doctor.reload()
    expect(doctor.get_by_role("heading", level=1)).to_have_text("This link opens nothing")
    mine.page.goto(home)
    mine.press("Who opened my record")
    expect(mine.page.locator("main")).to_contain_text("Ben Osei")

    day = cast.clinic.today() - timedelta(days=9)
    mine.page.goto(home)
    mine.press("Correct what I wrote")
    mine.press_on(mine.page.get_by_role("link", name=re.compile(f"^{day:%-d %b %Y} ?: correct it")))
    mine.choose("5", under="How low have you felt?")
    mine.press("Write it down")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text(f"Written down for {day:%A, %-d %B}")
    mine.page.goto(home)
    mine.press("All days as a list")
    expect(mine.page.locator("tr.replaced", has_text=f"{day:%-d %b %Y}")).to_contain_text("4")

    mine.page.goto(home)
    mine.press("Erase my words")
    mine.press_on(mine.page.get_by_role("button", name=re.compile("Erase what I chose for comfort")).first)
    mine.press("Erase for good")
    expect(mine.page.locator("main")).to_contain_text("Those words are erased")
    again = taken_along(mine, tmp_path)
    assert "Alder Clinic, made" in verified(again)
    here = next(part for part in unpacked(again.read_bytes()) if part.manifest.clinic_name == cast.clinic.name)
    assert b"Slow strings" not in b"".join(here.files.values())


LOOKED_AT = ("phone", "desk")


@pytest.mark.parametrize("on", LOOKED_AT)
def test_axe_finds_nothing_on_any_page_of_a_patient(rae: Cast, open_page: Open, beside: Beside[Any], on: str) -> None:
    page = open_page(rae.pat, "/journal/", on=on)
    base = page.url.split("/journal/")[0]
    for name, path in beside(lambda: pages_of(rae)).items():
        page.goto(base + path)
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true }")
        look_at(page, f"journal-{name}")


SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("how", ["page", "text"])
def test_at_200_percent_no_page_scrolls_sideways_and_nothing_is_cut(
    rae: Cast, open_page: Open, beside: Beside[Any], how: str
) -> None:
    page = open_page(rae.pat, "/journal/")
    # A desk's page of 1280 at 200 % is one of 640; text alone enlarged keeps the width.
    page.set_viewport_size({"width": 640, "height": 450} if how == "page" else {"width": 1280, "height": 900})
    base, wrong = page.url.split("/journal/")[0], {}
    for name, path in beside(lambda: pages_of(rae)).items():
        page.goto(base + path)
        if how == "text":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        found = [page.evaluate(SCROLLS) and "scrolls", *page.evaluate(OVERFLOWING), *page.evaluate(CLIPPED)]
        if any(found):
            wrong[name] = found
    assert wrong == {}


STRUCTURE = """() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((e) => e.checkVisibility())
    .map((e) => Number(e.tagName[1]));
  return {
    mains: document.querySelectorAll("main").length,
    h1s: levels.filter((level) => level === 1).length,
    skips: levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).length,
    bars: document.querySelectorAll("nav[aria-label='Stillroom']").length,
    language: document.documentElement.lang,
    unnamed: [...document.querySelectorAll("svg[role=img]")]
      .filter((e) => !e.getAttribute("aria-label") && !e.querySelector("title")?.textContent.trim()).length,
    headless: [...document.querySelectorAll("table")].filter((e) => !e.querySelector("th[scope=col]")).length,
  };
}"""
WHOLE = {"mains": 1, "h1s": 1, "skips": 0, "bars": 1, "language": "en", "unnamed": 0, "headless": 0}


def test_whoever_listens_finds_their_way_on_every_page(rae: Cast, open_page: Open, beside: Beside[Any]) -> None:
    """Landmarks, headings in order, tables with heads, and a text for every picture."""
    page = open_page(rae.pat, "/journal/")
    base, wrong = page.url.split("/journal/")[0], {}
    for name, path in beside(lambda: pages_of(rae)).items():
        page.goto(base + path)
        if (found := page.evaluate(STRUCTURE)) != WHOLE:
            wrong[name] = found
    assert wrong == {}


def test_what_a_chart_shows_is_said_in_words_and_stands_in_a_table(
    rae: Cast, open_page: Open, beside: Beside[Any]
) -> None:
    pages = beside(lambda: pages_of(rae))
    page = open_page(rae.pat, "/journal/")
    base, heard = page.url.split("/journal/")[0], page.locator("main").aria_snapshot()
    assert re.search(r'img "How low, from 0 to 10, on \d+ days? from .* infusions? marked', heard)
    assert re.search(r'img "The longer questionnaire, from 0 to 27: .*9 on ', heard)
    assert 'link "All days as a list"' in heard
    assert 'region "Whom to call"' in heard
    page.goto(base + pages["days"])
    assert re.search(r'rowheader ".*: correct it"', page.locator("main").aria_snapshot())
    page.goto(base + pages["infusion"])
    heard = page.locator("main").aria_snapshot()
    assert 'img "The rate over time; the words below say the same."' in heard
    assert "mg/kg/h for" in heard


def test_what_changes_is_said_aloud(rae: Cast, open_page: Open) -> None:
    """A message is a status, a mistake an alert, and a number of the scale is heard with its question."""
    page = open_page(rae.pat, "/journal/check-in/")
    heard = page.locator("main").aria_snapshot()
    assert re.search(r'group "How low have you felt\?":\s+- text: .*\n\s+- radio "0"', heard) or (
        'group "How low have you felt?"' in heard and 'radio "0"' in heard
    )
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("Answer one of these")
    page.goto(page.url.replace("check-in", "reminders"))
    page.get_by_role("button", name="Remind me").click()
    expect(page.get_by_role("status")).to_contain_text("You will be reminded")


def test_without_scripts_every_page_is_read(rae: Cast, open_page: Open, beside: Beside[Any]) -> None:
    page = open_page(rae.pat, "/journal/", on="phone", java_script_enabled=False)
    base = page.url.split("/journal/")[0]
    for name, path in beside(lambda: pages_of(rae)).items():
        page.goto(base + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(page.locator("main").inner_text()) > 120, name
    page.goto(base + "/journal/")
    expect(page.locator(".mood svg").first).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("mg/kg")


@pytest.mark.parametrize("on", LOOKED_AT)
def test_axe_finds_nothing_on_the_pages_of_a_doctors_link(
    rae: Cast, open_page: Open, beside: Beside[Any], on: str
) -> None:
    def make() -> str:
        with person_scope(rae.pat.pk):
            return share(rae.pat, for_whom="Dr Weber", days=1, with_weeks=True)

    page = open_page(None, f"/journal/shared/{beside(make)}/", on=on)
    look_at(page, "shared-who")
    page.get_by_label("Your name, and where you work").fill("Dr Weber")
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ketamine infusions")
    look_at(page, "shared-record")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Infusion of")
    look_at(page, "shared-infusion")


OFFICE = {
    "copy-days": ("ben", "/office/outcomes/{patient}/days/"),
    "outcomes": ("ada", "/office/outcomes/"),
    "outcomes-gad7": ("ben", "/office/outcomes/?of=gad7"),
    "outcomes-of": ("ada", "/office/outcomes/{patient}/"),
    "concerns": ("ada", "/office/concerns/"),
    "concerns-nurse": ("ben", "/office/concerns/"),
    "answer-erasure": ("ada", "/office/erasures/{asked}/"),
    "reach": ("ann", "/office/reach/"),
}


@pytest.fixture(scope="module")
def asked(rae: Cast, beside: Beside[Any]) -> str:
    def ask() -> str:
        with person_scope(rae.pat.pk):
            text = EntryText.objects.get(text="slip of the finger")
        address = f"/journal/erase/ask/?words=log+{text.infusion_id}+{text.seq}+reason"
        signed_in(rae.pat).post(address, {"because": "It reads as if I had slipped"})
        signed_in(rae.pat).post("/journal/check-in/", {"low": "10", "words": "I can't"})
        with clinic_scope(rae.clinic.pk):
            return str(ErasureAsked.objects.get(patient=rae.patient).pk)

    return str(beside(ask))


@pytest.mark.parametrize("on", LOOKED_AT)
def test_the_clinics_side_of_it_can_be_read_by_everybody(rae: Cast, asked: str, open_page: Open, on: str) -> None:
    for name, (who, path) in OFFICE.items():
        page = open_page(getattr(rae, who), path.format(patient=rae.patient.pk, asked=asked), on=on)
        look_at(page, f"office-{name}")
        page.context.close()
