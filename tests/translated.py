"""A translation as a translator hands it in, a catalogue in a folder, for as long as a test lasts."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test.utils import override_settings
from django.utils.translation import trans_real


@contextmanager
def translated(folder: Path, language: str, words: Mapping[str, str]) -> Iterator[None]:
    catalogue = folder / language / "LC_MESSAGES/django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(compiled(words))
    with pytest.MonkeyPatch.context() as patch, override_settings(LOCALE_PATHS=[str(folder)]):
        patch.setattr(trans_real, "_translations", {})
        yield


def compiled(words: Mapping[str, str]) -> bytes:
    """A catalogue as msgfmt makes it (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **words}.items())
    texts = [[text.encode() for text in column] for column in zip(*pairs, strict=True)]
    count, at = len(pairs), 28 + 16 * len(pairs)
    tables, data = b"", b""
    for column in texts:
        for text in column:
            tables += struct.pack("<II", len(text), at + len(data))
            data += text + b"\0"
    return struct.pack("<IIIIIII", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + data
