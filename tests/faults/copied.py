"""A process that begins as a copy of this one, spoken to by lines: it is there at once, where a fresh Python is not."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from django.db import connection


@dataclass
class Copied:
    """What it is told and what it says, and its number while nobody has taken note of its end."""

    pid: int | None
    told: IO[str]
    said: IO[str]

    @property
    def has_ended(self) -> bool:
        return self.pid is None

    def kill(self) -> None:
        """With -9. Back when it is dead, whatever it had said before."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> None:
        if self.pid is not None:
            os.waitpid(self.pid, 0)
            self.pid = None

    def close(self) -> None:
        self.kill()
        self.said.close()
        with suppress(BrokenPipeError):  # an order that nobody lived to read
            self.told.close()


def begun(run: Callable[[], None]) -> Copied:
    """`run` in a process of its own, with orders on standard input and answers on standard output."""
    connection.close()  # the copy opens its own
    orders, told = os.pipe()
    said, answers = os.pipe()
    pid = os.fork()
    if pid == 0:
        os._exit(_code_of(run, orders, answers))
    os.close(orders)
    os.close(answers)
    return Copied(pid, os.fdopen(told, "w"), os.fdopen(said))


def _code_of(run: Callable[[], None], orders: int, answers: int) -> int:
    os.dup2(orders, 0)
    os.dup2(answers, 1)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # a pipe of another writer, held here, would never close
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    try:
        run()
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
