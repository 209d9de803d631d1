"""The pages around the room, on a desk and on a phone: nothing clipped, nothing that axe finds. And the front door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bedside.house import House
from tests.cast import PASSWORD, Cast
from tests.e2e.hands import HANDS
from tests.e2e.looking import look_at

Open = Callable[..., Page]
PAGES = [
    ("ben", "/board/", "Rooms"),
    ("ben", "/board/handover/", "Handover"),
    ("tom", "/devices/", "Monitors"),
    ("tom", "/devices/enrol/", "Enrol a monitor"),
    ("fay", "/office/", "Today"),
    ("pat", "/journal/", "My record"),
]


IN_THE_ROOM = [
    ("ben", "{room}alarms/", "Alarms"),
    ("ben", "{room}label/", "Bag label"),
    ("ben", "{room}acts/medicine", "Room"),
    ("ben", "/office/patients/{patient}/adverse/?infusion={infusion}", "Adverse event"),
    ("ben", "/office/ledger/", "Ledger"),
    ("ada", "/office/emergency/", "emergency kit"),
]


@pytest.mark.parametrize(("who", "path", "heading"), IN_THE_ROOM, ids=[path for _, path, _ in IN_THE_ROOM])
def test_a_page_that_is_opened_from_the_room(
    recovering: House, open_page: Open, who: str, path: str, heading: str
) -> None:
    cast, infusion = recovering.cast, recovering.infusion_id
    path = path.format(room=recovering.href, patient=cast.patient.pk, infusion=infusion)
    page = open_page(getattr(cast, who), path, on="phone")
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    look_at(page, f"from-the-room-{heading.lower().replace(' ', '-')}")


@pytest.mark.parametrize("on", ["desk", "phone"])
@pytest.mark.parametrize(("who", "path", "heading"), PAGES, ids=[path.strip("/") for _, path, _ in PAGES])
def test_a_page_around_the_room(recovering: House, open_page: Open, who: str, path: str, heading: str, on: str) -> None:
    page = open_page(getattr(recovering.cast, who), path, on=on)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    look_at(page, path.strip("/").replace("/", "-"))


@pytest.mark.parametrize(("hand", "on"), [("finger", "phone"), ("keyboard", "desk")])
def test_somebody_signs_in_and_comes_to_where_they_were_going(cast: Cast, open_page: Open, hand: str, on: str) -> None:
    page = open_page(None, "/board/", on=on)
    nan = HANDS[hand](page)
    look_at(page, "sign-in")
    for password, heading in (("not the password", "Sign in"), (PASSWORD, "Rooms")):
        nan.write("Email", cast.nan.email)
        nan.write("Password", password)
        nan.press("Sign in")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.url.endswith("/board/")
