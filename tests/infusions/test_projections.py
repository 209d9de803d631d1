"""The summary is the fold of the log, and `stillroom refold` says where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions.projections import differences, refold_all
from stillroom.infusions.reading import entries_of, one_moment
from tests.cast import Cast, make_cast
from tests.infusions.rooms import infusing, opened, planned


def test_an_empty_log_has_an_empty_summary(cast: Cast) -> None:
    room = opened(cast)
    assert differences(room.row, room.state) == []


def test_after_every_act_of_a_whole_start_they_agree(cast: Cast) -> None:
    room = infusing(cast)
    room.act(c.StopInfusion())
    assert differences(room.row, room.state) == []


COLUMNS = {
    "status": "'ended'",
    "rate_ml_per_h": "151",
    "is_in_doubt": "true",
    "open_alarms": "1",
    "started_at": "started_at + interval '1 microsecond'",
    "ended_at": "now()",
    "last_seq": "last_seq - 1",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_refold_finds_a_summary_that_was_changed(
    committed_db: Any, owner_connection: psycopg.Connection[Any], column: str
) -> None:
    room = infusing(make_cast())
    assert list(refold_all()) == []
    owner_connection.execute("SELECT set_config('app.clinic', %s, false)", [str(room.clinic_id)])
    owner_connection.execute(f"UPDATE infusions_infusion SET {column} = {COLUMNS[column]}")  # type: ignore[arg-type]  # noqa: S608
    found = list(refold_all())
    assert [infusion for infusion, _ in found] == [room.infusion_id]
    assert found[0][1].startswith(f"{column}: the row says ")


def test_the_command_answers_with_its_exit_code(committed_db: Any, owner_connection: psycopg.Connection[Any]) -> None:
    room = planned(make_cast())
    assert _refold(committed_db).returncode == 0
    owner_connection.execute("SELECT set_config('app.clinic', %s, false)", [str(room.clinic_id)])
    owner_connection.execute("UPDATE infusions_infusion SET status = 'ready'")
    found = _refold(committed_db)
    assert (found.returncode, found.stdout) == (
        1,
        f"{room.infusion_id} status: the row says ready, the log planned\n",
    )


def test_what_looks_at_all_sees_one_moment_while_others_write(committed_db: Any) -> None:
    """The row and the log are read apart: without one snapshot, an act between the two would look like a difference."""
    room = planned(make_cast())
    with one_moment(room.clinic_id):
        assert len(entries_of(room.infusion_id)) == 1
        _elsewhere(lambda: room.record(e.NoteAdded(words="meanwhile")))
        assert len(entries_of(room.infusion_id)) == 1
    assert len(room.log) == 2


def _elsewhere(act: Callable[[], object]) -> None:
    """In another thread, so with another connection."""

    def work() -> None:
        act()
        connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def _refold(database: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stillroom.project.cli", "refold"]
    environment = {**os.environ, **database.environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
