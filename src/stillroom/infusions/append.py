"""The one way into the log: calls the SQL functions of migration 0002, which lock, number, hash, insert and summarise.

One round trip for an act. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from stillroom import __version__
from stillroom.core import canonical
from stillroom.core.infusion.entries import Dated
from stillroom.infusions.codec import encode

SALT_BYTES = 16


def new_salt() -> bytes:
    return token_bytes(SALT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActMade:
    """One thing asked for, as it is stored beside its entries. `answer` is JSON text."""

    id: UUID
    infusion_id: UUID
    command: str
    by: str
    device: UUID | None
    seen_seq: int
    received_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Appended:
    """`outcome` is done, repeated (then `answer` is the first one) or behind (nothing was written)."""

    outcome: str
    answer: str | None


APPEND = """
    SELECT outcome, answer FROM append_entries(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)
"""


def open_infusion(*, infusion_id: UUID, clinic_id: UUID, patient_id: UUID, room_id: UUID) -> None:
    """An empty log for a new infusion; its first entry is `InfusionPlanned`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_infusion(%s, %s, %s, %s)", [infusion_id, clinic_id, patient_id, room_id])


def append_entries(
    act: ActMade,
    dated: Sequence[Dated],
    *,
    expected_seq: int,
    summary: str | None,
    recorded_at: datetime | None = None,
) -> Appended:
    """Append what `act` led to, if the log still ends at `expected_seq`.

    `summary` is `projections.as_json` of the state afterwards; None leaves the summary as it is. Only a database that
    was declared a rehearsal takes a `recorded_at`.
    """
    connection.ensure_connection()
    # A cursor of psycopg's own has its statements prepared by the server, which Django's cursors do not.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(
            APPEND,
            [
                *(act.infusion_id, expected_seq, act.id, act.command, act.by, act.device, act.seen_seq),
                *(__version__, act.received_at, recorded_at, act.answer),
                canonical.dumped([_given(each) for each in dated]),
                summary,
            ],
        )
        row = cursor.fetchone()
    assert row is not None
    return Appended(*row)


def erase_text(*, infusion_id: UUID, seq: int, field: str, by: str, ground: str) -> bool:
    """Erase words for good, on a ground that is kept. False: there was nothing to erase. The chain still verifies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_text(%s, %s, %s, %s, %s)", [infusion_id, seq, field, by, ground])
        return bool(cursor.fetchone()[0])


def _given(dated: Dated) -> dict[str, Any]:
    """An entry as the function takes it: JSON throughout, as a driver turns lists into arrays ten times slower."""
    encoded = encode(dated.fact, new_salt=new_salt)
    given = {
        "kind": encoded.kind,
        "version": encoded.version,
        "occurred_at": canonical.utc_text(dated.occurred_at),
        "payload": encoded.payload,
    }
    texts = [{"field": text.field, "salt": text.salt.hex(), "words": text.words} for text in encoded.texts]
    return given | {"texts": texts} if texts else given
