"""A file of a table, as text and rows: how it is written, and what stands between cells, is said by a person.

What a file says of itself is taken: a mark at its beginning, or being whole UTF-8, as no other encoding is by chance.
Anything else has to be chosen, as every byte means some letter in each of them.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

MOST_BYTES = 5_000_000
MOST_ROWS = 3_000
MOST_COLUMNS = 60
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western Europe (Windows-1252, also called Latin-1)",
    "cp1250": "Central Europe (Windows-1250)",
    "iso8859-2": "Central Europe (Latin-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
}
SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "an upright line"}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NOT_TABLES = {b"PK\x03\x04": "spreadsheet", b"\xd0\xcf\x11\xe0": "spreadsheet", b"%PDF": "pdf"}


class NotRead(Exception):
    """The file cannot be read so; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as it stands: `line` counts rows from 1, with the one of headings, as a spreadsheet does."""

    line: int
    cells: tuple[str, ...]


def must_be_a_table(content: bytes) -> None:
    """Refused: nothing, too much, or what is no text at all."""
    if not content.strip():
        raise NotRead("empty")
    if len(content) > MOST_BYTES:
        raise NotRead("too_large")
    for beginning, kind in NOT_TABLES.items():
        if content.startswith(beginning):
            raise NotRead(kind)


def said_encoding(content: bytes) -> str:
    """What the file itself says it is written in; empty where it does not."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else "utf-8"


def text_of(content: bytes, encoding: str) -> str:
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        raise NotRead("other_letters") from None
    if "\0" in text:
        raise NotRead("other_letters")
    return text


def rows_of(text: str, separator: str) -> list[FileRow]:
    """All rows with something in them. Refused: a quote that is never closed, too many rows or columns."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        for line, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                found.append(FileRow(line, tuple(cell.strip() for cell in cells)))
            if len(found) > MOST_ROWS + 1:
                raise NotRead("too_many_rows")
    except csv.Error:
        raise NotRead("broken_quotes") from None
    if found and len(found[0].cells) > MOST_COLUMNS:
        raise NotRead("too_many_columns")
    return found


def likeliest_separator(text: str) -> str:
    """The one that stands most often in the first line: only what is offered first, as a person sees the columns."""
    first = text.splitlines()[0] if text else ""
    return max(SEPARATORS, key=first.count)
