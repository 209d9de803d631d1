"""A data folder for the embedded PostgreSQL: made whole or not at all, never one of another version."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from pathlib import Path

from stillroom.devices.durable import sync_folder
from stillroom.project.server_account import PostgresError, account, binaries

MAJOR = "18"
SUPERUSER = "postgres"
ROLES = (SUPERUSER, "stillroom_owner", "stillroom_app")


def run_tool(name: str, *arguments: str | Path, timeout_s: float = 3600) -> str:
    """One of PostgreSQL's programs, as the server's account; what it said, or a PostgresError with it."""
    done = account().run([binaries() / name, *arguments], timeout_s=timeout_s)
    if done.returncode != 0:
        raise PostgresError(f"{name} ended with {done.returncode}: {done.stdout.strip()}")
    return done.stdout


def make_cluster(folder: Path) -> None:
    """Make it when there is none. It grows beside its place and is renamed into it: a half-made one is never data."""
    if (folder / "PG_VERSION").exists():
        refuse_other_major(folder)
        return
    if folder.exists() and any(folder.iterdir()):
        raise PostgresError(f"{folder} holds something that is not a database of Stillroom; it was left as it is.")
    making = folder.with_name(f".{folder.name}-making")
    shutil.rmtree(making, ignore_errors=True)
    account().own_folder(making)
    _initialise(making)
    if folder.exists():
        folder.rmdir()
    sync_folder(making)
    making.rename(folder)
    sync_folder(folder.parent)


def let_in_only_us(folder: Path) -> None:
    """Over the socket, by the word of the kernel: whoever made the cluster, and the server's account, for backups."""
    us = sorted({pwd.getpwuid(os.geteuid()).pw_name, account().name})
    map_lines = [f'stillroom "{user}" {role}' for user in us for role in ROLES]
    _write(folder / "pg_ident.conf", map_lines)
    _write(folder / "pg_hba.conf", ["local all all peer map=stillroom", "local replication all peer map=stillroom"])


def refuse_other_major(folder: Path) -> None:
    found = (folder / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise PostgresError(
            f"{folder} was written by PostgreSQL {found}, and this Stillroom brings PostgreSQL {MAJOR}. "
            "It was left as it is. Move the data with pg_dump, from the Stillroom that made it to this one."
        )


def _initialise(folder: Path) -> None:
    text = ["--encoding", "UTF8", "--locale", "C"]
    # Text sorts and folds the same on every machine: an index never depends on the system's C library.
    text += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    access = ["--username", SUPERUSER, "--auth-local", "peer", "--auth-host", "reject"]
    # Linux can sync a thousand new files in one call.
    sync = ["--sync-method", "syncfs"] if sys.platform == "linux" else []
    # A clinic's log is small: 4 MB segments of it are written and synced sooner than PostgreSQL's usual 16.
    wal = ["--wal-segsize", "4"]
    # For initdb's own work little memory is the quickest; a server that runs is told how much it has.
    memory = ["--set", "shared_buffers=16MB"]
    run_tool("initdb", "--data-checksums", *memory, *wal, *sync, *text, *access, "--pgdata", folder)
    let_in_only_us(folder)


def _write(path: Path, lines: list[str]) -> None:
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o600)
    os.chown(path, account().uid, account().gid)
