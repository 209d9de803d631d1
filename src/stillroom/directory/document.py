"""The public directory as one document: what every page, file, copy and mirror is drawn from, and nothing else.

What is not in it cannot be shown: no contact, no reason, nobody who works for the directory. It is exact text
(`core.canonical`), so that two copies can be compared, and it is judged again wherever it is read: a clinic is shown on
a day only while every required statement of it is met and has not expired on that day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from stillroom.core import canonical
from stillroom.directory import plainly
from stillroom.directory.criteria import Criteria, Criterion, criteria
from stillroom.directory.towns import Place

FORMAT = "stillroom-directory/1"
LARGEST_DOCUMENT = 20_000_000
LONGEST_KEEPER = 120


class State(StrEnum):
    """How well a statement is known to be true on a day."""

    SEEN = "seen"
    STATED = "stated"
    EXPIRED = "expired"


class Evidence(StrEnum):
    """What an editor went by."""

    WORD = "word"
    DOCUMENT = "document"
    PHOTOGRAPH = "photograph"
    VISIT = "visit"
    RECORDS = "records"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a clinic says about one criterion. `note` is its own addition. `seen_on`: when an editor saw it to be so."""

    criterion: str
    answer: str
    note: str
    evidence: Evidence
    stated_on: date
    seen_on: date | None
    expires_on: date

    def state_on(self, day: date) -> State:
        if day > self.expires_on:
            return State.EXPIRED
        return State.SEEN if self.seen_on else State.STATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A clinic that is listed, where it is, and what it says."""

    slug: str
    name: str
    street: str
    town: str
    country: str
    north: Decimal
    east: Decimal
    phone: str
    website: str
    checked_on: date
    statements: tuple[Statement, ...]

    @property
    def place(self) -> Place:
        return Place(float(self.north), float(self.east))

    def statement(self, code: str) -> Statement | None:
        return next((each for each in self.statements if each.criterion == code), None)

    def is_listed_on(self, day: date, by: Criteria) -> bool:
        return not unmet(self.statements, day, by)

    def listed_until(self, by: Criteria) -> date:
        """The last day on which no required statement has expired."""
        required = {criterion.code for criterion in by.required}
        return min(each.expires_on for each in self.statements if each.criterion in required)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole directory as it was published. `run_by`: who keeps it."""

    format: str
    criteria_version: int
    run_by: str
    published_at: datetime
    clinics: tuple[Clinic, ...]

    @property
    def criteria(self) -> Criteria:
        return criteria(self.criteria_version)

    def on(self, day: date) -> Document:
        """Without the clinics that are not to be shown on this day."""
        return replace(self, clinics=tuple(each for each in self.clinics if each.is_listed_on(day, self.criteria)))

    def clinic(self, slug: str) -> Clinic | None:
        return next((each for each in self.clinics if each.slug == slug), None)


class Unreadable(ValueError):
    """A document that is not shown, and the reason in plain words."""


def unmet(statements: Sequence[Statement], day: date, by: Criteria) -> list[Criterion]:
    """The required criteria that keep a clinic out on a day."""
    said = {each.criterion: each for each in statements}
    return [criterion for criterion in by.required if not _holds(said.get(criterion.code), criterion, day)]


def written(document: Document) -> str:
    return canonical.written(document)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Document:
    """A document from anywhere, judged. Unreadable: it is none, or it says what no directory of ours would say."""
    if len(text) > LARGEST_DOCUMENT:
        raise Unreadable("It is larger than a directory can be.")
    try:
        document = canonical.read(Document, text)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable(f"It is not a directory of Stillroom: {str(error)[:200]}") from None
    wrong = next(_faults(document), None)
    if wrong:
        raise Unreadable(wrong)
    return document


# --- judging what was read


def _holds(statement: Statement | None, criterion: Criterion, day: date) -> bool:
    return statement is not None and day <= statement.expires_on and criterion.is_met_by(statement.answer)


def _faults(document: Document) -> Iterator[str]:
    if document.format != FORMAT:
        yield f"Its format is {document.format[:40]!r}; this Stillroom reads {FORMAT}."
        return
    try:
        by = document.criteria
    except KeyError:
        yield f"It follows version {document.criteria_version} of the criteria, which this Stillroom does not have."
        return
    if len({clinic.slug for clinic in document.clinics}) != len(document.clinics):
        yield "Two of its clinics have the same address in the directory."
    yield from _word_faults("Who runs it", document.run_by, LONGEST_KEEPER, must=True)
    for clinic in document.clinics:
        yield from (f"{clinic.slug[:80]!r}: {fault}" for fault in _clinic_faults(clinic, by))


def _clinic_faults(clinic: Clinic, by: Criteria) -> Iterator[str]:
    if not plainly.is_slug(clinic.slug):
        yield "its address is not made of small letters, figures and hyphens"
    for name, most, must in (("name", 120, True), ("street", 200, False), ("town", 80, True), ("country", 80, True)):
        yield from _word_faults(name, getattr(clinic, name), most, must=must)
    if clinic.phone and not plainly.is_phone(clinic.phone):
        yield "its telephone is not one"
    if clinic.website and not plainly.is_web_address(clinic.website):
        yield "its web address is not one"
    if not plainly.is_on_earth(clinic.north, clinic.east):
        yield "it is nowhere on earth"
    for statement in clinic.statements:
        yield from (f"{statement.criterion[:40]!r}: {fault}" for fault in _statement_faults(statement, by))
    if len({each.criterion for each in clinic.statements}) != len(clinic.statements):
        yield "it answers a question twice"
    missing = {each.code for each in by.required} - {each.criterion for each in clinic.statements}
    if missing:
        yield f"it does not answer {', '.join(sorted(missing))}"


def _statement_faults(statement: Statement, by: Criteria) -> Iterator[str]:
    if statement.criterion not in by:
        yield "there is no such criterion"
        return
    criterion = by[statement.criterion]
    if not criterion.is_an_answer(statement.answer):
        yield "the answer is none of those there are"
    elif not criterion.is_met_by(statement.answer):
        yield "the answer does not meet what is required"
    yield from _word_faults("answer", statement.answer, 300, must=True, lines=True)
    yield from _word_faults("note", statement.note, 300, must=False, lines=True)
    if statement.expires_on < statement.stated_on or (statement.seen_on and statement.seen_on < statement.stated_on):
        yield "its dates are in no order"
    if statement.seen_on is None and statement.evidence is not Evidence.WORD:
        yield "it has evidence and no day on which it was seen"


def _word_faults(name: str, words: str, most: int, *, must: bool, lines: bool = False) -> Iterator[str]:
    if must and not words.strip():
        yield f"{name} is empty"
    if len(words) > most:
        yield f"{name} is longer than {most} letters"
    if not plainly.is_plain(words, lines=lines):
        yield f"{name} has signs that cannot be seen"
