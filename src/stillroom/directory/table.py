"""The directory as a table for a spreadsheet. A cell that a spreadsheet would run as a formula is made text."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from stillroom.directory.document import Clinic, Document

PLACE = ("slug", "name", "street", "town", "country", "north", "east", "phone", "website", "checked_on")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(document: Document, day: date) -> str:
    """A line a clinic; for each criterion the answer and its state on that day, empty where it does not say."""
    codes = [criterion.code for criterion in document.criteria.criteria]
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([*PLACE, *(column for code in codes for column in (code, f"{code}_state", f"{code}_note"))])
    for clinic in document.clinics:
        cells = [str(getattr(clinic, name)) for name in PLACE] + [
            cell for code in codes for cell in _cells(clinic, code, day)
        ]
        writer.writerow([as_text(cell) for cell in cells])
    return lines.getvalue()


def as_text(cell: str) -> str:
    """An apostrophe before what would be a formula; a number stays a number."""
    is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) is not None
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) and not is_number else cell


def _cells(clinic: Clinic, code: str, day: date) -> tuple[str, str, str]:
    statement = clinic.statement(code)
    return (statement.answer, statement.state_on(day).value, statement.note) if statement else ("", "", "")
