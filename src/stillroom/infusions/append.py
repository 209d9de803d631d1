"""The one way into the log: calls the SQL functions of migration 0002, which lock, number, hash, insert and summarise.

One round trip for an act. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from stillroom import __version__
from stillroom.core import canonical
from stillroom.core.infusion.entries import Dated
from stillroom.infusions.codec import Encoded, encode

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


APPEND = f"SELECT append_entries({', '.join(['%s'] * 11)}, %s::jsonb, %s::jsonb, %s::jsonb)"


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
) -> str | None:
    """Append what `act` led to, if the log still ends at `expected_seq`; answers with the answer the act has now.

    That is its own, or the one it got when it was sent before. None: the log has grown, and nothing was written; the
    infusion's row is locked until the transaction ends, so read and try again.

    `summary` is `projections.as_json` of the state afterwards; None leaves the summary as it is. Only a database that
    was declared a rehearsal takes a `recorded_at`.
    """
    encoded = [encode(each.fact, new_salt=new_salt) for each in dated]
    connection.ensure_connection()
    # A cursor of psycopg's own has its statements prepared by the server, which Django's cursors do not.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(
            APPEND,
            [
                *(act.infusion_id, expected_seq, act.id, act.command, act.by, act.device, act.seen_seq),
                *(__version__, act.received_at, recorded_at, act.answer),
                *(_entries(dated, encoded), _texts(encoded), summary),
            ],
        )
        row = cursor.fetchone()
    assert row is not None
    answer: str | None = row[0]
    return answer


def erase_text(*, infusion_id: UUID, seq: int, field: str, by: str, ground: str) -> bool:
    """Erase words for good, on a ground that is kept. False: there was nothing to erase. The chain still verifies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_text(%s, %s, %s, %s, %s)", [infusion_id, seq, field, by, ground])
        return bool(cursor.fetchone()[0])


def _entries(dated: Sequence[Dated], encoded: Sequence[Encoded]) -> str:
    """As JSON, which costs a tenth of what the driver takes to make arrays of lists."""
    return canonical.dumped(
        [
            {
                "kind": each.kind,
                "version": each.version,
                "occurred_at": canonical.utc_text(when.occurred_at),
                "payload": each.payload,
            }
            for when, each in zip(dated, encoded, strict=True)
        ]
    )


def _texts(encoded: Sequence[Encoded]) -> str | None:
    texts = [
        {"place": place, "field": text.field, "salt": text.salt.hex(), "words": text.words}
        for place, each in enumerate(encoded, start=1)
        for text in each.texts
    ]
    return canonical.dumped(texts) if texts else None
