"""SR-60: a merge moves every kind of row that names a patient, and undoing it moves each back.

The kinds are those that Django's models know, and a row of each is put into the tables themselves: whoever adds a table
that names a patient need not remember anything, and a kind that would stay behind fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from psycopg import sql

from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Look, Patient, RecordMerge
from stillroom.project.cluster import SUPERUSER
from tests.cast import Cast, make_cast

# Who looked at a record looked at that one; the rows of a merge are about two records.
STAY = {Look, RecordMerge}
PLAIN = {
    "uuid": "'6f1c7a34-0000-4000-8000-000000000001'", "timestamptz": "now()", "date": "current_date",
    "bool": "false", "bytea": "''", "jsonb": "'{}'", "numeric": "1", "int2": "1", "int4": "1", "int8": "1",
}  # fmt: skip
LISTED = {True: "'{}'", False: "'x'"}
COLUMNS = """
    SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'
"""
Everything = psycopg.Connection[tuple[object, ...]]


def children() -> Iterator[tuple[str, str]]:
    """Table and column of each foreign key to a patient. A history keeps what was, and is not of the record itself."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            is_kept = hasattr(model, "pgh_tracked_model") or model in STAY
            if isinstance(field, ForeignKey) and field.related_model is Patient and not is_kept:
                yield model._meta.db_table, field.column


@pytest.fixture
def told(committed_db: object) -> Iterator[tuple[Cast, Everything]]:
    cast = make_cast()
    url = committed_db.server.url(SUPERUSER, committed_db.name)  # type: ignore[attr-defined]
    with psycopg.connect(url, autocommit=True) as everything:
        everything.execute("SET session_replication_role = replica")  # the rows may hang on what is not there
        yield cast, everything


def put(everything: Everything, table: str, column: str, cast: Cast) -> None:
    """One row of any kind for the neighbour, whatever else it says. All have one id, so that each hangs on another."""
    checks = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
    for (name,) in everything.execute(checks, [table]).fetchall():
        everything.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(str(name)))
        )
    columns = everything.execute(
        "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'",
        [table],
    ).fetchall()
    given = {"clinic_id": f"'{cast.clinic.pk}'", column: f"'{cast.neighbour.pk}'", "replaces_id": "NULL"}
    given |= {"starts_at": "now()", "ends_at": "now() + interval '1 hour'"}
    values = [
        given.get(str(name)) or PLAIN.get(str(kind)) or ("'{}'" if str(kind).startswith("_") else "'x'")
        for name, kind in columns
    ]
    names = sql.SQL(", ").join(sql.Identifier(str(name)) for name, _ in columns)
    everything.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            names,
            sql.SQL(", ").join(map(sql.SQL, values)),  # type: ignore[arg-type]
        )
    )


def whose(everything: Everything, kinds: list[tuple[str, str]], among: tuple[UUID, ...]) -> dict[str, set[UUID]]:
    found = {}
    for table, column in kinds:
        query = sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} = ANY (%s)")
        rows = everything.execute(query.format(sql.Identifier(column), sql.Identifier(table)), [list(among)])
        found[f"{table}.{column}"] = {UUID(str(row[0])) for row in rows.fetchall()}
    return found


def test_a_merge_moves_every_kind_of_row_and_undoing_it_moves_each_back(
    told: tuple[Cast, Everything],
) -> None:
    cast, everything = told
    kinds = sorted(set(children()))
    assert len(kinds) > 20
    with clinic_scope(cast.clinic.pk):
        kept = Patient.objects.create(
            clinic=cast.clinic, identifier="K", given_name="K", family_name="K", birth_date="1984-05-17"
        )
    for table, column in kinds:
        put(everything, table, column, cast)
    both = (kept.pk, cast.neighbour.pk)
    with clinic_scope(cast.clinic.pk):
        row = RecordMerge.objects.create(
            pk=uuid4(), clinic=cast.clinic, kept=kept, other=cast.neighbour, reason="one", merged_by=cast.ada
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT patients_merge(%s)", [row.pk])
    assert whose(everything, kinds, both) == {f"{table}.{column}": {kept.pk} for table, column in kinds}
    with clinic_scope(cast.clinic.pk), connection.cursor() as cursor:
        cursor.execute("SELECT patients_unmerge(%s, %s, %s)", [row.pk, cast.ada.pk, "two"])
    assert whose(everything, kinds, both) == {f"{table}.{column}": {cast.neighbour.pk} for table, column in kinds}
