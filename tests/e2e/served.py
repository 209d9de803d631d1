"""A whole clinic as `stillroom serve` runs it: supervisor, PostgreSQL, web and gateway, on free ports of loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from django.conf import settings

from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from tests.cast import an_id
from tests.conftest import KEPT
from tests.faults.campaign import kill_at_once

Part = Literal["web", "gateway", "postgres"]
PARTS: tuple[Part, ...] = ("web", "gateway", "postgres")
LONGEST_NAME = 15  # of a process, on Linux
STARTS_WITHIN_S = 180  # patience for a busy machine; how fast it starts is measured elsewhere


@dataclass(frozen=True)
class Served:
    """A running clinic with an empty database, until somebody furnishes it."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int
    hl7_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return Postgres(self.home / "postgres").url("stillroom_app")

    @property
    def said(self) -> str:
        log = self.home / "serve.log"
        return log.read_text() if log.exists() else "what it said went elsewhere"

    def kill(self, part: Part) -> None:
        """With -9, every process of that part; the supervisor starts it again."""
        if part == "postgres":
            kill_at_once(self.home / "postgres")
            return
        for process in self.processes_of(part):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def processes_of(self, part: Part) -> list[psutil.Process]:
        """The first process of what the supervisor keeps running under that name, and its children."""
        for child in psutil.Process(self.process.pid).children():
            if child.name() == f"stillroom {part}"[:LONGEST_NAME]:
                return [child, *child.children(recursive=True)]
        raise AssertionError(f"no {part} runs")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def wait_until_it_answers(self) -> None:
        wait_until(lambda: self.process.poll() is not None or self.answers(), at_most_s=STARTS_WITHIN_S)
        assert self.process.poll() is None, self.said


def wait_until(is_so: Callable[[], Any], *, at_most_s: float = 10) -> None:
    until_s = time.monotonic() + at_most_s
    while not is_so():
        assert time.monotonic() < until_s, f"not so within {at_most_s} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(*, log: Path | None = None, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """`log` is where it says what it says, if not beside its data."""
    home = private_folder("stillroom-e2e-")
    try:
        place_migrated_cluster(home / "postgres", kept_in=KEPT)
        with _started(home, log or home / "serve.log", environment or {}) as served:
            served.wait_until_it_answers()
            yield served
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _started(home: Path, log: Path, more: Mapping[str, str]) -> Iterator[Served]:
    port, hl7_port = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
    environment |= {
        "STILLROOM_DATA": str(home),
        "STILLROOM_SECRET_KEY": settings.SECRET_KEY,
        "STILLROOM_HL7_PORT": str(hl7_port),
        "STILLROOM_LOG_LEVEL": "WARNING",
        "STILLROOM_RESERVE_MIB": "16",  # made at the first look: a clinic that is served needs a minute for its own
        "STILLROOM_PUBLIC_CLINIC": str(
            an_id("clinic")
        ),  # of the two of the cast, the one whose editors write the guide
        "PORT": str(port),
        **more,
    }
    command = [sys.executable, "-m", "stillroom.project.cli", "serve"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        yield Served(process, home, port, hl7_port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
