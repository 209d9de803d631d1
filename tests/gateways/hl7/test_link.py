"""The socket: other people's senders are answered, and nothing a line does harms another or fills the memory."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import hl7.client
import pytest

from stillroom.gateways.hl7.frames import MAX_FRAME_BYTES, framed
from tests.gateways.hl7.keeper import MemoryKeeper, listening
from tests.gateways.hl7.messages import FRAMES, message

TOP = Path(__file__).parents[3]
SIMPLE_HL7 = Path(__file__).with_name("simple_hl7.js")


def with_link(keeper: MemoryKeeper, walk: Callable[[int], Awaitable[None]]) -> None:
    async def run() -> None:
        async with listening(keeper) as port:
            await asyncio.wait_for(walk(port), 20)

    asyncio.run(run())


async def open_line(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def answer_on(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\x1c\r")).strip(b"\x0b\x1c\r")


def code_in(answer: bytes) -> str:
    return answer.split(b"\rMSA|")[1].split(b"|")[0].decode()


# Senders that are not ours.


def test_npm_simple_hl7_is_answered(tmp_path: Path) -> None:
    """It never ends its last segment, and waits for each answer before it sends the next."""
    ours = tmp_path / "ours.hl7"
    ours.write_bytes(message(control_id="FROM-NODE"))
    files = [ours, FRAMES / "ipf__pcd01-request.hl7", tmp_path / "adt.hl7"]
    files[2].write_bytes(message(kind="ADT^A01^ADT_A01", control_id="ADT1"))
    keeper = MemoryKeeper()
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"

    async def walk(port: int) -> None:
        process = await asyncio.create_subprocess_exec(
            node,
            SIMPLE_HL7,
            str(port),
            *files,
            stdout=asyncio.subprocess.PIPE,
            env={"NODE_PATH": f"{TOP}/node_modules"},
        )
        said, _ = await process.communicate()
        assert said.decode().split("\n")[:-1] == ["AA FROM-NODE", "AE MSGID1234", "AR ADT1"]

    with_link(keeper, walk)
    assert [str(sample.value) for sample in keeper.stored] == ["97", "71"]


def test_python_hl7_is_answered() -> None:
    keeper = MemoryKeeper()

    def send(port: int) -> list[str]:
        with hl7.client.MLLPClient("127.0.0.1", port) as client:
            frames = [message(), hl7.parse(message(control_id="MSG2").decode())]
            return [code_in(client.send_message(frame)) for frame in frames]

    async def walk(port: int) -> None:
        assert await asyncio.to_thread(send, port) == ["AA", "AA"]

    with_link(keeper, walk)
    assert len(keeper.stored) == 4
    assert len(set(keeper.digests)) == 2


@pytest.mark.parametrize("file", sorted(FRAMES.glob("*.hl7*")), ids=lambda file: file.name)
def test_every_message_of_other_peoples_systems_gets_an_answer_and_none_of_an_old_day_is_kept(file: Path) -> None:
    keeper = MemoryKeeper()
    sent = file.read_bytes()
    wants_accept_alone = b"|AL|NE|" in sent

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(sent) + framed(message(control_id="AFTER")))
        answers = [await answer_on(reader) for _ in range(2)]
        assert b"|AFTER|" in answers[-1]
        assert answers[0].split(b"\rMSA|")[1][:2] in ((b"CR", b"CE") if wants_accept_alone else (b"AE", b"AA", b"AR"))
        writer.close()

    with_link(keeper, walk)
    assert [str(sample.value) for sample in keeper.stored] == ["97", "71"]


# What a line may do.


def test_two_messages_in_one_packet_are_both_answered_in_order() -> None:
    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(message(control_id="ONE")) + framed(message(control_id="TWO")))
        assert b"|ONE|" in await answer_on(reader)
        assert b"|TWO|" in await answer_on(reader)
        writer.close()

    with_link(MemoryKeeper(), walk)


def test_a_message_in_single_bytes_is_one_message() -> None:
    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        for byte in framed(message()):
            writer.write(bytes([byte]))
            await writer.drain()
        assert code_in(await answer_on(reader)) == "AA"
        writer.close()

    with_link(MemoryKeeper(), walk)


def test_garbage_and_half_a_frame_cost_only_themselves() -> None:
    keeper = MemoryKeeper()

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n" + b"\x0b" + message()[:100] + framed(message(control_id="WHOLE")))
        assert b"|WHOLE|" in await answer_on(reader)
        writer.write(framed(b"\xff\x00 not a message"))
        assert code_in(await answer_on(reader)) == "AR"
        writer.close()

    with_link(keeper, walk)
    assert len(keeper.stored) == 2
    assert keeper.skipped_bytes > 100


def test_a_line_that_drops_inside_a_frame_comes_back() -> None:
    keeper = MemoryKeeper()

    async def walk(port: int) -> None:
        _, writer = await open_line(port)
        writer.write(framed(message())[:200])
        await writer.drain()
        writer.transport.abort()
        reader, writer = await open_line(port)
        writer.write(framed(message()))
        assert code_in(await answer_on(reader)) == "AA"
        writer.close()

    with_link(keeper, walk)
    assert len(keeper.stored) == 2
    assert len(keeper.closed) == 2


def test_a_frame_without_an_end_loses_its_line_and_no_other() -> None:
    keeper = MemoryKeeper()

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        endless_reader, endless = await open_line(port)
        endless.write(b"\x0b" + b"MSH|^~\\&|" + b"x" * (MAX_FRAME_BYTES + 1))
        assert await endless_reader.read() == b""
        assert len(keeper.too_long) == 1
        writer.write(framed(message()))
        assert code_in(await answer_on(reader)) == "AA"
        writer.close()
        endless.close()

    with_link(keeper, walk)


def test_an_address_that_is_not_listed_is_turned_away() -> None:
    keeper = MemoryKeeper(peers=frozenset({"192.0.2.7"}))

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(message()))
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await answer_on(reader)
        writer.close()

    with_link(keeper, walk)
    assert keeper.reports == []


# When is it answered?


def test_nothing_is_answered_before_it_is_stored() -> None:
    keeper = MemoryKeeper()

    async def walk(port: int) -> None:
        keeper.gate = asyncio.Event()
        reader, writer = await open_line(port)
        writer.write(framed(message()))
        answer = asyncio.ensure_future(answer_on(reader))
        done, _ = await asyncio.wait([answer], timeout=0.2)
        assert not done
        keeper.gate.set()
        assert code_in(await answer) == "AA"
        assert len(keeper.stored) == 2
        writer.close()

    with_link(keeper, walk)


def test_what_could_not_be_stored_is_rejected_to_be_sent_again() -> None:
    keeper = MemoryKeeper(is_broken=True)

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(message()))
        answer = await answer_on(reader)
        assert code_in(answer) == "AR"
        assert b"Send the message again" in answer
        keeper.is_broken = False
        writer.write(framed(message()))
        assert code_in(await answer_on(reader)) == "AA"
        writer.close()

    with_link(keeper, walk)


def test_a_monitor_that_is_not_enrolled_is_rejected_with_the_reason() -> None:
    keeper = MemoryKeeper(source=None)

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(message()))
        answer = await answer_on(reader)
        assert code_in(answer) == "AR"
        assert b"Not exactly one monitor is enrolled" in answer
        writer.close()

    with_link(keeper, walk)
    assert keeper.origins[0].bed == "CHAIR^^2"
    assert keeper.stored == []


def test_a_sender_that_wants_no_answer_gets_none() -> None:
    keeper = MemoryKeeper()

    async def walk(port: int) -> None:
        reader, writer = await open_line(port)
        writer.write(framed(message(asks=("NE", "NE"))) + framed(message(control_id="NEXT")))
        assert b"|NEXT|" in await answer_on(reader)
        writer.close()

    with_link(keeper, walk)
    assert len(keeper.stored) == 4


def test_fifty_lines_at_once_are_all_answered() -> None:
    keeper = MemoryKeeper()

    async def one(port: int, number: int) -> None:
        reader, writer = await open_line(port)
        for turn in range(3):
            writer.write(framed(message(control_id=f"{number}-{turn}")))
            assert f"|{number}-{turn}|".encode() in await answer_on(reader)
        writer.close()

    async def walk(port: int) -> None:
        await asyncio.gather(*(one(port, number) for number in range(50)))

    with_link(keeper, walk)
    assert len(keeper.stored) == 300


def test_it_ends_without_complaint_while_a_line_is_open() -> None:
    complaints: list[object] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, about: complaints.append(about))
        async with listening(MemoryKeeper()) as port:
            reader, writer = await open_line(port)
            writer.write(framed(message()))
            await answer_on(reader)
        assert await reader.read() == b""
        writer.close()

    asyncio.run(run())
    assert complaints == []


def test_it_listens_where_it_is_told_and_nowhere_else() -> None:
    async def walk(port: int) -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", port)

    with_link(MemoryKeeper(), walk)
