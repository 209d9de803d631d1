"""Two nurses at one infusion: at most one page says that a colleague was quicker, and never for what must not wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bedside.house import House
from tests.e2e.hands import Hand
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def both(room: House, open_page: Open, beside: Beside) -> tuple[Nurse, Nurse]:
    """Ben and Nan, each at a page of the same running drip. Ben's page hears nothing of what Nan does."""
    beside(room.start)
    ben = open_page(room.cast.ben, "/health")
    ben.route("**/stream?**", lambda route: route.abort())
    ben.goto(ben.url.replace("/health", room.href))
    return Nurse(Hand(ben), room), Nurse(Hand(open_page(room.cast.nan, room.href)), room)


def test_a_colleague_was_quicker_is_said_once(both: tuple[Nurse, Nurse]) -> None:
    ben, nan = both
    nan.sets_rate("120")
    ben.hand.press("Record new rate")
    ben.hand.write("New rate", "130")
    ben.hand.press("I set it now")
    expect(ben.hand.sheet).to_contain_text("Something has happened since")
    expect(ben.hand.sheet).to_contain_text("N. Lindqvist")
    look_at(ben.page, "sheet-colleague-was-quicker")
    ben.hand.record("I set it now")
    nan.sees("New rate, to be set: 129 mL/h, 43 drops/min")


@pytest.mark.parametrize("act", ["stop", "note", "pause"])
def test_what_must_not_wait_is_recorded_at_once(both: tuple[Nurse, Nurse], act: str) -> None:
    ben, nan = both
    nan.sets_rate("120")
    if act == "note":
        ben.hand.press("Write a note")
        ben.hand.write("Note", "smiled")
        ben.hand.record("Record the note")
        nan.sees("Note: smiled")
    else:
        ben.hand.press("Stop: close the clamp now" if act == "stop" else "Record pause")
        nan.sees("Stop pressed" if act == "stop" else "Pause pressed")
    expect(ben.hand.sheet).to_have_count(0)


def test_stop_without_a_server_is_kept_and_arrives(room: House, open_page: Open, beside: Beside) -> None:
    """Pressed while nobody answers, and recorded with the time at which it was pressed when somebody does."""
    beside(room.start)
    page = open_page(room.cast.ben, room.href)

    def nobody(route: Route) -> None:
        route.abort()

    page.route("**/bedside/**", nobody)
    page.get_by_role("button", name="Stop: close the clamp now").click()
    expect(page.get_by_text("Stop is kept on this screen and not yet in the record.")).to_be_visible()
    look_at(page, "room-stop-kept", full=False)
    page.unroute("**/bedside/**")
    expect(page.locator("#log")).to_contain_text("Stop pressed")
    kinds = [entry.kind for entry in beside(lambda: room.log)]
    assert kinds.count("StopIntended") == 1
