"""Which monitors have just sent something, and what has somebody just seen? Said with each commit, for whoever draws or
judges it.

Only hastens the looking: who hears nothing here looks at every room each second, as it would without.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Condition, Event, Thread
from uuid import UUID

import psycopg

from stillroom.infusions.acts import CALLED_CHANNEL, SEEN_CHANNEL

CHANNEL = "devices_arrived"
TOGETHER = 200
"""Monitors in one notice, which holds 8,000 bytes."""
LISTENS_AGAIN_AFTER_S = 1.0
ENDS_WITHIN_S = 0.2

log = logging.getLogger(__name__)

Seen = tuple[UUID, UUID]
"""In which clinic, and in which infusion."""


def notices_of(monitors: Iterable[UUID]) -> Iterator[str]:
    """What is said of these, each once."""
    names: Sequence[str] = sorted({monitor.hex for monitor in monitors})
    for start in range(0, len(names), TOGETHER):
        yield ",".join(names[start : start + TOGETHER])


class Ears:
    """Hears the notices in a thread of its own, on a connection of its own, from `start` to `stop`; `tell` is called in
    it after each of them. Who judges `keeps_seen`, to take it; for who draws, the log has grown and that is all.
    """

    def __init__(self, tell: Callable[[], None] = lambda: None, *, keeps_seen: bool = False) -> None:
        self._tell, self._keeps_seen = tell, keeps_seen
        self._monitors: set[UUID] = set()
        self._seen: set[Seen] = set()
        self._said = Condition()
        self._ending = Event()
        self._thread: Thread | None = None
        self.are_open = False

    def start(self, conninfo: str) -> None:
        if self._thread is None:
            self._ending.clear()
            self._thread = Thread(target=self._run, args=(conninfo,), name="arrived", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._ending.set()
            self._thread.join()
            self._thread = None

    def take(self) -> frozenset[UUID]:
        """The monitors that sent something since this was asked last."""
        with self._said:
            taken, self._monitors = frozenset(self._monitors), set()
        return taken

    def take_seen(self, *, within_s: float = 0.0) -> frozenset[Seen]:
        """Where somebody wrote down what they saw since this was asked last, or does so in that time."""
        with self._said:
            self._said.wait_for(lambda: self._seen, within_s)
            taken, self._seen = frozenset(self._seen), set()
        return taken

    def hear(self, *, within_s: float, with_seen: bool = True) -> bool:
        """Whether there is anything to take, or comes in that time; without what was seen, where another takes that."""
        with self._said:
            return bool(self._said.wait_for(lambda: self._monitors or (with_seen and self._seen), within_s))

    def _run(self, conninfo: str) -> None:
        while not self._ending.is_set():
            try:
                self._listen(conninfo)
            except psycopg.Error as fault:
                log.warning("nobody says which monitors have sent: %s", fault)
                self._ending.wait(LISTENS_AGAIN_AFTER_S)
            finally:
                self.are_open = False

    def _listen(self, conninfo: str) -> None:
        with psycopg.connect(conninfo, autocommit=True, application_name="stillroom arrived") as connection:
            for channel in (CHANNEL, SEEN_CHANNEL, CALLED_CHANNEL):
                connection.execute(f"LISTEN {channel}")
            self.are_open = True
            while not self._ending.is_set():
                for notice in connection.notifies(timeout=ENDS_WITHIN_S):
                    self._keep(notice)
                    self._tell()

    def _keep(self, notice: psycopg.Notify) -> None:
        with self._said:
            if notice.channel == CHANNEL:
                self._monitors.update(map(UUID, notice.payload.split(",")))
            if notice.channel == SEEN_CHANNEL and self._keeps_seen:
                clinic, infusion = map(UUID, notice.payload.split())
                self._seen.add((clinic, infusion))
            self._said.notify_all()
