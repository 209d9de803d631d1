"""The document is judged wherever it is read, and the criteria are what they say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.directory.criteria import criteria
from stillroom.directory.document import Evidence, State, Statement, Unreadable, read, written
from stillroom.directory.plainly import is_web_address
from stillroom.directory.table import as_text
from tests.directory.listed import DAY, GOOD, a_clinic, a_document, statement


def test_a_document_reads_back_as_it_was() -> None:
    document = a_document(a_clinic(), a_clinic("another"))
    assert read(written(document)) == document


@given(st.integers(-400, 400))
def test_a_clinic_is_shown_exactly_until_the_first_required_statement_expires(days: int) -> None:
    clinic = a_clinic()
    day = DAY + timedelta(days=days)
    is_shown = bool(a_document(clinic).on(day).clinics)
    assert is_shown == (day <= clinic.listed_until(criteria()))


def test_an_expired_word_that_is_not_required_keeps_nobody_out() -> None:
    said = tuple(
        replace(each, expires_on=DAY) if each.criterion == "companion" else each for each in a_clinic().statements
    )
    document = a_document(a_clinic(statements=said)).on(DAY + timedelta(days=1))
    (clinic,) = document.clinics
    companion = clinic.statement("companion")
    assert companion
    assert companion.state_on(DAY + timedelta(days=1)) is State.EXPIRED


def all_with(**changes: Any) -> tuple[Statement, ...]:
    return tuple(replace(each, **changes) for each in a_clinic().statements)


HOSTILE: dict[str, dict[str, Any]] = {
    "a slug that is a path": {"slug": "../../etc"},
    "an empty name": {"name": " "},
    "a name that turns": {"name": "a\u202eb"},
    "a long street": {"street": "x" * 201},
    "a web address that runs": {"website": "javascript:alert(1)"},
    "a place beyond the pole": {"north": Decimal(91)},
    "no number": {"east": Decimal("NaN")},
    "one required answer missing": {"statements": a_clinic().statements[1:]},
    "an answer twice": {"statements": (*a_clinic().statements, a_clinic().statements[0])},
    "an answer that fails": {"statements": a_clinic(answers={"flow": "neither"}).statements},
    "an answer that is none": {"statements": a_clinic(answers={"pressure": "soon"}).statements},
    "a criterion that is none": {"statements": (*a_clinic().statements, statement("stars", "5"))},
    "evidence nobody saw": {"statements": all_with(evidence=Evidence.VISIT)},
    "days in no order": {"statements": all_with(expires_on=date(2020, 1, 1))},
}  # fmt: skip


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_no_directory_of_ours_would_say_is_not_read(changes: dict[str, Any]) -> None:
    try:
        text = written(a_document(a_clinic(**changes)))
    except ValueError:
        return  # not even written
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "x" * 100, "[" * 100_000, '{"format": 1}', "\x00"])
def test_what_is_no_document_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_a_document_with_a_word_too_many_is_not_read() -> None:
    found = json.loads(written(a_document(a_clinic())))
    found["clinics"][0]["stars"] = 5
    with pytest.raises(Unreadable):
        read(json.dumps(found))


def test_a_version_of_the_criteria_that_is_not_here_is_not_read() -> None:
    with pytest.raises(Unreadable, match="version 9"):
        read(written(replace(a_document(a_clinic()), criteria_version=9)))


def test_every_required_criterion_can_be_met_and_missed() -> None:
    for criterion in criteria().required:
        assert criterion.why
        assert criterion.checked_by
        assert criterion.source
        assert criterion.is_met_by(GOOD[criterion.code])
        assert set(criterion.choices) - set(criterion.meets) or criterion.at_most_min


@pytest.mark.parametrize(
    ("answer", "is_met"), [("continuous", True), ("1", True), ("10", True), ("11", False), ("010", False), ("", False)]
)
def test_pressure_is_met_by_every_ten_minutes_and_less(answer: str, is_met: bool) -> None:
    assert criteria()["pressure"].is_met_by(answer) is is_met


@given(st.text(max_size=40))
def test_no_cell_begins_a_formula(cell: str) -> None:
    made = as_text(cell)
    try:
        float(made)
    except ValueError:
        assert not made.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    "words",
    [
        "https://a",
        "http://127.0.0.1",
        "https://evil.example\\@good.example",
        "//evil.example",
        "https://é.example",
        "https:///x",
        "https://a.b:99999",
    ],
)
def test_an_address_that_is_odd_is_no_address(words: str) -> None:
    assert not is_web_address(words)
