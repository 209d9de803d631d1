"""From a monitor's wire to the figure on a screen, with a whole ward alive on this machine.

In each room a drip runs and a monitor sends ten signals each second; each room is open on two screens. Web process,
gateway, both watch processes, PostgreSQL, the monitors and the screens share the cores. A figure has come when
the event that carries it first has come whole. A slow screen may skip one; how many were is told.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import uvloop

from stillroom.project.bench import Figure, clinic_database, goal

ROOMS = (100, 200)
SCREENS = 2
OPENED_WITHIN_S = 240.0
AGAIN_AFTER_S = 3.0
SETTLES_S = 40.0
SECONDS = 20.0
LIMIT_MS = 500.0
Lines = tuple[asyncio.StreamReader, asyncio.StreamWriter]
FIRST, DIFFERENT = 60, 40
"""Pulses sent, one after another: no two alike within forty seconds."""
PULSE = re.compile(rb'id=\\"tile-pulse\\".*?data-figure>(\d+)<')
Hear = Callable[[bytes, float], None]
"""Is told each event of one screen, and when by the monotonic clock it had come whole."""


def figures() -> Iterator[Figure]:
    for rooms in ROOMS:
        yield from _of(rooms)


def _of(rooms: int) -> Iterator[Figure]:
    with clinic_database() as server:
        import bench_bedside
        import ward

        clinic = ward.furnish(rooms)
        with bench_bedside.served("timed_server") as web:
            found_ms, skipped = uvloop.run(_measured(web, clinic, server.url("stillroom_app")))
    p99 = sorted(found_ms)[int(0.99 * len(found_ms))]
    name = f"ward.wire_to_screen_{rooms}_rooms"
    about = f"{rooms * SCREENS} screens, {len(found_ms)} figures"
    yield Figure(f"{name}_p50", statistics.median(found_ms), "ms", about)
    yield Figure(f"{name}_p99", p99, "ms", limit=goal(most=LIMIT_MS))
    yield Figure(f"{name}_skipped", skipped, "%", "figures that no screen drew, as a newer one was there")


async def _measured(web: Any, clinic: Any, url: str) -> tuple[list[float], float]:
    """First what the monitors send is heard, then all screens are open, and then somebody watches: nothing is late."""
    sent: dict[tuple[int, int], float] = {}
    seen: dict[tuple[int, int], list[float]] = {}

    async with alive(web, clinic, url, sent, partial(_hearing_pulses, seen)) as sending:
        await asyncio.sleep(SETTLES_S)
        sent.clear()
        seen.clear()
        await asyncio.sleep(SECONDS)
        for each in sending:
            each.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        counted = dict(sent)
        await asyncio.sleep(2)
    shown = {key: times for key, times in seen.items() if key in counted}
    found_ms = [1e3 * (at_s - counted[key]) for key, times in shown.items() for at_s in times]
    return found_ms, 100 * (1 - len(shown) / len(counted))


def _hearing_pulses(seen: dict[tuple[int, int], list[float]], shows: Shows) -> Hear:
    figure = b""

    def hear(event: bytes, at_s: float) -> None:
        nonlocal figure
        if (found := PULSE.search(event)) and found[1] != figure:
            figure = found[1]
            seen.setdefault((shows.number, int(figure)), []).append(at_s)

    return hear


@asynccontextmanager
async def alive(
    web: Any,
    clinic: Any,
    url: str,
    sent: dict[tuple[int, int], float],
    hearing: Callable[[Shows], Hear],
    *,
    every_s: float = 1.0,
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Gateway, a monitor in each room, all screens open, and both watches: until the block ends. The monitors."""
    import bench_bedside

    port = bench_bedside._free_port()
    async with _running(url, port, "gateway"):
        await asyncio.to_thread(bench_bedside._wait_for, port)
        numbers = range(1, len(clinic.infusions) + 1)
        sending = [asyncio.create_task(_monitor(port, number, sent, every_s)) for number in numbers]
        async with _screens(web, clinic, hearing), _running(url, port, "watch"), _running(url, port, "watch"):
            yield sending
        for each in sending:
            each.cancel()
        await asyncio.gather(*sending, return_exceptions=True)


