"""Months of readings go out to files whole, and are dropped only when the files hold every one of them."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from pyarrow import parquet

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal
from stillroom.devices.models import MonthGone, Sample
from stillroom.devices.months import Month, NotDropped, clinics, count, drop, export, months
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written
from tests.project.test_serving import PROGRAM

MAY = Month.named("2026-05")
NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 26, tzinfo=UTC)
Connection = psycopg.Connection[Any]


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    """Two clinics, each with readings up to the last microsecond of May and from the first of June on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_prepare_months(%s)", [NOON])
    cast = make_cast()
    for clinic in (cast.clinic, cast.other_clinic):
        monitor = make_monitor(clinic)
        times = (NOON, NOON + timedelta(seconds=1), MAY.ends - timedelta(microseconds=1), MAY.ends)
        came = [arrival(monitor, [sample(Signal.TEMPERATURE_CEL, "36.80", at=at)]) for at in times]
        asyncio.run(written(committed_db.url, *came))
    return cast


@pytest.fixture
def conn(committed_db: Clone, ward: Cast) -> Iterator[Connection]:
    with psycopg.connect(committed_db.url, autocommit=True) as conn:
        yield conn


@pytest.fixture
def owner(committed_db: Clone, ward: Cast) -> Iterator[Connection]:
    with psycopg.connect(committed_db.owner_url, autocommit=True) as conn:
        yield conn


def exported(conn: Connection, folder: Path) -> int:
    return sum(export(conn, MAY, clinic, folder) for clinic in clinics(conn))


def held(conn: Connection, month: Month = MAY) -> int:
    return sum(count(conn, month, clinic) for clinic in clinics(conn))


def test_a_file_holds_the_readings_of_one_clinic_as_they_were_sent(
    ward: Cast, conn: Connection, tmp_path: Path
) -> None:
    assert exported(conn, tmp_path) == 6
    file = MAY.file_of(ward.clinic.pk, tmp_path)
    rows = parquet.read_table(file).to_pylist()
    assert [row["measured_at"] for row in rows] == [
        NOON,
        NOON + timedelta(seconds=1),
        MAY.ends - timedelta(microseconds=1),
    ]
    assert {(row["signal"], row["value"], row["value_as_sent"]) for row in rows} == {
        ("temperature_cel", Decimal("36.8"), "36.80")
    }
    assert parquet.read_metadata(file).metadata[b"stillroom.clinic"] == str(ward.clinic.pk).encode()
    assert file.stat().st_mode & 0o077 == 0
    assert held(conn) == 6


def test_a_month_whose_files_hold_everything_is_dropped_and_no_other(
    ward: Cast, conn: Connection, owner: Connection, tmp_path: Path
) -> None:
    exported(conn, tmp_path)
    assert drop(owner, MAY, tmp_path, at=NOW) == 6
    assert MAY not in months(conn)
    assert held(conn, Month.named("2026-06")) == 2
    for clinic in (ward.clinic, ward.other_clinic):
        with clinic_scope(clinic.pk):
            assert MonthGone.objects.get().readings == 3
            assert Sample.objects.count() == 1


def test_a_reading_that_came_after_the_export_keeps_its_month(
    ward: Cast, conn: Connection, owner: Connection, committed_db: Clone, tmp_path: Path
) -> None:
    exported(conn, tmp_path)
    late = arrival(make_monitor(ward.other_clinic), [sample(at=NOON)])
    asyncio.run(written(committed_db.url, late))
    with pytest.raises(NotDropped, match="Export the month again"):
        drop(owner, MAY, tmp_path, at=NOW)
    assert held(conn) == 7
    exported(conn, tmp_path)
    assert drop(owner, MAY, tmp_path, at=NOW) == 7


def test_a_file_that_says_otherwise_by_one_reading_keeps_its_month(
    ward: Cast, conn: Connection, owner: Connection, tmp_path: Path
) -> None:
    exported(conn, tmp_path)
    file = MAY.file_of(ward.clinic.pk, tmp_path)
    table = parquet.read_table(file)
    parquet.write_table(table.slice(0, 2), file)
    with pytest.raises(NotDropped, match="every reading"):
        drop(owner, MAY, tmp_path, at=NOW)
    other = table.column("value_as_sent").to_pylist()
    parquet.write_table(table.set_column(5, "value_as_sent", [["38.60", *other[1:]]]), file)
    with pytest.raises(NotDropped, match="reading 1 on"):
        drop(owner, MAY, tmp_path, at=NOW)
    assert held(conn) == 6


def test_a_clinic_without_its_file_keeps_the_month_of_all(
    ward: Cast, conn: Connection, owner: Connection, tmp_path: Path
) -> None:
    export(conn, MAY, ward.clinic.pk, tmp_path)
    with pytest.raises(NotDropped):
        drop(owner, MAY, tmp_path, at=NOW)
    assert held(conn) == 6


@pytest.mark.parametrize("at", [datetime(2026, 5, 31, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)])
def test_this_month_and_the_last_stay(conn: Connection, owner: Connection, tmp_path: Path, at: datetime) -> None:
    exported(conn, tmp_path)
    with pytest.raises(NotDropped, match="still send"):
        drop(owner, MAY, tmp_path, at=at)
    assert held(conn) == 6


def test_the_application_can_drop_no_month(conn: Connection, tmp_path: Path) -> None:
    exported(conn, tmp_path)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        drop(conn, MAY, tmp_path, at=NOW)


@pytest.mark.parametrize("words", ["2026-13", "2026-5", "05.2026", "", "2026-05-01", "٢٠٢٦-٠٥"])
def test_another_way_to_write_a_month_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.named(words)


def test_the_command_exports_then_drops_what_was_confirmed(ward: Cast, committed_db: Clone, tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | committed_db.environment
        return subprocess.run(
            [*PROGRAM, "months", *words], env=environment, capture_output=True, text=True, timeout=120
        )

    assert run("export", "2026-05", str(tmp_path)).stdout == f"6 readings of 2026-05 are in {tmp_path}.\n"
    assert run("drop", "2026-05", str(tmp_path)).returncode != 0
    done = run("drop", "2026-05", str(tmp_path), "--yes")
    assert (done.returncode, done.stdout.split(" were")[0]) == (0, "6 readings of 2026-05"), done.stderr
