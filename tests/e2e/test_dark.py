"""A device that is turned to the patient: what stood open on it in another tab, forgotten, goes dark with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import cookies_of
from tests.e2e.rooms import a_room

Open = Callable[..., Page]


def test_a_forgotten_tab_goes_dark_when_its_device_is_enrolled_for_the_patients_side(
    cast: Cast, open_page: Open, beside: Callable[[Callable[[], Any]], Any]
) -> None:
    house = beside(lambda: a_room(cast, ago=timedelta(minutes=5)).start())
    forgotten = open_page(cast.ben, house.href)
    clinic = forgotten.url.removesuffix(house.href)
    board = forgotten.context.new_page()
    board.goto(f"{clinic}/board/")
    expect(forgotten.locator("#drip")).to_contain_text("drops/min")
    tom = beside(lambda: cookies_of(cast.tom))
    forgotten.context.add_cookies([{"name": name, "value": each.value, "url": clinic} for name, each in tom.items()])
    desk = forgotten.context.new_page()
    desk.goto(f"{clinic}/clinics/displays/")
    desk.get_by_label("What is it called?").fill("Beside the chair")
    desk.get_by_label("With the patient: dark, silent, nothing clinical").check()
    desk.get_by_role("button", name="Enrol this device").click()
    for page in (desk, forgotten, board):
        expect(page.get_by_text("If you want somebody, press your call button or say so.")).to_be_visible()
        expect(page.locator("#drip, .board-room, audio")).to_have_count(0)
