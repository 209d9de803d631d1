"""Whoever listens hears every entry, once, in order: whenever they come, and however fast it grows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from stillroom.bedside import tail as tails
from stillroom.bedside.tail import Gone, Listener, News, Place, Standing, Tail, Topic

CLINIC = uuid4()
STANDING = Standing(clinic=CLINIC, person=uuid4())


def topic(infusion: UUID | None = None) -> Topic:
    return Topic(CLINIC, infusion or uuid4(), frozenset({"nurse"}))


class Logs:
    """A look at logs that grow in memory: the event of an entry is its number. Counts what it was asked."""

    def __init__(self) -> None:
        self.heads: dict[UUID | None, int] = {}
        self.looks = self.closed = 0
        self.gone: Gone | None = None
        self.error: Exception | None = None

    def __call__(self, places: frozenset[Place], standings: frozenset[Standing]) -> Iterator[News | Gone]:
        self.looks += 1
        if self.error:
            raise self.error
        if self.gone:
            yield self.gone
        for place in places:
            head = self.heads.get(place.topic.infusion, 0)
            events = tuple(b"%d " % seq for seq in range(place.seq + 1, head + 1))
            if events or place.is_new:
                yield News(place, head, events)

    def close(self) -> None:
        self.closed += 1


async def heard(tail: Tail, about: Topic, *, after: int, until: int, said: list[int]) -> None:
    """Listens from `after` on until entry `until` has come."""
    with tail.joined(Listener(about, after, STANDING)) as listener:
        async for words in listener.hear():
            said.extend(int(word) for word in words.split())
            if said and said[-1] >= until:
                return


def test_entries_before_and_after_joining_come_once_in_order_whenever_one_joins() -> None:
    """Twenty listeners join at random moments with cursors of their own while two logs grow."""
    chance = random.Random(7)
    most = 400

    async def run() -> list[tuple[int, list[int]]]:
        logs = Logs()
        said: list[tuple[int, list[int]]] = []
        tail, rooms = Tail(logs), [topic(), topic()]
        listening = []
        for grown in range(1, most + 1):
            for room in rooms:
                logs.heads[room.infusion] = grown
            if grown % 20 == 0:
                after = chance.randint(0, grown)
                words: list[int] = []
                said.append((after, words))
                listening.append(
                    asyncio.create_task(heard(tail, chance.choice(rooms), after=after, until=most, said=words))
                )
            if chance.random() < 0.3:
                tail.poke()
            await asyncio.sleep(chance.random() / 500)
        tail.poke()
        await asyncio.wait_for(asyncio.gather(*listening), 20)
        return said

    for after, words in asyncio.run(run()):
        assert words == list(range(after + 1, most + 1))


def test_a_listener_over_reconnects_loses_nothing_and_hears_nothing_twice() -> None:
    async def run() -> list[int]:
        logs, said, about = Logs(), [0], topic()
        tail = Tail(logs)
        for grown in range(10, 201, 10):
            logs.heads[about.infusion] = grown
            await asyncio.wait_for(heard(tail, about, after=said[-1], until=grown, said=said), 5)
        return said

    assert asyncio.run(run()) == list(range(201))


def test_one_look_serves_everybody_at_the_same_place() -> None:
    async def run() -> tuple[int, int]:
        logs, about = Logs(), topic()
        tail = Tail(logs)
        logs.heads[about.infusion] = 1
        listeners = [heard(tail, about, after=0, until=1, said=[]) for _ in range(100)]
        await asyncio.wait_for(asyncio.gather(*listeners), 5)
        return logs.looks, len(tail)

    looks, left = asyncio.run(run())
    assert looks <= 3
    assert left == 0


def test_a_slow_listener_is_let_go_and_the_others_are_not_held_up() -> None:
    async def run() -> tuple[bool, list[int]]:
        logs, about = Logs(), topic()
        said: list[int] = []
        tail = Tail(logs)
        slow = Listener(about, 0, STANDING)
        with tail.joined(slow):
            quick = asyncio.create_task(heard(tail, about, after=0, until=200, said=said))
            for grown in range(1, 201):
                logs.heads[about.infusion] = grown
                tail.poke()
                await asyncio.sleep(0.002)
            await asyncio.wait_for(quick, 5)
        return slow.is_closed, said

    was_let_go, said = asyncio.run(run())
    assert was_let_go
    assert said == list(range(1, 201))


def test_who_lost_the_right_and_what_is_not_there_any_more_hear_nothing_further() -> None:
    async def run() -> list[list[int]]:
        logs, room, other = Logs(), topic(), topic()
        tail = Tail(logs)
        lost, kept = Standing(clinic=CLINIC, person=uuid4()), STANDING
        said: list[list[int]] = [[], [], []]
        cases = [(room, lost), (other, kept), (room, kept)]

        async def hear(about: Topic, standing: Standing, words: list[int]) -> None:
            with tail.joined(Listener(about, 0, standing)) as listener:
                async for heard_now in listener.hear():
                    words.extend(int(word) for word in heard_now.split())

        tasks = [asyncio.create_task(hear(*case, words)) for case, words in zip(cases, said, strict=True)]
        await asyncio.sleep(0.3)
        logs.gone = Gone(standings=frozenset({lost}), topics=frozenset({other}))
        tail.poke()
        await asyncio.sleep(0.3)
        logs.gone = None
        logs.heads = {room.infusion: 3, other.infusion: 3}
        await asyncio.sleep(0.4)
        assert [task.done() for task in tasks] == [True, True, False]
        tail.close()
        await asyncio.wait_for(tasks[2], 1)
        return said

    assert asyncio.run(run()) == [[], [], [1, 2, 3]]


def test_who_comes_while_the_process_is_ending_is_not_kept() -> None:
    async def run() -> list[int]:
        logs, about = Logs(), topic()
        said: list[int] = []
        tail = Tail(logs)
        tail.close()
        logs.heads[about.infusion] = 1
        await asyncio.wait_for(heard(tail, about, after=0, until=1, said=said), 5)
        return said

    assert asyncio.run(run()) == []


def test_when_the_database_does_not_answer_nothing_is_said_and_it_goes_on_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tails, "AGAIN_AFTER_FAILURE_S", 0.05)

    async def run() -> list[int]:
        logs, about = Logs(), topic()
        said: list[int] = []
        tail = Tail(logs)
        logs.error = OSError("no database")
        task = asyncio.create_task(heard(tail, about, after=0, until=2, said=said))
        await asyncio.sleep(0.4)
        logs.heads[about.infusion] = 2
        await asyncio.sleep(0.2)
        assert said == []
        logs.error = None
        await asyncio.wait_for(task, 5)
        return said

    assert asyncio.run(run()) == [1, 2]
    assert "could not look" in caplog.text


def test_with_nobody_there_nothing_is_looked_at_and_the_connection_is_given_back() -> None:
    async def run() -> tuple[int, int, int]:
        logs, about = Logs(), topic()
        tail = Tail(logs)
        logs.heads[about.infusion] = 1
        await asyncio.wait_for(heard(tail, about, after=0, until=1, said=[]), 5)
        await asyncio.sleep(0.4)
        before = logs.looks
        await asyncio.sleep(0.5)
        return before, logs.looks, logs.closed

    before, after, closed = asyncio.run(run())
    assert before == after
    assert closed == 1
