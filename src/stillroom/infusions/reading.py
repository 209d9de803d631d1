"""Reading the log: entries with their words, and the state they fold to. Row security decides which are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from stillroom.clinics.rows import open_clinic, row_transaction
from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.state import InfusionState
from stillroom.infusions.codec import NO_WORDS, decode

ENTRIES = """
    SELECT infusion_id, seq, act_id, kind, version, occurred_at, recorded_at, by, payload
    FROM infusions_entry JOIN unnest(%s::uuid[], %s::int[]) AS seen (infusion_id, after) USING (infusion_id)
    WHERE seq > after ORDER BY infusion_id, seq
"""
WORDS = """
    SELECT infusion_id, seq, field, text
    FROM infusions_entrytext JOIN unnest(%s::uuid[], %s::int[]) AS seen (infusion_id, after) USING (infusion_id)
    WHERE seq > after
"""
HAS_WORDS = '{"digest":"'

Row = tuple[UUID, int, UUID, str, int, datetime, datetime, str, str]


def entries_of(infusion_id: UUID, *, after: int = 0) -> tuple[Logged, ...]:
    """The entries of one infusion with numbers above `after`, in order; erased words are marked as such."""
    return entries_since({infusion_id: after}).get(infusion_id, ())


def entries_since(seen: Mapping[UUID, int]) -> dict[UUID, tuple[Logged, ...]]:
    """The same of several at once, above the number that was seen of each; only those that have any."""
    asked = list(seen), list(seen.values())
    rows: list[Row] = _read(ENTRIES, *asked)
    has_words = any(HAS_WORDS in row[-1] for row in rows)
    words = _words(*asked) if has_words else {}
    found: dict[UUID, list[Logged]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(_logged(row, words.get(row[:2], NO_WORDS)))
    return {infusion_id: tuple(entries) for infusion_id, entries in found.items()}


def state_of(infusion_id: UUID) -> InfusionState:
    """Where an infusion stands, from its log."""
    return fold(entries_of(infusion_id))


@contextmanager
def one_moment(clinic_id: UUID) -> Iterator[None]:
    """A transaction of its own that sees one clinic as it was when it began, while others go on writing."""
    with row_transaction():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        open_clinic(clinic_id)
        yield


def _words(infusions: list[UUID], after: list[int]) -> dict[tuple[UUID, int], dict[str, str]]:
    words: dict[tuple[UUID, int], dict[str, str]] = defaultdict(dict)
    for infusion_id, seq, field, text in _read(WORDS, infusions, after):
        words[infusion_id, seq][field] = text
    return words


def _logged(row: Row, words: Mapping[str, str]) -> Logged:
    _, seq, act, kind, version, occurred_at, recorded_at, by, payload = row
    return Logged(
        seq=seq,
        act=act,
        kind=kind,
        version=version,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        by=by,
        fact=decode(kind, version, payload, words),
    )


def _read(query: str, *values: Any) -> list[Any]:
    """Through a cursor of psycopg's own, in binary: a fifth of the time, and a log is read for every act."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(query, values, binary=True).fetchall()
