"""Backups: whole, verified, as many as asked for; refused when damaged; never restored over a running clinic."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stillroom.project.backups import archiving, restore, take_backup, verify
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import PostgresError, private_folder


@pytest.fixture
def home() -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    yield folder
    shutil.rmtree(folder)


def archive_all(server: Postgres, archive: Path) -> None:
    """Finish the present piece of the log and wait until the archive has it."""
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_logical_emit_message(true, 'drill', 'so that the piece is not empty')")
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row is not None
    deadline_s = time.monotonic() + 20
    while not (archive / f"{row[0]}.gz").exists():
        assert time.monotonic() < deadline_s, "the archive did not get the log"
        time.sleep(0.05)


def test_only_as_many_backups_and_as_much_log_are_kept_as_asked(home: Path) -> None:
    data, archive, backups = home / "postgres", home / "archive", home / "backups"
    with Postgres(data, archiving(archive)) as server:
        first = take_backup(data, backups)
        archive_all(server, archive)
        time.sleep(1.1)  # a backup's name has the second it was taken in
        second = take_backup(data, backups, keep=1, archive=archive)
        archive_all(server, archive)
    assert second.exists()
    assert not first.exists()
    assert list(archive.glob("*.gz"))
    assert not (archive / "000000010000000000000001.gz").exists()
    shutil.rmtree(data)
    restore(second, data, archive=archive)


def test_a_damaged_backup_is_refused_and_the_data_stay(home: Path) -> None:
    data = home / "postgres"
    with Postgres(data):
        backup = take_backup(data, home / "backups")
    with (backup / "global" / "pg_control").open("r+b") as control:
        control.write(b"damaged")
    with pytest.raises(PostgresError, match=r"damaged: global/pg_control"):
        restore(backup, data)
    with Postgres(data) as server:
        assert server.is_running()


def test_a_backup_whose_list_was_changed_or_that_lacks_a_file_is_refused(home: Path) -> None:
    with Postgres(home / "postgres"):
        backup = take_backup(home / "postgres", home / "backups")
    (backup / "global" / "pg_filenode.map").unlink()
    with pytest.raises(PostgresError, match=r"pg_filenode\.map"):
        verify(backup)
    manifest = backup / "backup_manifest"
    manifest.write_text(manifest.read_text().replace("pg_filenode.map", "postgresql.conf"))
    with pytest.raises(PostgresError, match="list of files"):
        verify(backup)


def test_restoring_over_a_running_database_is_refused(home: Path) -> None:
    with Postgres(home / "postgres"):
        backup = take_backup(home / "postgres", home / "backups")
        with pytest.raises(PostgresError, match="Stop Stillroom"):
            restore(backup, home / "postgres")


def test_a_backup_of_a_database_that_does_not_run_is_refused(home: Path) -> None:
    with pytest.raises(PostgresError, match="does not run"):
        take_backup(home / "postgres", home / "backups")
