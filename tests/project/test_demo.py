"""`stillroom demo`: a clinic of its own on this machine alone, whatever the environment says; nothing stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from stillroom.project.server_account import private_folder
from tests.conftest import KEPT
from tests.project.test_serving import PROGRAM, Clinic, end, free_port


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """With settings of a real clinic around it, which it must not touch; its template is the tests' own."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "stillroom").mkdir()
    (cache / "stillroom" / "clusters").symlink_to(KEPT)
    changed = {"PORT": str(free_port()), "STILLROOM_HL7_PORT": str(free_port()), "XDG_CACHE_HOME": str(cache)}
    place = private_folder("stillroom-tests-")
    changed |= {"DATABASE_URL": "postgresql://a-real-clinic.test/stillroom", "STILLROOM_HOST": "0.0.0.0"}  # noqa: S104
    changed |= {"TMPDIR": str(place)}
    process = subprocess.Popen(
        [*PROGRAM, "demo"],
        env={**os.environ, **changed},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    clinic = Clinic(process, place, int(changed["PORT"]))
    try:
        clinic.wait_until_it_answers()
        yield clinic
    finally:
        if process.poll() is None:
            end(clinic, signal.SIGTERM)
        shutil.rmtree(place)


def test_it_answers_on_this_machine_alone(demo: Clinic) -> None:
    assert demo.get("/health")[0] == 200
    assert {address for process in demo.children() for address in _listening(process)} == {"127.0.0.1"}


def _listening(process: psutil.Process) -> list[str]:
    try:
        links = process.net_connections(kind="inet")
    except psutil.NoSuchProcess:  # the one that furnishes the clinic has done so
        return []
    return [link.laddr.ip for link in links if link.status == psutil.CONN_LISTEN]


def entered(demo: Clinic, role: str) -> tuple[str, urllib.request.OpenerDirector]:
    """The page that a door leads to, and a browser that came in by it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"http://127.0.0.1:{demo.port}/demo/enter?as={role}", timeout=40) as page:
        return page.url, browser


def test_a_simulated_monitor_is_seen_in_the_live_room(demo: Clinic) -> None:
    """From the simulated patient through HL7, gateway, database and stream to the nurse's page."""
    room, browser = entered(demo, "nurse")
    assert "/bedside/" in room
    with browser.open(f"{room}stream", timeout=40) as stream:
        assert next(line for line in stream if b"tile-" in line)


def test_who_enters_as_the_patient_sees_months_of_their_record(demo: Clinic) -> None:
    record, browser = entered(demo, "patient")
    with browser.open(record, timeout=40) as page:
        assert page.read().count(b"/journal/infusions/") > 10


def test_it_ends_in_time_though_a_stream_is_open_and_says_where_it_was(demo: Clinic) -> None:
    room, browser = entered(demo, "nurse")
    with browser.open(f"{room}stream", timeout=40) as stream:
        assert next(iter(stream))
        took_s, said = end(demo, signal.SIGTERM)
    assert took_s < 10
    assert demo.process.returncode == 0, said
    assert f"The demo clinic is open at http://127.0.0.1:{demo.port}/" in said
    assert "/demo/enter?as=nurse" in said
    assert not list(demo.home.glob("stillroom-demo-*"))
