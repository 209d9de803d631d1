"""Facts to the text that is stored and hashed, and back.

Canonical JSON: sorted keys, no spaces, UTF-8; decimals as written, times in UTC with microseconds, both as text. A
field of free words becomes the digest of salt and words; the words themselves go beside, where they can be erased.
Generic over the fields of a dataclass: a new fact needs no code here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from stillroom.core.infusion.entries import KINDS, Fact
from stillroom.core.infusion.upcast import upcast

ERASED = "[erased]"


@dataclass(frozen=True, slots=True)
class Text:
    """Words taken out of a payload: the field, the salt of their digest, and the words."""

    field: str
    salt: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Encoded:
    kind: str
    version: int
    payload: str
    texts: tuple[Text, ...]


def encode(fact: Fact, *, new_salt: Callable[[], bytes]) -> Encoded:
    """`fact` as it is stored. `new_salt` gives sixteen random bytes for each field of words."""
    values: dict[str, Any] = {}
    texts: list[Text] = []
    for field in fields(fact):  # type: ignore[arg-type]
        value = getattr(fact, field.name)
        if field.metadata.get("text") and value is not None:
            text = Text(field.name, new_salt(), value)
            texts.append(text)
            values[field.name] = {"digest": digest(text.salt, text.words)}
        else:
            values[field.name] = _plain(value)
    return Encoded(type(fact).__name__, fact.VERSION, written(values), tuple(texts))


def decode(kind: str, version: int, payload: str, words: Mapping[str, str]) -> Fact:
    """The fact of a stored entry; `words` are those not erased, by field. ValueError: a kind or version never known."""
    values = upcast(kind, version, json.loads(payload))
    known: Any = KINDS[kind]
    for name in _text_fields(known):
        if values.get(name) is not None:
            values[name] = words.get(name, ERASED)
    fact: Fact = _reader(known)(values)
    return fact


def digest(salt: bytes, words: str) -> str:
    """What the payload holds in place of words: SHA-256 over domain, salt (hex) and words, a line each, in hex."""
    return sha256(f"stillroom text 1\n{salt.hex()}\n{words}".encode()).hexdigest()


def written(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a fact cannot hold {type(value).__name__}")


Reader = Callable[[Any], Any]
READERS: dict[type, Reader] = {
    str: lambda value: value,
    int: lambda value: value,
    bool: lambda value: value,
    Decimal: Decimal,
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@cache
def _text_fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.metadata.get("text"))


@cache
def _reader(kind: Any) -> Reader:
    """Reads one JSON value as `kind`; built once for each type."""
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if get_origin(kind) is tuple:
        read_each = _reader(get_args(kind)[0])
        return lambda values: tuple(read_each(value) for value in values)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return kind if issubclass(kind, Enum) else READERS[kind]


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    return lambda values: kind(**{name: readers[name](value) for name, value in values.items()})
