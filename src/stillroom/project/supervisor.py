"""Keeping processes alive: start them, start again the one that died, end them all when asked. Nothing else is touched.

A process that dies is said loudly and started again: at once, then after 1, 2, 4 ... at most 30 s, and at once again
when it had lived a minute. On SIGINT or SIGTERM all are asked to end together; what has not ended in time is killed.
Each process leads a group of its own, so that a key pressed in the terminal reaches the supervisor alone, and what a
process started ends with it. Should the supervisor itself be killed, the kernel ends its processes (Linux).

A process begins as a copy of the supervisor (fork), which has one thread and has loaded what they all need: it is there
again some milliseconds after it died, where a fresh Python would need seconds (docs/decisions/0009).
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger("stillroom.supervisor")

TURN_S = 0.1
LOOKS_EVERY_S = 0.05
LONGEST_PAUSE_S = 30.0
LIVED_WELL_S = 60.0
# All of Stillroom ends within 10 s of being asked to; the database, which ends last, needs some of it.
TIME_TO_END_S = 6.0
ENDING = (signal.SIGINT, signal.SIGTERM)
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its name for people, and what it does. One that does not `last` ends by itself, once."""

    name: str
    run: Callable[[], object]
    lasts: bool = True


@dataclass
class Charge:
    """A process in the supervisor's charge: whether it runs, since when, and how often it has died of late."""

    process: Process
    pid: int | None = None
    started_s: float = 0.0
    deaths: int = 0
    start_at_s: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        """Start it when it is due; notice when it has died."""
        now_s = time.monotonic()
        if self.pid is None and now_s >= self.start_at_s:
            self.pid = _started(self.process)
            self.started_s = now_s
        elif self.pid is not None and _has_ended(self.pid):
            self._note_end(now_s)

    def ask_to_end(self) -> None:
        if self.pid is not None and not _has_ended(self.pid):
            os.kill(self.pid, signal.SIGTERM)

    def end(self, *, until_s: float) -> None:
        """Wait for it until then; after that, kill it and everything it started."""
        if self.pid is None:
            return
        while not _has_ended(self.pid) and time.monotonic() < until_s:
            time.sleep(0.02)
        if not _has_ended(self.pid):
            log.warning("%s did not end in time and was killed", self.process.name)
        _collect(self.pid)
        self.pid = None

    def _note_end(self, now_s: float) -> None:
        assert self.pid is not None
        code = _collect(self.pid)
        self.pid = None
        if not self.process.lasts:
            self.start_at_s = float("inf")
            if code:
                log.error("%s FAILED (%s).", self.process.name, _cause(code))
            return
        self.deaths = deaths_in_a_row(self.deaths, since_s=self.started_s)
        pause_s = pause_before_start_s(self.deaths)
        self.start_at_s = now_s + pause_s
        log.error("%s DIED (%s). Starting it again in %.0f s.", self.process.name, _cause(code), pause_s)


def supervise(
    processes: Iterable[Process], *, until: threading.Event, each_turn: Callable[[], None] = lambda: None
) -> None:
    """Keep these processes running until the event is set, then end them. They are started in the order given."""
    charges = [Charge(process) for process in processes]
    try:
        while not until.is_set():
            for charge in charges:
                charge.look()
            each_turn()
            until.wait(TURN_S)
    finally:
        deadline_s = time.monotonic() + TIME_TO_END_S
        for charge in charges:
            charge.ask_to_end()
        for charge in charges:
            charge.end(until_s=deadline_s)


def deaths_in_a_row(before: int, *, since_s: float) -> int:
    """With the one just now, of what ran since then: who lived a minute has died once."""
    return 1 if time.monotonic() - since_s > LIVED_WELL_S else before + 1


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

    before = {number: signal.signal(number, note) for number in ENDING}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _started(process: Process) -> int:
    """The number of a new process that runs it. Asked to end at its very first moment, it ends."""
    supervisor = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        pid = os.fork()
        if pid == 0:
            os._exit(_code_of(process, supervisor))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    return pid


def _code_of(process: Process, supervisor: int) -> int:
    """Run it in the new process, to its end; the code that it ends with."""
    try:
        _leave_the_supervisor(process.name, supervisor)
        process.run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


def _leave_the_supervisor(name: str, supervisor: int) -> None:
    """What is the supervisor's own stays with it: its group, its terminal, its files, its answers to signals."""
    os.setsid()
    if sys.platform == "linux":
        _end_with(supervisor)
        ctypes.CDLL(None).prctl(PR_SET_NAME, f"stillroom {name}".encode())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # The lock on the database is one of them: held here, it would outlive the supervisor.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _end_with(supervisor: int) -> None:
    """In the new process: ask the kernel for SIGTERM when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        os._exit(1)


def _has_ended(pid: int) -> bool:
    """Without collecting it: until that is done, its number and its group's belong to nobody else."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _collect(pid: int) -> int:
    """Kill what is left of its group, then take note of its end; its code, or minus the signal that killed it."""
    with suppress(ProcessLookupError):  # it died before it led one
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _cause(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
