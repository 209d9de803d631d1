"""Keeping processes alive: start them, start again the one that died, end them all when asked. Nothing else is touched.

A process that dies is said loudly and started again: at once, then after 1, 2, 4 ... at most 30 s, and at once again
when it had lived a minute. On SIGINT or SIGTERM all are asked to end together; what has not ended in time is killed.
Each process leads a group of its own, so that a key pressed in the terminal reaches the supervisor alone, and what a
process started ends with it. Should the supervisor itself be killed, the kernel ends its processes (Linux).
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger("stillroom.supervisor")

TURN_S = 0.1
LOOKS_EVERY_S = 0.05
LONGEST_PAUSE_S = 30.0
LIVED_WELL_S = 60.0
# All of Stillroom ends within 10 s of being asked to; the database, which ends last, needs some of it.
TIME_TO_END_S = 6.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Process:
    """One process that must always run: its name for people, its command, and how long it lets others begin first."""

    name: str
    command: tuple[str, ...]
    after_s: float = 0.0


@dataclass
class Charge:
    """A process in the supervisor's charge: whether it runs, since when, and how often it has died of late."""

    process: Process
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    deaths: int = 0
    start_at_s: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        """Start it when it is due; notice when it has died."""
        now_s = time.monotonic()
        if self.running is None and now_s >= self.start_at_s:
            self.running = _started(self.process.command, self.environment)
            self.started_s = now_s
        elif self.running is not None and _has_ended(self.running.pid):
            self._note_death(now_s)

    def ask_to_end(self) -> None:
        if self.running is not None and not _has_ended(self.running.pid):
            self.running.send_signal(signal.SIGTERM)

    def end(self, *, until_s: float) -> None:
        """Wait for it until then; after that, kill it and everything it started."""
        if self.running is None:
            return
        while not _has_ended(self.running.pid) and time.monotonic() < until_s:
            time.sleep(0.02)
        if not _has_ended(self.running.pid):
            log.warning("%s did not end in time and was killed", self.process.name)
        _collect(self.running)
        self.running = None

    def _note_death(self, now_s: float) -> None:
        assert self.running is not None
        code = _collect(self.running)
        self.running = None
        self.deaths = 1 if now_s - self.started_s > LIVED_WELL_S else self.deaths + 1
        pause_s = pause_before_start_s(self.deaths)
        self.start_at_s = now_s + pause_s
        log.error("%s DIED (%s). Starting it again in %.0f s.", self.process.name, _cause(code), pause_s)


def supervise(
    processes: Iterable[Process],
    *,
    environment: Mapping[str, str],
    until: threading.Event,
    when_started: Callable[[], None] = lambda: None,
    each_turn: Callable[[], None] = lambda: None,
) -> None:
    """Keep these processes running until the event is set, then end them. `when_started` is called once, then."""
    began_s = time.monotonic()
    charges = [Charge(process, environment, start_at_s=began_s + process.after_s) for process in processes]
    try:
        for charge in charges:
            charge.look()
        when_started()
        while not until.is_set():
            each_turn()
            for charge in charges:
                charge.look()
            until.wait(TURN_S)
    finally:
        deadline_s = time.monotonic() + TIME_TO_END_S
        for charge in charges:
            charge.ask_to_end()
        for charge in charges:
            charge.end(until_s=deadline_s)


def pause_before_start_s(deaths: int) -> float:
    """How long to wait after so many deaths in a row: 0, 1, 2, 4 ... 30 s."""
    return 0.0 if deaths <= 1 else float(min(LONGEST_PAUSE_S, 2.0 ** (deaths - 2)))


class Asked(threading.Event):
    """An event that a signal's handler may set at any moment.

    The usual one takes a lock to be set; a handler that runs while the same thread waits may find that lock taken by
    the very thread it interrupted, and neither goes on. This one is a flag, looked at again and again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        until_s = float("inf") if timeout is None else time.monotonic() + timeout
        while not self._is_set and time.monotonic() < until_s:
            time.sleep(min(LOOKS_EVERY_S, max(0.0, until_s - time.monotonic())))
        return self._is_set


@contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """Set on SIGINT or SIGTERM. Both are installed: a shell's background job starts with SIGINT ignored."""
    asked = Asked()

    def note(number: int, frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _started(command: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    supervisor = os.getpid()
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: _end_with(supervisor),  # noqa: PLW1509  # the supervisor has one thread
    )


def _end_with(supervisor: int) -> None:
    """In the new process: ask the kernel for SIGTERM when the supervisor dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(1)


def _has_ended(pid: int) -> bool:
    """Without collecting it: until that is done, its number and its group's belong to nobody else."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _collect(running: subprocess.Popen[bytes]) -> int:
    """Kill what is left of its group, then take note of its end."""
    os.killpg(running.pid, signal.SIGKILL)
    return running.wait()


def _cause(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
