"""How do many rows go to the database as one parameter for each column? As PostgreSQL's binary arrays.

What monitors say repeats (signs, numbers, times, flags), so each value is encoded once and remembered: the driver's own
way, value by value, takes four times as long. Kinds that are not here are not sent.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from psycopg import adapters
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.numeric import DecimalBinaryDumper

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ABSENT = struct.pack(">i", -1)
_DECIMALS = DecimalBinaryDumper(Decimal)
LONGEST_REMEMBERED = 400
"""Characters of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One array, as the server reads it; `oid` is that of its type."""

    oid: int
    data: bytes


class ColumnDumper(Dumper):
    """Gives a column as it is. Registered for a connection that is to take columns."""

    format = Format.BINARY

    def dump(self, obj: Column) -> Buffer:
        return obj.data

    def get_key(self, obj: Column, format: Any) -> Any:  # noqa: A002  as the driver calls it
        return (self.cls, obj.oid)

    def upgrade(self, obj: Column, format: Any) -> ColumnDumper:  # noqa: A002
        dumper = type(self)(self.cls)
        dumper.oid = obj.oid
        return dumper


def take_columns(connection: AdaptContext) -> None:
    connection.adapters.register_dumper(Column, ColumnDumper)


def column(kind: LiteralString, values: Iterable[Any]) -> Column:
    """The array of all values, None among them, as `kind[]`."""
    encode, (oid, array_oid) = _ENCODED[kind], _OIDS[kind]
    cells = _cells(encode, values)
    head = struct.pack(">iiIii", 1, _ABSENT in cells, oid, len(cells), 1)
    return Column(array_oid, b"".join((head, *cells)))


def _cells(encode: Callable[[Any], bytes], values: Iterable[Any]) -> list[bytes]:
    """Each value encoded; what is the same as in the row before (monitor, times, digest) is not looked up again."""
    cells: list[bytes] = []
    before, cell = None, _ABSENT
    for value in values:
        if value is not before:
            before, cell = value, _ABSENT if value is None else encode(value)
        cells.append(cell)
    return cells


def _sized(data: bytes) -> bytes:
    return struct.pack(">i", len(data)) + data


def _uuid(value: UUID) -> bytes:
    return b"\x00\x00\x00\x10" + value.bytes


def _text(value: str) -> bytes:
    return _short_text(value) if len(value) <= LONGEST_REMEMBERED else _sized(value.encode())


@lru_cache(maxsize=4096)
def _short_text(value: str) -> bytes:
    return _sized(value.encode())


@lru_cache(maxsize=4096)
def _instant(value: datetime) -> bytes:
    return struct.pack(">iq", 8, (value - _EPOCH) // _MICROSECOND)


def _numeric(value: Decimal) -> bytes:
    # By its digits: 37 and 37.0 are equal, and are not written alike.
    return _digits(str(value))


@lru_cache(maxsize=4096)
def _digits(written: str) -> bytes:
    dumped = _DECIMALS.dump(Decimal(written))
    assert dumped is not None
    return _sized(bytes(dumped))


_ENCODED: dict[str, Callable[[Any], bytes]] = {
    "uuid": _uuid,
    "text": _text,
    "timestamptz": _instant,
    "numeric": _numeric,
    "bytea": _sized,
}
_OIDS = {kind: (adapters.types[kind].oid, adapters.types[kind].array_oid) for kind in _ENCODED}
