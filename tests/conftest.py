"""What every test stands on: one PostgreSQL for the session, and databases cloned from a migrated template.

Nothing here starts before a test asks for a database, so tests/core runs without one. All tests are `stillroom_app`.

    db                a test of pages or models: one transaction, rolled back
    committed_db      a test of commits, processes or several connections: a fresh clone, dropped afterwards
    cast              who is who in two clinics, in the transaction of `db`: tests/cast.py
    owner_connection  psycopg, as stillroom_owner, to the database the test uses
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

from stillroom.clinics import clock
from stillroom.project.bench import compile_anew_where_changed
from stillroom.project.cluster import SUPERUSER
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster

SESSION_PREFIX = "stillroom-session-"
KEPT = Path(__file__).resolve().parent.parent / "build" / "clusters"

TESTS = Path(__file__).resolve().parent
ONE_HOUSE = ("e2e",)
"""Folders whose tests share a running clinic for the whole session, as it takes seconds to start."""

pytest_plugins = ["tests.cast", "tests.chrony"]

# The same draws each time and no clock, so that a red run is the work of a change.
# `pytest --hypothesis-profile fresh` draws anew.
settings.register_profile("fresh", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("fresh"), derandomize=True)
settings.load_profile("same")

compile_anew_where_changed()


class TravelledClock(clock.HouseClock):
    """time-machine moves the computer's clock alone; in a test that travels, time has passed in the house too."""

    def steady_s(self) -> float:
        return time.time()


clock.HOUSE = TravelledClock()

# Nobody reads what a test wrote after the machine stopped. Crash tests, which do, run a server of their own.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Clone:
    """A database of its own, with every table and no rows; how a process or a second connection reaches it."""

    server: Postgres
    name: str

    @property
    def url(self) -> str:
        return self.server.url("stillroom_app", self.name)

    @property
    def owner_url(self) -> str:
        return self.server.url("stillroom_owner", self.name)

    @property
    def environment(self) -> dict[str, str]:
        """For a process that a test starts."""
        spool = self.server.folder.parent / f"spool-{self.name}"
        return {"DATABASE_URL": self.url, "STILLROOM_OWNER_URL": self.owner_url, "STILLROOM_HL7_SPOOL": str(spool)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run in several processes, a file stays in one of them, and so does all that stands before one clinic."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder if folder in ONE_HOUSE else str(item.path)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's own server, in a folder of its own: sessions beside each other never meet."""
    _end_abandoned_sessions()
    home = private_folder(SESSION_PREFIX)
    try:
        place_migrated_cluster(home / "postgres", kept_in=KEPT)
        with Postgres(home / "postgres", settings=FORGETFUL) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def clone(postgres: Postgres) -> Callable[[], Any]:
    """Makes databases: `with clone() as database:`."""

    @contextmanager
    def cloned() -> Iterator[Clone]:
        name = f"test_{uuid4().hex[:12]}"
        _as_superuser(postgres, f"CREATE DATABASE {name} TEMPLATE stillroom OWNER stillroom_owner")
        try:
            yield Clone(postgres, name)
        finally:
            _as_superuser(postgres, f"DROP DATABASE {name} WITH (FORCE)")

    return cloned


@pytest.fixture(scope="session")
def django_db_setup(clone: Callable[[], Any]) -> Iterator[None]:
    """The database behind `db`: one clone for the session, which every test leaves as it found it."""
    with clone() as database, using(database.url):
        yield


@pytest.fixture
def committed_db(clone: Callable[[], Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Clone]:
    with clone() as database, using(database.url), django_db_blocker.unblock():
        yield database


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[psycopg.Connection[Any]]:
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("django_db_setup")
    name = connections.settings["default"]["NAME"]
    with psycopg.connect(postgres.url("stillroom_owner", name), autocommit=True) as connection:
        yield connection


@contextmanager
def using(url: str) -> Iterator[None]:
    """Django's one database is this one, for every thread; no pool keeps it open."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    changed = {"HOST": parts["host"], "NAME": parts["dbname"], "USER": parts["user"], "PASSWORD": "", "PORT": ""}
    entry = connections.settings["default"]
    before = dict(entry)
    connections.close_all()
    entry.update(changed, OPTIONS={})
    try:
        yield
    finally:
        connections.close_all()
        entry.update(before)


def _end_abandoned_sessions() -> None:
    """A session that was killed leaves its server running; nobody holds that server's lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SESSION_PREFIX}*/postgres"):
        abandoned = Postgres(folder)
        if abandoned.is_running() and abandoned.is_unowned():
            abandoned.stop()
            shutil.rmtree(folder.parent, ignore_errors=True)


def _as_superuser(server: Postgres, statement: str) -> None:
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement))
