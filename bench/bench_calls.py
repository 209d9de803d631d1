"""How soon staff are called: by sound, by a page that hears nothing, by the second watch, and when nobody answers.

A house at work, as in `bench_alarms`. A sound counts from the moment at which Chromium's audio begins its first tone,
on a page whose sound was turned on by a tap; a lost link from when the line swallows every byte, without a word to
either side, until the page says so, and from there until it sounds. The watch that comes first is killed with -9 in
the moment before a grave pressure is written down. Each alarm is seen and over before the next one of its room, so that
none is part of an earlier.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import uvloop
from how_soon import ALARM_TO_HEARD, LINK_LOST_TO_SAID, UNANSWERED_TO_CALLED, WATCH_KILLED_TO_ALARM, Step, held_to
from playwright.async_api import Browser, Page, async_playwright

from stillroom.project.bench import Figure, clinic_database
from tests import chromium
from tests.e2e.proxy import Proxy, proxied

Found = TypeVar("Found")
ROOMS = (1, 20, 200)
HEARD, KILLED = 20, 10
UNANSWERED, UNANSWERED_AT_LEAST = 20, 3
"""Of so many rooms at once, and again where there are few."""
PAGES = 5
QUIET_S = 2.5
"""After an alarm was seen none of its tones is left by then: not of the burst that had begun."""
CUTS = 4
SENDS_EVERY_S = 5.0
SETTLES_S = 15.0
GRAVE_MMHG, GOOD_MMHG = 205, 128
HIGH_HZ = 740
WITHIN_S = 60.0
STOPWATCH = """
  window.tones = []; window.links = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    const waitsMs = Math.max(0, at - this.context.currentTime) * 1000;
    if (this.context.state === "running") window.tones.push([this.frequency.value, Date.now() + waitsMs]);
    start.call(this, at);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const root = document.documentElement;
    new MutationObserver(() => window.links.push([root.dataset.link, Date.now()]))
      .observe(root, { attributeFilter: ["data-link"] });
  });
