"""A table from elsewhere is read as it stands: what could mean two things is refused until a person says which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from stillroom.patients.file_meaning import columns_at_odds, meaning_of
from stillroom.patients.file_rows import FileRow, NotRead, must_be_a_table, rows_of, said_encoding, text_of

TODAY = date(2026, 11, 26)
COLUMNS = ("given_name", "family_name", "birth_date")


def one(column: str, cell: str, *, days: str = "", letters: str = "") -> tuple[object, list[str]]:
    """What one more cell is read as, and why not."""
    found = meaning_of(
        FileRow(2, ("Ana", "Berg", "1985-05-04", cell)),
        (*COLUMNS, column),
        days=days,
        letters=letters,
        today=TODAY,
    )
    said = {**found.said, "weight_kg": found.weight_kg, "weighed_on": found.weighed_on, "allergies": found.allergies}
    return said.get(column), [each.code for each in found.wrong if each.code != "weighed_when"]


@pytest.mark.parametrize(
    ("typed", "days", "read"),
    [
        ("1985-05-04", "", date(1985, 5, 4)),
        ("1985-05-04", "mdy", date(1985, 5, 4)),
        ("4 May 1985", "", date(1985, 5, 4)),
        ("4 may 1985", "mdy", date(1985, 5, 4)),
        ("03/04/1980", "", "which_day"),
        ("31/12/1980", "", "which_day"),
        ("03/04/1980", "dmy", date(1980, 4, 3)),
        ("03/04/1980", "mdy", date(1980, 3, 4)),
        ("03.04.1980", "dmy", date(1980, 4, 3)),
        ("31/12/1980", "mdy", "not_a_day"),
        ("03/04/80", "dmy", "not_a_day"),
        ("1980-02-30", "", "not_a_day"),
        ("\u0663.04.1980", "dmy", "not_a_day"),
        ("1899-12-31", "", "long_ago"),
        ("2026-11-27", "", "not_yet"),
        ("29.2.2001", "dmy", "not_a_day"),
        ("34567", "", "not_a_day"),
    ],
)
def test_a_day_is_one_day_or_it_is_refused(typed: str, days: str, read: date | str) -> None:
    found = meaning_of(FileRow(2, ("Ana", "Berg", typed)), COLUMNS, days=days, letters="", today=TODAY)
    assert (found.wrong[0].code if found.wrong else found.said["birth_date"]) == read


# SR-03: as the house reads numbers everywhere.
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("82", Decimal(82)),
        ("82.50", Decimal("82.50")),
        ("82,5", "number_comma"),
        (".5", "number_leading_point"),
        ("1 000", "number_grouped"),
        ("82 kg", "number_with_words"),
        ("180 lb", "number_with_words"),
        ("12 st", "number_with_words"),
        ("8e1", "number_exponent"),
        ("٨٢", "number_not_plain_digits"),
        ("-82", "number_signed"),
        ("820", "number_too_high"),
        ("8.2", "number_too_low"),
    ],
)
def test_a_weight_is_read_as_everywhere_in_the_house(typed: str, read: Decimal | str) -> None:
    said, why = one("weight_kg", typed)
    assert (why[0] if why else said) == read


def test_pounds_become_kilograms_where_a_person_says_that_they_are_pounds() -> None:
    """150 lb is 68.0388 kg (NIST: 0.45359237 kg/lb); two decimals, never more."""
    columns = (*COLUMNS, "weight_lb", "weighed_on")
    found = meaning_of(
        FileRow(2, ("Ana", "Berg", "1985-05-04", "150", "2026-11-01")), columns, days="", letters="", today=TODAY
    )
    assert (found.weight_kg, found.weight_lb, found.weighed_on) == (Decimal("68.03"), Decimal(150), date(2026, 11, 1))
    assert not found.wrong


def test_a_heading_that_names_another_unit_is_seen() -> None:
    headings = ("Weight (lb)", "weight_kg", "Height (m)", "Height in cm")
    assert columns_at_odds(headings, ("weight_kg", "weight_lb", "height_cm", "height_cm")) == [
        "Weight (lb)",
        "weight_kg",
        "Height (m)",
    ]
    assert columns_at_odds(headings, ("weight_lb", "weight_kg", "", "height_cm")) == []


def test_a_weight_without_its_day_is_no_weight_to_dose_by() -> None:
    found = meaning_of(
        FileRow(2, ("Ana", "Berg", "1985-05-04", "82")), (*COLUMNS, "weight_kg"), days="", letters="", today=TODAY
    )
    assert [each.code for each in found.wrong] == ["weighed_when"]


@pytest.mark.parametrize(
    ("typed", "letters", "read"),
    [
        ("Female", "", "female"),
        ("unknown", "", "unknown"),
        ("F", "", "which_sex"),
        ("M", "f_m", "male"),
        ("M", "m_h", "female"),
        ("H", "f_m", "which_sex"),
        ("frau", "", "which_sex"),
    ],
)
def test_a_letter_for_a_sex_means_what_a_person_says_it_does(typed: str, letters: str, read: str) -> None:
    said, why = one("sex", typed, letters=letters)
    assert (why[0] if why else said) == read


@pytest.mark.parametrize("typed", ["none known", "NKDA", "None.", "-", "no"])
def test_none_known_from_elsewhere_is_nobody_s_assertion_here(typed: str) -> None:
    found = meaning_of(
        FileRow(2, ("Ana", "Berg", "1985-05-04", typed)), (*COLUMNS, "allergies"), days="", letters="", today=TODAY
    )
    assert (found.allergies, found.unasked, found.wrong) == ((), typed, ())


def test_named_allergies_are_taken_each() -> None:
    assert one("allergies", "penicillin: rash; latex")[0] == ("penicillin: rash", "latex")


@pytest.mark.parametrize("cells", [("Ana", "Berg"), ("Ana", "Berg", "1985-05-04", "more")])
def test_a_row_with_another_number_of_cells_is_not_put_into_place(cells: tuple[str, ...]) -> None:
    found = meaning_of(FileRow(2, cells), COLUMNS, days="", letters="", today=TODAY)
    assert "cells" in [each.code for each in found.wrong]


NAMES = "Name;Born\nŁódź Zoë;1985-05-04\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NAMES.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + NAMES.encode(), "utf-8"),
        (NAMES.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "utf-16"),
        ("Zoë".encode("latin-1"), ""),
        (NAMES.encode("utf-16-le"), ""),
        (NAMES.encode("cp1250", "replace"), ""),
    ],
)
def test_only_what_a_file_says_of_itself_is_taken_for_its_letters(content: bytes, said: str) -> None:
    assert said_encoding(content) == said
    if said:
        assert text_of(content, said) == NAMES


def test_letters_that_cannot_be_right_are_refused() -> None:
    with pytest.raises(NotRead, match="other_letters"):
        text_of("Zoë".encode("latin-1"), "utf-8")
    with pytest.raises(NotRead, match="other_letters"):
        text_of(NAMES.encode("utf-16-le"), "cp1252")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"PK\x03\x04...", "spreadsheet"), (b"%PDF-1.7", "pdf"),
        (b"a" * 5_000_001, "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said_to_be_none(content: bytes, code: str) -> None:
    with pytest.raises(NotRead, match=code):
        must_be_a_table(content)


def test_rows_are_counted_as_a_spreadsheet_counts_them_and_keep_their_commas() -> None:
    rows = rows_of('a,b\r\n\r\n"Berg, Ana",2\r\n', ",")
    assert [(row.line, row.cells) for row in rows] == [(1, ("a", "b")), (3, ("Berg, Ana", "2"))]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    with pytest.raises(NotRead, match="broken_quotes"):
        rows_of('a,b\n"Berg,2\nCole,3\n', ",")


def test_more_rows_than_can_be_looked_at_are_refused() -> None:
    with pytest.raises(NotRead, match="too_many_rows"):
        rows_of("a\n" * 3_002, ",")
