"""A rehearsed power cut: what answers stops at once and is killed after its time; what keeps the records goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from stillroom.project.power import cut_power
from tests.devices.test_gateway import soon

# A supervisor whose children say who they are, as those of `stillroom serve` do; the web has one of its own.
SUPERVISOR = """
import subprocess, sys
NAMED = "import ctypes, sys, subprocess, time; ctypes.CDLL(None).prctl(15, sys.argv[1].encode()); "
BEGINS = "sys.argv[1] == 'stillroom web' and subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
kept = [
    subprocess.Popen([sys.executable, "-c", NAMED + BEGINS + "print(flush=True); time.sleep(60)", name])
    for name in ("stillroom web", "stillroom gateway", "stillroom watch", "postgres")
]
for each in kept:
    each.wait()
"""


@pytest.fixture
def supervisor() -> Iterator[psutil.Process]:
    begun = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE)
    assert begun.stdout is not None
    for _ in range(4):
        begun.stdout.readline()
    here = psutil.Process(begun.pid)
    soon(lambda: len(here.children(recursive=True)) == 5, within_s=20)
    below = here.children(recursive=True)
    yield here
    for each in (*below, here):
        if each.is_running():
            each.kill()
    begun.stdout.close()
    begun.wait()


def test_what_answers_stops_at_once_and_is_killed_later_and_the_database_goes_on(supervisor: psutil.Process) -> None:
    assert supervisor.pid != os.getpid()
    [database] = [each for each in supervisor.children() if each.name() == "postgres"]
    answering = [each for each in supervisor.children(recursive=True) if each != database]
    cut_power(5.0, supervisor=supervisor.pid)
    soon(lambda: {each.status() for each in answering} == {psutil.STATUS_STOPPED}, within_s=20)
    soon(lambda: not any(_lives(each) for each in answering), within_s=20)
    assert database.status() != psutil.STATUS_STOPPED
    assert _lives(database)


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
