"""One exact text for a plain value, and the value back from it: what is hashed, signed and kept for ever.

Plain are `str`, `int`, `bool`, `Decimal`, aware `datetime`, `date`, `UUID`, `StrEnum`, None, tuples and frozen
dataclasses of these. The text is JSON with sorted keys, no spaces and no escapes but those JSON asks for. A `Decimal`
keeps the digits it was written with; a `datetime` is UTC to the microsecond. One value has one text.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")
Turn = Callable[[Any], Any]

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def written(value: Any) -> str:
    """The text of a dataclass. ValueError: it holds something that is not plain."""
    return dumped(plain(value))


def read(kind: type[T], text: str) -> T:
    """The value of dataclass `kind` that `text` was written from. ValueError: no value of `kind` has this text."""
    return read_plain(kind, json.loads(text))


def plain(value: Any) -> Any:
    """A value as JSON knows it: for a dataclass, a dictionary with one key for each field."""
    return _writer(type(value))(value)


def read_plain(kind: type[T], found: Any) -> T:
    """As `read`, from JSON that is already parsed."""
    value: T = _reader(kind)(found)
    return value


def dumped(found: Any) -> str:
    return _JSON.encode(found)


def utc_text(at: datetime) -> str:
    """An aware moment in the one fixed form: 2026-11-23T10:41:07.120000Z."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is not a moment")
    try:
        in_utc = at.astimezone(UTC)
    except OverflowError as out_of_range:
        raise ValueError(f"{at} is not within the years 1 to 9999 of UTC") from out_of_range
    return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# --- writing: by the type of the value -------------------------------------------------------------------------------


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    return str(value)


_WRITTEN_AS: dict[type, Turn] = {
    str: str,
    int: int,
    bool: bool,
    type(None): lambda value: None,
    Decimal: _decimal_text,
    datetime: utc_text,
    date: date.isoformat,
    UUID: str,
}


def _make_writer(kind: Any) -> Turn:
    if kind in _WRITTEN_AS:
        return _WRITTEN_AS[kind]
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, tuple):
        return lambda values: [plain(each) for each in values]
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    raise ValueError(f"{kind.__name__} is not plain")


# --- reading: by the type a field is declared with -------------------------------------------------------------------


def _make_reader(kind: Any) -> Turn:
    if get_origin(kind) in (Union, types.UnionType):
        return _optional_reader(kind)
    if get_origin(kind) is tuple:
        return _tuple_reader(kind)
    if kind in _READ_AS:
        return _READ_AS[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum_reader(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    raise ValueError(f"{kind} is not plain")


def _exactly(kind: type, turn: Turn = lambda found: found) -> Turn:
    """Reads what JSON holds as exactly this type: a bool is not an int."""

    def read_one(found: Any) -> Any:
        if type(found) is not kind:
            raise ValueError(f"{found!r} is not a {kind.__name__}")
        return turn(found)

    return read_one


def _from_text(turn: Turn, back: Turn) -> Turn:
    """Reads a value that JSON holds as text, and only in the one form that `back` writes."""

    def read_text(text: str) -> Any:
        try:
            value = turn(text)
            is_same = back(value) == text
        except ArithmeticError:
            is_same = False
        if not is_same:
            raise ValueError(f"{text!r} is not written as it would be")
        return value

    return _exactly(str, read_text)


_READ_AS: dict[Any, Turn] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    Decimal: _from_text(Decimal, _decimal_text),
    datetime: _from_text(datetime.fromisoformat, utc_text),
    date: _from_text(date.fromisoformat, date.isoformat),
    UUID: _from_text(UUID, str),
}


def _optional_reader(kind: Any) -> Turn:
    others = [each for each in get_args(kind) if each is not type(None)]
    if len(others) != 1:
        raise ValueError(f"{kind} is not plain: its text would not say which of its types it is")
    read_other = _reader(others[0])
    return lambda found: None if found is None else read_other(found)


def _tuple_reader(kind: Any) -> Turn:
    each, *rest = get_args(kind)
    if rest != [...]:
        raise ValueError(f"{kind} is not plain: only a tuple of any length, of one type, is")
    read_each = _reader(each)
    return _exactly(list, lambda found: tuple(read_each(one) for one in found))


def _enum_reader(kind: type[StrEnum]) -> Turn:
    members = {member.value: member for member in kind}

    def read_member(found: Any) -> StrEnum:
        if found not in members:
            raise ValueError(f"{found!r} is not a {kind.__name__}")
        return members[found]

    return read_member


def _dataclass_reader(kind: Any) -> Turn:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}

    def read_dataclass(found: Any) -> Any:
        if type(found) is not dict or found.keys() != readers.keys():
            raise ValueError(f"{found!r} is not a {kind.__name__}")
        return kind(**{name: readers[name](each) for name, each in found.items()})

    return read_dataclass


# Made once for each type.
_writer: Callable[[Any], Turn] = cache(_make_writer)
_reader: Callable[[Any], Turn] = cache(_make_reader)
