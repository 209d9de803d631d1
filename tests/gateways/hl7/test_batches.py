"""Batches: each message in one is a message, and one that was cut somewhere gives nothing."""

from __future__ import annotations

import asyncio
import re

import pytest

from stillroom.gateways.hl7.batches import batch_in
from stillroom.gateways.hl7.frames import MAX_FRAME_BYTES, framed
from stillroom.gateways.hl7.message import Unreadable
from stillroom.gateways.hl7.reasons import Reason
from tests.gateways.hl7.keeper import MemoryKeeper, listening
from tests.gateways.hl7.messages import SPO2_97, message

HEAD = rb"BHS|^~\&|Acme|Ward 1|Infusions|Clinic|20260302100000+0000||||BATCH7"
FILE = rb"FHS|^~\&|Acme"
ONE, TWO = message(control_id="ONE"), message([SPO2_97.replace("|97|", "|96|")], control_id="TWO")


def batch(*messages: bytes, count: bytes = b"", head: bytes = HEAD) -> bytes:
    return head + b"\r" + b"".join(messages) + b"BTS" + (b"|" + count if count else b"") + b"\r"


async def answer_to(frame: bytes, keeper: MemoryKeeper) -> bytes:
    async with listening(keeper) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(framed(frame))
        answer = await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 20)
        writer.close()
    return answer.strip(b"\x0b\x1c\r")


@pytest.mark.parametrize(
    "frame",
    [
        batch(ONE, TWO),
        batch(ONE, TWO, count=b"2"),
        FILE + b"\r" + batch(ONE, TWO, count=b"2") + b"FTS|1\r",
        FILE + b"\r" + batch(ONE, count=b"1") + batch(TWO, count=b"1") + b"FTS|2\r",
        batch(ONE, TWO, count=b"2").replace(b"\r", b"\r\n"),
    ],
)
def test_the_messages_of_a_batch_are_each_there_byte_for_byte(frame: bytes) -> None:
    found = batch_in(frame)
    assert found is not None
    assert found.messages == (ONE, TWO)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (batch(ONE, count=b"2"), Reason.BATCH_COUNT),
        (batch(ONE, TWO, count=b"1"), Reason.BATCH_COUNT),
        (batch(ONE, count=b"many"), Reason.BATCH_COUNT),
        (HEAD + b"\r" + ONE, Reason.CUT_SHORT),
        (HEAD + b"\r" + ONE + b"BT", Reason.CUT_SHORT),
        (batch(), Reason.SEGMENT),
        (batch(b"PID|||1\r", ONE), Reason.SEGMENT),
        (batch(ONE) + b"OBX|9\r", Reason.SEGMENT),
        (b"BHS|^^|Acme\r" + ONE + b"BTS|1\r", Reason.SEPARATORS),
    ],
)
def test_a_batch_that_is_not_whole_gives_nothing(frame: bytes, reason: Reason) -> None:
    with pytest.raises(Unreadable) as fault:
        batch_in(frame)
    assert fault.value.reason is reason


def test_one_message_is_no_batch() -> None:
    assert batch_in(ONE) is None


def test_each_message_is_stored_and_answered_and_the_answers_are_a_batch() -> None:
    keeper = MemoryKeeper()
    bad = message(control_id="BAD", kind="ADT^A01^ADT_A01")
    answer = asyncio.run(answer_to(batch(ONE, bad, TWO, count=b"3"), keeper))
    assert [str(sample.value) for sample in keeper.stored] == ["97", "71", "96"]
    lines = answer.split(b"\r")
    assert re.findall(rb"\rMSA\|(..)\|(\w+)", answer) == [(b"AA", b"ONE"), (b"AR", b"BAD"), (b"AA", b"TWO")]
    assert lines[0].startswith(rb"BHS|^~\&|Infusions|Clinic|Acme|Ward 1|")
    assert lines[0].split(b"|")[-1] == b"BATCH7"
    assert lines[-1] == b"BTS|3"
    answers = batch_in(answer + b"\r")
    assert answers is not None
    assert len(answers.messages) == 3


def test_a_batch_that_was_cut_is_refused_with_a_sentence_and_nothing_is_stored() -> None:
    keeper = MemoryKeeper()
    answer = asyncio.run(answer_to(batch(ONE, TWO, count=b"3"), keeper))
    assert b"\rMSA|AR|BATCH7|BHS: The batch does not hold as many messages as BTS-1 says." in answer
    assert not keeper.stored


def test_a_message_of_a_megabyte_is_read_and_answered() -> None:
    """Nothing but the first observation of a sign is kept; the rest makes it large."""
    many = [SPO2_97, *(f"OBX|{n}|NM|{n}^LOCAL_{n}^L|1.{n}|{n}||||||R" for n in range(2, 30_000))]
    frame = message(many)
    assert 1_000_000 < len(frame) < MAX_FRAME_BYTES
    keeper = MemoryKeeper()
    answer = asyncio.run(answer_to(frame, keeper))
    assert b"\rMSA|AA|MSG1" in answer
    assert [str(sample.value) for sample in keeper.stored] == ["97"]
