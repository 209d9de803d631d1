"""May this line be written into this book? What speaks against it, in findings; a drip is never held up by any of them.

At the bedside only vials are taken out and accounted for, and vials may be taken out that the book does not have: that
is an open discrepancy, no refusal.
"""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.core.errors import Finding, Severity
from stillroom.core.stock.book import NOTHING, Book, Line
from stillroom.core.stock.lines import BY_TWO, BY_VIAL, MOVES, REVERSIBLE, WITH_REASON, Kind, Place


def judge(book: Book, line: Line, *, receipts_by_two: bool = False) -> tuple[Finding, ...]:
    """Everything that is wrong with `line`, which would come next. Nothing: it may be written."""
    return (*_of_people(book, line, receipts_by_two), *_of_amount(book, line), *_of_earlier(book, line))


def _of_people(book: Book, line: Line, receipts_by_two: bool) -> Iterator[Finding]:
    needs_two = line.kind in BY_TWO or (line.kind is Kind.RECEIVED and receipts_by_two)
    if needs_two and line.witness is None:
        yield _hard("ledger_needs_a_witness")
    if line.witness is not None and line.witness == line.by:
        yield _hard("witness_is_the_author")
    if line.kind in WITH_REASON and not line.words.strip():
        yield _hard("ledger_needs_a_reason")


def _of_amount(book: Book, line: Line) -> Iterator[Finding]:
    if line.kind in BY_VIAL and line.vials < (0 if line.kind is Kind.COUNTED else 1):
        yield _hard("ledger_needs_vials")
    if line.kind in (Kind.USED, Kind.WASTED) and line.amount_mg <= 0:
        yield _hard("ledger_needs_an_amount")
    from_place = MOVES[line.kind][0] if line.kind in MOVES else None
    mg = line.vials * book.vial_mg if line.vials else line.amount_mg
    if from_place is Place.HAND:
        in_hand_mg = book.in_hand_mg.get(line.infusion, NOTHING) if line.infusion else NOTHING
        if mg > in_hand_mg:
            yield _hard("more_than_in_hand", in_hand_mg=f"{max(in_hand_mg, NOTHING):f}")
    if from_place is Place.CUPBOARD and line.kind is not Kind.OPENED and line.vials > book.in_cupboard:
        yield _hard("more_than_in_cupboard", vials=f"{max(book.in_cupboard, NOTHING):f}")


def _of_earlier(book: Book, line: Line) -> Iterator[Finding]:
    about = book.lines.get(line.about or 0)
    match line.kind:
        case Kind.EXPLAINED:
            if not book.differences.get(line.about or 0) or line.about in book.explained.values():
                yield _hard("nothing_to_explain")
        case Kind.REVERSED:
            if about is None or about.kind not in REVERSIBLE or about.number in book.reversed:
                yield _hard("nothing_to_reverse")
            elif about.kind is Kind.COUNTED and about.number in book.explained.values():
                yield _hard("reverse_the_explanation_first")
        case Kind.WITNESSED:
            if about is None or about.number in book.witnessed | book.reversed or about.witness is None:
                yield _hard("nothing_to_witness")
            elif about.witness != line.by:
                yield _hard("not_the_named_witness")


def _hard(code: str, **facts: str) -> Finding:
    return Finding(code, Severity.HARD, facts)
