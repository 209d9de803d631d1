"""The migrated cluster that tests and the demo begin with: made once, empty, made anew when a migration changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stillroom.project import template
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from tests.conftest import KEPT


@pytest.fixture
def home() -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    yield folder
    shutil.rmtree(folder)


def test_it_has_every_table_and_no_rows(home: Path) -> None:
    template.place_migrated_cluster(home / "postgres", kept_in=KEPT)
    with Postgres(home / "postgres") as server, psycopg.connect(server.url("stillroom_owner")) as connection:
        assert connection.execute("SELECT count(*) > 20 FROM django_migrations").fetchone() == (True,)
        assert connection.execute("SELECT count(*) FROM clinics_person").fetchone() == (0,)


def test_it_is_made_once(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def make(kept: Path) -> None:
        made.append(kept)
        kept.mkdir(parents=True)

    monkeypatch.setattr(template, "_make", make)
    template.place_migrated_cluster(home / "first", kept_in=tmp_path)
    template.place_migrated_cluster(home / "second", kept_in=tmp_path)
    assert made == [tmp_path / template.digest()]


def test_a_change_of_a_migration_makes_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room" / "migrations"
    room.mkdir(parents=True)
    monkeypatch.setattr(template, "PACKAGE", tmp_path)
    states = [template.digest()]
    (room / "0001_initial.py").write_text("operations = []")
    states.append(template.digest())
    (room / "0001_initial.py").write_text("operations = [1]")
    states.append(template.digest())
    (tmp_path / "room" / "views.py").write_text("a page is no table")
    assert len(set(states)) == 3
    assert template.digest() == states[-1]


def test_only_the_last_few_states_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        making = tmp_path / f".making{number}"
        making.mkdir()
        template._keep(making, tmp_path / f"state{number}")
    assert len(list(tmp_path.iterdir())) == template.KEPT_STATES
    assert (tmp_path / "state4").exists()
