"""The supervisor: what it starts lives, what dies is started again, and everything ends when asked."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import pytest

from stillroom.project import supervisor
from stillroom.project.server_account import PostgresError
from stillroom.project.serving import KeptRunning
from stillroom.project.supervisor import Process, asked_to_end, pause_before_start_s, supervise

NOTE_AND_WAIT = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
IGNORES_ASKING = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + NOTE_AND_WAIT
STARTS_ANOTHER = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', " + repr(NOTE_AND_WAIT) + ", sys.argv[1]]); "
)


def _process(code: str, notes: Path) -> Process:
    return Process("the sleeper", lambda: os.execv(sys.executable, [sys.executable, "-c", code, str(notes)]))  # noqa: S606


def _pids(notes: Path) -> list[int]:
    return [int(line) for line in notes.read_text().split()] if notes.exists() else []


def _until(happened: Callable[[], bool], *, at_most_s: float = 15) -> None:
    deadline_s = time.monotonic() + at_most_s
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def _supervised(*processes: Process) -> Iterator[threading.Event]:
    ended = threading.Event()
    thread = threading.Thread(target=supervise, args=[processes], kwargs={"until": ended})
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join(20)
        assert not thread.is_alive()


def test_what_dies_is_said_loudly_and_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notes = tmp_path / "notes"
    with caplog.at_level(logging.ERROR), _supervised(_process(NOTE_AND_WAIT, notes)):
        _until(lambda: len(_pids(notes)) == 1)
        os.kill(_pids(notes)[0], signal.SIGKILL)
        _until(lambda: len(_pids(notes)) == 2)
    assert "the sleeper DIED (killed by SIGKILL)" in caplog.text


def test_all_end_when_asked(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with _supervised(_process(NOTE_AND_WAIT, first), _process(NOTE_AND_WAIT, second)):
        _until(lambda: bool(_pids(first) and _pids(second)))
    assert not [pid for pid in (*_pids(first), *_pids(second)) if psutil.pid_exists(pid)]


def test_one_that_does_not_listen_is_killed_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "TIME_TO_END_S", 0.3)
    notes = tmp_path / "notes"
    with _supervised(_process(IGNORES_ASKING, notes)) as ended:
        _until(lambda: bool(_pids(notes)))
        asked_s = time.monotonic()
        ended.set()
        _until(lambda: not psutil.pid_exists(_pids(notes)[0]))
    assert time.monotonic() - asked_s < 3


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with _supervised(_process(STARTS_ANOTHER + "import time; time.sleep(60)", notes)):
        _until(lambda: bool(_pids(notes)))
    _until(lambda: not _is_alive(_pids(notes)[0]))


def test_pauses_grow_to_half_a_minute() -> None:
    assert [pause_before_start_s(deaths) for deaths in (1, 2, 3, 4, 5, 6, 7, 20)] == [0, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_signals_ask_it_to_end(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)  # as in a shell's background job
    try:
        with asked_to_end() as asked:
            os.kill(os.getpid(), number)
            assert asked.wait(5)
    finally:
        signal.signal(number, before)


def test_processes_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    code = (
        "import os, sys, threading; from stillroom.project.supervisor import Process, supervise; "
        f"sleep = lambda: os.execv(sys.executable, [sys.executable, '-c', {NOTE_AND_WAIT!r}, {str(notes)!r}]); "
        "supervise([Process('x', sleep)], until=threading.Event())"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        _until(lambda: bool(_pids(notes)))
    finally:
        parent.kill()
        parent.wait()
    _until(lambda: not _is_alive(_pids(notes)[0]))


def test_a_process_is_a_copy_that_holds_nothing_of_the_supervisor(tmp_path: Path) -> None:
    """Not its files: a lock that a copy still held would outlive the supervisor. Not its answers to signals either."""
    said = tmp_path / "said"

    def tell() -> None:
        try:
            os.fstat(held.fileno())
        except OSError:
            said.write_text(f"{os.getpgid(0) == os.getpid()} {signal.getsignal(signal.SIGTERM) is signal.SIG_DFL}")

    with (tmp_path / "lock").open("w") as held, _supervised(Process("tells", tell, lasts=False)):
        _until(lambda: said.exists() and bool(said.read_text()))
    assert said.read_text() == "True True"


def test_what_ends_by_itself_is_done_once_and_its_failure_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notes, failures = tmp_path / "notes", tmp_path / "failures"

    def note(where: Path) -> None:
        with where.open("a") as file:
            file.write(f"{os.getpid()}\n")

    def fail() -> None:
        note(failures)
        sys.exit(7)

    well, badly = Process("well", lambda: note(notes), lasts=False), Process("badly", fail, lasts=False)
    with caplog.at_level(logging.ERROR), _supervised(well, badly):
        _until(lambda: "FAILED" in caplog.text and bool(_pids(notes)))
        time.sleep(0.3)  # three turns, in which it could begin again
    assert (len(_pids(notes)), len(_pids(failures))) == (1, 1)
    assert [record.getMessage() for record in caplog.records] == ["badly FAILED (exit code 7)."]


class Server:
    """Dead, and so often not to be started."""

    def __init__(self, fails: int) -> None:
        self.fails, self.runs = fails, False

    def is_running(self) -> bool:
        return self.runs

    def start(self) -> None:
        self.fails -= 1
        if self.fails >= 0:
            raise PostgresError("Input/output error")
        self.runs = True


def test_a_database_that_does_not_start_ends_nothing_and_is_tried_ever_later(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(seconds)))
    server = Server(fails=4)
    kept = KeptRunning(server)  # type: ignore[arg-type]
    while not server.runs:
        kept.look()
    pauses = [record.args[0] for record in caplog.records if record.args]  # type: ignore[index]
    assert pauses == [0, 1, 2, 4, 8]
    assert "does NOT START: nothing is recorded" in caplog.text


def _is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_signal_that_comes_while_it_waits_never_finds_it_locked() -> None:
    """Asked two hundred times, each time in the middle of a wait: an event with a lock stops for good."""
    for _ in range(200):
        with asked_to_end() as asked:
            timer = threading.Timer(0.001, signal.raise_signal, [signal.SIGTERM])
            timer.start()
            while not asked.is_set():
                asked.wait(0.0001)
            timer.join()
