"""Does this frame carry one message, or a batch of them? Bytes in, messages out, or a reason.

A batch is [FHS] { BHS message... BTS } [FTS] (HL7 2.6, 2.10.3). Its messages are each read, stored and answered as if
they had come alone, and the answers go back as one batch. A batch that does not end, or that does not hold as many
messages as it says (BTS-1), was cut somewhere: nothing of it is taken, as nobody knows what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stillroom.gateways.hl7.message import Header, Unreadable, header_of
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.times import written

_ENVELOPE = (b"FHS", b"BHS", b"BTS", b"FTS")
_OPENS = (b"FHS", b"BHS")


@dataclass(frozen=True, slots=True)
class Batch:
    """What stood in one frame. `header` is that of the batch as an MSH would say it: its control id in MSH-10."""

    header: Header
    messages: tuple[bytes, ...]


def batch_in(frame: bytes) -> Batch | None:
    """The batch in a frame, or none if it is no batch. Raises `Unreadable` where it is not whole."""
    if not frame.startswith(_OPENS):
        return None
    header = _as_message_header(header_of(frame))
    try:
        return Batch(header, _messages(frame.replace(b"\r\n", b"\r"), header.marks[0].encode()))
    except _NotWhole as fault:
        raise Unreadable(fault.reason, header) from None


def batch_answer(batch: Batch, answers: Sequence[bytes], *, at: datetime, control_id: str) -> bytes:
    """The answers to the messages of a batch, as a batch in their separators."""
    separator = batch.header.marks[0]
    said = batch.header
    names = [said[5] or "Stillroom", said[6], said[3], said[4]]
    head = [f"BHS{separator}{said.marks[1:]}", *names, written(at), "", "", "", control_id, said.control_id]
    tail = ["BTS", str(len(answers))]
    return (separator.join(head) + "\r").encode() + b"".join(answers) + (separator.join(tail) + "\r").encode()


class _NotWhole(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def _as_message_header(header: Header) -> Header:
    """BHS and FHS name sender and receiver where MSH does, and their own id in field 11."""
    fields = (*header.fields[:7], "", "", "", header[11], "", "")
    return replace(header, fields=fields)


def _messages(frame: bytes, separator: bytes) -> tuple[bytes, ...]:
    messages: list[list[bytes]] = []
    before_this_batch = 0
    is_open = False
    for line in filter(None, frame.split(b"\r")):
        name = line[:3]
        if name == b"BHS":
            is_open, before_this_batch = True, len(messages)
        elif name == b"BTS":
            is_open = False
            _count(line, separator, len(messages) - before_this_batch)
        elif name == b"MSH":
            messages.append([line])
        elif name not in _ENVELOPE:
            _belongs(messages, is_open).append(line)
    if is_open or not messages:
        raise _NotWhole(Reason.CUT_SHORT if is_open else Reason.SEGMENT)
    return tuple(b"\r".join(lines) + b"\r" for lines in messages)


def _count(trailer: bytes, separator: bytes, found: int) -> None:
    said = trailer.split(separator)[1:2]
    if said and said[0] and said[0] != str(found).encode():
        raise _NotWhole(Reason.BATCH_COUNT)


def _belongs(messages: list[list[bytes]], is_open: bool) -> list[bytes]:
    if not messages or not is_open:
        raise _NotWhole(Reason.SEGMENT)
    return messages[-1]
