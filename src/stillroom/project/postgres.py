"""The embedded PostgreSQL: the wheel's own binaries, run for one machine.

It listens on a Unix socket only, in a 0700 folder of the server's account outside the data. Who connects is known by
the kernel (peer): the user who started it may be any of the three roles of ROLES, nobody else may be anyone. One process
owns a server at a time; a lock says so, and the kernel lets go of it when that process dies in whatever way.
"""

from __future__ import annotations

import fcntl
import os
import pwd
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

from stillroom.project.server_account import PostgresError, account, binaries

MAJOR = "18"
SUPERUSER = "postgres"
ROLES = (SUPERUSER, "stillroom_owner", "stillroom_app")
SOCKET_PREFIX = "stillroom-socket-"

# What a promise kept on disk rests on; asserted again of the running server (roles.py), whoever configured it.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# A failing statement's text and its row's values are somebody's health; the server's log gets neither.
DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_checkpoints": "off"}
USUAL = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}


@dataclass
class Postgres:
    """One server over one data folder; `with Postgres(folder) as server:` starts and stops it."""

    folder: Path
    archive: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    _lock: IO[str] | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Make the data folder when there is none, and start; back when the server answers."""
        account().own_folder(self.folder.parent) if not self.folder.parent.exists() else None
        self._lock = _locked(self.folder)
        _create(self.folder)
        _refuse_other_major(self.folder)
        _clear_after_crash(self.folder)
        socket_folder = _new_socket_folder()
        options = {**USUAL, **DURABLE, **DISCREET, **_archiving(self.archive), **self.settings}
        options["unix_socket_directories"] = str(socket_folder)
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        _pg_ctl(self.folder, "start", "-w", "-t", "300", "-l", self.folder / "server.log", "-o", words)

    def stop(self) -> None:
        """Stop in the orderly way, ending open connections. Nothing to do when it does not run."""
        stop_whatever_runs(self.folder)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def url(self, role: str, database: str = "stillroom") -> str:
        url = url_of_running(self.folder, role=role, database=database)
        if url is None:
            raise PostgresError(f"The database in {self.folder} does not run.")
        return url


def url_of_running(folder: Path, *, role: str, database: str = "stillroom") -> str | None:
    """How to reach the server that runs over this folder, if one does."""
    running = _running(folder)
    return f"postgresql://{role}@/{database}?host={quote(str(running.socket_folder), safe='')}" if running else None


def stop_whatever_runs(folder: Path) -> None:
    """Stop the server over this folder: ours, or one whose owner was killed and left it behind."""
    running = _running(folder)
    if running is None:
        return
    _pg_ctl(folder, "stop", "-w", "-t", "300", "-m", "fast")
    _forget(running.socket_folder)


def run_tool(name: str, *arguments: str | Path, timeout_s: float = 3600) -> str:
    """One of PostgreSQL's programs, as the server's account; what it said, or a PostgresError with it."""
    done = account().run([binaries() / name, *arguments], timeout_s=timeout_s)
    if done.returncode != 0:
        raise PostgresError(f"{name} ended with {done.returncode}: {done.stdout.strip()}")
    return done.stdout


# --- making it --------------------------------------------------------------------------------------------------------


def _create(folder: Path) -> None:
    """A new cluster is made beside its place and renamed into it, so that a half-made one is never taken for data."""
    if (folder / "PG_VERSION").exists():
        return
    if folder.exists() and any(folder.iterdir()):
        raise PostgresError(f"{folder} holds something that is not a database of Stillroom; it was left as it is.")
    making = folder.with_name(f".{folder.name}-making")
    shutil.rmtree(making, ignore_errors=True)
    account().own_folder(making)
    initdb = ["--username", SUPERUSER, "--encoding", "UTF8", "--locale", "C", "--data-checksums"]
    # Text sorts and folds the same on every machine: an index never depends on the system's C library.
    initdb += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    run_tool("initdb", *initdb, "--auth-local", "peer", "--auth-host", "reject", "--pgdata", making)
    _write(making / "pg_hba.conf", _access_rules())
    _write(making / "pg_ident.conf", _identity_map())
    if folder.exists():
        folder.rmdir()
    making.rename(folder)


def _access_rules() -> str:
    return "local all all peer map=stillroom\nlocal replication all peer map=stillroom\n"


def _identity_map() -> str:
    me = pwd.getpwuid(os.geteuid()).pw_name
    return "".join(f'stillroom "{user}" {role}\n' for user in sorted({me, account().name}) for role in ROLES)


def _write(path: Path, words: str) -> None:
    path.write_text(words)
    path.chmod(0o600)
    os.chown(path, account().uid, account().gid)


def _archiving(archive: Path | None) -> dict[str, str]:
    """Each finished piece of the write-ahead log is compressed into the archive and synced before it counts as kept."""
    if archive is None:
        return {"archive_mode": "off"}
    account().own_folder(archive)
    target = f"{archive}/%f.gz"
    keep = f'test ! -f "{target}" && gzip -1 < "%p" > "{target}.part" && sync "{target}.part" && mv "{target}.part" "{target}"'
    return {"archive_mode": "on", "archive_command": keep, "archive_timeout": "60"}


# --- running it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Running:
    pid: int
    socket_folder: Path


def _running(folder: Path) -> _Running | None:
    """What the server's own file says, believed only while that process lives in this folder."""
    claim = _claim(folder)
    return claim if claim is not None and _lives_in(claim.pid, folder) else None


