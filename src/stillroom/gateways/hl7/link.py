"""The socket that monitors send to: MLLP, many lines at once, each message answered only when it is durably stored.

A line may send garbage, half a frame, or drop and come back: that line suffers, and no other. Memory is bounded: one
unfinished frame and one message in hand for each line, and a fixed number of lines. A sender that does not wait for
its answers is slowed down by its own line.

What a message means is decided in `wire.py`. Whose it is, and where it is kept, is asked of a `Porter`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import count
from ssl import SSLContext
from typing import Protocol

from stillroom.gateways.contract import Heard, Keeper, Line, Report, SetAside, Source
from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.batches import batch_answer, batch_in
from stillroom.gateways.hl7.frames import FrameReader, FrameTooLong, framed
from stillroom.gateways.hl7.message import Header, Unreadable, open_message
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.wire import Origin, origin_of, read, refusal, unread

log = logging.getLogger(__name__)

MAX_LINES = 512
READ_BYTES = 65_536
ANSWERS_WAIT_BYTES = 65_536
"""What of our answers may wait for a sender to take them. With more, nothing is read of it until it has."""
ANSWER_TAKEN_WITHIN_S = 30.0
HANDSHAKE_WITHIN_S = 10.0
# A peer that vanished without a word (power, cable) is noticed by the kernel after 30 + 3 * 10 s of silence.
KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


class Porter(Keeper, Protocol):
    """What the link asks of the house besides: who stands at the door, and whose a message is."""

    def admits(self, line: Line) -> bool:
        """Whether a line from this address, with this certificate, may be opened at all."""

    def source_of(self, line: Line, origin: Origin) -> Source | None:
        """The one monitor enrolled for this line and origin."""

    def source_at(self, line: Line) -> Source | None:
        """The one monitor enrolled for this line, whoever it says it is: for what nobody can read."""

    def note_opened(self, line: Line) -> None:
        """Somebody who may send has opened it, and has said nothing yet."""

    def note_skipped(self, line: Line, skipped_bytes: int) -> None:
        """Bytes that stood between frames, or a frame that was never finished."""

    def note_too_long(self, line: Line) -> None:
        """A frame that outgrew what one may hold; the line is closed, as nobody knows where the next begins."""


class Link:
    """Listens for monitors and answers them."""

    def __init__(self, keeper: Porter, *, now: Callable[[], datetime], answers: Iterator[int] | None = None) -> None:
        """`answers`: the numbers of its answers, which no other link of the house gives."""
        self._keeper = keeper
        self._now = now
        self._line_numbers = count(1)
        self._answer_numbers = answers or count(1)
        self._started = f"{now():%Y%m%d%H%M%S}"
        self._open: set[asyncio.Task[None]] = set()

    async def listen(
        self, host: str, port: int, *, tls: SSLContext | None = None, is_shared: bool = False
    ) -> asyncio.Server:
        """`is_shared`: others listen there too, and the kernel gives each its part of the lines (Linux)."""
        return await asyncio.start_server(
            self._serve,
            host,
            port,
            limit=READ_BYTES,
            ssl=tls,
            reuse_port=is_shared,
            **({"ssl_handshake_timeout": HANDSHAKE_WITHIN_S} if tls else {}),
        )

    async def close_lines(self) -> None:
        """Let go of every line. What was not answered yet will be sent again by whoever sent it."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(writer.get_extra_info("peername")[0], next(self._line_numbers), _certificate_of(writer))
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if self._may_enter(line):
                self._keeper.note_opened(line)
                _keep_alive(writer)
                await self._read(line, reader, writer)
        except (FrameTooLong, ConnectionError, TimeoutError) as fault:
            log.warning("the line from %s was dropped: %s", line.peer, fault or type(fault).__name__)
        except asyncio.CancelledError:
            # `close_lines` let go of it. The server of asyncio takes a cancelled line for a fault, and would log it.
            log.debug("the line from %s was let go", line.peer)
        finally:
            self._open.discard(task)
            self._keeper.note_closed(line)
            writer.close()

    def _may_enter(self, line: Line) -> bool:
        if not self._keeper.admits(line):
            log.warning("%s was turned away: no monitor is enrolled at this address with this certificate", line.peer)
            return False
        if len(self._open) > MAX_LINES:
            log.error("%s was turned away: %d lines are open", line.peer, MAX_LINES)
            return False
        return True

    async def _read(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        told_bytes = 0
        while chunk := await reader.read(READ_BYTES):
            for frame in self._frames_in(chunk, frames, line):
                for answer in await self._answers_to(line, frame):
                    writer.write(framed(answer))
                if writer.transport.get_write_buffer_size() > ANSWERS_WAIT_BYTES:
                    async with asyncio.timeout(ANSWER_TAKEN_WITHIN_S):
                        await writer.drain()
            if frames.skipped_bytes > told_bytes:
                self._keeper.note_skipped(line, frames.skipped_bytes - told_bytes)
                told_bytes = frames.skipped_bytes

    def _frames_in(self, chunk: bytes, frames: FrameReader, line: Line) -> list[bytes]:
        try:
            return frames.feed(chunk)
        except FrameTooLong:
            self._keeper.note_too_long(line)
            raise

    async def _answers_to(self, line: Line, frame: bytes) -> tuple[bytes, ...]:
        """What to answer to one frame, once it is stored: to a message its answers, to a batch a batch of them."""
        received_at = self._now()
        try:
            batch = batch_in(frame)
        except Unreadable as fault:
            return await self._refused(line, frame, received_at, fault, "BHS")
        if batch is None:
            return await self._answers(line, frame, received_at)
        # Together, so that one commit makes all of them durable.
        answered = await asyncio.gather(*(self._answers(line, each, received_at) for each in batch.messages))
        answers = [answer for answers in answered for answer in answers]
        return (batch_answer(batch, answers, at=self._now(), control_id=self._number()),) if answers else ()

    async def _answers(self, line: Line, frame: bytes, received_at: datetime) -> tuple[bytes, ...]:
        """What to answer to one message, once it is stored."""
        try:
            header, source, report = self._understood(line, frame, received_at)
        except Unreadable as fault:
            return await self._refused(line, frame, received_at, fault, "MSH")
        return await self._stored(header, line, source, Heard(frame, line.peer, received_at, report))

    def _understood(self, line: Line, frame: bytes, received_at: datetime) -> tuple[Header, Source | None, Report]:
        """Whose message it is, and what it says."""
        # Its fields are let go of here, and not held until it is stored: those of all that wait together are megabytes.
        message = open_message(frame)
        source = self._keeper.source_of(line, origin_of(message))
        if source is None:
            return message.header, None, refusal(SetAside(Reason.NOT_ENROLLED, "MSH-3"))
        return message.header, source, read(message, received_at=received_at, zone=source.zone)

    async def _refused(
        self, line: Line, frame: bytes, received_at: datetime, fault: Unreadable, where: str
    ) -> tuple[bytes, ...]:
        """Nobody can read it; where one monitor alone sends from there, it is that one's."""
        source = self._keeper.source_at(line)
        heard = Heard(frame, line.peer, received_at, unread(fault, where))
        return await self._stored(fault.header, line, source, heard)

    async def _stored(self, header: Header, line: Line, source: Source | None, heard: Heard) -> tuple[bytes, ...]:
        report = heard.report
        if source is not None:
            try:
                await self._keeper.store(source, heard)
            except GatewayError as fault:
                log.error("a message of monitor %s was not stored: %s", source.id, fault)
                report = refusal(SetAside(Reason.NOT_STORED, "MSH"))
        self._keeper.note_report(line, source, report, heard.received_at)
        return acknowledgements(header, report, at=self._now(), control_id=self._number())

    def _number(self) -> str:
        return f"{self._started}-{next(self._answer_numbers)}"


def _certificate_of(writer: asyncio.StreamWriter) -> str:
    secured = writer.get_extra_info("ssl_object")
    shown = secured.getpeercert(binary_form=True) if secured else None
    return sha256(shown).hexdigest() if shown else ""


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
