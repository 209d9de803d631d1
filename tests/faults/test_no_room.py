"""No room for logs nor for temporary files: the record goes on, and nothing dies of it; F9 of docs/faults.md."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

import psutil
import pytest
from django.db import DatabaseError, connection, connections
from pytest_django import DjangoDbBlocker

from stillroom.infusions.export import verify_all
from stillroom.project.postgres import Postgres
from tests.bedside.house import House, planned
from tests.cast import make_cast, signed_in
from tests.conftest import using
from tests.devices.premises import make_monitor
from tests.e2e.served import STARTS_WITHIN_S, Part, Served, serving, wait_until
from tests.faults.disk import a_disk
from tests.faults.monitors import Sender
from tests.faults.on_disk import on_disk

KILLED: tuple[Part, ...] = ("web", "postgres")
"""What is started again has most to say."""
FULL = Path("/dev/full")
"""Whatever is written to it fails with ENOSPC."""


@contextmanager
def full_for_temporary_files() -> Iterator[dict[str, str]]:
    """The environment of a program that can write none, by the names that Python gives them, wherever it would."""
    places = {tempfile.gettempdir(), "/tmp", "/var/tmp", "/usr/tmp", str(Path.cwd())}
    with a_disk(furnish=Path.mkdir) as disk:
        disk.fill(*(f"{place}/{name}" for place in places for name in ("tmp*", "#*", "????????")))
        yield disk.environment


def test_a_clinic_without_room_for_logs_and_temporary_files_goes_on(django_db_blocker: DjangoDbBlocker) -> None:
    with (
        full_for_temporary_files() as environment,
        serving(log=FULL, environment={**environment, "STILLROOM_LOG_LEVEL": "DEBUG"}) as served,
        using(served.database_url),
        django_db_blocker.unblock(),
    ):
        cast = make_cast()
        house, session = planned(cast), signed_in(cast.ben).cookies["session"].value
        make_monitor(cast.clinic, interval_s=1)
        sender = Sender(served.hl7_port, "unheard")
        began, killed = processes(served), {served.processes_of("web")[0].pid}
        for part in KILLED:
            served.kill(part)
            wait_until(partial(recorded, served, house, session, uuid4()), at_most_s=STARTS_WITHIN_S)
            sender.send_one()
        connections.close_all()  # that PostgreSQL took along
        assert len(house.log) == 1 + len(KILLED)
        assert not verify_all().wrong
        assert began - killed <= processes(served), "nothing died of it"


def processes(served: Served) -> set[int]:
    return {process.pid for process in psutil.Process(served.process.pid).children()}


def recorded(served: Served, house: House, session: str, act: UUID) -> bool:
    """Whether the note was answered as done."""
    typed = urlencode({"act_id": act, "seen_seq": 1, "words": "kept"}).encode()
    token = "t" * 32
    headers = {"Cookie": f"session={session}; csrf={token}", "X-CSRFToken": token, "Accept": "application/json"}
    try:
        with urlopen(Request(f"{served.url}{house.href}acts/note", typed, headers), timeout=10) as answer:  # noqa: S310
            return bool(json.load(answer)["outcome"] == "done")
    except OSError:
        return False


def test_a_database_without_room_for_its_log_and_its_temporary_files_goes_on(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with django_db_blocker.unblock(), on_disk({"log_statement": "all", "work_mem": "64kB"}) as (server, disk):
        cast = make_cast()
        house, nurse, first = planned(cast), signed_in(cast.ben), pid_of(server)
        disk.fill("*/server.log", "*/pgsql_tmp/*")
        said = (server.folder / "server.log").stat().st_size
        house.done(nurse, "note", words="before")
        with pytest.raises(DatabaseError, match="No space left"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM (SELECT n FROM generate_series(1, 99999) n ORDER BY -n)")
        house.done(nurse, "note", words="after")
        assert (server.folder / "server.log").stat().st_size == said
        assert pid_of(server) == first
        assert not verify_all().wrong


def pid_of(server: Postgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().splitlines()[0])
