"""The directory in a real browser: found by somebody who looks for a clinic, by keyboard too, and kept by editors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Page, expect, sync_playwright

from stillroom.clinics.rows import clinic_scope
from stillroom.directory.deciding import propose_removal
from tests import chromium
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.test_browser import served
from tests.directory.listed import another_editor, applied, listed
from tests.web.conftest import DESK, PHONE
from tests.web.test_browser_look import AXE, CLIPPED, OVERFLOWING

SHAPES: dict[str, dict[str, Any]] = {
    "desk": DESK,
    "phone": PHONE,
    "narrow": {"viewport": {"width": 320, "height": 700}},
}
PUBLIC = ("", "?near=Dublin", "?near=Lisbon", "criteria/", "apply/", "clinics/alder-house-invented-dublin/")


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
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda asked: None if asked.url.startswith((url, "data:")) else complaints.append(asked.url))
        yield page, url, complaints
        browser.close()


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