"""


def figures() -> Iterator[Figure]:
    for rooms in ROOMS:
        yield from _of(rooms)


def _of(rooms: int) -> Iterator[Figure]:
    program = chromium.find()
    with clinic_database() as server:
        import bench_bedside
        import ward

        clinic = ward.furnish(rooms)
        with bench_bedside.served("timed_server") as web, proxied(web.port) as proxy:
            house = House(web, clinic, server.url("stillroom_app"), proxy)
            taken = uvloop.run(_measured(house, program))
    name = f"calls.{rooms}_room{'s' if rooms > 1 else ''}"
    yield from _figures_of(f"{name}_alarm_to_heard", taken.heard, ALARM_TO_HEARD)
    yield from _figures_of(f"{name}_link_lost_to_said", taken.lost, LINK_LOST_TO_SAID)
    yield from _figures_of(f"{name}_link_said_lost_to_heard", taken.lost_heard, ALARM_TO_HEARD)
    yield from _figures_of(f"{name}_watch_killed_to_alarm", taken.killed, WATCH_KILLED_TO_ALARM)
    yield from _figures_of(f"{name}_high_unanswered_to_called", taken.unanswered, UNANSWERED_TO_CALLED)


@dataclass
class Taken:
    """Milliseconds of everything measured."""

    heard: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    lost_heard: list[float] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)
    unanswered: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class House:
    """The web process, the clinic in it, where its database is, and the line by which pages come."""

    web: Any
    clinic: Any
    url: str
    proxy: Proxy


def _figures_of(name: str, taken_ms: Sequence[float], step: Step) -> Iterator[Figure]:
    if not taken_ms:
        sys.stderr.write(f"{name}: not measured. {chromium.WORD}\n")
        yield Figure(name, 0, "not measured", "no Chromium here")
        return
    yield Figure(f"{name}_p50", statistics.median(taken_ms), "ms")
    yield from held_to(step, name, taken_ms)


async def _measured(house: House, program: str | None) -> Taken:
    taken, rooms = Taken(), list(house.clinic.infusions)
    async with _at_work(house) as watches:
        await asyncio.sleep(SETTLES_S)
        if program:
            await _by_sound(house, program, rooms[:HEARD], taken)
        for number in range(KILLED):
            taken.killed.append(await _killed(house, watches, rooms[number % len(rooms)]))
        while len(taken.unanswered) < UNANSWERED_AT_LEAST:
            taken.unanswered.extend(await _unanswered(house, rooms[:UNANSWERED]))
    return taken


@asynccontextmanager
async def _at_work(house: House) -> AsyncIterator[Watches]:
    """As `bench_ward.alive`, with watches that can be killed."""
    import bench_bedside
    import bench_ward

    port = bench_bedside._free_port()
    async with bench_ward._running(house.url, port, "gateway"), AsyncExitStack() as ends:
        await asyncio.to_thread(bench_bedside._wait_for, port)
        numbers = range(1, len(house.clinic.infusions) + 1)
        sending = [asyncio.create_task(bench_ward._monitor(port, each, {}, SENDS_EVERY_S)) for each in numbers]
        async with bench_ward._screens(house.web, house.clinic, lambda _: lambda _event, _at_s: None):
            watches = Watches(house)
            ends.push_async_callback(watches.end)
            for _ in range(2):
                await watches.start()
            yield watches
        for each in sending:
            each.cancel()
        await asyncio.gather(*sending, return_exceptions=True)


# --- on a page


async def _by_sound(house: House, program: str, rooms: Sequence[UUID], taken: Taken) -> None:
    """First each alarm's sound, on some pages at a time; then the line to the last of the pages is cut."""
    from tests.web.conftest import QUIET, STILL

    how = [*chromium.arguments(), *QUIET, *STILL]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=how)
        for first in range(0, len(rooms), PAGES):
            some = rooms[first : first + PAGES]
            pages = [await _armed(browser, house, each) for each in some]  # at once, they would wait for each other
            for _ in range(HEARD // len(rooms)):
                for page, infusion in zip(pages, some, strict=True):
                    taken.heard.append(await _heard(house, page, infusion))
            if first + PAGES < len(rooms):
                await asyncio.gather(*(each.context.close() for each in pages))
        for number in range(CUTS):
            await asyncio.sleep(2 * number / CUTS)  # heartbeats come every two seconds: not always as soon after one
            await _cut(house.proxy, pages, taken)
        await browser.close()


async def _armed(browser: Browser, house: House, infusion: UUID) -> Page:
    """A room's page whose sound somebody has turned on and heard."""
    from tests.web.conftest import DESK

    context = await browser.new_context(**DESK)
    pairs = (each.split("=", 1) for each in house.clinic.cookie.split("; "))
    await context.add_cookies([{"name": name, "value": value, "url": house.proxy.url} for name, value in pairs])
    page = await context.new_page()
    await page.add_init_script(STOPWATCH)
    await page.goto(f"{house.proxy.url}/bedside/{infusion}/")
    await page.get_by_role("button", name="Turn sound on and hear it").click()
    await page.get_by_role("button", name="Yes, I heard them").click()
    return page


async def _heard(house: House, page: Page, infusion: UUID) -> float:
    await asyncio.sleep(QUIET_S)
    quiet_from_ms = 1e3 * time.time() - 100
    if await _first_tone(page, since_ms=quiet_from_ms) is not None:
        raise RuntimeError(f"a high alarm sounded in {infusion} before there was one")
    seq = await _write(house, infusion, GRAVE_MMHG)
    heard_ms = await _until(lambda: _first_tone(page, since_ms=quiet_from_ms))
    raised = await _raised(house, infusion, seq)
    await _see_and_end(house, infusion, raised)
    return heard_ms - _ms(raised.at)


async def _cut(proxy: Proxy, pages: Sequence[Page], taken: Taken) -> None:
    began_ms = 1e3 * time.time()
    proxy.is_swallowing = True
    said = [await _until(lambda page=page: _said_lost(page, began_ms)) for page in pages]  # type: ignore[misc]
    proxy.is_swallowing = False
    proxy.hang_up()
    for page in pages:
        await _until(lambda page=page: page.evaluate("document.documentElement.dataset.link === 'live' || null"))  # type: ignore[misc]
    await asyncio.sleep(3)  # a heartbeat ends the sound
    for lost_ms, tone_ms in said:
        taken.lost.append(lost_ms - began_ms)
        taken.lost_heard.append(tone_ms - lost_ms)


async def _said_lost(page: Page, since_ms: float) -> tuple[float, float] | None:
    """When it said so, and when it sounded."""
    links = await page.evaluate("window.links")
    lost_ms = next((at_ms for link, at_ms in links if link == "lost" and at_ms >= since_ms), None)
    tone_ms = await _first_tone(page, since_ms=since_ms)
    return None if lost_ms is None or tone_ms is None else (lost_ms, tone_ms)


async def _first_tone(page: Page, *, since_ms: float) -> float | None:
    """Of a high alarm."""
    tones = await page.evaluate("window.tones")
    return next((at_ms for hz, at_ms in tones if hz == HIGH_HZ and at_ms >= since_ms), None)


# --- by a watch


class Watches:
    """The watch processes that run, each by the id under which it says that it looked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._running: dict[UUID, asyncio.subprocess.Process] = {}
        self._known: set[UUID] = set()

    async def start(self) -> None:
        environment = {**os.environ, "DATABASE_URL": self._house.url}
        command = [sys.executable, "-m", "stillroom.project.cli", "watch"]
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.DEVNULL)
        new = await _until(lambda: asyncio.to_thread(self._new))
        self._known.add(new)
        self._running[new] = process

    async def kill_first(self) -> None:
        """The one that looks more often: of all that look, the one with the lowest id."""
        process = self._running.pop(min(self._running))
        process.kill()
        await process.wait()

    async def end(self) -> None:
        for process in self._running.values():
            process.terminate()
            await process.wait()

    def _new(self) -> UUID | None:
        from stillroom.clinics.rows import clinic_scope
        from stillroom.devices.models import Watcher

        with clinic_scope(self._house.clinic.clinic_id):
            looked = set(Watcher.objects.values_list("process", flat=True))
        return next(iter(looked - self._known), None)


async def _killed(house: House, watches: Watches, infusion: UUID) -> float:
    began_ms = 1e3 * time.time()
    await watches.kill_first()
    seq = await _write(house, infusion, GRAVE_MMHG)
    raised = await _raised(house, infusion, seq)
    await _see_and_end(house, infusion, raised)
    await watches.start()
    await asyncio.sleep(2.5)  # until the two know which of them comes first
    return _ms(raised.at) - began_ms


async def _unanswered(house: House, rooms: Sequence[UUID]) -> list[float]:
    written = [(infusion, await _write(house, infusion, GRAVE_MMHG)) for infusion in rooms]
    raised = [(infusion, await _raised(house, infusion, seq)) for infusion, seq in written]
    called = [await _entry(house, infusion, each.seq, "AlarmEscalated") for infusion, each in raised]
    for infusion, each in raised:
        await _see_and_end(house, infusion, each)
    return [_ms(last.at) - _ms(first.at) for (_, first), last in zip(raised, called, strict=True)]


# --- what stands in the log


@dataclass(frozen=True)
class About:
    """An entry about the pressure's alarm."""

    seq: int
    at: datetime
    condition: str
    priority: str


async def _write(house: House, infusion: UUID, sbp_mmhg: int) -> int:
    import bench_bedside

    typed = bench_bedside._set_of_vitals(house.clinic) | {"sbp_mmhg": str(sbp_mmhg)}
    answer = await house.web.post(f"/bedside/{infusion}/acts/vitals", typed, house.clinic)
    seq: int = answer["seq"]
    return seq


async def _raised(house: House, infusion: UUID, seq: int) -> About:
    raised = await _entry(house, infusion, seq, "AlarmRaised")
    if raised.priority != "high":
        raise RuntimeError(f"{raised.condition} is {raised.priority}")
    return raised


async def _see_and_end(house: House, infusion: UUID, raised: About) -> None:
    typed = {"act_id": str(uuid4()), "seen_seq": "100000", "condition": raised.condition}
    await house.web.post(
        f"/bedside/{infusion}/acts/acknowledge", typed | {"csrfmiddlewaretoken": house.clinic.token}, house.clinic
    )
    seq = await _write(house, infusion, GOOD_MMHG)
    await _entry(house, infusion, seq, "AlarmCleared")


async def _entry(house: House, infusion: UUID, after: int, kind: str) -> About:
    return await _until(lambda: asyncio.to_thread(_found, house.clinic.clinic_id, infusion, after, kind))


def _found(clinic_id: UUID, infusion: UUID, after: int, kind: str) -> About | None:
    from stillroom.clinics.rows import clinic_scope
    from stillroom.infusions.models import Entry

    with clinic_scope(clinic_id):
        entries = Entry.objects.filter(infusion_id=infusion, seq__gt=after, kind=kind, payload__contains="sbp")
        row = entries.order_by("seq").values_list("seq", "recorded_at", "payload").first()
    if row is None:
        return None
    seq, at, payload = row
    said = json.loads(payload)
    return About(seq, at, said["condition"], said.get("priority", ""))


async def _until(ask: Callable[[], Awaitable[Found | None]]) -> Found:
    until_s = time.monotonic() + WITHIN_S
    while time.monotonic() < until_s:
        if (found := await ask()) is not None:
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError(f"not so within {WITHIN_S:g} s")


def _ms(at: datetime) -> float:
    return 1e3 * at.timestamp()
