"""Wrong patient opened: one puts it right, the second finds in the room that it waits for them, and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from stillroom.core.infusion import commands as c
from tests.bedside.house import House
from tests.e2e.conftest import Beside
from tests.e2e.looking import look_at
from tests.e2e.rooms import a_room

Open = Callable[..., Page]


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_the_second_of_the_staff_finds_what_waits_for_them_and_says_so(
    room: House, beside: Beside[House], open_page: Open, on: str
) -> None:
    other = beside(lambda: a_room(room.cast))
    beside(room.make_ready)
    wrong = c.ReassignInfusion(
        patient=other.cast.patient.pk, second_person=room.cast.nan.pk, reason="the record of another was open"
    )
    nan = open_page(room.cast.nan, room.href, on=on)
    expect(nan.locator("#named")).not_to_contain_text("Wrong patient had been opened")
    beside(lambda: room.ask(wrong, room.ben))
    waits = nan.locator("#named section")
    expect(waits).to_contain_text("Waits for N. Lindqvist to say so here, signed in or with their PIN.")
    look_at(nan, "room-reassigned")
    waits.get_by_role("button", name="Somebody else says so").click()
    expect(nan.locator("#act-name-second")).to_contain_text("It waits for N. Lindqvist now.")
    look_at(nan, "sheet-name-second")
    nan.keyboard.press("Escape")
    waits.get_by_role("button", name="N. Lindqvist says so too").click()
    expect(waits).to_have_count(0)
    expect(nan.locator("#log")).to_contain_text("this is whose infusion it is")
