"""What came while the database was away: kept on disk at once, and stored in order as soon as it is back.

What waits arrives late and never as live: each reading keeps the time at which it was measured and the time at which it
came, and whoever judges a room judges by the first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import psycopg
from psycopg_pool import PoolTimeout

from stillroom.devices.arriving import Arrival
from stillroom.devices.spool import Spool

log = logging.getLogger(__name__)

AGAIN_EVERY_S = 1.0
TOGETHER = 500
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""The database did not answer, or went away while it did. Anything else is an answer."""

Write = Callable[[Sequence[Arrival]], Awaitable[None]]


class Waiting:
    """The arrivals that wait, and the one task that stores them. `write` is one durable commit."""

    def __init__(self, spool: Spool, write: Write) -> None:
        self._spool = spool
        self._write = write
        self._file_is_free = asyncio.Lock()

    @property
    def is_in_use(self) -> bool:
        return self._spool.is_in_use

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Returns when all of them are on the disk. Raises `GatewayError` when they cannot be."""
        if not self.is_in_use:
            log.error("The database is AWAY. What monitors send is kept on disk until it is back.")
        async with self._file_is_free:
            await asyncio.to_thread(self._spool.append, arrivals)

    async def run(self) -> None:
        """Store what waits, as long as it is not cancelled."""
        while True:
            try:
                while self.is_in_use and await self._store_some():
                    pass
            except Exception:
                # What waits stays where it is, and what comes goes on waiting behind it.
                log.exception("what waits on disk could not be stored")
            await asyncio.sleep(AGAIN_EVERY_S)

    def close(self) -> None:
        """What waits is there when the gateway runs again."""
        self._spool.close()

    async def _store_some(self) -> bool:
        """Whether the database took the next ones."""
        async with self._file_is_free:
            some = await asyncio.to_thread(self._spool.next, TOGETHER)
        try:
            await self._write(some)
        except AWAY:
            return False
        except psycopg.Error:
            for arrival in some:
                if not await self._store_alone(arrival):
                    return False
        async with self._file_is_free:
            await asyncio.to_thread(self._spool.stored, len(some))
        if not self.is_in_use:
            log.warning("The database is back, and has all that was kept on disk.")
        return True

    async def _store_alone(self, arrival: Arrival) -> bool:
        """One that others may have spoilt; without its message, if the days of messages do not reach back to it."""
        for what in (arrival, replace(arrival, frame=None)):
            try:
                await self._write((what,))
            except AWAY:
                return False
            except psycopg.Error as fault:
                log.warning("what monitor %s sent was not taken: %s", arrival.monitor_id, fault)
            else:
                return True
        await asyncio.to_thread(self._spool.set_apart, arrival)
        return True
