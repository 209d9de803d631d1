"""The power goes: what was answered is there, though all that was not synced is lost; F5 of docs/faults.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from stillroom.project.postgres import Postgres
from tests.cast import make_cast
from tests.faults.campaign import Campaign
from tests.faults.disk import Disk
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


def _campaign(server: Postgres, disk: Disk, folder: Path) -> Campaign:
    def cut_power(data: Path) -> None:
        disk.cut_power(lambda: end_server(data))

    return Campaign(server, make_cast(), folder, seed=20261126, victims=("postgres",), end=cut_power)
