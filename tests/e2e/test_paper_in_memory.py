"""The server is gone: the page of the room prints what was known, says how old that is, and keeps it nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from stillroom.core.infusion import entries as e
from tests.bedside.house import House
from tests.e2e.proxy import proxied
from tests.e2e.served import Served

Open = Callable[..., Page]

PRINTED = """() => [...document.body.querySelectorAll("*")]
  .filter((each) => each.checkVisibility() && each.childElementCount === 0 && each.textContent.trim())
  .every((each) => each.closest("#paper"))"""
KEPT = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def test_paper_outlives_the_server(room: House, open_page: Open, served: Served, cast: Any, beside: Any) -> None:
    beside(room.start)
    with proxied(served.port) as proxy:
        page = open_page(cast.ben, room.href, through=proxy.url)
        expect(page.locator("html")).to_have_attribute("data-link", "live")
        drawn_at = page.locator("#paper").get_attribute("data-known-at")
        beside(lambda: room.record(e.NoteAdded(words="asked for a blanket")))
        expect(page.locator("#paper")).not_to_have_attribute("data-known-at", str(drawn_at))
        expect(page.get_by_role("button", name="Print what was known at")).to_be_hidden()
        assert page.locator("#paper").is_hidden()
        proxy.is_swallowing = True
        proxy.hang_up()
        offer = page.get_by_role("button", name="Print what was known at")
        expect(offer).to_be_visible()
        expect(page.get_by_text("do not reload, or it is lost")).to_be_visible()
        page.evaluate("window.print = () => { window.printed = true }")
        offer.click()
        assert page.evaluate("window.printed")
        page.emulate_media(media="print")
        sheet = page.locator("#paper")
        expect(sheet).to_be_visible()
        for words in ("born 4 May 1985", "Allergies:", "150 mL/h", "Write on from here by hand"):
            expect(sheet).to_contain_text(words)
        assert page.evaluate(PRINTED)
        assert "born" not in page.evaluate(KEPT)
