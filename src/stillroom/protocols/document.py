"""An order as exact text, and back: what is signed is text, so that the same text can be shown and checked for ever.

Canonical: keys sorted, no spaces, amounts as the prescriber wrote them (0.50 stays so). The digest is over these bytes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from decimal import Decimal
from enum import StrEnum
from typing import Any

from stillroom.core.order import Order


def write_order(order: Order) -> str:
    return json.dumps(_plain(order), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_order(text: str) -> Order:
    """The order of a text that `write_order` wrote. ValueError where anything is missing, added or of another kind."""
    order: Order = _of(Order, json.loads(text))
    return order


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _of(kind: Any, plain: Any) -> Any:
    """`plain` as a value of `kind`: the few kinds that an order is made of."""
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, plain)
    if typing.get_origin(kind) is types.UnionType:
        return (
            None if plain is None else _of(next(one for one in typing.get_args(kind) if one is not type(None)), plain)
        )
    if typing.get_origin(kind) is tuple:
        return tuple(_of(typing.get_args(kind)[0], item) for item in plain)
    if kind is Decimal and isinstance(plain, str):
        return Decimal(plain)
    if issubclass(kind, StrEnum):
        return kind(plain)
    if type(plain) is not kind:
        raise ValueError(f"{plain!r} is not {kind.__name__}")
    return plain


def _dataclass(kind: Any, plain: Any) -> Any:
    hints = typing.get_type_hints(kind)
    if not isinstance(plain, dict) or set(plain) != set(hints):
        raise ValueError(f"these are not the fields of {kind.__name__}: {plain!r}")
    return kind(**{name: _of(hint, plain[name]) for name, hint in hints.items()})
