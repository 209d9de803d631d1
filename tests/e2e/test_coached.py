"""The drip coach at the chair: counted drops become an offer, one tap on it fills the sheet; and a room with a pump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.hands import HANDS
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse
from tests.e2e.rooms import a_room
from tests.examples import ORDER, PUMP

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]


@pytest.mark.parametrize(("hand", "on"), [("finger", "phone"), ("keyboard", "desk")])
def test_an_offered_rate_is_set_by_a_tap_on_the_offer_and_one_that_says_it_is_set(
    cast: Cast, open_page: Open, beside: Beside, hand: str, on: str
) -> None:
    """Seventy drops in a minute where fifty were set: too fast. What is offered is what the log has in the end."""
    house = beside(lambda: a_room(cast, ago=timedelta(minutes=10)).start())
    ben = Nurse(HANDS[hand](open_page(cast.ben, house.href, on=on)), house)
    ben.writes_count(drops="70", seconds="60")
    coach = ben.page.locator("#coach")
    expect(coach).to_contain_text("Too fast")
    offered = Decimal(coach.locator("button").get_attribute("data-with") or "")
    ben.hand.press_on(coach.locator("button"))
    expect(ben.hand.sheet.get_by_label("New rate")).to_have_value(f"{offered}")
    ben.hand.record("I set it now")
    expect(ben.page.locator("#doubt")).to_contain_text("then confirm")
    intent = beside(lambda: house.log[-1])
    assert (intent.kind, intent.fact.rate_ml_per_h) == ("RateIntended", offered)
    assert 0 < offered <= 150


def test_a_room_with_a_pump_is_read_and_coached_by_what_the_pump_shows(
    cast: Cast, open_page: Open, beside: Beside
) -> None:
    by_pump = replace(ORDER, delivery=PUMP)
    house = beside(lambda: a_room(cast, ago=timedelta(minutes=10), order=by_pump).start())
    ben = Nurse(HANDS["mouse"](open_page(cast.ben, house.href)), house)
    expect(ben.page.get_by_role("button", name="Count drops")).to_have_count(0)
    ben.hand.press("Read the pump")
    look_at(ben.page, "room-read-pump")
    ben.hand.write("The pump shows", "110")
    ben.hand.record("Record what it shows")
    ben.sees("The pump shows 110 mL/h")
    expect(ben.page.locator("#coach")).to_contain_text("Too slow")
    expect(ben.page.locator("#drip .figure").first).to_have_text("110")
    look_at(ben.page, "room-by-pump")
