"""The commands as a person calls them: what they print, how they end; the database is left as it was found."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillroom import __version__
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from tests.conftest import KEPT
from tests.project.test_serving import PROGRAM


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The data of a clinic that does not run."""
    folder = private_folder("stillroom-tests-")
    place_migrated_cluster(folder / "postgres", kept_in=KEPT)
    yield folder
    shutil.rmtree(folder)


def stillroom(*arguments: str | Path, home: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STILLROOM_DATA": str(home), "COLUMNS": "200", **changed}
    command = [*PROGRAM, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_it_says_its_version(home: Path) -> None:
    assert stillroom("--version", home=home).stdout == f"{__version__}\n"


def test_called_in_a_wrong_way_it_ends_with_2(home: Path) -> None:
    assert stillroom("dance", home=home).returncode == 2


def test_a_setting_that_cannot_be_read_is_named_and_ends_it_with_3(home: Path) -> None:
    done = stillroom("check", home=home, PORT="eighty")
    assert done.returncode == 3
    assert done.stderr.strip() == "PORT is 'eighty'; it must be a whole number."


def test_check_says_what_is_wrong_and_what_to_do(home: Path) -> None:
    done = stillroom("check", home=home)
    assert done.returncode == 1
    assert "stillroom.E010" in done.stdout
    assert "Start `stillroom serve`" in done.stdout


def test_check_is_content_with_a_clinic_that_runs(home: Path) -> None:
    with Postgres(home / "postgres"):
        done = stillroom("check", home=home)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Nothing stands in the way.")


def test_a_command_starts_the_database_when_none_runs_and_stops_it_again(home: Path) -> None:
    done = stillroom("verify", home=home)
    assert done.returncode == 0, done.stderr
    assert not Postgres(home / "postgres").is_running()


def test_a_command_uses_the_database_that_runs_and_leaves_it_running(home: Path) -> None:
    with Postgres(home / "postgres") as server:
        done = stillroom("refold", home=home)
        assert done.returncode == 0, done.stderr
        assert server.is_running()


def test_backup_prints_where_it_is_and_restore_puts_it_back(home: Path) -> None:
    with Postgres(home / "postgres"):
        made = stillroom("backup", home / "backups", home=home)
        assert made.returncode == 0, made.stderr
        backup = made.stdout.strip()
        while_it_runs = stillroom("restore", backup, home=home)
        assert while_it_runs.returncode == 3
        assert "Stop Stillroom" in while_it_runs.stderr
    done = stillroom("restore", backup, home=home)
    assert done.returncode == 0, done.stderr
    assert "postgres-before-" in done.stdout
    assert stillroom("verify", home=home).returncode == 0


def test_backup_of_a_database_that_does_not_run_ends_with_3(home: Path) -> None:
    done = stillroom("backup", home / "backups", home=home)
    assert done.returncode == 3
    assert "does not run" in done.stderr
