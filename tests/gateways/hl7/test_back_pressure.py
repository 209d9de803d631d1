"""What cannot be stored yet is not read: it waits with its sender, none is lost, and the memory stays small."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stillroom.gateways.hl7.frames import framed
from stillroom.gateways.hl7.link import ANSWER_TAKEN_WITHIN_S
from tests.gateways.hl7.keeper import MemoryKeeper, listening
from tests.gateways.hl7.messages import PULSE_71, SPO2_97, message
from tests.gateways.hl7.test_link import answer_on, code_in, open_line

LARGE = "NTE|1||" + "x" * 100_000
MESSAGES = 300
BOUND_BYTES = 3_000_000
"""A tenth of all that is sent."""
STILL_FOR_S = 0.3


async def stands_still(count: Callable[[], int]) -> int:
    """What is counted, when it has not grown for a while."""
    before = -1
    while before != (now := count()):
        before = now
        await asyncio.sleep(STILL_FOR_S)
    return now


def test_while_the_database_is_slow_the_wire_is_not_read_and_nothing_is_lost_or_piled_up() -> None:
    keeper = MemoryKeeper(gate=asyncio.Event())
    sent = 0

    async def run() -> None:
        nonlocal sent
        assert keeper.gate is not None
        async with listening(keeper) as port:
            reader, writer = await open_line(port)

            async def send() -> None:
                nonlocal sent
                for number in range(MESSAGES):
                    writer.write(framed(message((SPO2_97, PULSE_71, LARGE), control_id=f"M{number}")))
                    await writer.drain()
                    sent += 1

            tracemalloc.start()
            sending = asyncio.create_task(send())
            accepted = await stands_still(lambda: sent)
            held, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert accepted < MESSAGES, "the sender is made to wait"
            assert len(keeper.origins) == 1, "one message is in hand, and the rest is not read"
            assert held < BOUND_BYTES
            keeper.gate.set()
            answers = [await answer_on(reader) for _ in range(MESSAGES)]
            await sending
            assert [answer.split(b"|AA|M")[1].split(b"|")[0] for answer in answers] == [
                str(number).encode() for number in range(MESSAGES)
            ]
            writer.close()

    asyncio.run(run())
    assert len(keeper.stored) == 2 * MESSAGES


@contextmanager
def clock_that_is_set() -> Iterator[tuple[asyncio.AbstractEventLoop, Callable[[float], None]]]:
    """A loop, and how to let so many seconds pass on it."""
    loop = asyncio.new_event_loop()
    real, ahead_s = loop.time, 0.0

    def pass_s(seconds: float) -> None:
        nonlocal ahead_s
        ahead_s += seconds

    loop.time = lambda: real() + ahead_s  # type: ignore[method-assign]
    try:
        yield loop, pass_s
    finally:
        loop.close()


def test_who_takes_no_answers_for_thirty_seconds_loses_its_line_and_no_other_does() -> None:
    keeper = MemoryKeeper()
    assert ANSWER_TAKEN_WITHIN_S == 30

    async def run(pass_s: Callable[[float], None]) -> None:
        async with listening(keeper) as port:
            _, deaf = await asyncio.open_connection("127.0.0.1", port, limit=1024)

            async def send() -> None:
                # Each answer says this number again, until nobody has room for more answers.
                for number in range(1000):
                    deaf.write(framed(message(control_id=f"{number}" + "x" * 60_000)))
                    await deaf.drain()

            sending = asyncio.create_task(send())
            answered = await stands_still(lambda: len(keeper.reports))
            assert answered < 1000
            pass_s(ANSWER_TAKEN_WITHIN_S - 2)
            assert await stands_still(lambda: len(keeper.closed)) == 0
            pass_s(2)
            while not keeper.closed:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            reader, writer = await open_line(port)
            writer.write(framed(message(control_id="OTHER")))
            assert code_in(await answer_on(reader)) == "AA"
            assert len(keeper.closed) == 1
            writer.close()
            sending.cancel()
            deaf.transport.abort()

    with clock_that_is_set() as (loop, pass_s):
        loop.run_until_complete(asyncio.wait_for(run(pass_s), 120))
