"""How a clinic of the document is read: its lines on pages, and the same facts for search engines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stillroom.directory.criteria import CONTINUOUS, Criterion, Kind
from stillroom.directory.document import Clinic, Document, State, Statement
from stillroom.directory.searching import Found

ON_THE_LINE = ("flow", "pressure", "watcher", "companion", "price")
# As django.utils.html.json_script: nothing in the data can end the element it stands in.
INERT = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion on the page of a clinic; `statement` is None where the clinic does not say."""

    criterion: Criterion
    statement: Statement | None
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """A clinic in the list: what people look for first, and how much of it was seen."""

    found: Found
    facts: tuple[tuple[str, str], ...]
    seen: int
    required: int


def rows_of(clinic: Clinic, document: Document, day: date) -> Sequence[Row]:
    return [_row(criterion, clinic.statement(criterion.code), day) for criterion in document.criteria.criteria]


def line_of(found: Found, document: Document, day: date) -> Line:
    rows = {row.criterion.code: row for row in rows_of(found.clinic, document, day)}
    facts = tuple(
        (code, row.words) for code in ON_THE_LINE if (row := rows[code]).statement and row.state != State.EXPIRED.value
    )
    required = [row for row in rows.values() if row.criterion.is_required]
    return Line(found, facts, sum(row.state == State.SEEN.value for row in required), len(required))


def words_of_answer(criterion: Criterion, answer: str) -> str:
    """An answer as it is read: the words of a choice, how often, or what the clinic wrote."""
    if criterion.kind is Kind.EVERY:
        return gettext("Continuously") if answer == CONTINUOUS else gettext("Every %s min") % answer
    return gettext(criterion.choices[answer]) if answer in criterion.choices else answer


def about_search_engines(clinic: Clinic, address: str) -> SafeString:
    """schema.org's words for a clinic, as JSON-LD. It is data: the policy that forbids inline scripts passes it by."""
    about: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "name": clinic.name,
        "url": clinic.website or address,
        "mainEntityOfPage": address,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": clinic.street,
            "addressLocality": clinic.town,
            "addressCountry": clinic.country,
        },
        "geo": {"@type": "GeoCoordinates", "latitude": float(clinic.north), "longitude": float(clinic.east)},
    }
    if clinic.phone:
        about["telephone"] = clinic.phone
    return mark_safe(json.dumps(about, ensure_ascii=False).translate(INERT))  # noqa: S308


def _row(criterion: Criterion, statement: Statement | None, day: date) -> Row:
    if statement is None:
        return Row(criterion, None, "", "unsaid")
    return Row(criterion, statement, words_of_answer(criterion, statement.answer), statement.state_on(day).value)
