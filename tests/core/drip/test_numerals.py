"""One written form of a number, and a reason for every other (SR-03)."""

from __future__ import annotations

import locale
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.numerals import read_number
from stillroom.core.drip.quantities import QUANTITIES, Quantity
from stillroom.core.errors import Refused, Severity
from tests.core.drip.drips import some

ANYTHING = Quantity(
    name="anything", unit="mL", decimals=2, lowest=Decimal(0), highest=Decimal(5000), source="this test"
)

READ = [
    ("0", "0"),
    ("0.5", "0.5"),
    ("5", "5"),
    ("5.0", "5.0"),
    ("0.05", "0.05"),
    ("14.5", "14.5"),
    ("0.55", "0.55"),
    ("54.40", "54.40"),
    ("1000", "1000"),
    ("70", "70"),
    (" 70 ", "70"),
]

# The first rows are what dosing software once read wrongly: see numerals.py.
REFUSED = [
    (".05", "number_leading_point"),
    (".5", "number_leading_point"),
    ("14,5", "number_comma"),
    ("0,55", "number_comma"),
    ("11,8", "number_comma"),
    ("0.299", "number_too_fine"),
    ("1.500", "number_too_fine"),
    ("1,000", "number_comma"),
    ("1,000.5", "number_comma"),
    ("1.000,5", "number_comma"),
    ("1٫5", "number_comma"),
    ("1 000", "number_grouped"),
    ("1\u00a0000", "number_grouped"),
    ("1\u202f000", "number_grouped"),
    ("1\u2009000.5", "number_grouped"),
    ("1'000", "number_grouped"),
    ("1’000", "number_grouped"),
    ("1_000", "number_grouped"),
    ("7 0", "number_grouped"),
    ("1.000.000", "number_two_points"),
    ("1..5", "number_two_points"),
    ("5.", "number_trailing_point"),
    ("05", "number_leading_zero"),
    ("00.5", "number_leading_zero"),
    ("1e1", "number_exponent"),
    ("1E5", "number_exponent"),
    ("1.5e-3", "number_exponent"),
    ("٥", "number_not_plain_digits"),
    ("५०", "number_not_plain_digits"),
    ("５", "number_not_plain_digits"),
    ("½", "number_not_plain_digits"),
    ("2²", "number_not_plain_digits"),
    ("-5", "number_signed"),
    ("\u22125", "number_signed"),
    ("+5", "number_signed"),
    ("", "number_blank"),
    ("   ", "number_blank"),
    ("\u00a0", "number_blank"),
    ("70 kg", "number_with_words"),
    ("70kg", "number_with_words"),
    ("1O", "number_with_words"),
    ("0x1F", "number_with_words"),
    ("nan", "number_not_a_number"),
    ("inf", "number_not_a_number"),
    ("Infinity", "number_not_a_number"),
    ("5%", "number_not_a_number"),
    ("1/2", "number_not_a_number"),
    ("5\n", "number_not_a_number"),
    ("\t5", "number_not_a_number"),
    ("5-6", "number_not_a_number"),
    (".", "number_not_a_number"),
    ("5\u200b", "number_not_a_number"),
    ("10000000000000", "number_too_long"),
    ("5000.01", "number_too_high"),
]


@pytest.mark.parametrize(("typed", "number"), READ)
def test_it_reads_exactly_what_was_written(typed: str, number: str) -> None:
    assert str(read_number(typed, ANYTHING)) == number


@pytest.mark.parametrize(("typed", "code"), REFUSED, ids=[ascii(typed) for typed, _ in REFUSED])
def test_it_refuses_and_says_what_is_wrong(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(typed, ANYTHING)
    (finding,) = refused.value.findings
    assert (finding.code, finding.severity) == (code, Severity.HARD)
    assert (finding.facts["quantity"], finding.facts["unit"], finding.facts["decimals"]) == ("anything", "mL", "2")


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(READ) + len(REFUSED) >= 40
    assert len({typed for typed, _ in READ + REFUSED}) == len(READ) + len(REFUSED)


@pytest.mark.parametrize(("name", "typed"), [("rate_mg_per_kg_per_min", "0.0125"), ("weight_kg", "70.25")])
def test_each_quantity_has_its_own_decimals(name: str, typed: str) -> None:
    quantity = QUANTITIES[name]
    assert read_number(typed, quantity) == Decimal(typed)
    with pytest.raises(Refused, match="number_too_fine"):
        read_number(typed + "1", quantity)


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=str)
def test_its_bounds_are_numbers_of_their_own_quantity(quantity: Quantity) -> None:
    assert read_number(str(quantity.lowest), quantity) == quantity.lowest
    assert read_number(str(quantity.highest), quantity) == quantity.highest
    with pytest.raises(Refused, match="number_too_high"):
        read_number(str(quantity.highest + Decimal(1).scaleb(-quantity.decimals)), quantity)


@pytest.mark.parametrize("quantity", [each for each in QUANTITIES.values() if each.lowest > 0], ids=str)
def test_below_the_lowest_is_refused_with_the_bound_and_its_source(quantity: Quantity) -> None:
    with pytest.raises(Refused) as refused:
        read_number(str(quantity.lowest - Decimal(1).scaleb(-quantity.decimals)), quantity)
    (finding,) = refused.value.findings
    assert finding.code == "number_too_low"
    assert finding.facts["lowest"] == str(quantity.lowest)
    assert finding.source == quantity.source


def test_what_was_typed_is_shown_back_short_and_visible() -> None:
    with pytest.raises(Refused) as refused:
        read_number("5\u200b" + "x" * 500, ANYTHING)
    assert refused.value.findings[0].facts["typed"] == "5<ZERO WIDTH SPACE>" + "x" * 22 + "…"


@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
def test_no_locale_changes_a_number(language: str) -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, language)
        assert read_number("0.55", ANYTHING) == Decimal("0.55")
    finally:
        locale.setlocale(locale.LC_ALL, before)


@some
@given(st.text(max_size=8))
def test_whatever_is_typed_is_read_as_it_stands_or_refused(typed: str) -> None:
    try:
        number = read_number(typed, ANYTHING)
    except Refused:
        return
    assert str(number) == typed.strip(" ")


@some
@given(st.decimals(min_value=0, max_value=5000, places=2, allow_nan=False))
def test_every_number_is_read_back_as_it_is_written(number: Decimal) -> None:
    assert read_number(f"{number:f}", ANYTHING) == number
