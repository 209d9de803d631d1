"""The other end of a line: it says how it was answered, and comes back after the line was lost."""

from __future__ import annotations

import asyncio

import pytest

from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.sender import Sender
from tests.gateways.hl7.keeper import MemoryKeeper, listening
from tests.gateways.hl7.messages import message


def test_it_says_how_it_was_answered() -> None:
    async def walk() -> list[str]:
        async with listening(MemoryKeeper()) as port, Sender("127.0.0.1", port) as sender:
            return [await sender.send(message()), await sender.send(message(kind="ADT^A01")), await sender.send(b"?")]

    assert asyncio.run(walk()) == ["AA", "AR", "AR"]


def test_it_comes_back_after_the_line_was_lost() -> None:
    keeper = MemoryKeeper()

    async def walk() -> None:
        async with listening(keeper) as port:
            sender = Sender("127.0.0.1", port)
            assert await sender.send(message()) == "AA"
        with pytest.raises(GatewayError, match="no answer"):
            await sender.send(message())
        async with listening(keeper, port=port):
            assert await sender.send(message()) == "AA"
        async with sender:
            pass

    asyncio.run(walk())
    assert len(keeper.closed) == 2
