"""The embedded PostgreSQL: how it starts, recovers, refuses, and whom it lets in."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from stillroom.project import server_account
from stillroom.project.cluster import SUPERUSER
from stillroom.project.postgres import Postgres, temporary, url_of_running
from stillroom.project.roles import CHECKED, not_durable, prepare
from stillroom.project.server_account import Account, PostgresError, account, private_folder


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with temporary() as running:
        prepare(running)
        yield running


@pytest.fixture
def home() -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    yield folder
    shutil.rmtree(folder)


def _ask(server: Postgres, query: str, role: str = SUPERUSER, database: str = "postgres") -> object:
    with psycopg.connect(server.url(role, database)) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_committed_is_on_disk(server: Postgres) -> None:
    with psycopg.connect(server.url("stillroom_app")) as connection:
        assert not_durable(connection) == {}


def test_a_server_that_would_forget_is_noticed() -> None:
    forgetful = {"fsync": "off", "synchronous_commit": "off"}
    with temporary(forgetful) as server, psycopg.connect(server.url(SUPERUSER, "postgres")) as connection:
        assert not_durable(connection) == forgetful
    assert set(CHECKED) >= {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"}


def test_it_listens_on_no_network(server: Postgres) -> None:
    assert _ask(server, "SHOW listen_addresses") == ""
    owned = [process for process in psutil.process_iter() if _works_in(process, server.folder)]
    assert owned
    assert not [link for process in owned for link in _links_of(process)]


def _links_of(process: psutil.Process) -> Sequence[Any]:
    with suppress(psutil.NoSuchProcess):  # one of its workers that has just ended
        return process.net_connections(kind="inet")
    return ()


def test_data_and_socket_folders_are_closed_and_apart(server: Postgres) -> None:
    socket_folder = Path(str(_ask(server, "SHOW unix_socket_directories")))
    assert _mode(socket_folder) == _mode(server.folder) == 0o700
    assert {socket_folder.stat().st_uid, server.folder.stat().st_uid} == {account().uid}
    assert server.folder not in socket_folder.parents


def test_nobody_is_let_in_but_who_started_it(server: Postgres) -> None:
    rules = (server.folder / "pg_hba.conf").read_text()
    assert "trust" not in rules
    assert "host" not in rules
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(server.url("somebody_else", "postgres"))


def test_the_database_belongs_to_the_owner_and_the_application_cannot_make_tables(server: Postgres) -> None:
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'stillroom'"
    assert _ask(server, owner) == "stillroom_owner"
    with psycopg.connect(server.url("stillroom_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE made_by_owner (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    with psycopg.connect(server.url("stillroom_app")) as connection:
        connection.execute("INSERT INTO made_by_owner (word) VALUES ('seen')")
        assert connection.execute("SELECT word FROM made_by_owner").fetchone() == ("seen",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE made_by_app (id int)")


def test_preparing_again_changes_nothing(server: Postgres) -> None:
    roles = "SELECT array_agg(rolname || rolsuper || rolcreatedb || rolbypassrls ORDER BY rolname)::text FROM pg_roles"
    before = _ask(server, roles)
    prepare(server)
    assert _ask(server, roles) == before


def test_a_second_owner_is_refused(server: Postgres) -> None:
    with pytest.raises(PostgresError, match="already run by another Stillroom"):
        Postgres(server.folder).start()


def test_after_a_crash_it_recovers_what_was_committed_where_it_listened_before(home: Path) -> None:
    with Postgres(home / "postgres") as server:
        with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        before = server.url(SUPERUSER, "postgres")
        os.kill(_pid(server), signal.SIGKILL)
        _until(lambda: not server.is_running())
        server.start()
        assert server.url(SUPERUSER, "postgres") == before
        assert _ask(server, "SELECT id FROM kept") == 1


def test_a_server_left_behind_by_a_killed_owner_is_taken_over(home: Path) -> None:
    left = Postgres(home / "postgres")
    left.start()
    left_socket = Path(str(_ask(left, "SHOW unix_socket_directories")))
    left_pid = _pid(left)
    assert left._lock is not None
    left._lock.close()  # what the kernel does for an owner that was killed
    with Postgres(home / "postgres") as server:
        assert _pid(server) != left_pid
        assert _ask(server, "SELECT 1") == 1
    assert not left_socket.exists()


def test_a_stale_file_that_names_another_programs_process_does_not_stop_it(home: Path) -> None:
    with Postgres(home / "postgres") as server:
        stale = (server.folder / "postmaster.pid").read_text().splitlines()
    (home / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:], ""]))
    assert url_of_running(home / "postgres", role=SUPERUSER) is None
    with Postgres(home / "postgres") as server:
        assert _ask(server, "SELECT 1") == 1


def test_data_of_another_major_version_is_refused_and_left_as_it_is(home: Path) -> None:
    with Postgres(home / "postgres"):
        pass
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    before = sorted(path.name for path in (home / "postgres").iterdir())
    with pytest.raises(PostgresError, match="written by PostgreSQL 17"):
        Postgres(home / "postgres").start()
    assert sorted(path.name for path in (home / "postgres").iterdir()) == before


def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "holiday.txt").write_text("sea")
    with pytest.raises(PostgresError, match="not a database of Stillroom"):
        Postgres(home / "postgres").start()
    assert (home / "postgres" / "holiday.txt").read_text() == "sea"


def test_a_half_made_data_folder_is_never_taken_for_data(home: Path) -> None:
    half_made = home / ".postgres-making"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with Postgres(home / "postgres") as server:
        assert _ask(server, "SELECT 1") == 1
    assert not half_made.exists()


def test_stopping_ends_open_connections_and_removes_the_socket(home: Path) -> None:
    server = Postgres(home / "postgres")
    server.start()
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        socket_folder = Path(str(_ask(server, "SHOW unix_socket_directories")))
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert not socket_folder.exists()
    assert not server.is_running()


def test_a_closed_parent_folder_is_refused_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shut_out = Account("shut-out", account().uid, account().gid)
    monkeypatch.setattr(Account, "can_enter", lambda self, folder: False)
    with pytest.raises(PostgresError, match="opens no folder that is not its own"):
        shut_out.own_folder(closed / "postgres")
    assert _mode(closed) == 0o700


def test_binaries_out_of_the_accounts_reach_are_copied_once_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_account, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(Account, "can_enter", lambda self, folder: tmp_path in folder.parents)
    program = server_account.binaries.__wrapped__() / "postgres"
    assert tmp_path in program.parents
    made_at = program.stat().st_ctime_ns
    assert server_account.binaries.__wrapped__() / "postgres" == program
    assert program.stat().st_ctime_ns == made_at
    version = account().run([program, "--version"]) if account().is_ours else None
    assert version is None or "PostgreSQL" in version.stdout


def _pid(server: Postgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder.resolve()
    except psutil.Error:
        return False


def _until(happened: object, *, at_most_s: float = 10) -> None:
    deadline_s = time.monotonic() + at_most_s
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
