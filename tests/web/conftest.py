"""A browser at a stand (stand.py) that serves one room, with a server's clock that starts at the example's time.

glass    a browser for the whole file of tests
room     a live room: `room.page` is the browser's page, `room.stand` the server
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from stillroom.bedside.room import RoomView
from tests import chromium
from tests.web import invented
from tests.web.drawing import draw
from tests.web.stand import Stand, standing

QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
STILL = ("--disable-component-update", "--disable-sync", "--autoplay-policy=user-gesture-required")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PATIENCE_S = 20  # for what has no promised time, on a machine that does other things too

expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(scope="module")
def glass() -> Iterator[Browser]:
    """Closed with its file: while Playwright runs, this thread may not ask Django's database anything."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=[*chromium.arguments(), *QUIET, *STILL]
        )
        yield browser
        browser.close()


@dataclass
class LiveRoom:
    """What a test does with a room: changes what the server would draw, speaks on its stream, looks at the page."""

    stand: Stand
    page: Page
    view: RoomView
    seq: int = 41
    complaints: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return invented.NOW + timedelta(seconds=time.monotonic() - self.started)

    def drawn(self) -> str:
        view = replace(self.view, at=self.now(), seq=self.seq)
        return draw("bedside/room.html", room=view, sheet=invented.a_paper())

    def heartbeat(self, **more: Any) -> dict[str, Any]:
        return {
            "server_time": self.now().isoformat(),
            "head_seq": self.seq,
            "alarms": {"open": 0, "sounds": None},
        } | more

    def beat(self, **more: Any) -> None:
        self.stand.say("heartbeat", self.heartbeat(**more))

    def entry(self, seq: int, *fragments: str) -> None:
        self.seq = max(self.seq, seq)
        self.stand.say("entry", {"seq": seq, "fragments": list(fragments)}, seq=seq)

    def open(self, path: str = invented.HREF) -> LiveRoom:
        self.page.goto(self.stand.url + path)
        self.wait_for_link("live")
        self._wait_for_a_listener()
        return self

    def _wait_for_a_listener(self) -> None:
        """A page counts as live from its first moment; what is said before it listens would be said to nobody."""
        until = time.monotonic() + PATIENCE_S
        while not self.stand.streams:
            assert time.monotonic() < until, "the page never opened its stream"
            self.page.wait_for_timeout(20)

    def hear(self, said: ConsoleMessage) -> None:
        """Keeps what breaks the policy or fails in a script; not that a server hung up, which some tests make it do."""
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.complaints.append(said.text)

    def wait_for_link(self, state: str) -> None:
        expect(self.page.locator("html")).to_have_attribute("data-link", state)


@pytest.fixture
def room(glass: Browser) -> Iterator[LiveRoom]:
    """At a desk, live, with a stream that has said its first word."""
    with live_room(glass, DESK, invented.infusing()) as live:
        yield live.open()
        assert live.complaints == []


@pytest.fixture
def phone(glass: Browser) -> Iterator[LiveRoom]:
    """The same in a hand."""
    with live_room(glass, PHONE, invented.infusing()) as live:
        yield live.open()
        assert live.complaints == []


@contextmanager
def live_room(glass: Browser, shape: dict[str, Any], view: RoomView) -> Iterator[LiveRoom]:
    """A room at a stand of its own, not yet opened."""
    with standing() as stand, closing(glass.new_context(**shape, timezone_id="Europe/Berlin")) as context:
        live = LiveRoom(stand, context.new_page(), view)
        live.page.on("pageerror", lambda error: live.complaints.append(str(error)))
        live.page.on("console", live.hear)
        _serve(live)
        yield live


def _serve(live: LiveRoom) -> None:
    stand = live.stand
    stand.page(invented.HREF, live.drawn)
    stand.page("/board/", lambda: draw("bedside/board.html", board=replace(invented.board(), at=live.now())))
    stand.greeting = _greeting(live)


def _greeting(live: LiveRoom) -> Callable[[], tuple[str, dict[str, Any]]]:
    return lambda: ("heartbeat", live.heartbeat())
