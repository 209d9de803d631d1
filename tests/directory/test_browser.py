"""The directory in a real browser: found by somebody who looks for a clinic, by keyboard too, and kept by editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test.utils import override_settings
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from stillroom.clinics.rows import clinic_scope
from stillroom.directory.deciding import propose_removal
from stillroom.directory.document import digest, written
from stillroom.directory.exporting import export
from stillroom.directory.publishing import Shown
from stillroom.web.guard import FASTEST_S
from tests import chromium
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.test_browser import served
from tests.directory.listed import DAY, a_clinic, a_document, another_editor, applied, listed, posted
from tests.web.conftest import DESK, PHONE
from tests.web.test_browser_look import AXE, CLIPPED, OVERFLOWING

SHAPES: dict[str, dict[str, Any]] = {
    "desk": DESK,
    "phone": PHONE,
    "narrow": {"viewport": {"width": 320, "height": 700}},
}
ALDER = "clinics/alder-house-invented-dublin/"
PUBLIC = (
    "",
    "?near=Dublin",
    "?near=Lisbon",
    "?near=Xyzzyx",
    "criteria/",
    "apply/",
    ALDER,
    f"{ALDER}renew/",
    "clinics/x/",
)


@pytest.fixture
def directory(committed_db: Clone) -> Iterator[Cast]:
    cast = make_cast()
    kept = {"DIRECTORY_RUN_BY": "Test Network", "PUBLIC_CLINIC": str(cast.clinic.pk)}
    with override_settings(**kept):
        with clinic_scope(cast.clinic.pk):
            one = listed(cast, verdict="seen", evidence="visit")
            listed(cast, name="Birch Rooms (invented)", town="Cork", north="51.8979", east="-8.4706")
            applied(cast, name="Hazel Court (invented)")
            propose_removal(one, by=another_editor(cast), reason="Somebody should look again")
        yield cast


@contextmanager
def opened(cast: Cast, **shape: Any) -> Iterator[tuple[Page, str, list[str]]]:
    """An editor's browser, and what it complained of. On the public pages nobody looks at who asks."""
    cookie = signed_in(cast.edi).cookies[settings.SESSION_COOKIE_NAME].value
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        context = browser.new_context(**shape)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: _hear(said, complaints))
        page.on("request", lambda asked: None if asked.url.startswith((url, "data:")) else complaints.append(asked.url))
        yield page, url, complaints
        browser.close()


def _hear(said: ConsoleMessage, complaints: list[str]) -> None:
    """Not that a page is not there, which some tests ask for."""
    if said.type in ("error", "warning") and "404" not in said.text:
        complaints.append(said.text)


