"""The ledger balances, whatever is written in whatever order; what does not add up in the world stands open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.core.stock import Book, Difference, Kind, Line, NotAccounted, Overdrawn, Place, judge, keep_book
from tests.cast import an_id

D = Decimal
VIAL_MG = D(100)  # 10 mL of 10 mg/mL
BEN, NAN = an_id("ben"), an_id("nan")
FIRST, SECOND = an_id("first infusion"), an_id("second infusion")


def book(*lines: Line) -> Book:
    return keep_book(lines, vial_mg=VIAL_MG)


def line(number: int, kind: Kind, **said: object) -> Line:
    return Line(number=number, kind=kind, **{"by": BEN, **said})  # type: ignore[arg-type]


RECEIVED = line(1, Kind.RECEIVED, vials=10, lot="K1")
OPENED = line(2, Kind.OPENED, vials=1, lot="K1", infusion=FIRST)
USED = line(3, Kind.USED, amount_mg=D("31.5"), infusion=FIRST)
WASTED = line(4, Kind.WASTED, amount_mg=D("68.5"), infusion=FIRST, witness=NAN)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Line]:
    """Any lines that the rules let in, one after another."""
    lines: list[Line] = []
    for number in range(1, draw(st.integers(1, 25)) + 1):
        said = Line(
            number=number,
            kind=draw(st.sampled_from(Kind)),
            by=draw(st.sampled_from([BEN, NAN])),
            witness=draw(st.sampled_from([None, BEN, NAN])),
            vials=draw(st.integers(0, 12)),
            amount_mg=draw(st.decimals(0, 150, places=2)),
            lot=draw(st.sampled_from(["", "K1", "K2"])),
            infusion=draw(st.sampled_from([FIRST, SECOND])),
            about=draw(st.integers(1, 25)),
            words="because",
        )
        said = as_written(said)
        if not judge(keep_book(lines, vial_mg=VIAL_MG), said):
            lines.append(said)
        else:
            lines.append(line(number, Kind.RECEIVED, vials=draw(st.integers(1, 5)), lot="K1"))
    return lines


def as_written(said: Line) -> Line:
    """By vials or by amount, never both."""
    if said.kind in (Kind.USED, Kind.WASTED):
        return replace(said, vials=0)
    return replace(said, amount_mg=D(0))


@settings(max_examples=150, deadline=None)
@given(ledgers())
def test_received_is_in_the_cupboard_in_hand_used_wasted_returned_or_lost(lines: list[Line]) -> None:
    for end in range(len(lines) + 1):
        kept = book(*lines[:end])
        assert kept.is_balanced()
        assert kept.mg(Place.HAND) == sum(kept.in_hand_mg.values())
        assert min(kept.mg(place) for place in Place if place is not Place.CUPBOARD and place is not Place.HAND) >= 0
        is_overdrawn = any(isinstance(each, Overdrawn) for each in kept.discrepancies(over=()))
        assert is_overdrawn == (kept.in_cupboard < 0)


@settings(max_examples=80, deadline=None)
@given(ledgers(), st.data())
def test_a_reversed_line_leaves_the_book_as_if_it_had_not_been_written(lines: list[Line], data: st.DataObject) -> None:
    before = book(*lines)
    moved = line(len(lines) + 1, Kind.RECEIVED, vials=data.draw(st.integers(1, 9)), lot="K3")
    back = line(len(lines) + 2, Kind.REVERSED, about=moved.number, witness=NAN, words="typed twice")
    after = book(*lines, moved, back)
    assert {place: after.mg(place) for place in Place} == {place: before.mg(place) for place in Place}
    assert after.in_hand_mg == before.in_hand_mg


def test_a_vial_is_followed_to_the_patient_and_the_rest_to_its_witness() -> None:
    kept = book(RECEIVED, OPENED, USED, WASTED)
    assert kept.in_cupboard == 9
    assert [kept.after[number] for number in (1, 2, 3, 4)] == [10, 9, 9, 9]
    assert (kept.mg(Place.USED), kept.mg(Place.WASTED), kept.mg(Place.HAND)) == (D("31.5"), D("68.5"), 0)
    assert kept.discrepancies(over={FIRST}) == []
    assert kept.lots["K1"] == 9


def test_what_was_opened_and_is_not_accounted_for_stands_open_once_the_infusion_is_over() -> None:
    kept = book(RECEIVED, OPENED, USED)
    assert kept.discrepancies(over=()) == []
    assert kept.discrepancies(over={FIRST}) == [NotAccounted(FIRST, D("68.5"))]


def test_a_vial_that_the_book_does_not_have_is_opened_all_the_same_and_stands_open() -> None:
    assert judge(book(), line(1, Kind.OPENED, vials=2, infusion=FIRST)) == ()
    kept = book(line(1, Kind.OPENED, vials=2, infusion=FIRST))
    assert kept.discrepancies(over=()) == [Overdrawn(D(2))]
    assert book(*kept.lines.values(), line(2, Kind.RECEIVED, vials=5)).discrepancies(over=()) == []


@pytest.mark.parametrize(("counted", "differs"), [(8, -1), (9, 0), (10, 1)])
def test_a_count_that_differs_stands_open_until_two_explain_it_and_then_holds(counted: int, differs: int) -> None:
    count = line(3, Kind.COUNTED, vials=counted)
    kept = book(RECEIVED, OPENED, count)
    assert kept.in_cupboard == 9, "a count moves nothing"
    assert kept.discrepancies(over=()) == ([Difference(3, differs)] if differs else [])
    alone = line(4, Kind.EXPLAINED, about=3, words="one fell")
    explained = line(4, Kind.EXPLAINED, about=3, words="one fell", witness=NAN)
    if not differs:
        assert codes(kept, explained) == ["nothing_to_explain"]
        return
    assert codes(kept, alone) == ["ledger_needs_a_witness"]
    assert codes(kept, explained) == []
    after = book(RECEIVED, OPENED, count, explained)
    assert (after.in_cupboard, after.discrepancies(over=())) == (counted, [])
    assert codes(after, line(5, Kind.EXPLAINED, about=3, words="again", witness=NAN)) == ["nothing_to_explain"]
    assert codes(after, line(5, Kind.REVERSED, about=3, words="no", witness=NAN)) == ["reverse_the_explanation_first"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (line(3, Kind.WASTED, amount_mg=D(100), infusion=FIRST), "ledger_needs_a_witness"),
        (line(3, Kind.WASTED, amount_mg=D(100), infusion=FIRST, witness=BEN), "witness_is_the_author"),
        (line(3, Kind.WASTED, amount_mg=D("100.01"), infusion=FIRST, witness=NAN), "more_than_in_hand"),
        (line(3, Kind.USED, amount_mg=D(1), infusion=SECOND), "more_than_in_hand"),
        (line(3, Kind.USED, amount_mg=D(0), infusion=FIRST), "ledger_needs_an_amount"),
        (line(3, Kind.PUT_BACK, vials=2, infusion=FIRST), "more_than_in_hand"),
        (line(3, Kind.RETURNED, vials=10, words="to the pharmacy", witness=NAN), "more_than_in_cupboard"),
        (line(3, Kind.LOST, vials=1, witness=NAN), "ledger_needs_a_reason"),
        (line(3, Kind.RECEIVED, vials=0), "ledger_needs_vials"),
        (line(3, Kind.REVERSED, about=7, words="no such line", witness=NAN), "nothing_to_reverse"),
        (line(3, Kind.WITNESSED, about=2), "nothing_to_witness"),
    ],
)
def test_what_cannot_be_is_not_written(said: Line, expected: str) -> None:
    assert codes(book(RECEIVED, OPENED), said) == [expected]


def test_two_for_a_receipt_only_where_the_clinic_says_so() -> None:
    assert judge(book(), RECEIVED) == ()
    assert [each.code for each in judge(book(), RECEIVED, receipts_by_two=True)] == ["ledger_needs_a_witness"]


def test_whoever_is_named_as_witness_and_nobody_else_says_so_and_once() -> None:
    kept = book(RECEIVED, OPENED, USED, WASTED)
    assert kept.unwitnessed() == [WASTED]
    assert codes(kept, line(5, Kind.WITNESSED, about=4, by=BEN)) == ["not_the_named_witness"]
    said = line(5, Kind.WITNESSED, about=4, by=NAN)
    assert codes(kept, said) == []
    after = book(RECEIVED, OPENED, USED, WASTED, said)
    assert after.unwitnessed() == []
    assert codes(after, line(6, Kind.WITNESSED, about=4, by=NAN)) == ["nothing_to_witness"]


def codes(kept: Book, said: Line) -> list[str]:
    return [finding.code for finding in judge(kept, said)]
