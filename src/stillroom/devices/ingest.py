"""The one way in for samples: what came is flushed together, durably, and only then is anybody answered.

A flush begins at once when the one before it has returned, so that a quiet house waits for nobody and a busy one
writes larger batches by itself; should a commit hang, the next begins 50 ms later on another connection. Rows come in
by binary COPY into a table of the session and move on under row security, clinic by clinic: a sample gets the clinic
of its monitor and no other. What is there already stays as it is, so a message sent again is stored once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from stillroom.core.vitals import Sample
from stillroom.gateways.errors import GatewayError

FLUSH_AT_MOST_LATE_S = 0.05
APPLICATION_NAME = "stillroom ingest"
CONNECTIONS = 3
CONNECTION_WITHIN_S = 5.0
STATEMENT_WITHIN_MS = 10_000

COLUMNS: dict[LiteralString, LiteralString] = {
    "monitor_id": "uuid",
    "signal": "text",
    "measured_at": "timestamptz",
    "received_at": "timestamptz",
    "value": "numeric",
    "validity": "text",
    "frame_digest": "bytea",
}
_NAMES: LiteralString = ", ".join(COLUMNS)
_CREATE = "CREATE TEMPORARY TABLE arriving ({}) ON COMMIT DELETE ROWS".format(
    ", ".join(f"{name} {kind} NOT NULL" for name, kind in COLUMNS.items())
)
_COPY: LiteralString = f"COPY arriving ({_NAMES}) FROM STDIN (FORMAT BINARY)"
# Row security shows the monitors of one clinic, so the join lets only their samples through.
_MOVE: LiteralString = f"""
    INSERT INTO devices_sample (clinic_id, {_NAMES})
    SELECT devices_monitor.clinic_id, arriving.* FROM arriving JOIN devices_monitor ON devices_monitor.id = monitor_id
"""  # noqa: S608
_MOVE_WHAT_IS_NEW: LiteralString = f"{_MOVE} ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The samples of one message, and whose they are."""

    clinic_id: UUID
    monitor_id: UUID
    samples: tuple[Sample, ...]
    frame_digest: bytes


class Ingest:
    """Gathers arrivals and flushes them; `store` returns when its own are durable."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._came = asyncio.Event()
        self._flushes: set[asyncio.Task[None]] = set()

    async def store(self, arrival: Arrival) -> None:
        """Raises GatewayError if the samples could not be made durable; they may then be sent again."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, stored))
        self._came.set()
        await stored

    async def run(self) -> None:
        """Flush, as long as it is not cancelled."""
        while True:
            await self._came.wait()
            if self._flushes:
                await asyncio.wait(self._flushes, timeout=FLUSH_AT_MOST_LATE_S, return_when=asyncio.FIRST_COMPLETED)
            batch, self._waiting = self._waiting, []
            self._came.clear()
            flush = asyncio.create_task(self._flush(batch))
            self._flushes.add(flush)
            flush.add_done_callback(self._flushes.discard)

    async def finish(self) -> None:
        """Wait for the flushes under way."""
        await asyncio.gather(*self._flushes)

    async def _flush(self, batch: Sequence[tuple[Arrival, asyncio.Future[None]]]) -> None:
        fault: GatewayError | None = None
        try:
            await self._write([arrival for arrival, _ in batch])
        except (psycopg.Error, PoolTimeout) as error:
            fault = GatewayError(str(error) or type(error).__name__, permanent=False)
        for _, stored in batch:
            if stored.done():
                continue
            stored.set_exception(fault) if fault else stored.set_result(None)

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
        await _commit(conn, arrivals, _MOVE)
    except psycopg.errors.UniqueViolation:
        await _commit(conn, arrivals, _MOVE_WHAT_IS_NEW)


async def _commit(conn: psycopg.AsyncConnection[Any], arrivals: Sequence[Arrival], move: LiteralString) -> None:
    async with conn.transaction():
        async with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(list(COLUMNS.values()))
            for row in _rows(arrivals):
                await copy.write_row(row)
        for clinic_id in {arrival.clinic_id for arrival in arrivals}:
            await conn.execute("SELECT set_config('app.clinic', %s, true)", (str(clinic_id),))
            await conn.execute(move)


async def prepare(conn: psycopg.AsyncConnection[Any]) -> None:
    """What a connection needs before it can `write`."""
    await conn.execute(_CREATE)


@asynccontextmanager
async def ingesting(conninfo: str) -> AsyncIterator[Ingest]:
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
        ingest = Ingest(pool)
        flushing = asyncio.create_task(ingest.run())
        try:
            yield ingest
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing
            await ingest.finish()


def conninfo_of_django() -> str:
    """Where Django's one database is, for connections of our own."""
    said = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return make_conninfo(**{name: said[name] for name in known if said.get(name)})


def _rows(arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    return [
        (
            arrival.monitor_id,
            sample.signal.value,
            sample.measured_at,
            sample.received_at,
            sample.value,
            sample.validity.value,
            arrival.frame_digest,
        )
        for arrival in arrivals
        for sample in arrival.samples
    ]
