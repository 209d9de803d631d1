"""What is a file, by its content? What its name or its sender says of it is not believed.

A file is looked through a piece at a time, so that a large one need not be in memory. Only what may be FHIR is read
whole, up to `MOST_READ_BYTES`; what is larger is kept like any other text.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from stillroom.exchange.fhir.sent import NOTHING, NotFhir, Understood, understand

MARKS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "zip"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)
NAMED: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "zip": (".zip", ".docx", ".xlsx", ".odt"),
    "fhir": (".json", ".fhir"),
    "text": (".txt", ".csv", ".md"),
    "web": (".html", ".htm"),
    "xml": (".xml",),
    "program": (".exe",),
}
TEXTS = ("text", "web", "xml")
WEB_STARTS = ("<!doctype html", "<html", "<script", "<svg", "<body", "<iframe")
PIECE_BYTES = 256 * 1024
MOST_READ_BYTES = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class Judged:
    """`kind`: `pdf`, `png`, `jpeg`, `zip`, `program`, `fhir`, `text`, `web`, `xml` or `unknown`."""

    kind: str
    understood: Understood = NOTHING


def judged(file: IO[bytes]) -> Judged:
    """What a file is; where it is FHIR R4 in JSON, what it says. It is read from its beginning."""
    kind, size_bytes = _kind_and_size(file)
    if kind != "text" or size_bytes > MOST_READ_BYTES:
        return Judged(kind)
    file.seek(0)
    try:
        return Judged("fhir", understand(file.read()))
    except NotFhir:
        return Judged(kind)


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        yield piece


def is_as_named(kind: str, name: str) -> bool:
    """Whether the ending of its name fits what it is; a name that promises nothing lies about nothing."""
    promised = {ending for endings in NAMED.values() for ending in endings}
    ending = "." + name.lower().rpartition(".")[2]
    return ending not in promised or ending in NAMED.get(kind, ())


def _kind_and_size(file: IO[bytes]) -> tuple[str, int]:
    """What claims to be text is text only if all of it is."""
    decoder, kind, size_bytes = codecs.getincrementaldecoder("utf-8-sig")(), "", 0
    for piece in pieces_of(file):
        kind = kind or _kind_at_start(piece)
        if kind in TEXTS and not _is_text(decoder, piece):
            kind = "unknown"
        size_bytes += len(piece)
    if kind in TEXTS and not _is_text(decoder, b"", is_last=True):
        kind = "unknown"
    return kind or "text", size_bytes


def _kind_at_start(piece: bytes) -> str:
    marked = next((kind for mark, kind in MARKS if piece.startswith(mark)), "")
    if marked:
        return marked
    start = codecs.getincrementaldecoder("utf-8-sig")("replace").decode(piece[:2000]).lstrip().lower()
    if start.startswith(WEB_STARTS):
        return "web"
    return "xml" if start.startswith("<") else "text"


def _is_text(decoder: codecs.IncrementalDecoder, piece: bytes, *, is_last: bool = False) -> bool:
    try:
        return "\x00" not in decoder.decode(piece, is_last)
    except UnicodeDecodeError:
        return False
