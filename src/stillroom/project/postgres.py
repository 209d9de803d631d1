"""The embedded PostgreSQL: the wheel's own binaries, run for one machine.

It listens on a Unix socket only, in a 0700 folder of the server's account outside the data. Who connects is known by
the kernel (peer): the user who started it may be any of its three roles, nobody else may be anyone. One process owns a
server at a time; a lock says so, and the kernel lets go of it however that process ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psutil

from stillroom.project.cluster import make_cluster, run_tool
from stillroom.project.server_account import PostgresError, account, make_way_to, private_folder

SOCKET_PREFIX = "stillroom-socket-"

# What a promise kept on disk rests on; asserted again of the running server (roles.py), whoever configured it.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# One owner starts it again, and says so. Left to itself, one that fails while it recovers from its own crash can wait
# for ever for what it did not end (18.4, on a disk that fails to sync): alive, and answering nobody.
RESTARTED_BY_US = {"restart_after_crash": "off"}
# A failing statement's text and its row's values are somebody's health; the server's log gets neither.
DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_checkpoints": "off"}
USUAL = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass
class Postgres:
    """One server over one data folder; `with Postgres(folder) as server:` starts and stops it."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    _lock: IO[str] | None = field(default=None, init=False, repr=False)
    _socket_folder: Path | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Make the data folder when there is none, and start; back when the server answers.

        Called again after the server died, it recovers and listens where it did before; if it cannot, it is still ours.
        """
        make_way_to(self.folder)
        is_ours_already = self._lock is not None
        self._lock = self._lock or _locked(self.folder)
        try:
            self._start()
        except BaseException:
            if not is_ours_already:
                self._let_go()
            raise

    def stop(self) -> None:
        """Stop in the orderly way, ending open connections. Nothing to do when it does not run."""
        stop_whatever_runs(self.folder)
        self._let_go()

    def is_running(self) -> bool:
        return _running(self.folder) is not None

    def is_unowned(self) -> bool:
        """Whether the process that owned it, if one did, is gone."""
        try:
            _locked(self.folder).close()
        except PostgresError:
            return False
        return True

    def url(self, role: str, database: str = "stillroom") -> str:
        url = url_of_running(self.folder, role=role, database=database)
        if url is None:
            raise PostgresError(f"The database in {self.folder} does not run.")
        return url

    def _start(self) -> None:
        make_cluster(self.folder)
        _clear_after_crash(self.folder, ours=self._socket_folder)
        if self._socket_folder is None or not self._socket_folder.exists():
            self._socket_folder = _new_socket_folder()
        ours = {**USUAL, **DURABLE, **RESTARTED_BY_US, **DISCREET}
        options = {**ours, **self.settings, "unix_socket_directories": str(self._socket_folder)}
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        _pg_ctl(self.folder, "start", "-w", "-t", "300", "-l", self.folder / "server.log", "-o", words)

    def _let_go(self) -> None:
        if self._socket_folder is not None:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
        self._lock = self._socket_folder = None


@contextmanager
def temporary(settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A server over a folder of its own that is gone afterwards."""
    home = private_folder("stillroom-")
    try:
        with Postgres(home / "postgres", settings or {}) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


def url_of_running(folder: Path, *, role: str, database: str = "stillroom") -> str | None:
    """How to reach the server that runs over this folder, if one does."""
    running = _running(folder)
    return f"postgresql://{role}@/{database}?host={quote(str(running.socket_folder), safe='')}" if running else None


def stop_whatever_runs(folder: Path) -> None:
    """Stop the server over this folder: ours, or one whose owner was killed and left it behind."""
    if _running(folder) is not None:
        _pg_ctl(folder, "stop", "-w", "-t", "300", "-m", "fast")


@dataclass(frozen=True, slots=True)
class _Claim:
    """postmaster.pid: its first line is the process, its fifth the socket folder."""

    pid: int
    socket_folder: Path


def _claim(folder: Path) -> _Claim | None:
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        return _Claim(int(lines[0]), Path(lines[4]))
    except (OSError, ValueError, IndexError):
        return None


def _running(folder: Path) -> _Claim | None:
    """What the server's own file says, believed only while that process lives in this folder."""
    claim = _claim(folder)
    return claim if claim is not None and _lives_in(claim.pid, folder) else None


def _lives_in(pid: int, folder: Path) -> bool:
    """Every process of a PostgreSQL server has its data folder as working folder."""
    try:
        return Path(psutil.Process(pid).cwd()) == folder.resolve()
    except psutil.Error:
        return False


def _locked(folder: Path) -> IO[str]:
    lock = folder.with_name(f".{folder.name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise PostgresError(f"The database in {folder} is already run by another Stillroom.") from None
    return lock


def _clear_after_crash(folder: Path, *, ours: Path | None) -> None:
    """Whatever an owner that was killed left behind: a server that still runs, or only its files."""
    claim = _claim(folder)
    if claim is None:
        return
    stop_whatever_runs(folder)
    _wait_for_orphans(folder)
    if claim.socket_folder.name.startswith(SOCKET_PREFIX):
        _clear_socket_folder(claim.socket_folder, keep=claim.socket_folder == ours)
    # The dead process can have left its number behind: to another program, after the machine started again; or to
    # nobody, where no init collects it, as in many containers. PostgreSQL would wait for either.
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _clear_socket_folder(folder: Path, *, keep: bool) -> None:
    for leftover in folder.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_orphans(folder: Path, *, at_most_s: float = 60) -> None:
    """Backends of a killed server see that it is gone and end; until then the data is theirs."""
    deadline_s = time.monotonic() + at_most_s
    while any(_lives_in(pid, folder) for pid in psutil.pids()):
        if time.monotonic() > deadline_s:
            raise PostgresError(f"Processes of a server that died still work in {folder}. End them, then start again.")
        time.sleep(0.02)


def _new_socket_folder() -> Path:
    """In a short place: the address of a Unix socket has at most 107 characters."""
    own = Path("/run") if os.geteuid() == 0 else Path(os.environ.get("XDG_RUNTIME_DIR", "") or "/tmp")  # noqa: S108
    place = own if os.access(own, os.W_OK) and account().can_enter(own) else Path("/tmp")  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=place))
    os.chown(folder, account().uid, account().gid)
    return folder


def _pg_ctl(folder: Path, *arguments: str | Path) -> None:
    try:
        run_tool("pg_ctl", "--pgdata", folder, *arguments)
    except PostgresError as error:
        raise PostgresError(f"{error}\n{_last_words(folder)}") from None


def _last_words(folder: Path, lines: int = 20) -> str:
    try:
        return "\n".join((folder / "server.log").read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _quoted(value: str) -> str:
    """For the shell that pg_ctl starts the server with."""
    return "'" + value.replace("'", "'\\''") + "'"
