"""The one way in for samples: what came is flushed together, durably, and only then is anybody answered.

A flush begins as soon as the one before it has returned. Where many send, what comes is gathered besides until that one
is 40 ms old, or until enough has come, as a commit costs the same for one message and for a hundred. Should one hang,
the next begins 50 ms later on another connection. What is there already stays as it is, so a message sent again is
stored once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from stillroom.devices.arrived import CHANNEL, notices_of
from stillroom.devices.arriving import WAYS, Arrival, Way, columns_of
from stillroom.devices.columns import take_columns
from stillroom.devices.spool import Spool
from stillroom.devices.waiting import AWAY, Waiting
from stillroom.gateways.errors import GatewayError

FLUSH_AT_MOST_LATE_S = 0.05
GATHERED_FOR_S = 0.04
ENOUGH = 100
"""Messages that are flushed without waiting for more."""
BUSY, BUSY_WITHIN_S = 10, 0.1
"""Where no more messages than that have come lately, nothing is gathered: waiting would spare no commit worth it."""
APPLICATION_NAME = "stillroom ingest"
CONNECTIONS = 3
CONNECTION_WITHIN_S = 5.0
STATEMENT_WITHIN_MS = 10_000
ALL: Mapping[Way, LiteralString] = {way: way.take_in for way in WAYS}
WHAT_IS_NEW: Mapping[Way, LiteralString] = {way: way.take_in_what_is_new for way in WAYS}


class Ingest:
    """Gathers arrivals and flushes them; `store` returns when its own are durable: committed, or on disk to wait.

    Without a `spool` nothing waits, and what could not be committed is told to whoever stored it. What others have
    `left` is stored besides.
    """

    def __init__(self, pool: AsyncConnectionPool[Any], spool: Spool | None = None, left: Sequence[Spool] = ()) -> None:
        self._pool = pool
        self._late = Waiting(spool, self._write) if spool else None
        self._left = [Waiting(each, self._write) for each in left]
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._came, self._are_enough = asyncio.Event(), asyncio.Event()
        self._began_s = 0.0
        self._lately: deque[tuple[float, int]] = deque()
        self._flushes: set[asyncio.Task[None]] = set()

    async def store(self, arrival: Arrival) -> None:
        """Raises GatewayError if the samples could not be made durable; they may then be sent again."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, stored))
        self._came.set()
        if len(self._waiting) >= ENOUGH:
            self._are_enough.set()
        await stored

    async def run(self) -> None:
        """Flush, as long as it is not cancelled."""
        while True:
            await self._came.wait()
            await self._gather()
            batch, self._waiting = self._waiting, []
            self._came.clear()
            self._are_enough.clear()
            self._began_s = asyncio.get_running_loop().time()
            self._lately.append((self._began_s, len(batch)))
            flush = asyncio.create_task(self._flush(batch))
            self._flushes.add(flush)
            flush.add_done_callback(self._flushes.discard)

    async def _gather(self) -> None:
        """Until what has come is flushed."""
        if self._flushes:
            await asyncio.wait(self._flushes, timeout=FLUSH_AT_MOST_LATE_S, return_when=asyncio.FIRST_COMPLETED)
        now_s = asyncio.get_running_loop().time()
        left_s = self._began_s + GATHERED_FOR_S - now_s
        if left_s > 0 and self._is_busy(now_s) and not self._are_enough.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._are_enough.wait(), left_s)

    def _is_busy(self, now_s: float) -> bool:
        while self._lately and self._lately[0][0] < now_s - BUSY_WITHIN_S:
            self._lately.popleft()
        return sum(count for _, count in self._lately) > BUSY

    async def run_late(self) -> None:
        """Store what waits on disk, as long as it is not cancelled."""
        await asyncio.gather(*(each.run() for each in self._all_late()))

    async def finish(self) -> None:
        """Wait for the flushes under way."""
        await asyncio.gather(*self._flushes)
        for each in self._all_late():
            each.close()

    def _all_late(self) -> list[Waiting]:
        return [*self._left, *([self._late] if self._late else [])]

    async def _flush(self, batch: Sequence[tuple[Arrival, asyncio.Future[None]]]) -> None:
        fault: GatewayError | None = None
        try:
            await self._keep([arrival for arrival, _ in batch])
        except GatewayError as error:
            fault = error
        for _, stored in batch:
            if stored.done():
                continue
            stored.set_exception(fault) if fault else stored.set_result(None)

    async def _keep(self, arrivals: Sequence[Arrival]) -> None:
        """In the database; while it is away, or others wait before these, on disk."""
        if self._late and self._late.is_in_use:
            await self._late.keep(arrivals)
            return
        try:
            await self._write(arrivals)
        except (psycopg.Error, PoolTimeout) as error:
            if not (self._late and isinstance(error, AWAY)):
                raise GatewayError(str(error) or type(error).__name__, permanent=False) from error
            await self._late.keep(arrivals)

    async def _write(self, arrivals: Sequence[Arrival]) -> None:
        """Once more if the connection was lost: a sample stored twice is there once, however far it got before."""
        try:
            async with self._pool.connection() as conn:
                await write(conn, arrivals)
        except psycopg.OperationalError:
            await self._pool.check()
            async with self._pool.connection() as conn:
                await write(conn, arrivals)


async def write(conn: psycopg.AsyncConnection[Any], arrivals: Sequence[Arrival]) -> None:
    """One durable commit of all these, on a connection that `prepare` made ready.

    Looking for repeats row by row costs a third more, and repeats are rare: they are looked for when one was found.
    """
    try:
        await _commit(conn, arrivals, ALL)
    except psycopg.errors.UniqueViolation:
        await _commit(conn, arrivals, WHAT_IS_NEW)


async def _commit(
    conn: psycopg.AsyncConnection[Any], arrivals: Sequence[Arrival], statements: Mapping[Way, LiteralString]
) -> None:
    """All statements go together: one way there and one back, however many there are."""
    async with conn.pipeline(), conn.transaction():
        for clinic_id in {arrival.clinic_id for arrival in arrivals}:
            await conn.execute("SELECT set_config('app.clinic', %s, true)", (str(clinic_id),))
            theirs = [arrival for arrival in arrivals if arrival.clinic_id == clinic_id]
            for way in WAYS:
                if columns := columns_of(way, theirs):
                    await conn.execute(statements[way], columns, prepare=True)
        for notice in notices_of(arrival.monitor_id for arrival in arrivals):
            await conn.execute("SELECT pg_notify(%s, %s)", (CHANNEL, notice))


async def prepare(conn: psycopg.AsyncConnection[Any]) -> None:
    """What a connection needs before it can `write`."""
    take_columns(conn)


@asynccontextmanager
async def ingesting(conninfo: str, spool: Spool | None = None, left: Sequence[Spool] = ()) -> AsyncIterator[Ingest]:
    """An ingest with connections of its own, flushing for as long as it is wanted."""
    options = {
        "autocommit": True,
        "application_name": APPLICATION_NAME,
        "options": f"-c statement_timeout={STATEMENT_WITHIN_MS}",
    }
    pool = AsyncConnectionPool(
        conninfo,
        kwargs=options,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=CONNECTION_WITHIN_S,
        configure=prepare,
        open=False,
    )
    async with pool:
        ingest = Ingest(pool, spool, left)
        tasks = [asyncio.create_task(ingest.run()), asyncio.create_task(ingest.run_late())]
        try:
            yield ingest
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await ingest.finish()


def conninfo_of_django() -> str:
    """Where Django's one database is, for connections of our own."""
    said = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return make_conninfo(**{name: said[name] for name in known if said.get(name)})
