"""The board on a phone: whose rooms they are stands first and whole, and an alarm is never folded away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from stillroom.bedside.board import BoardView
from tests.web import invented
from tests.web.conftest import DESK, PHONE, LiveRoom, live_room
from tests.web.drawing import draw

BEN, NAN = "person:1", "person:2"


def the_board(kept_by: dict[str, str]) -> BoardView:
    """Room 1 alarms, 2 and 3 are quiet, 4 is free."""
    board = invented.board()
    return replace(board, rooms=tuple(replace(room, kept_by=kept_by.get(room.id)) for room in board.rooms))


def serve(live: LiveRoom, *, me: str | None, kept_by: dict[str, str]) -> Page:
    def drawn() -> str:
        return draw("bedside/board.html", board=replace(the_board(kept_by), at=live.now()), me=me)

    live.stand.page("/board/", drawn)
    return live.open("/board/").page


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def live(request: pytest.FixtureRequest, glass: Browser) -> Iterator[LiveRoom]:
    shape: dict[str, Any] = request.param
    with live_room(glass, shape, invented.infusing()) as room:
        yield room
        assert room.complaints == []


def figures(page: Page, number: int) -> Locator:
    return page.locator(f"#room-{number} .board-figures")


def is_phone(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(max-width: 760px)').matches"))


def top(page: Page, number: int) -> float:
    box = page.locator(f"#room-{number}").bounding_box()
    assert box is not None
    return box["y"]


def test_my_room_stands_first_and_whole_and_an_alarm_of_another_is_never_folded(live: LiveRoom) -> None:
    page = serve(live, me=BEN, kept_by={"2": NAN, "3": BEN})
    expect(page.locator("#room-3")).to_have_attribute("data-mine", "")
    expect(page.locator("[data-mine]")).to_have_count(1)
    expect(figures(page, 3)).to_be_visible()
    expect(figures(page, 1)).to_be_visible()
    expect(page.locator("#room-1 .board-say")).to_be_visible()
    if is_phone(page):
        expect(figures(page, 2)).to_be_hidden()
        expect(page.locator("#room-2 h2")).to_be_visible()
        assert top(page, 3) < top(page, 2)
    else:
        expect(figures(page, 2)).to_be_visible()


def test_a_room_that_was_handed_over_is_mine_no_more_once_the_stream_says_so(live: LiveRoom) -> None:
    page = serve(live, me=BEN, kept_by={"3": BEN})
    expect(page.locator("[data-mine]")).to_have_count(1)
    handed = [room for room in the_board({"2": BEN, "3": NAN}).rooms if room.id in {"2", "3"}]
    live.stand.say("board", {"fragments": [draw("bedside/_board_room.html", room=room) for room in handed]})
    expect(page.locator("#room-2")).to_have_attribute("data-mine", "")
    expect(page.locator("#room-3")).not_to_have_attribute("data-mine", "")
    expect(figures(page, 2)).to_be_visible()


@pytest.mark.parametrize("me", [None, BEN])
def test_who_has_no_room_sees_all_of_them_whole(live: LiveRoom, me: str | None) -> None:
    """A display has nobody to call its own, though a room may be kept by nobody too."""
    page = serve(live, me=me, kept_by={"2": NAN})
    expect(page.locator("[data-mine]")).to_have_count(0)
    for number in (1, 2, 3):
        expect(figures(page, number)).to_be_visible()
