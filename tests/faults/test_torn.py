"""Half of a page or line reached the disk: recovered to the last commit, or said aloud; F6 of docs/faults.md."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections
from pytest_django import DjangoDbBlocker
from typer.testing import CliRunner

from stillroom.infusions.export import verify_all
from stillroom.project.checks import findings
from stillroom.project.cli import app
from stillroom.project.cluster import SUPERUSER
from stillroom.project.postgres import Postgres, stop_whatever_runs
from stillroom.project.server_account import PostgresError
from tests.bedside.house import House, planned
from tests.cast import make_cast, signed_in
from tests.e2e.served import wait_until
from tests.faults.on_disk import end_server, on_disk

PAGE_BYTES = 8192
QUIET = {"autovacuum": "off"}
"""Nobody but the test writes to pages and to PostgreSQL's own log."""


class Ward:
    """One infusion with an answered note, on a server whose files are torn."""

    def __init__(self, running: Postgres) -> None:
        self.server = running
        cast = make_cast()
        self.nurse = signed_in(cast.ben)
        self.nurse.raise_request_exception = False
        self.house: House = planned(cast)
        self.answered = [self.note()]

    def note(self, act: UUID | None = None) -> UUID:
        act = act or uuid4()
        self.house.done(self.nurse, "note", act_id=act, words="kept")
        return act

    def holds(self) -> bool:
        """Every answered act is there once, and every chain is whole."""
        acts = [entry.act for entry in self.house.log]
        return all(acts.count(act) == 1 for act in self.answered) and not verify_all().wrong

    def asked(self, query: str) -> tuple[str, ...]:
        with psycopg.connect(self.server.url(SUPERUSER), autocommit=True) as connection:
            return tuple(map(str, connection.execute(query).fetchone() or ()))

    def checkpoint(self) -> None:
        """What was changed is in its files."""
        with psycopg.connect(self.server.url(SUPERUSER), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def page_of_log(self) -> Path:
        return self.server.folder / self.asked("SELECT pg_relation_filepath('infusions_entry')")[0]

    def start_and_verify(self) -> None:
        self.server.start()
        verify_all()

    def kill(self) -> None:
        connections.close_all()
        end_server(self.server.folder)


def tear(page: Path) -> None:
    """Its first half is what was written last, its second never reached the disk."""
    with page.open("r+b") as file:
        file.seek(PAGE_BYTES // 2)
        file.write(bytes(PAGE_BYTES // 2))


def test_a_page_torn_in_a_crash_is_made_whole_again(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), on_disk(QUIET) as (running, _):
        ward = Ward(running)
        ward.checkpoint()
        ward.answered.append(ward.note())
        page = ward.page_of_log()
        ward.kill()
        tear(page)
        running.start()
        assert ward.holds()


def test_without_whole_pages_in_its_log_a_torn_one_would_be_lost_and_that_is_said(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """So that the test before this one can fail."""
    with django_db_blocker.unblock(), on_disk({**QUIET, "full_page_writes": "off"}) as (running, _):
        ward = Ward(running)
        ward.checkpoint()
        ward.note()
        page = ward.page_of_log()
        ward.kill()
        tear(page)
        with pytest.raises((PostgresError, DatabaseError), match="invalid page"):
            ward.start_and_verify()


def test_a_page_that_nothing_can_make_whole_is_said_and_never_passed_over(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), on_disk(QUIET) as (running, _):
        ward = Ward(running)
        page = ward.page_of_log()
        connections.close_all()
        stop_whatever_runs(running.folder)
        tear(page)
        running.start()
        said = CliRunner().invoke(app, ["verify"], env={"DATABASE_URL": running.url("stillroom_app")})
        assert (said.exit_code, said.stdout) == (1, "")
        assert "invalid page" in said.stderr
        assert ward.nurse.get(ward.house.href).status_code == 500, "never a log without what cannot be read"
        assert ward.house.post(ward.nurse, "note", words="after").status_code == 500
        wait_until(lambda: "pages" in ward.nurse.get("/health").json()["degraded"])
        assert "stillroom.W002" in {message.id for message in findings()}


def test_an_act_whose_last_line_is_torn_was_never_done_and_nothing_before_it_is_lost(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with django_db_blocker.unblock(), on_disk(QUIET) as (running, _):
        ward = Ward(running)
        ward.asked("SELECT pg_switch_wal()")
        where = "SELECT * FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())"
        _, began = ward.asked(where)
        torn = ward.note()
        segment, ended = ward.asked(where)
        ward.kill()
        with (running.folder / "pg_wal" / segment).open("r+b") as file:
            middle = (int(began) + int(ended)) // 2
            size = file.seek(0, os.SEEK_END)
            file.seek(middle)
            file.write(bytes(size - middle))
        running.start()
        assert torn not in [entry.act for entry in ward.house.log]
        assert ward.holds()
        ward.answered.append(ward.note(torn))
        assert ward.holds()
