"""Nothing false: a monitor sends every second, and whatever happens to the line, no figure is painted past its limit.

The pulse that is sent says by itself when it was sent, so what the browser paints is judged frame by frame against the
truth and not against what the page believes.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.models import Monitor
from stillroom.gateways.hl7.frames import framed
from stillroom.rehearsal.dialects import A, report
from tests.bedside.house import House
from tests.devices.premises import make_monitor
from tests.e2e.proxy import proxied
from tests.e2e.served import Served, wait_until

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]

INTERVAL_S = 1
LIMIT_S = 2 * INTERVAL_S + 2  # core/vitals/freshness.py: two intervals, and two seconds for the way
FRAME_S = 0.1  # between this test's clock and the browser's, and what a frame lasts on a busy machine
SAYS_SO_WITHIN_S = 6.0
LOWEST, HIGHEST = 40, 180  # every second another pulse of these

# After the page's own look at its ages: what is about to be painted, and what the page says of its connection.
WATCH_FRAMES = """() => {
  window.painted = [];
  window.links = [];
  const frame = () => {
    const figure = document.querySelector("#tile-pulse [data-figure]");
    const link = document.documentElement.dataset.link, at = Date.now() / 1000;
    if (getComputedStyle(figure).visibility === "visible" && figure.textContent !== "–")
      window.painted.push([at, Number(figure.textContent)]);
    if (window.links.at(-1)?.[1] !== link) window.links.push([at, link]);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


@dataclass
class Pulse:
    """A monitor that sends a pulse a second, each once in a long while, and remembers when."""

    port: int
    sent_at_s: dict[int, float] = field(default_factory=dict)
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=10)) as line:
            for number in range(HIGHEST - LOWEST):
                self._send(line, number)
                if self.is_over.wait(INTERVAL_S):
                    return

    def _send(self, line: socket.socket, number: int) -> None:
        at = datetime.now(UTC)
        signs = {Signal.PULSE_PER_MIN: Decimal(LOWEST + number), Signal.SPO2_PERCENT: Decimal(97)}
        self.sent_at_s[LOWEST + number] = at.timestamp()
        line.sendall(framed(report(A, signs, at=at, control_id=str(number), identifier="", bed="")))
        while not line.recv(4096).endswith(b"\x1c\r"):
            continue


@pytest.fixture
def pulse(room: House, beside: Beside, served: Served) -> Iterator[Pulse]:
    def stand_in_room() -> None:
        with clinic_scope(room.cast.clinic.pk):
            monitor = Monitor.objects.first() or make_monitor(room.cast.clinic, interval_s=INTERVAL_S)
            assign(monitor, room.cast.room, at=datetime.now(UTC), by=room.cast.tom)
        room.arrive()

    beside(stand_in_room)
    time.sleep(2 * INTERVAL_S)  # the gateway looks once a second for monitors that are new
    sending = Pulse(served.hl7_port)
    thread = threading.Thread(target=sending.run, daemon=True)
    thread.start()
    yield sending
    sending.is_over.set()
    thread.join(timeout=5)


def test_no_figure_is_painted_past_its_limit(room: House, pulse: Pulse, open_page: Open, served: Served) -> None:
    """The line swallows everything; it comes back; the laptop sleeps and wakes; then the monitor falls silent."""
    with proxied(served.port) as proxy:
        page = open_page(room.cast.ben, room.href, through=proxy.url)
        page.evaluate(WATCH_FRAMES)
        is_painted(page)
        swallowed_at_s = time.time()
        proxy.is_swallowing = True
        expect(page.locator("html")).to_have_attribute("data-link", "lost")
        assert lost_at_s(page) - swallowed_at_s < SAYS_SO_WITHIN_S
        expect(page.get_by_text("No connection since")).to_be_visible()
        page.wait_for_timeout(2000)
        proxy.is_swallowing = False
        is_painted(page)
        sleeps(page, for_s=LIMIT_S + 2)
        is_painted(page)
        pulse.is_over.set()
        expect(page.locator("#tile-pulse [data-figure]")).to_have_text("–")
        must_be_young(page, pulse)


def test_a_server_that_stops_answering(room: House, pulse: Pulse, open_page: Open, served: Served) -> None:
    """It is frozen, not dead: every line stays open."""
    page = open_page(room.cast.ben, room.href)
    page.evaluate(WATCH_FRAMES)
    is_painted(page)
    stopped_at_s = time.time()
    for process in served.processes_of("web"):
        process.suspend()
    try:
        expect(page.locator("html")).to_have_attribute("data-link", "lost")
    finally:
        for process in served.processes_of("web"):
            process.resume()
    assert lost_at_s(page) - stopped_at_s < SAYS_SO_WITHIN_S
    is_painted(page)
    must_be_young(page, pulse)


def is_painted(page: Page) -> None:
    """A figure that is younger than this question."""
    before = page.evaluate("window.painted.length")
    wait_until(lambda: page.evaluate("window.painted.length") > before + 5, at_most_s=20)


def lost_at_s(page: Page) -> float:
    return float(page.evaluate("window.links.find(([, link]) => link === 'lost')[0]"))


def sleeps(page: Page, *, for_s: float) -> None:
    """As with its lid shut: nothing runs, and then the next frame is painted."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(for_s)
    session.send("Page.setWebLifecycleState", {"state": "active"})


def must_be_young(page: Page, pulse: Pulse) -> None:
    painted = page.evaluate("window.painted")
    ages_s = [(at_s - pulse.sent_at_s[figure], figure) for at_s, figure in painted]
    assert len(ages_s) > 10
    assert len({figure for _, figure in ages_s}) > 1
    assert [each for each in ages_s if each[0] > LIMIT_S + FRAME_S] == []
