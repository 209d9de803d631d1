"""The power goes: what was answered is there, though all that was not synced is lost; F5 of docs/faults.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from stillroom.project.cluster import SUPERUSER
from stillroom.project.places import Places
from stillroom.project.postgres import Postgres
from tests.cast import make_cast
from tests.faults.campaign import Campaign
from tests.faults.disk import Disk, a_disk
from tests.faults.on_disk import end_server, on_disk
from tests.faults.promise import PromiseBroken

ROUNDS = 2


def test_every_answered_act_survives_a_power_cut(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), on_disk() as (server, disk):
        died = list(_campaign(server, disk, tmp_path).run(ROUNDS))
    assert sum(each.answered_in_all for each in died) > ROUNDS


def test_the_campaign_finds_a_server_that_never_synced(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    """kill -9 does not: the kernel has what was written. Without this, a disk that forgets nothing would do."""
    with django_db_blocker.unblock(), on_disk({"fsync": "off"}) as (server, disk):
        campaign = _campaign(server, disk, tmp_path)
        with pytest.raises(PromiseBroken, match="is missing"):
            list(campaign.run(1))


MAKE = """
import os, sys
from pathlib import Path
from stillroom.project import cluster, running, server_account
from stillroom.project.places import Places
server_account.PLAIN_ENVIRONMENT.update({name: os.environ[name] for name in sys.argv[2:]})
where = Places(Path(sys.argv[1]))
cluster.make_cluster(where.postgres)
print(running.lasting_secret_key(where))
"""


def test_a_key_and_a_database_that_were_just_made_survive_a_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STILLROOM_SECRET_KEY", raising=False)
    with a_disk(furnish=Path.mkdir) as disk:
        where = Places(disk.root / "new")
        command = [sys.executable, "-c", MAKE, str(where.folder), *disk.environment]
        said = subprocess.run(
            command, env={**os.environ, **disk.environment}, check=True, capture_output=True, text=True
        ).stdout
        disk.cut_power(lambda: None)
        assert len(where.read_secret_key()) >= 50
        assert where.read_secret_key() == said.strip()
        assert (where.postgres / "PG_VERSION").exists()
        with Postgres(where.postgres) as server, psycopg.connect(server.url(SUPERUSER, "postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def _campaign(server: Postgres, disk: Disk, folder: Path) -> Campaign:
    def cut_power(data: Path) -> None:
        disk.cut_power(lambda: end_server(data))

    return Campaign(server, make_cast(), folder, seed=20261126, victims=("postgres",), end=cut_power)