async def _monitor(port: int, number: int, sent: dict[tuple[int, int], float], every_s: float) -> None:
    """Ten signals each time, with a pulse that says which time it is."""
    import monitors

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(every_s * (number % 200 / 200))
    beat = 0
    while True:
        began_s = time.monotonic()
        beat += 1
        pulse = FIRST + beat % DIFFERENT
        report = monitors.report(f"BED{number}", datetime.now(UTC), beat).replace(b"|72|", b"|%d|" % pulse)
        sent[number, pulse] = began_s
        writer.write(b"\x0b" + report.replace(b"|71|", b"|%d|" % pulse) + b"\x1c\r")
        answer = await reader.readuntil(b"\x1c\r")
        if b"\rMSA|AA|" not in answer:
            raise RuntimeError(f"bed {number} was answered {answer!r}")
        await asyncio.sleep(max(0.0, every_s - (time.monotonic() - began_s)))


@asynccontextmanager
async def _screens(web: Any, clinic: Any, hearing: Callable[[Shows], Hear]) -> AsyncIterator[None]:
    """All of them open, and each shows a figure: one that is told to come later asks again, as a browser does."""
    watching, opened = [], []
    for number, infusion in enumerate(clinic.infusions, 1):
        found = await _asked_again(partial(web.get, f"/bedside/{infusion}/snapshot", clinic))
        shows = Shows(number, infusion, json.loads(found)["seq"])
        for _ in range(SCREENS):
            opened.append(asyncio.Event())
            watching.append(asyncio.create_task(_screen(web, clinic, shows, hearing(shows), opened[-1])))
    await asyncio.wait_for(asyncio.gather(*(each.wait() for each in opened)), OPENED_WITHIN_S)
    try:
        yield
        if ended := [each for each in watching if each.done()]:
            raise RuntimeError(f"{len(ended)} screens went dark") from ended[0].exception()
    finally:
        for each in watching:
            each.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


@dataclass(frozen=True)
class Shows:
    """What a screen shows: a room by its number, as its log stands."""

    number: int
    infusion: UUID
    seq: int


async def _screen(web: Any, clinic: Any, shows: Shows, hear: Hear, opened: asyncio.Event) -> None:
    import bench_bedside

    room = f"/bedside/{shows.infusion}"
    screen = uuid4()
    path = f"{room}/stream?after={shows.seq}&screen={screen}"
    reader, _writer = await _asked_again(lambda: bench_bedside.streaming(web, path, clinic))
    lives: Lines | None = None
    said = b""
    while chunk := await reader.read(2**18):
        *whole, said = (said + chunk).split(b"\n\n")
        at_s = time.monotonic()
        for event in whole:
            hear(event, at_s)
            if b"tile-pulse" in event:
                opened.set()
            if b"event: heartbeat" in event:
                lives = lives or await asyncio.open_connection("127.0.0.1", web.port)
                await _says_it_is_seen(lives, f"{room}/shown", screen, clinic)


async def _says_it_is_seen(lives: Lines, path: str, screen: UUID, clinic: Any) -> None:
    """As a page in view does at every heartbeat, over a line that it keeps open."""
    reader, writer = lives
    body = urlencode({"screen": screen, "can_sound": "on", "csrfmiddlewaretoken": clinic.token}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {clinic.cookie}\r\n"
    form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write((head + form).encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 204 " not in answer:
        raise RuntimeError(f"a sign of life was answered {answer!r}")


async def _asked_again(ask: Callable[[], Awaitable[Any]]) -> Any:
    import bench_bedside

    while True:
        try:
            return await ask()
        except bench_bedside.ComeLater:
            await asyncio.sleep(AGAIN_AFTER_S)


@asynccontextmanager
async def _running(url: str, port: int, process: str) -> AsyncIterator[None]:
    """The gateway or a watch, as `serve` runs it."""
    environment = {**os.environ, "DATABASE_URL": url, "STILLROOM_HL7_PORT": str(port)}
    command = [sys.executable, "-m", "stillroom.project.cli", process]
    running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        await running.wait()
