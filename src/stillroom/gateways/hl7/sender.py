"""The other end of a line: sends one message and waits for its answer, as a monitor does."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.frames import FrameReader, framed

ANSWER_WITHIN_S = 30.0
READ_BYTES = 4096


class Sender:
    """Sends to one receiver over one line, which is opened when it is needed and opened again after it was lost."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    async def send(self, message: bytes) -> str:
        """How the message was answered: AA, AE, AR ... Raises GatewayError when nobody answers."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                reader, writer = self._line = self._line or await asyncio.open_connection(self._host, self._port)
                writer.write(framed(message))
                await writer.drain()
                return _code_in(await _one_frame(reader))
        except (OSError, TimeoutError, EOFError) as fault:
            self._hang_up()
            raise GatewayError(f"no answer from {self._host}:{self._port}", permanent=False) from fault

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].close()
            self._line = None


async def _one_frame(reader: asyncio.StreamReader) -> bytes:
    """The next answer. Nothing follows it before the next message, so no byte is left behind."""
    frames = FrameReader()
    while chunk := await reader.read(READ_BYTES):
        for frame in frames.feed(chunk):
            return frame
    raise EOFError("the line was closed")


def _code_in(answer: bytes) -> str:
    codes = (segment[4:6] for segment in answer.split(b"\r") if segment.startswith(b"MSA"))
    return next(codes, b"??").decode("ascii", errors="replace")
