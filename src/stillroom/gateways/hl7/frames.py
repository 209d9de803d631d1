"""Where does one message end and the next begin? MLLP, from a stream of bytes that may be cut anywhere.

Start block 0x0B, message, end block 0x1C, carriage return (HL7 Version 3 Standard: Transport Specification MLLP, R1).
Bytes outside a frame are skipped and counted. A start block inside a frame means that the first one was never
finished: a line dropped, a monitor restarted. What was begun is skipped too, and the new frame is read.
"""

from __future__ import annotations

START = b"\x0b"
END = b"\x1c"
TRAILER = END + b"\r"

MAX_FRAME_BYTES = 2_097_152
"""A report of a hundred numerics is 16 kB, and a batch of an hour about a megabyte. What outgrows this is neither."""


class FrameTooLong(Exception):
    """A frame was begun and did not end within `MAX_FRAME_BYTES`; the line cannot be trusted any more."""


class FrameReader:
    """Cuts frames out of one connection's bytes. Holds at most one unfinished frame."""

    def __init__(self) -> None:
        self._open: bytearray | None = None
        self.skipped_bytes = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The frames that `chunk` completes, in order, without their blocks."""
        frames: list[bytes] = []
        for index, piece in enumerate(chunk.split(START)):
            if index:
                self._skip_open()
                self._open = bytearray()
            frames += self._read(piece)
        return frames

    def _read(self, piece: bytes) -> list[bytes]:
        if self._open is None:
            self._skip(piece)
            return []
        body, end, rest = piece.partition(END)
        self._open += body
        if len(self._open) > MAX_FRAME_BYTES:
            raise FrameTooLong
        if not end:
            return []
        frame, self._open = bytes(self._open), None
        self._skip(rest)
        return [frame]

    def _skip_open(self) -> None:
        if self._open is not None:
            self._skip(bytes(self._open))

    def _skip(self, outside: bytes) -> None:
        # The carriage return after an end block is part of the frame, in whichever chunk it comes.
        self.skipped_bytes += len(outside.strip(b"\r\n"))


def framed(message: bytes) -> bytes:
    """One message with its blocks, as it goes onto the wire."""
    return START + message + TRAILER
