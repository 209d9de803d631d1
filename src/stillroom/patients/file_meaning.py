"""What one row of a clinic's old table says of a patient: what is understood, and what is refused and why.

Nothing is guessed. A date that could be two days, a sex in one letter, pounds under kilograms, a number with a comma:
each is refused with a word, until a person says how the whole file is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stillroom.core.drip.numerals import read_number
from stillroom.core.drip.quantities import QUANTITIES, Quantity
from stillroom.core.drip.rates import kg_from_lb
from stillroom.core.errors import Refused
from stillroom.core.safety.allergies import substances_in
from stillroom.patients.file_rows import FileRow
from stillroom.patients.known import POUNDS
from stillroom.patients.models import AllergyStatement, Patient

COLUMNS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "birth_date": "Birth date",
    "identifier": "Record number",
    "sex": "Sex",
    "height_cm": "Height in centimetres",
    "weight_kg": "Weight in kilograms",
    "weight_lb": "Weight in pounds",
    "weighed_on": "Day of that weight",
    "allergies": "Allergies",
}
NEEDED = ("given_name", "family_name", "birth_date")
DAYS = {
    "": "only as 1985-05-04, or with the month in letters",
    "dmy": "the day first, as 04.05.1985 or 4/5/1985",
    "mdy": "the month first, as 05/04/1985",
}
LETTERS = {
    "": "in words: female, male, other, unknown",
    "f_m": "F is female, M is male",
    "w_m": "W is female, M is male",
    "m_h": "M is female, H is male",
}
OF_LETTERS = {
    "": {},
    "f_m": {"f": "female", "m": "male"},
    "w_m": {"w": "female", "m": "male"},
    "m_h": {"m": "female", "h": "male"},
}
ISO, LETTERED = "%Y-%m-%d", ("%d %b %Y", "%d %B %Y", "%d. %B %Y")
FORMATS = {"": (), "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"), "mdy": ("%m/%d/%Y", "%m-%d-%Y")}
NUMERIC_DAY = re.compile(r"\d{1,2}\s*[./ -]\s*\d{1,2}\s*[./ -]\s*\d{2,4}")
NOT_ASKED_AGAIN = frozenset({"none", "none known", "no known allergies", "nka", "nkda", "no", "nil", "-", "0", "keine"})
POUNDS_SAID = re.compile(r"\b(lb|lbs|pound|pounds)\b", re.IGNORECASE)
KILOGRAMS_SAID = re.compile(r"\b(kg|kilo|kilos|kilogram|kilograms)\b", re.IGNORECASE)
OTHER_LENGTH_SAID = re.compile(r"\b(inch|inches|ft|feet|foot|m|metre|metres|meter|meters)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One cell that is not understood: of which column, why, and what the words of that need."""

    column: str
    code: str
    typed: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a row says; with anything `wrong`, nothing of it is taken. `unasked` is "none known", which nobody asked."""

    line: int
    cells: tuple[str, ...]
    said: Mapping[str, Any]
    weight_kg: Decimal | None
    weight_lb: Decimal | None
    weighed_on: date | None
    allergies: tuple[str, ...]
    unasked: str
    wrong: tuple[Wrong, ...]


def columns_at_odds(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Columns whose heading names another unit than the one that was chosen for them."""
    unlike = {"weight_kg": POUNDS_SAID, "weight_lb": KILOGRAMS_SAID, "height_cm": OTHER_LENGTH_SAID}
    pairs = zip(headings, columns, strict=True)
    return [
        heading for heading, column in pairs if column in unlike and unlike[column].search(heading.replace("_", " "))
    ]


def meaning_of(row: FileRow, columns: Sequence[str], *, days: str, letters: str, today: date) -> Meant:
    wrong: list[Wrong] = []
    typed = {column: row.cells[place] for place, column in enumerate(columns) if column and place < len(row.cells)}
    if len(row.cells) != len(columns):
        wrong.append(Wrong(column="", code="cells", facts={"cells": str(len(row.cells)), "columns": str(len(columns))}))

    def read(column: str, reading: Callable[[str], Any]) -> Any:
        text = typed.get(column, "")
        try:
            return reading(text) if text else None
        except _Unread as unread:
            wrong.append(Wrong(column=column, code=unread.code, typed=text[:60], facts=unread.facts))
            return None

    wrong += [Wrong(column=name, code="needed") for name in NEEDED if not typed.get(name)]
    said = {
        "identifier": read("identifier", _words(40)) or "",
        "given_name": read("given_name", _words(80)),
        "family_name": read("family_name", _words(80)),
        "birth_date": read("birth_date", lambda text: _born(text, days, today)),
        "sex": read("sex", lambda text: _sex(text, letters)) or Patient.Sex.UNKNOWN,
        "height_cm": read("height_cm", lambda text: _number(text, QUANTITIES["height_cm"])),
    }
    weight_kg = read("weight_kg", lambda text: _number(text, QUANTITIES["weight_kg"]))
    weight_lb = read("weight_lb", lambda text: _number(text, POUNDS))
    weighed_on = read("weighed_on", lambda text: _weighed(text, days, today))
    if typed.get("weight_kg") and typed.get("weight_lb"):
        wrong.append(Wrong(column="weight_lb", code="two_weights", typed=typed["weight_lb"]))
    if (weight_kg or weight_lb) and not typed.get("weighed_on"):
        wrong.append(Wrong(column="weighed_on", code="weighed_when"))
    allergies = typed.get("allergies", "")
    is_unasked = allergies.casefold().strip(". ") in NOT_ASKED_AGAIN
    return Meant(
        line=row.line,
        cells=row.cells,
        said=said,
        weight_kg=kg_from_lb(weight_lb) if weight_lb else weight_kg,
        weight_lb=weight_lb,
        weighed_on=weighed_on,
        allergies=() if is_unasked else read("allergies", _substances) or (),
        unasked=allergies if is_unasked else "",
        wrong=tuple(wrong),
    )


class _Unread(Exception):
    def __init__(self, code: str, **facts: str) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


def _words(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.isprintable():
            raise _Unread("unprintable")
        if len(text) > most:
            raise _Unread("too_long", most=str(most))
        return text

    return read


def _number(text: str, quantity: Quantity) -> Decimal:
    try:
        return read_number(text, quantity)
    except Refused as refused:
        finding = refused.findings[0]
        raise _Unread(finding.code, **finding.facts) from None


def _day(text: str, days: str) -> date:
    if not text.isascii() and any(letter.isdecimal() and not letter.isascii() for letter in text):
        raise _Unread("not_a_day")
    for pattern in (ISO, *LETTERED, *FORMATS[days]):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise _Unread("which_day" if not days and NUMERIC_DAY.fullmatch(text) else "not_a_day")


def _born(text: str, days: str, today: date) -> date:
    born = _day(text, days)
    if born > today:
        raise _Unread("not_yet")
    if born.year < 1900:
        raise _Unread("long_ago")
    return born


def _weighed(text: str, days: str, today: date) -> date:
    day = _day(text, days)
    if day > today:
        raise _Unread("not_yet")
    return day


def _sex(text: str, letters: str) -> str:
    said = text.casefold()
    found = OF_LETTERS[letters].get(said) or (said if said in Patient.Sex.values else None)
    if found is None:
        raise _Unread("which_sex")
    return found


def _substances(text: str) -> tuple[str, ...]:
    named = substances_in(text)
    if any(len(each) > AllergyStatement.LONGEST_SUBSTANCE or not each.isprintable() for each in named):
        raise _Unread("too_long", most=str(AllergyStatement.LONGEST_SUBSTANCE))
    return named
