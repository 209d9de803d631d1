"""A real web server on loopback over a test's database, and a reader of its streams."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from tests.conftest import Clone


@dataclass
class Server:
    """The web process of a clinic, as `stillroom serve` starts it."""

    port: int
    process: subprocess.Popen[bytes]

    def end(self) -> None:
        """Asks it to end, and waits until it has done so by itself."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def kill(self) -> None:
        """It and its worker are gone from one moment to the next."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)


@contextmanager
def serving(database: Clone, *, workers: int = 1) -> Iterator[Server]:
    port = _free_port()
    granian = Path(sys.executable).with_name("granian")
    how = ["--interface", "asginl", "--loop", "uvloop", "--no-ws", "--log-level", "warning"]
    command = [str(granian), *how, "--port", str(port), "--workers", str(workers), "stillroom.project.asgi:application"]
    environment = {**os.environ, **database.environment, "STILLROOM_SECRET_KEY": settings.SECRET_KEY}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait_until(lambda: _answers(port), at_most_s=30)
        yield Server(port, process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]
    id: int | None
    heard_at_s: float


@dataclass
class Ear:
    """One open stream, read in a thread: what it heard, with when, and whether it has ended."""

    server: Server
    path: str
    client: Client
    events: list[Event] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    has_ended: bool = False

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    @property
    def entries(self) -> list[int]:
        return [event.data["seq"] for event in self.events if event.name == "entry"]

    def wait_for(self, what: Callable[[Ear], Any], *, at_most_s: float = 10) -> None:
        _wait_until(lambda: what(self), at_most_s=at_most_s)

    def wait_for_entry(self, seq: int) -> None:
        self.wait_for(lambda each: each.entries and each.entries[-1] >= seq)

    def hang_up(self) -> None:
        """As a laptop that is closed: the socket goes, without a word."""
        with suppress(OSError):
            if self._connection.sock:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)

    def _hear(self) -> None:
        try:
            cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
            self._connection.request("GET", self.path, headers={"Cookie": cookies, "Accept": "text/event-stream"})
            with self._connection.getresponse() as response:
                self._read(response)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self._connection.close()
            self.has_ended = True

    def _read(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, {name.lower(): value for name, value in response.getheaders()}
        lines: list[str] = []
        for line in response:
            if line.strip():
                lines.append(line.decode().rstrip("\n"))
            elif lines:
                self.events.append(_event(lines))
                lines = []


def _event(lines: list[str]) -> Event:
    fields = dict(line.split(": ", 1) for line in lines)
    seq = int(fields["id"]) if "id" in fields else None
    return Event(fields["event"], json.loads(fields["data"]), seq, time.monotonic())


def _wait_until(is_so: Callable[[], Any], *, at_most_s: float) -> None:
    until_s = time.monotonic() + at_most_s
    while not is_so():
        assert time.monotonic() < until_s, f"not so within {at_most_s} s"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
