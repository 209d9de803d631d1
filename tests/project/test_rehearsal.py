"""`stillroom rehearse SCRIPT`: from the command, through monitor, page and log, to what it says of how it went."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from stillroom.project.server_account import private_folder
from tests.conftest import KEPT
from tests.project.test_serving import PROGRAM, Clinic, end, free_port

SCRIPT = """
title: A try
about: Of the command itself.
begin: minute 5
minute 30: pressure rises to 195/112 over 1 minute unless paused
    expect: pause within 2 minutes
    expect: note within 1 second
    needless: help
minute 40: the power goes for 2 seconds
end: minute 41
"""
PATIENCE_S = 60


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Clinic]:
    (tmp_path / "stillroom").mkdir()
    (tmp_path / "stillroom" / "clusters").symlink_to(KEPT)
    (tmp_path / "mine.txt").write_text(SCRIPT)
    place, port = private_folder("stillroom-tests-"), free_port()
    changed = {"PORT": str(port), "STILLROOM_HL7_PORT": str(free_port()), "XDG_CACHE_HOME": str(tmp_path)}
    changed |= {"DATABASE_URL": "postgresql://a-real-clinic.test/stillroom", "TMPDIR": str(place)}
    process = subprocess.Popen(
        [*PROGRAM, "rehearse", str(tmp_path / "mine.txt"), "--speed", "60"],
        env={**os.environ, **changed},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    clinic = Clinic(process, place, port)
    try:
        clinic.wait_until_it_answers()
        yield clinic
    finally:
        if process.poll() is None:
            end(clinic, signal.SIGTERM)
        shutil.rmtree(place)


def until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s, "it did not come to it"
        time.sleep(0.2)


def test_a_script_is_played_answered_and_scored(rehearsal: Clinic) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"http://127.0.0.1:{rehearsal.port}"

    def read(path: str) -> str:
        try:
            with browser.open(address + path, timeout=10) as page:
                return str(page.read().decode())
        except (OSError, urllib.error.URLError):  # while the power is away
            return ""

    with browser.open(f"{address}/demo/enter?as=colleague", timeout=40) as page:
        room, words = page.url, page.read().decode()
    until(lambda: "pressure rises" in read("/demo/result"))
    assert "It drips, steadily" in read("/demo/chair")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', words)
    assert token is not None
    for act in ("pause", "help"):
        typed = {"act_id": str(uuid4()), "seen_seq": "1000", "csrfmiddlewaretoken": token[1]}
        with browser.open(f"{room}acts/{act}", urlencode(typed).encode(), timeout=20) as answer:
            assert answer.status == 200
    until(lambda: "How it went</h2>" in read("/demo/result"))
    result = read("/demo/result")
    assert re.search(r"<dt>Pause within 2 minutes</dt>\s*<dd>Done in time, [\w ]+ after it began.</dd>", result)
    assert re.search(r"<dt>Note within 1 second</dt>\s*<dd>Not done.</dd>", result)
    assert re.search(r"<dt>Help</dt>\s*<dd>Done at [\d:]+, and not needed here.</dd>", result)
    took_s, said = end(rehearsal, signal.SIGTERM)
    assert took_s < 10
    assert rehearsal.process.returncode == 0, said
    assert "minute 30: pressure rises to 195/112" in said
    assert "A try: how it went\n    1 of 2 done in time." in said
    assert "pause within 2 minutes: Done in time, " in said
    assert not list(rehearsal.home.glob("stillroom-demo-*"))
