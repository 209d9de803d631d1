"""A simulated bedside monitor: at its interval it measures, reports over MLLP as any would, and awaits the answer.

It knows nothing of the house but an address and a port. When the line drops or nobody answers, it comes back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from stillroom.core.vitals import Signal
from stillroom.gateways.hl7.frames import FrameReader, framed
from stillroom.rehearsal.dialects import Dialect, report
from stillroom.rehearsal.measured import Cuff, measured
from stillroom.rehearsal.patient import Signs

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 10.0
BACK_AFTER_S = 1.0
READ_BYTES = 4096
ACCEPTED = b"\rMSA|AA|"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMonitor:
    """Who is connected at one moment: identifier, bed, and signs.

    `missing` is what it fails to measure now, and `cuff_says` a pressure that is not the patient's. Silent, it sends
    nothing.
    """

    identifier: str
    bed: str
    signs: Signs
    missing: frozenset[Signal] = frozenset()
    cuff_says: tuple[int, int] | None = None
    is_silent: bool = False


Look = Callable[[datetime], Awaitable[OnMonitor | None]]


class SimulatedMonitor:
    """One monitor that speaks one dialect. `look` says who is connected to it at a moment."""

    def __init__(self, dialect: Dialect, *, interval_s: float, cuff_interval_s: float, look: Look) -> None:
        self._dialect = dialect
        self._interval_s = interval_s
        self._look = look
        self._cuff = Cuff(cuff_interval_s)
        self._began = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
        self._numbers = count(1)

    async def run(self, host: str, port: int) -> None:
        """Report for as long as it is not cancelled."""
        while True:
            try:
                await self._report_over_one_line(host, port)
            except (OSError, TimeoutError, EOFError) as fault:
                log.info("%s lost its line: %s", self._dialect.name, fault or type(fault).__name__)
            await asyncio.sleep(BACK_AFTER_S)

    async def _report_over_one_line(self, host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            clock = asyncio.get_running_loop().time
            due_s = clock()
            while True:
                patient = await self._look(at := datetime.now(UTC))
                if patient is None or not patient.is_silent:
                    writer.write(framed(self._message(patient, at)))
                    await writer.drain()
                    # Not wait_for: in Python 3.11 it can swallow a cancellation that comes with the answer
                    # (cpython#86296).
                    async with asyncio.timeout(ANSWER_WITHIN_S):
                        self._read(await _one_frame(reader))
                due_s = max(due_s + self._interval_s, clock())
                await asyncio.sleep(due_s - clock())
        finally:
            writer.close()

    def _message(self, patient: OnMonitor | None, at: datetime) -> bytes:
        """A monitor that nobody is connected to reports no numbers, and its cuff stays empty."""
        control_id = f"{self._began}-{next(self._numbers)}"
        if patient is None:
            return report(self._dialect, {}, at=at, control_id=control_id, identifier="", bed="")
        values = measured(patient.signs, with_cuff=self._cuff.is_due(at), cuff_says=patient.cuff_says)
        values = {signal: value for signal, value in values.items() if signal not in patient.missing}
        return report(
            self._dialect, values, at=at, control_id=control_id, identifier=patient.identifier, bed=patient.bed
        )

    def _read(self, answer: bytes) -> None:
        if ACCEPTED not in answer:
            log.error("%s was answered %r", self._dialect.name, answer)


async def _one_frame(reader: asyncio.StreamReader) -> bytes:
    frames = FrameReader()
    while chunk := await reader.read(READ_BYTES):
        for frame in frames.feed(chunk):
            return frame
    raise EOFError("the receiver closed the line")