def stands(page: Page) -> list[Any]:
    """What is wrong with the page that is open: clipped, too wide, or not for everybody."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((said) => said.violations.map((each) => each.id + ': ' + each.help))")
    return [*page.evaluate(OVERFLOWING), *page.evaluate(CLIPPED), *found]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_page_stands_and_asks_nobody_else_and_its_data_block_is_let_by(directory: Cast, shape: str) -> None:
    with opened(directory, **SHAPES[shape]) as (page, url, complaints):
        for path in PUBLIC:
            page.goto(f"{url}/directory/{path}")
            assert stands(page) == [], path
        page.goto(f"{url}/directory/desk/")
        assert stands(page) == []
        for words in ("Hazel Court", "Birch Rooms", "Alder House"):
            page.goto(f"{url}/directory/desk/")
            page.get_by_role("link", name=words).last.click()
            page.wait_for_url("**/desk/*/*/")
            assert stands(page) == [], words
        assert complaints == []


def test_somebody_finds_a_clinic_by_town_and_map_with_the_keyboard_alone(directory: Cast) -> None:
    with opened(directory, **DESK) as (page, url, complaints):
        page.goto(f"{url}/directory/")
        page.get_by_label("Near which town?").focus()
        page.keyboard.type("dublin")
        page.keyboard.press("Enter")
        page.wait_for_url("**near=dublin**")
        expect(page.locator("ol.clinics > li")).to_have_count(1)
        mark = page.locator("svg a.mark-link")
        mark.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**#clinic-1")
        page.get_by_role("link", name="Alder House (invented)", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Alder House (invented)")
        expect(page.get_by_text("Seen").first).to_be_visible()
        assert complaints == []


def test_an_editor_takes_a_clinic_up_and_a_second_editor_takes_another_out(directory: Cast) -> None:
    with opened(directory, **PHONE) as (page, url, complaints):
        page.goto(f"{url}/directory/desk/")
        page.get_by_role("link", name="Hazel Court").click()
        page.get_by_role("button", name="Take it up").click()
        page.wait_for_url("**/desk/clinics/**")
        page.locator("#intravenous").get_by_text("let stand as the clinic’s word").click()
        page.locator("#intravenous").get_by_role("button", name="Keep this judgement").click()
        expect(page.locator("#intravenous")).to_contain_text("Let stand as the clinic’s word")
        page.goto(f"{url}/directory/desk/")
        page.get_by_role("link", name="Alder House").first.click()
        page.get_by_role("button", name="I agree: take it out").click()
        expect(page.get_by_text("taken out by two editors").first).to_be_visible()
        page.goto(f"{url}/directory/")
        expect(page.locator("ol.clinics")).not_to_contain_text("Alder House")
        assert complaints == []


@pytest.mark.parametrize("shape", ["phone", "narrow"])
def test_a_clinic_applies_without_scripts_and_what_it_typed_is_never_lost(directory: Cast, shape: str) -> None:
    cache.clear()
    with opened(directory, **SHAPES[shape], java_script_enabled=False) as (page, url, _):
        page.goto(f"{url}/directory/?near=Dublin")
        expect(page.locator("ol.clinics > li")).to_have_count(1)
        page.goto(f"{url}/directory/apply/")
        for name, words in posted(name="Elm Rooms (invented)", answer_pressure="often", phone="ring me").items():
            field = page.locator(f'[name="{name}"]')
            if field.count() > 1:
                page.locator(f'[name="{name}"][value="{words}"]').check()
            else:
                field.fill(words)
        page.wait_for_timeout(1000 * FASTEST_S)  # the signed time: a person takes longer
        page.get_by_role("button", name="Send, and mail me the link").click()
        expect(page.get_by_role("alert")).to_contain_text("Not sent yet. Nothing is lost.")
        expect(page.get_by_label("Name of the clinic")).to_have_value("Elm Rooms (invented)")
        expect(page.locator('[name="answer_pressure"]')).to_have_value("often")
        expect(page.locator('[name="answer_flow"][value="pump"]')).to_be_checked()
        page.get_by_role("alert").get_by_role("link", name="Telephone").click()
        page.locator('[name="phone"]').fill("+353 1 555 0100")
        page.locator('[name="answer_pressure"]').fill("5")
        page.wait_for_timeout(1000 * FASTEST_S)
        page.get_by_role("button", name="Send, and mail me the link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")
        link = re.search(r"http://\S+/directory/apply/\S+", mail.outbox[-1].body)
        assert link
        page.goto(link[0])
        page.get_by_role("button", name="Yes, send it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It is with the editors.")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_form_that_came_back_stands(directory: Cast, shape: str) -> None:
    cache.clear()
    with opened(directory, **SHAPES[shape]) as (page, url, complaints):
        page.goto(f"{url}/directory/apply/")
        page.get_by_role("button", name="Send, and mail me the link").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert stands(page) == []
        assert [each for each in complaints if "422" not in each] == []


@pytest.mark.parametrize("shape", ["desk", "narrow"])
def test_the_folder_opens_from_a_disk_and_leads_from_page_to_page(tmp_path: Path, shape: str) -> None:
    document = a_document(a_clinic(), a_clinic("birch", name="Birch Rooms (invented)", north=Decimal("51.9")))
    export(Shown(document, digest(written(document)), DAY), tmp_path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        page = browser.new_page(**SHAPES[shape])
        failed: list[str] = []
        # axe reads style sheets by itself, which a page from a disk may not.
        page.on("requestfailed", lambda asked: None if asked.resource_type == "xhr" else failed.append(asked.url))
        page.on("request", lambda asked: None if asked.url.startswith(tmp_path.as_uri()) else failed.append(asked.url))
        page.goto(f"file://{tmp_path}/index.html")
        expect(page.locator("ol.clinics > li")).to_have_count(2)
        assert page.locator(".map .land").evaluate("e => getComputedStyle(e).fill") != "rgb(0, 0, 0)"
        assert stands(page) == []
        page.locator("svg a.mark-link").first.click()
        page.get_by_role("link", name="Birch Rooms (invented)", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Birch Rooms (invented)")
        assert stands(page) == []
        page.get_by_role("link", name="All clinics").click()
        page.get_by_role("link", name="What every clinic here must meet").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What every clinic here must meet")
        assert stands(page) == []
        assert failed == []
        browser.close()


def test_on_paper_a_clinic_and_the_questions_stand_without_what_leads_elsewhere(directory: Cast) -> None:
    with opened(directory, viewport={"width": 680, "height": 960}) as (page, url, _):
        page.emulate_media(media="print")
        for path in ("", "criteria/", ALDER):
            page.goto(f"{url}/directory/{path}")
            left = page.locator("form, .public-top, .screen-only")
            assert left.evaluate_all("all => all.filter((e) => e.checkVisibility()).length") == 0, path
            assert page.evaluate("document.documentElement.scrollWidth") <= 680, path
