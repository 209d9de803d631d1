"""Who is listening in this process, and what has each been told? The asynchronous half of the live streams.

One `Tail` serves all streams of an event loop. Every `LOOK_EVERY_S`, or sooner when something was committed in this
process or a monitor has sent (`poke`), it lets `look` read and draw in a thread of its own what is new for everybody,
once. Each listener has a cursor, the number of the last entry told; what `look` answers is made for a topic and a
cursor, so no entry is left out, none comes twice, and none out of order. A listener who does not keep up is let go and
comes back with its cursor.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.15
RESTS_S = 0.02
"""Between two looks, so that what comes at the same time is read together."""
AGAIN_AFTER_FAILURE_S = 1.0
BOX_HOLDS = 64
"""Events that may wait for one listener: half a minute of a busy room. What was missed while away comes as one."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a stream is about: one infusion as these roles see it, or with none the clinic's board."""

    clinic: UUID
    infusion: UUID | None
    roles: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """By what right somebody listens in a clinic: looked at again while they do."""

    clinic: UUID
    session: str | None = None
    person: UUID | None = None
    display: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where listeners of one topic have got to. `is_new`: they have heard but one heartbeat on this connection."""

    topic: Topic
    seq: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What those at `place` are told, as bytes made once for all of them, and the number they then have got to."""

    place: Place
    seq: int
    events: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Those who stand by one of these rights, or ask for one of these topics, may hear no more."""

    standings: frozenset[Standing] = frozenset()
    topics: frozenset[Topic] = frozenset()


class Look(Protocol):
    """Reads what is new for everybody. Called in one thread only; `close` when nobody listens any more."""

    def __call__(self, places: frozenset[Place], standings: frozenset[Standing]) -> Iterator[News | Gone]: ...

    def close(self) -> None: ...


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream, on the page that calls itself `screen`, asked for with these cookies. `can_sound`: whether it
    said last that it can be heard.
    """

    topic: Topic
    seq: int
    standing: Standing
    screen: UUID | None = None
    cookies: str = ""
    can_sound: bool | None = None
    is_new: bool = True
    is_closed: bool = False
    _box: deque[bytes] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def place(self) -> Place:
        return Place(self.topic, self.seq, self.is_new)

    def tell(self, news: News) -> None:
        if self._box and len(self._box) + len(news.events) > BOX_HOLDS:
            self.close()
            return
        self._box.extend(news.events)
        self.seq, self.is_new = news.seq, False
        self._wake.set()

    def close(self) -> None:
        self.is_closed = True
        self._wake.set()

    async def hear(self) -> AsyncIterator[bytes]:
        """What is told, until the listener is closed; what came together is sent together."""
        while not self.is_closed:
            await self._wake.wait()
            self._wake.clear()
            if self._box and not self.is_closed:
                said = b"".join(self._box)
                self._box.clear()
                yield said


class Tail:
    """All listeners of one event loop, and the task that looks for them while there are any."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._loop = asyncio.get_running_loop()
        self._listeners: dict[Topic, set[Listener]] = {}
        self._by_screen: dict[UUID, Listener] = {}
        self._hurry = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tail")
        self._task: asyncio.Task[None] | None = None
        self._is_closing = False

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    @contextmanager
    def joined(self, listener: Listener) -> Iterator[Listener]:
        """The listener is told what is new until the block ends; nothing, if the process is ending."""
        if self._is_closing:
            listener.close()
        self._listeners.setdefault(listener.topic, set()).add(listener)
        if listener.screen:
            self._by_screen[listener.screen] = listener
        self._hurry.set()
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._run())
        try:
            yield listener
        finally:
            self._leave(listener)

    def on_screen(self, screen: UUID) -> Listener | None:
        """Who listens on this page; nobody, once their stream has ended or they have lost their right."""
        listener = self._by_screen.get(screen)
        return None if listener is None or listener.is_closed else listener

    def poke(self) -> None:
        """Something was committed: look now. May be called from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hurry.set)

    def close(self) -> None:
        """Every stream ends, and whoever comes late; browsers come back to whoever is there then."""
        self._is_closing = True
        for listener in self._all():
            listener.close()

    def _leave(self, listener: Listener) -> None:
        if listener.screen and self._by_screen.get(listener.screen) is listener:
            del self._by_screen[listener.screen]
        others = self._listeners[listener.topic] - {listener}
        if others:
            self._listeners[listener.topic] = others
        else:
            del self._listeners[listener.topic]

    async def _run(self) -> None:
        while self._listeners:
            await self._wait(LOOK_EVERY_S)
            try:
                await self._loop.run_in_executor(self._thread, self._look_once, self._places(), self._standings())
            except Exception:
                # Heartbeats stop with the looking, so every page says within seconds that it hears nothing.
                logger.exception("the streams could not look at the log")
                await asyncio.sleep(AGAIN_AFTER_FAILURE_S)
            if not self._listeners:
                await self._loop.run_in_executor(self._thread, self._look.close)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(RESTS_S)
        try:
            await asyncio.wait_for(self._hurry.wait(), seconds)
        except TimeoutError:
            return
        self._hurry.clear()

    def _places(self) -> frozenset[Place]:
        return frozenset(listener.place for listener in self._all())

    def _standings(self) -> frozenset[Standing]:
        return frozenset(listener.standing for listener in self._all())

    def _all(self) -> Iterator[Listener]:
        for listeners in list(self._listeners.values()):
            yield from listeners

    def _look_once(self, places: frozenset[Place], standings: frozenset[Standing]) -> None:
        """In the thread: each piece of news is told as soon as it is drawn."""
        for each in self._look(places, standings):
            self._loop.call_soon_threadsafe(self._tell, each)

    def _tell(self, each: News | Gone) -> None:
        if isinstance(each, Gone):
            self._close_those(each)
            return
        for listener in self._listeners.get(each.place.topic, ()):
            if listener.place == each.place:
                listener.tell(each)

    def _close_those(self, gone: Gone) -> None:
        for listener in self._all():
            if listener.standing in gone.standings or listener.topic in gone.topics:
                listener.close()


_tails: dict[asyncio.AbstractEventLoop, Tail] = {}


def tail_of_this_loop(make_look: Callable[[], Look]) -> Tail:
    """The tail of the running event loop; made for the first who listens."""
    for loop in [loop for loop in _tails if loop.is_closed()]:
        del _tails[loop]
    loop = asyncio.get_running_loop()
    if loop not in _tails:
        _tails[loop] = Tail(make_look())
    return _tails[loop]


def listener_on(screen: UUID) -> Listener | None:
    """Who listens on this page in the running event loop."""
    tail = _tails.get(asyncio.get_running_loop())
    return tail.on_screen(screen) if tail else None


def poke_all() -> None:
    """Every tail of this process looks at once. May be called from any thread."""
    for tail in list(_tails.values()):
        tail.poke()
