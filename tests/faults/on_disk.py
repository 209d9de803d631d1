"""A PostgreSQL of its own, with all tables and no rows, whose data stand on a disk that can fail: see disk.py."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psutil

from stillroom.project import server_account
from stillroom.project.postgres import Postgres
from stillroom.project.template import place_migrated_cluster
from tests.conftest import KEPT, using
from tests.faults.campaign import kill_at_once
from tests.faults.disk import Disk, a_disk

DEAD_WITHIN_S = 60


@contextmanager
def on_disk(settings: Mapping[str, str] | None = None) -> Iterator[tuple[Postgres, Disk]]:
    """As durable as a clinic's unless `settings` say otherwise. Django is connected to it as stillroom_app."""
    with a_disk(furnish=lambda folder: place_migrated_cluster(folder, kept_in=KEPT)) as disk:
        environment = {**server_account.PLAIN_ENVIRONMENT, **disk.environment}
        with (
            patch.object(server_account, "PLAIN_ENVIRONMENT", environment),
            Postgres(disk.root, settings or {}) as running,
            using(running.url("stillroom_app")),
        ):
            yield running, disk


def end_server(folder: Path) -> None:
    """Kill all of it; back when nothing works in its folder any more. Its socket goes, as with a machine that stops."""
    socket_folder = Path((folder / "postmaster.pid").read_text().splitlines()[4])
    kill_at_once(folder)
    until_s = time.monotonic() + DEAD_WITHIN_S
    while any(_works_in(process, folder) for process in psutil.process_iter()):
        assert time.monotonic() < until_s
        time.sleep(0.01)
    for left in socket_folder.glob(".s.PGSQL.*"):
        left.unlink()


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder.resolve()
    except psutil.Error:
        return False
