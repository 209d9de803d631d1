"""From a monitor's wire to the figure on a screen, with a whole ward alive on this machine.

In each room a drip runs and a monitor sends ten signals each second; each room is open on two screens. Web process,
gateway, both watch processes, PostgreSQL, the monitors and the screens share the cores. A figure has come when
the event that carries it has come whole. A slow screen may skip one; how many were is told.
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
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

from stillroom.project.bench import Figure, clinic_database

ROOMS = 200
SCREENS = 2
OPENED_EVERY_S = 0.05
SETTLES_S = 10.0
SECONDS = 20.0
LIMIT_MS = 500.0
FIRST, DIFFERENT = 60, 40
"""Pulses sent, one after another: no two alike within forty seconds."""
PULSE = re.compile(rb'id=\\"tile-pulse\\".*?data-figure>(\d+)<')


def figures() -> Iterator[Figure]:
    with clinic_database() as server:
        import bench_bedside
        import ward

        clinic = ward.furnish(ROOMS)
        with bench_bedside.served("timed_server") as web, _beside(server.url("stillroom_app")) as hl7_port:
            found_ms, skipped = asyncio.run(_measured(web, clinic, hl7_port))
    p99 = sorted(found_ms)[int(0.99 * len(found_ms))]
    name = f"ward.wire_to_screen_{ROOMS}_rooms"
    about = f"{ROOMS * SCREENS} screens, {len(found_ms)} figures"
    yield Figure(f"{name}_p50", statistics.median(found_ms), "ms", about)
    yield Figure(f"{name}_p99", p99, "ms", f"limit {LIMIT_MS:g} ms", p99 / LIMIT_MS)
    yield Figure(f"{name}_skipped", skipped, "%", "figures that no screen drew, as a newer one was there")


async def _measured(web: Any, clinic: Any, hl7_port: int) -> tuple[list[float], float]:
    sent: dict[tuple[int, int], float] = {}
    seen: dict[tuple[int, int], list[float]] = {}
    async with _screens(web, clinic, seen):
        sending = [asyncio.create_task(_monitor(hl7_port, number, sent)) for number in range(1, ROOMS + 1)]
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


async def _monitor(port: int, number: int, sent: dict[tuple[int, int], float]) -> None:
    """Ten signals each second, with a pulse that says which second it is."""
    import monitors

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(number / ROOMS)
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
        await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - began_s)))


@asynccontextmanager
async def _screens(web: Any, clinic: Any, seen: dict[tuple[int, int], list[float]]) -> AsyncIterator[None]:
    watching = []
    for number, infusion in enumerate(clinic.infusions, 1):
        for _ in range(SCREENS):
            watching.append(asyncio.create_task(_screen(web, clinic, number, infusion, seen)))
            await asyncio.sleep(OPENED_EVERY_S)
    await asyncio.sleep(3)
    try:
        yield
    finally:
        for each in watching:
            each.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


async def _screen(web: Any, clinic: Any, number: int, infusion: Any, seen: dict[tuple[int, int], list[float]]) -> None:
    import bench_bedside

    snapshot = json.loads(await web.get(f"/bedside/{infusion}/snapshot", clinic))
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port, limit=2**22)
    path = f"/bedside/{infusion}/stream?after={snapshot['seq']}"
    writer.write(f"GET {path} HTTP/1.1\r\n{bench_bedside._headers(clinic)}\r\n".encode())
    said = b""
    while chunk := await reader.read(2**18):
        *whole, said = (said + chunk).split(b"\n\n")
        at_s = time.monotonic()
        for event in whole:
            if found := PULSE.search(event):
                seen.setdefault((number, int(found[1])), []).append(at_s)


@contextmanager
def _beside(url: str) -> Iterator[int]:
    """The gateway and both watch processes, as `serve` runs them; gives the gateway's port."""
    import bench_bedside

    port = bench_bedside._free_port()
    stillroom = [sys.executable, "-m", "stillroom.project.cli"]
    environment = {**os.environ, "DATABASE_URL": url, "STILLROOM_HL7_PORT": str(port)}
    commands = (["gateway"], ["watch"], ["watch"])
    running = [subprocess.Popen([*stillroom, *each], env=environment, stdout=subprocess.DEVNULL) for each in commands]
    try:
        bench_bedside._wait_for(port)
        yield port
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(timeout=20)
