"""Calling one SDC device, for as long as it answers: what it tells is stored, in order, before more is taken.

The library blocks, so it runs on a thread of its own. Between that one and the loop stands a queue with an end: when
the house is slow the device waits, and no memory fills.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from queue import Empty, Full, Queue
from urllib.parse import urlsplit

from stillroom.gateways.contract import Heard, Keeper, Line, LineFault, Source
from stillroom.gateways.errors import GatewayError
from stillroom.gateways.sdc.consumer import Consumer
from stillroom.gateways.sdc.reasons import Reason
from stillroom.gateways.sdc.wire import read

LOOK_EVERY_S = 0.5
WAITING_REPORTS = 64
HANDED_OVER_WITHIN_S = 10.0
CLOSED_WITHIN_S = 3.0

Told = tuple[datetime, bytes]


async def call(source: Source, keeper: Keeper, *, number: int, now: Callable[[], datetime]) -> None:
    """Store what the device tells, until the line is lost; then raises `LineFault`."""
    line = Line(urlsplit(source.address).hostname or "", number, source.certificate)
    waiting: Queue[Told] = Queue(WAITING_REPORTS)
    consumer = Consumer(source, tell=lambda frame: _hand_over(waiting, (now(), frame)))
    thread = ThreadPoolExecutor(1, thread_name_prefix=f"sdc {line.peer}")
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(thread, consumer.open)
        while True:
            for received_at, frame in await loop.run_in_executor(thread, _next, consumer, waiting):
                await _store(source, keeper, line, frame, received_at)
    finally:
        # Behind whatever the thread still waits for; a device that is gone is not waited for longer.
        await asyncio.wait([loop.run_in_executor(thread, consumer.close)], timeout=CLOSED_WITHIN_S)
        thread.shutdown(wait=False)
        keeper.note_closed(line)


def _hand_over(waiting: Queue[Told], told: Told) -> None:
    try:
        waiting.put(told, timeout=HANDED_OVER_WITHIN_S)
    except Full:
        raise LineFault(Reason.NOT_STORED) from None


def _next(consumer: Consumer, waiting: Queue[Told]) -> list[Told]:
    """What was told since, in order; nothing after half a second without a word."""
    consumer.look()
    told: list[Told] = []
    try:
        told.append(waiting.get(timeout=LOOK_EVERY_S))
        while True:
            told.append(waiting.get_nowait())
    except Empty:
        return told


async def _store(source: Source, keeper: Keeper, line: Line, frame: bytes, received_at: datetime) -> None:
    report = read(frame, received_at=received_at, zone=source.zone)
    try:
        await keeper.store(source, Heard(frame, line.peer, received_at, report))
    except GatewayError as fault:
        raise LineFault(Reason.NOT_STORED, str(fault)[:80]) from fault
    keeper.note_report(line, source, report, received_at)
