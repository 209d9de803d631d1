"""A power cut of Stillroom, for a rehearsal: everything that answers or listens stops, and begins again from nothing.

The processes are stopped as they stand, so that no page gets an answer and no line is told of it; after the time they
are killed, and the supervisor starts new ones. The database of the rehearsal stays: what was saved is there.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import psutil

ANSWERING = ("stillroom web", "stillroom gate", "stillroom watc")  # as Linux cuts the names of processes


def cut_power(for_s: float, *, supervisor: int) -> None:
    """At once; back after so many seconds, by a thread of its own."""
    stopped = [process for process in _answering(supervisor) if _suspended(process)]
    timer = threading.Timer(for_s, _kill, [stopped])
    timer.daemon = True
    timer.start()


def _answering(supervisor: int) -> list[psutil.Process]:
    """What the supervisor keeps running, and what that has started."""
    kept = [each for each in psutil.Process(supervisor).children() if each.name().startswith(ANSWERING)]
    return [process for each in kept for process in (each, *each.children(recursive=True))]


def _suspended(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        process.suspend()
        return True
    return False


def _kill(stopped: list[psutil.Process]) -> None:
    for process in stopped:
        with suppress(psutil.NoSuchProcess):
            process.kill()
