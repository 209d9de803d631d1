"""A keeper in memory: keeps what it is given, or fails to, and remembers what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from stillroom.core.vitals import Sample
from stillroom.gateways.contract import Heard, Line, Report, Source
from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.link import Link
from stillroom.gateways.hl7.wire import Origin
from tests.gateways.hl7.messages import AT

MONITOR = Source(UUID(int=1), None)


@dataclass
class MemoryKeeper:
    peers: frozenset[str] = frozenset({"127.0.0.1"})
    source: Source | None = MONITOR
    is_broken: bool = False
    gate: asyncio.Event | None = None
    stored: list[Sample] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    skipped_bytes: int = 0
    opened: list[Line] = field(default_factory=list)
    too_long: list[Line] = field(default_factory=list)
    closed: list[Line] = field(default_factory=list)

    def admits(self, line: Line) -> bool:
        return line.peer in self.peers

    def source_of(self, line: Line, origin: Origin) -> Source | None:
        self.origins.append(origin)
        return self.source

    def source_at(self, line: Line) -> Source | None:
        return self.source

    async def store(self, source: Source, heard: Heard) -> None:
        if self.gate:
            await self.gate.wait()
        if self.is_broken:
            raise GatewayError("the database is away", permanent=False)
        self.stored += heard.report.samples
        self.digests.append(heard.digest)
        self.heard.append(heard)

    def note_report(self, line: Line, source: Source | None, report: Report, received_at: datetime) -> None:
        self.reports.append(report)

    def note_opened(self, line: Line) -> None:
        self.opened.append(line)

    def note_skipped(self, line: Line, skipped_bytes: int) -> None:
        self.skipped_bytes += skipped_bytes

    def note_too_long(self, line: Line) -> None:
        self.too_long.append(line)

    def note_closed(self, line: Line) -> None:
        self.closed.append(line)


@asynccontextmanager
async def listening(keeper: MemoryKeeper, *, port: int = 0) -> AsyncIterator[int]:
    """A link on loopback, on a free port if none is named, for as long as it is wanted; its clock stands still."""
    link = Link(keeper, now=lambda: AT)
    server = await link.listen("127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await link.close_lines()
        await server.wait_closed()
