"""Keeping what is in the embedded database through the loss of its disk: base backups, and every change since.

A base backup is a copy of the whole cluster, taken while it runs and verified. The archive holds the write-ahead log
piece by piece, from before the oldest backup until a minute ago. Restoring copies a backup back and replays the
archive, to its end or to a moment. What it replaces is moved aside, never removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from stillroom.project.cluster import SUPERUSER, let_in_only_us, refuse_other_major, run_tool
from stillroom.project.postgres import Postgres, url_of_running
from stillroom.project.server_account import PostgresError, account

RESTORED_TO = "stillroom-restored-to"
"""Lies in data that came back from a backup until the infusions in them have been marked as in doubt."""
NAME = "base-%Y%m%dT%H%M%SZ"
LONGEST_RECOVERY_S = 24 * 3600
LAST_CHANGE = "SELECT coalesce(pg_last_xact_replay_timestamp(), %s::timestamptz)"


def archiving(archive: Path) -> dict[str, str]:
    """The server's settings: each finished piece of the log is compressed, synced and only then counts as kept.

    A piece is finished after a minute at the latest, so a lost disk costs no more than that.
    """
    account().own_folder(archive)
    piece = f'"{archive}/%f.gz"'
    part = f'"{archive}/%f.gz.part"'
    keep = f'test ! -f {piece} && gzip -1 < "%p" > {part} && sync {part} && mv {part} {piece} && sync "{archive}"'
    return {"archive_mode": "on", "archive_command": keep, "archive_timeout": "60"}


def take_backup(data: Path, into: Path, *, keep: int | None = None, archive: Path | None = None) -> Path:
    """A new verified base backup in `into`. With `keep`, the newest that many stay, and the log that they need."""
    url = url_of_running(data, role=SUPERUSER, database="postgres")
    if url is None:
        raise PostgresError(f"The database in {data} does not run; a backup is taken from a running one.")
    account().own_folder(into)
    backup = into / datetime.now(UTC).strftime(NAME)
    how = ["--checkpoint", "fast", "--wal-method", "stream", "--manifest-checksums", "SHA256"]
    run_tool("pg_basebackup", "--dbname", url, "--pgdata", backup, *how)
    verify(backup)
    if keep is not None:
        _remove_older(into, keep=keep, archive=archive)
    return backup


def restore(backup: Path, data: Path, *, archive: Path | None = None, until: datetime | None = None) -> Path | None:
    """Put a backup in the place of the data and replay the archive. Answers where the data before went, if any was."""
    if url_of_running(data, role=SUPERUSER) is not None:
        raise PostgresError(f"The database in {data} runs. Stop Stillroom, then restore.")
    if not (backup / "PG_VERSION").exists():
        raise PostgresError(f"{backup} is not a base backup of Stillroom.")
    refuse_other_major(backup)
    verify(backup)
    returned = data.with_name(f".{data.name}-restoring")
    _copy_as_account(backup, returned)
    let_in_only_us(returned)
    _leave_word(returned, _replay(returned, archive, until))
    aside = _move_aside(data)
    returned.rename(data)
    return aside


def verify(backup: Path) -> None:
    """Every file of the backup is there and is what was written, by the manifest's digests, and so is the manifest.

    The wheel's own pg_verifybackup does not start (its packaging broke the program); this does the same but for the
    pieces of the log, which carry checksums of their own and are checked as they are replayed.
    """
    text = (backup / "backup_manifest").read_bytes()
    body, _, last_line = text.rstrip(b"\n").rpartition(b"\n")
    manifest = json.loads(text)
    if hashlib.sha256(body + b"\n").hexdigest() != manifest["Manifest-Checksum"] or b"Checksum" not in last_line:
        raise PostgresError(f"The backup {backup} is damaged: its list of files is not as it was written.")
    damaged = [entry["Path"] for entry in manifest["Files"] if not _is_as_written(backup / entry["Path"], entry)]
    if damaged:
        raise PostgresError(f"The backup {backup} is damaged: {', '.join(damaged[:5])}.")


def _is_as_written(path: Path, entry: dict[str, str]) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == entry["Checksum"]
    except OSError:
        return False


def restored_to(data: Path) -> datetime | None:
    """The moment these data end at, where they came back from a backup and nobody has marked it yet."""
    word = data / RESTORED_TO
    return datetime.fromisoformat(word.read_text().strip()) if word.exists() else None


def forget_restored(data: Path) -> None:
    (data / RESTORED_TO).unlink()


def _leave_word(data: Path, to: datetime) -> None:
    """Inside the data, so that they never take a place without it."""
    word = data / RESTORED_TO
    word.write_text(f"{to.isoformat()}\n")
    os.chown(word, account().uid, account().gid)


def _replay(data: Path, archive: Path | None, until: datetime | None) -> datetime:
    """Start once in recovery, wait until it is over, stop. The next start is an ordinary one.

    Answers when the last change was made that is there again; without an archive, when the backup was begun.
    """
    began_at = _said_of(data, "START TIME: ")
    settings = {"archive_mode": "off"}
    if archive is not None:
        settings["restore_command"] = f'test -f "{archive}/%f.gz" && gunzip < "{archive}/%f.gz" > "%p"'
        if until is not None:
            settings |= {"recovery_target_time": until.isoformat(), "recovery_target_action": "promote"}
        _signal_recovery(data)
    with Postgres(data, settings) as server, psycopg.connect(server.url(SUPERUSER, "postgres")) as connection:
        _wait_for_recovery(connection)
        last = connection.execute(LAST_CHANGE, [began_at]).fetchone()
    assert last is not None
    moment: datetime = last[0]
    return moment.astimezone(UTC)


def _wait_for_recovery(connection: psycopg.Connection[Any]) -> None:
    deadline_s = time.monotonic() + LONGEST_RECOVERY_S
    while connection.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
        connection.rollback()
        if time.monotonic() > deadline_s:
            raise PostgresError("Replaying the archive did not end within a day.")
        time.sleep(0.1)


def _signal_recovery(data: Path) -> None:
    signal = data / "recovery.signal"
    signal.touch(mode=0o600)
    os.chown(signal, account().uid, account().gid)


def _move_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    aside = data.with_name(datetime.now(UTC).strftime(f"{data.name}-before-%Y%m%dT%H%M%SZ"))
    data.rename(aside)
    return aside


def _copy_as_account(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    account().own_folder(target)
    copied = account().run(["cp", "-a", f"{source}/.", target])
    if copied.returncode != 0:
        raise PostgresError(f"The backup could not be copied to {target}: {copied.stdout.strip()}")


def _remove_older(folder: Path, *, keep: int, archive: Path | None) -> None:
    backups = sorted(folder.glob("base-*"))
    for older in backups[: -max(keep, 1)]:
        shutil.rmtree(older)
    oldest = next(iter(sorted(folder.glob("base-*"))), None)
    if archive is not None and oldest is not None:
        run_tool("pg_archivecleanup", "-x", ".gz", archive, _first_piece_needed(oldest))


def _first_piece_needed(backup: Path) -> str:
    """backup_label: START WAL LOCATION: 0/2000028 (file 000000010000000000000002)."""
    return _said_of(backup, "START WAL LOCATION: ").partition("(file ")[2].rstrip(")")


def _said_of(backup: Path, name: str) -> str:
    """What the backup's label says under this name."""
    lines = (backup / "backup_label").read_text().splitlines()
    return next(line.removeprefix(name) for line in lines if line.startswith(name))
