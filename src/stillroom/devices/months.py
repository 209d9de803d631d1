"""Months of readings: which there are, out to Parquet files, and dropped once those files hold every reading.

A file holds one clinic's readings of one month (UTC), in the order of the table's key, as
FOLDER/<clinic>/samples-2026-05.parquet. Nothing is dropped on its word: each file is read again and compared, reading
by reading, with what stands in the table, while nobody can add to it. All functions ask for a connection in autocommit;
`drop` asks for the owner's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import parquet

from stillroom.devices.durable import sync_folder

AT_A_TIME = 50_000
LOCKED_WITHIN = "5s"
"""A month that a statement holds for longer than this stays, so that monitors do not wait behind the dropping."""

FILE = pa.schema(
    [
        ("monitor_id", pa.string()),
        ("signal", pa.string()),
        ("measured_at", pa.timestamp("us", tz="UTC")),
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("value", pa.decimal128(38, 12)),
        ("value_as_sent", pa.string()),
        ("validity", pa.string()),
        ("frame_digest", pa.binary()),
    ]
)
_TABLES = """
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'devices_sample'::regclass ORDER BY relname
"""
_READINGS = """
    SELECT monitor_id::text, signal, measured_at, received_at, value, value::text, validity, frame_digest
    FROM devices_sample WHERE measured_at >= %s AND measured_at < %s
    ORDER BY monitor_id, signal, measured_at, frame_digest
"""
_COUNT = "SELECT count(*) FROM devices_sample WHERE measured_at >= %s AND measured_at < %s"
_GONE = """
    INSERT INTO devices_monthgone (id, clinic_id, month, readings, dropped_at)
    VALUES (gen_random_uuid(), %s, %s, %s, %s)
"""

Row = tuple[Any, ...]


class NotDropped(Exception):
    """Why a month stays, and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    first: date

    @classmethod
    def named(cls, words: str) -> Month:
        """`2026-05`. ValueError: anything else."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", words, re.ASCII):
            raise ValueError(f"{words} is no month: write it as 2026-05")
        return cls(date(int(words[:4]), int(words[5:]), 1))

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def table(self) -> str:
        return f"devices_sample_{self.first:%Y_%m}"

    @property
    def begins(self) -> datetime:
        return datetime(self.first.year, self.first.month, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        return (self.begins + timedelta(days=31)).replace(day=1)

    def is_over_for_long(self, at: datetime) -> bool:
        """This month and the last are written to: the gateway makes their tables anew when they are missing."""
        this_month = Month(at.astimezone(UTC).date().replace(day=1))
        last_month = Month((this_month.first - timedelta(days=1)).replace(day=1))
        return self < last_month

    def file_of(self, clinic: UUID, folder: Path) -> Path:
        return folder / str(clinic) / f"samples-{self.name}.parquet"


def months(conn: psycopg.Connection[Any]) -> list[Month]:
    """Those the table has, oldest first."""
    return [Month.named(name[-7:].replace("_", "-")) for (name,) in conn.execute(_TABLES).fetchall()]


def clinics(conn: psycopg.Connection[Any]) -> list[UUID]:
    return [row[0] for row in conn.execute("SELECT id FROM clinics_ids() AS id").fetchall()]


def count(conn: psycopg.Connection[Any], month: Month, clinic: UUID) -> int:
    with conn.transaction():
        _open_rows(conn, clinic)
        found = conn.execute(_COUNT, (month.begins, month.ends)).fetchone()
    return int(found[0]) if found else 0


def export(conn: psycopg.Connection[Any], month: Month, clinic: UUID, folder: Path) -> int:
    """How many readings the file holds now; with none no file is made. An earlier file is replaced whole, or stays."""
    file = month.file_of(clinic, folder)
    half = file.with_suffix(".half")
    written = 0
    with conn.transaction():
        _open_rows(conn, clinic)
        if not conn.execute(_COUNT, (month.begins, month.ends)).fetchone()[0]:  # type: ignore[index]
            return 0
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        described = FILE.with_metadata({"stillroom.clinic": str(clinic), "stillroom.month": month.name})
        with half.open("wb") as out, parquet.ParquetWriter(out, described, compression="zstd") as writer:
            half.chmod(0o600)
            for rows in _batches(conn, month):
                columns = zip(zip(*rows, strict=True), FILE.types, strict=True)
                writer.write_table(pa.table([pa.array(*each) for each in columns], schema=described))
                written += len(rows)
    with half.open("rb+") as whole:
        os.fsync(whole.fileno())
    half.replace(file)
    sync_folder(file.parent)
    return written


def drop(owner: psycopg.Connection[Any], month: Month, folder: Path, *, at: datetime) -> int:
    """How many readings went. Raises `NotDropped` when a file lacks one that the table has, or has one it lacks."""
    if month not in months(owner):
        raise NotDropped(f"There is no {month.name} here: it was dropped before, or nothing was ever sent in it.")
    if not month.is_over_for_long(at):
        raise NotDropped("This month and the last stay: monitors may still send what belongs to them.")
    gone = 0
    table = sql.Identifier(month.table)
    with owner.transaction():
        owner.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCKED_WITHIN))
        owner.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(table))
        for clinic in clinics(owner):
            _open_rows(owner, clinic)
            held = _must_be_the_same(owner, month, month.file_of(clinic, folder))
            if held:
                owner.execute(_GONE, (clinic, month.first, held, at))
            gone += held
        owner.execute(sql.SQL("DROP TABLE {}").format(table))
    return gone


def _must_be_the_same(conn: psycopg.Connection[Any], month: Month, file: Path) -> int:
    rows = 0
    for ours, theirs in zip_longest(_rows(conn, month), _rows_of(file)):
        if theirs is None:
            raise NotDropped(
                f"{file} does not hold every reading of {month.name}. Export the month again, then drop it."
            )
        if ours != theirs:
            raise NotDropped(
                f"From its reading {rows + 1} on {file} is not what the database holds. Export the month again."
            )
        rows += 1
    return rows


def _rows(conn: psycopg.Connection[Any], month: Month) -> Iterator[Row]:
    for rows in _batches(conn, month):
        yield from rows


def _batches(conn: psycopg.Connection[Any], month: Month) -> Iterator[list[Row]]:
    with conn.cursor(name="readings", binary=True) as cursor:
        cursor.execute(_READINGS, (month.begins, month.ends))
        while rows := cursor.fetchmany(AT_A_TIME):
            yield rows


def _rows_of(file: Path) -> Iterator[Row]:
    """Of a file that is not there, none."""
    if not file.exists():
        return
    with parquet.ParquetFile(file) as read:
        for batch in read.iter_batches(AT_A_TIME):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _open_rows(conn: psycopg.Connection[Any], clinic: UUID) -> None:
    conn.execute("SELECT set_config('app.clinic', %s, true)", (str(clinic),))
