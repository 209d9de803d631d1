"""Facts to the text that is stored and hashed, and back.

The text is that of `core.canonical`, but for fields of free words: in their place stands the digest of salt and words,
and the words themselves go beside, where they can be erased. A new kind of fact needs no code here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from stillroom.core import canonical
from stillroom.core.infusion.entries import KINDS, Fact
from stillroom.core.infusion.upcast import upcast
from stillroom.infusions.standalone_verify import text_digest

ERASED = "[erased]"
NO_WORDS: Mapping[str, str] = {}


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
    values = canonical.plain(fact)
    texts = tuple(Text(name, new_salt(), values[name]) for name in _fields_of_words(type(fact)) if values[name])
    values |= {text.field: {"digest": text_digest(text.salt.hex(), text.words)} for text in texts}
    return Encoded(type(fact).__name__, fact.VERSION, canonical.dumped(values), texts)


def decode(kind: str, version: int, payload: str, words: Mapping[str, str] = NO_WORDS) -> Fact:
    """The fact of a stored entry; `words` are those not erased, by field.

    ValueError: a kind or version this release never had, or a payload that is none of its.
    """
    values = upcast(kind, version, json.loads(payload))
    for name in _fields_of_words(KINDS[kind]):
        if values.get(name):
            values[name] = words.get(name, ERASED)
    return canonical.read_plain(KINDS[kind], values)


def _text_fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.metadata.get("text"))


_fields_of_words: Callable[[Any], tuple[str, ...]] = cache(_text_fields)