def _claim(folder: Path) -> _Running | None:
    """postmaster.pid: its first line is the process, its fifth the socket folder."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        return _Running(int(lines[0]), Path(lines[4]))
    except (OSError, ValueError, IndexError):
        return None


def _lives_in(pid: int, folder: Path) -> bool:
    """Every process of a PostgreSQL server has its data folder as working folder."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder) if Path("/proc/self").exists() else _cwd_is(pid, folder)
    except OSError:
        return False


def _cwd_is(pid: int, folder: Path) -> bool:
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


def _refuse_other_major(folder: Path) -> None:
    found = (folder / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise PostgresError(
            f"{folder} was written by PostgreSQL {found}; this Stillroom brings PostgreSQL {MAJOR} and left it as it is. "
            "Restore a backup with the Stillroom that made it, and move the data with pg_dump."
        )


def _clear_after_crash(folder: Path) -> None:
    """Whatever an owner that was killed left behind: a server that still runs, or only its files."""
    stop_whatever_runs(folder)
    claim = _claim(folder)
    if claim is None:
        return
    _wait_for_orphans(folder)
    if psutil.pid_exists(claim.pid):  # after a restart of the machine the number can belong to anyone
        (folder / "postmaster.pid").unlink(missing_ok=True)
    _forget(claim.socket_folder)


def _wait_for_orphans(folder: Path, *, at_most_s: float = 60) -> None:
    """Backends of a killed server see that it is gone and end; until then the data is theirs."""
    deadline_s = time.monotonic() + at_most_s
    while any(_lives_in(pid, folder) for pid in psutil.pids()):
        if time.monotonic() > deadline_s:
            raise PostgresError(f"Processes of a server that died still work in {folder}. End them, then start again.")
        time.sleep(0.02)


def _new_socket_folder() -> Path:
    place = next(folder for folder in _socket_places() if os.access(folder, os.W_OK) and account().can_enter(folder))
    folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=place))
    os.chown(folder, account().uid, account().gid)
    return folder


def _socket_places() -> Iterator[Path]:
    """Short ones: the address of a Unix socket has at most 107 characters."""
    if os.geteuid() == 0:
        yield Path("/run")
    elif own := os.environ.get("XDG_RUNTIME_DIR", ""):
        yield Path(own)
    yield from (Path("/tmp"), Path("/var/tmp"))  # noqa: S108


def _forget(socket_folder: Path) -> None:
    if socket_folder.name.startswith(SOCKET_PREFIX):
        shutil.rmtree(socket_folder, ignore_errors=True)


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


@contextmanager
def temporary(settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A server over a folder of its own that is gone afterwards."""
    from stillroom.project.server_account import private_folder

    home = private_folder("stillroom-")
    try:
        with Postgres(home / "postgres", settings=settings or {}) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)
