"""A private phone whose sign-in has ended, while a drip runs: stop goes through, and nobody is asked to sign in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from stillroom.core.infusion.state import Status
from tests.bedside.house import House
from tests.cast import Cast
from tests.e2e.rooms import a_room

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]
POSTS = re.compile("/acts(-by-key)?/")


def a_phone_signed_out(cast: Cast, open_page: Open, beside: Beside) -> tuple[House, Page]:
    """It shows a running drip, and nobody is signed in on it any more."""
    house: House = beside(lambda: a_room(cast, ago=timedelta(minutes=5)).start())
    phone = open_page(cast.ben, house.href, on="phone")
    expect(phone.locator("html")).to_have_attribute("data-link", "live")
    phone.context.clear_cookies()
    return house, phone


def test_stop_and_clamp_closed_go_through_from_a_phone_that_is_signed_in_no_more(
    cast: Cast, open_page: Open, beside: Beside
) -> None:
    house, phone = a_phone_signed_out(cast, open_page, beside)
    phone.route(POSTS, lambda route: route.abort())
    phone.get_by_role("button", name="Stop: close the clamp now").click()
    phone.locator("[data-stop-here] button").click()
    expect(phone.get_by_text("Stop is kept on this screen")).to_be_visible()
    phone.unroute(POSTS)
    expect(phone.get_by_text("Stop is kept on this screen")).to_be_hidden()
    elsewhere = open_page(cast.ada, house.href)
    expect(elsewhere.locator("#log")).to_contain_text("Stop pressed · the phone of B. Osei, not signed in")
    expect(elsewhere.locator("#log")).to_contain_text("Stopped, clamp closed")
    assert beside(lambda: house.state.status) is Status.STOPPED


def test_the_clamp_is_said_closed_by_the_button_that_the_room_itself_shows(
    cast: Cast, open_page: Open, beside: Beside
) -> None:
    """The stream that was open goes on, and brings the room's own panel in place of this screen's."""
    house, phone = a_phone_signed_out(cast, open_page, beside)
    phone.get_by_role("button", name="Stop: close the clamp now").click()
    phone.locator("[data-clamp-asked] button").click()
    elsewhere = open_page(cast.ada, house.href)
    expect(elsewhere.locator("#log")).to_contain_text("Stopped, clamp closed")
    assert beside(lambda: house.state.status) is Status.STOPPED
