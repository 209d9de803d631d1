"""What a process keeps for as long as it runs: its connection, and what it has loaded."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from stillroom.project.running import migrate
from tests.conftest import Clone

TWO_LOOKS = """
from stillroom.project.running import set_up_django
set_up_django()
from django.db import close_old_connections, connection
for _ in range(2):
    with connection.cursor() as cursor:
        print(cursor.execute("SELECT pg_backend_pid()").fetchone()[0])
        {between}
    close_old_connections()
"""


def _backends(url: str, *, between: str = "") -> list[str]:
    code = TWO_LOOKS.format(between=between)
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_command_keeps_the_connection_it_opened(committed_db: Clone) -> None:
    """One anew for each look of a watch costs PostgreSQL a process, and all that it knew of the tables."""
    first, second = _backends(committed_db.url)
    assert first == second


def test_one_that_was_lost_is_opened_anew(committed_db: Clone) -> None:
    lost = "connection.connection.pgconn.finish()"
    first, second = _backends(committed_db.url, between=lost)
    assert first != second


def test_what_is_loaded_is_not_looked_through_again() -> None:
    code = (
        "import gc, stillroom.project.asgi; from stillroom.project.running import GARBAGE_AFTER;"
        "assert gc.get_freeze_count() > 10_000; assert gc.get_threshold() == GARBAGE_AFTER"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_whoever_waits_for_the_tables_is_told_so_before(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told_before: list[str] = []

    def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
        told_before.extend(caplog.messages)
        return subprocess.CompletedProcess((), 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    with caplog.at_level(logging.INFO):
        migrate("postgres:///nowhere")
    assert told_before == [
        "Making the tables, or bringing them up to date. From nothing this takes a minute or so, once."
    ]
