"""`stillroom serve`, as a clinic runs it: from an empty folder to an answer, through crashes, to an orderly end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.readings import newest_in
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from tests.cast import make_cast
from tests.conftest import using
from tests.devices.premises import make_monitor
from tests.gateways.sdc.provider import Device, device

CALLED_WITHIN_S = 60.0
PROGRAM = (sys.executable, "-m", "stillroom.project.cli")


def soon(look: Callable[[], Any], within_s: float) -> Any:
    """What `look` finds, as soon as it finds something."""
    until_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < until_s, "it never came"
        time.sleep(0.3)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Clinic:
    """A served clinic: its process, where its data are, where it answers."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    trust: ssl.SSLContext | None = None

    def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        address = f"{'https' if self.trust else 'http'}://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=5, context=self.trust) as answer:  # noqa: S310
            return answer.status, answer.read(), {name.lower(): words for name, words in answer.headers.items()}

    def wait_until_it_answers(self, *, at_most_s: float = 60) -> None:
        deadline_s = time.monotonic() + at_most_s
        while not self._is_healthy():
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < deadline_s, "it did not answer in time"
            time.sleep(0.1)

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def postmaster_pid(self) -> int:
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def _is_healthy(self) -> bool:
        try:
            return self.get("/health")[0] == 200
        except (OSError, urllib.error.URLError):
            return False


def served(home: Path, *, ignoring_sigint: bool = False, trust: ssl.SSLContext | None = None) -> Clinic:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STILLROOM_DATA": str(home), "PORT": str(port), "STILLROOM_HL7_PORT": str(free_port())}
    command = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"] if ignoring_sigint else []
    process = subprocess.Popen(
        [*command, *PROGRAM, "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return Clinic(process, home, port, trust)


def end(clinic: Clinic, number: signal.Signals) -> tuple[float, str]:
    """How long it took to end, and all it said."""
    began_s = time.monotonic()
    clinic.process.send_signal(number)
    said, _ = clinic.process.communicate(timeout=30)
    return time.monotonic() - began_s, said


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def clinic(home: Path) -> Iterator[Clinic]:
    running = served(home)
    try:
        running.wait_until_it_answers(at_most_s=180)
        yield running
    finally:
        if running.process.poll() is None:
            end(running, signal.SIGTERM)


def test_from_an_empty_folder_it_answers(clinic: Clinic) -> None:
    status, body, headers = clinic.get("/health")
    assert status == 200
    assert json.loads(body)["status"] == "ok"
    assert headers["cache-control"] == "no-store"


def test_pages_carry_their_fences(clinic: Clinic) -> None:
    _, _, headers = clinic.get("/accounts/login/")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_static_files_are_served_and_asked_for_again_each_time(clinic: Clinic) -> None:
    status, body, headers = clinic.get("/static/django_htmx/htmx-2.min.js")
    assert status == 200
    assert b"htmx" in body
    assert headers["cache-control"] == "max-age=0, public"


def test_its_secret_key_is_made_once_and_closed(clinic: Clinic) -> None:
    key = clinic.home / "secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 50


def test_every_change_goes_to_the_archive(clinic: Clinic) -> None:
    assert (clinic.home / "archive").is_dir()


def test_it_answers_again_after_the_web_process_is_killed(clinic: Clinic) -> None:
    web = [process for process in clinic.children() if process.name() == "stillroom web"]
    assert web
    for process in web:
        process.kill()
    time.sleep(0.3)
    clinic.wait_until_it_answers()


def test_it_calls_the_devices_that_are_enrolled_and_again_after_that_process_is_killed(
    clinic: Clinic, django_db_blocker: DjangoDbBlocker
) -> None:
    """IEEE 11073 SDC, told by the library's own provider on loopback."""
    there: Device
    with using(Postgres(clinic.home / "postgres").url("stillroom_app")), django_db_blocker.unblock(), device() as there:
        cast = make_cast()
        said = {"driver": "sdc", "address": there.address, "peers": [], "interval_s": 1}
        monitor = make_monitor(cast.clinic, **said)
        with clinic_scope(cast.clinic.pk):
            assign(monitor, cast.room, at=timezone.now(), by=None)

        def caller() -> psutil.Process | None:
            for each in clinic.children():
                with suppress(psutil.Error):
                    if any(line.raddr and line.raddr.port == there.port for line in each.net_connections()):
                        return each
            return None

        def is_told(value: str) -> bool:
            there.measures("n0", value)
            with clinic_scope(cast.clinic.pk):
                newest = newest_in([cast.room.pk], timezone.now()).get(cast.room.pk, {})
            return Signal.SPO2_PERCENT in newest and str(newest[Signal.SPO2_PERCENT].value.normalize()) == value

        first = soon(caller, CALLED_WITHIN_S)
        soon(lambda: is_told("96"), CALLED_WITHIN_S)
        first.kill()
        soon(lambda: (found := caller()) and found.pid != first.pid, CALLED_WITHIN_S)
        soon(lambda: is_told("95"), CALLED_WITHIN_S)


def test_it_answers_again_after_postgresql_is_killed(clinic: Clinic) -> None:
    before = clinic.postmaster_pid()
    os.kill(before, signal.SIGKILL)
    deadline_s = time.monotonic() + 30
    while not (clinic.home / "postgres" / "postmaster.pid").exists() or clinic.postmaster_pid() == before:
        assert time.monotonic() < deadline_s, "PostgreSQL was not started again"
        time.sleep(0.05)
    clinic.wait_until_it_answers()


def test_a_second_one_on_the_same_data_is_refused(clinic: Clinic) -> None:
    second = served(clinic.home)
    said, _ = second.process.communicate(timeout=60)
    assert second.process.returncode == 3
    assert "already run by another Stillroom" in said
    clinic.wait_until_it_answers()


def test_it_ends_in_time_with_a_request_open_and_leaves_nothing_running(clinic: Clinic) -> None:
    children = clinic.children()
    postmaster = clinic.postmaster_pid()
    with socket.create_connection(("127.0.0.1", clinic.port)) as unfinished:
        unfinished.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\n")
        took_s, said = end(clinic, signal.SIGTERM)
    assert took_s < 10
    assert clinic.process.returncode == 0, said
    assert f"Stillroom runs at http://127.0.0.1:{clinic.port}/" in said
    assert "web DIED (killed by SIGKILL)" in said
    assert "PostgreSQL DIED" in said
    assert not [process for process in children if process.is_running()]
    assert not (clinic.home / "postgres" / "postmaster.pid").exists()
    assert not psutil.pid_exists(postmaster) or psutil.Process(postmaster).status() == psutil.STATUS_ZOMBIE


def test_it_starts_again_on_its_data_and_ends_on_sigint_though_a_shell_had_it_ignored(clinic: Clinic) -> None:
    assert clinic.process.poll() is not None, "the test before this one ends the first run"
    again = served(clinic.home, ignoring_sigint=True)
    again.wait_until_it_answers()
    took_s, said = end(again, signal.SIGINT)
    assert took_s < 10
    assert again.process.returncode == 0, said


def test_a_taken_port_is_said_and_nothing_is_left_running(home: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {**os.environ, "STILLROOM_DATA": str(home), "PORT": str(taken.getsockname()[1])}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run([*PROGRAM, "serve"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert not (home / "postgres" / "postmaster.pid").exists()
