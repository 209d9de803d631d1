"""What is a file, by its content? What its name or its sender says of it is not believed."""

from __future__ import annotations

import codecs
import json

MARKS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "zip"),
)
NAMED: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "zip": (".zip", ".docx", ".xlsx", ".odt"),
    "fhir": (".json", ".fhir"),
    "text": (".txt", ".csv", ".md"),
}


def kind_of(content: bytes) -> str:
    """`pdf`, `png`, `jpeg`, `zip`, `fhir`, `text`, or `unknown`."""
    marked = next((kind for mark, kind in MARKS if content.startswith(mark)), "")
    if marked:
        return marked
    try:
        text = codecs.decode(content, "utf-8-sig")
    except UnicodeDecodeError:
        return "unknown"
    if "\x00" in text:
        return "unknown"
    return "fhir" if _is_fhir(text) else "text" if not text.lstrip().startswith("<") else "unknown"


def is_as_named(kind: str, name: str) -> bool:
    """Whether the ending of its name fits what it is; a name that promises nothing lies about nothing."""
    promised = {ending for endings in NAMED.values() for ending in endings}
    ending = "." + name.lower().rpartition(".")[2]
    return ending not in promised or ending in NAMED.get(kind, ())


def _is_fhir(text: str) -> bool:
    try:
        top = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(top, dict) and isinstance(top.get("resourceType"), str)
