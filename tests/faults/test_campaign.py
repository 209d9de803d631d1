"""Five rounds of the fault campaign; `make faults` runs a thousand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from tests.cast import make_cast
from tests.conftest import KEPT, using
from tests.faults.campaign import Campaign
from tests.faults.promise import PromiseBroken

ROUNDS = 5


@contextmanager
def server(settings: Mapping[str, str]) -> Iterator[Postgres]:
    """A server of its own, as durable as a clinic's unless `settings` say otherwise."""
    home = private_folder("stillroom-faults-")
    try:
        place_migrated_cluster(home / "postgres", kept_in=KEPT)
        with Postgres(home / "postgres", settings) as running, using(running.url("stillroom_app")):
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_every_answered_act_survives_kill_minus_nine(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), server({}) as durable:
        died = list(Campaign(durable, make_cast(), tmp_path, seed=20261123).run(ROUNDS))
    assert {each.victim for each in died} == {"postgres", "client"}
    assert sum(each.answered_in_all for each in died) > ROUNDS


def test_the_campaign_finds_a_server_that_says_saved_too_early(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    """Without this, five rounds that find nothing could be five rounds that look at nothing."""
    with django_db_blocker.unblock(), server({"synchronous_commit": "off"}) as forgetful:
        campaign = Campaign(forgetful, make_cast(), tmp_path, seed=1, victims=("postgres",))
        with pytest.raises(PromiseBroken, match="was answered with entries"):
            list(campaign.run(ROUNDS))
