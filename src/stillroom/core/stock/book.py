"""What does the ledger of one drug, in one strength and size of vial, come to? Always derived, never stored.

Whatever is written in whatever order, nothing is made or lost in the book:

    received + found = in the cupboard + in hand + used + wasted + returned + lost

What does not add up in the world is an open discrepancy, and stands until it is explained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from stillroom.core.stock.lines import MOVES, Kind, Place

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. By whole `vials` or by `amount_mg`, as its kind has it; `about` is the number of an earlier line."""

    number: int
    kind: Kind
    by: UUID
    vials: int = 0
    amount_mg: Decimal = NOTHING
    lot: str = ""
    infusion: UUID | None = None
    about: int | None = None
    witness: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that the book did not agree with, which nobody has explained: `vials` too many, or too few (negative)."""

    number: int
    vials: int


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """More went out of the cupboard than the book had in it."""

    vials: Decimal


@dataclass(frozen=True, slots=True)
class NotAccounted:
    """An infusion is over, and of what was opened for it `amount_mg` is neither used nor wasted; negative: too much."""

    infusion: UUID
    amount_mg: Decimal


Discrepancy = Difference | Overdrawn | NotAccounted


@dataclass(slots=True, kw_only=True)
class Book:
    """The ledger after its lines. `after` is what the cupboard held after each, in vials, by the line's number."""

    vial_mg: Decimal
    held_mg: dict[Place, Decimal] = field(default_factory=lambda: dict.fromkeys(Place, NOTHING))
    in_hand_mg: dict[UUID, Decimal] = field(default_factory=dict)
    lots: Counter[str] = field(default_factory=Counter)
    after: dict[int, Decimal] = field(default_factory=dict)
    differences: dict[int, int] = field(default_factory=dict)
    explained: dict[int, int] = field(default_factory=dict)
    reversed: set[int] = field(default_factory=set)
    witnessed: set[int] = field(default_factory=set)
    lines: dict[int, Line] = field(default_factory=dict)

    @property
    def in_cupboard(self) -> Decimal:
        """In vials; they are whole while nothing but vials was moved."""
        return self.mg(Place.CUPBOARD) / self.vial_mg

    def mg(self, place: Place) -> Decimal:
        return self.held_mg[place]

    def is_balanced(self) -> bool:
        came = self.mg(Place.SOURCE) + self.mg(Place.FOUND)
        return came == sum((self.mg(each) for each in Place if each not in (Place.SOURCE, Place.FOUND)), NOTHING)

    def unwitnessed(self) -> list[Line]:
        """Lines that name somebody who has not said so yet, and that still count."""
        return [
            line
            for line in self.lines.values()
            if line.witness and line.number not in self.witnessed and line.number not in self.reversed
        ]

    def discrepancies(self, *, over: Collection[UUID]) -> list[Discrepancy]:
        """What stands open, when the infusions in `over` are over."""
        found: list[Discrepancy] = [
            Difference(number, vials)
            for number, vials in self.differences.items()
            if vials and number not in self.explained.values()
        ]
        if self.in_cupboard < 0:
            found.append(Overdrawn(-self.in_cupboard))
        found.extend(
            NotAccounted(infusion, amount_mg)
            for infusion, amount_mg in self.in_hand_mg.items()
            if amount_mg < 0 or (amount_mg and infusion in over)
        )
        return found


def keep_book(lines: Iterable[Line], *, vial_mg: Decimal) -> Book:
    """The book after `lines`, in the order of their numbers."""
    book = Book(vial_mg=vial_mg)
    for line in lines:
        _enter(book, line)
        book.lines[line.number] = line
        book.after[line.number] = book.in_cupboard
    return book


def _enter(book: Book, line: Line) -> None:
    match line.kind:
        case Kind.COUNTED:
            book.differences[line.number] = line.vials - int(book.in_cupboard)
        case Kind.EXPLAINED:
            _explain(book, line, sign=1)
        case Kind.WITNESSED:
            book.witnessed.add(line.about or 0)
        case Kind.REVERSED:
            _take_back(book, book.lines[line.about or 0])
        case _:
            _move(book, line, sign=1)


def _move(book: Book, line: Line, *, sign: int) -> None:
    """Out of one place and into another. What came from outside is counted by how much ever came."""
    from_place, to_place = MOVES[line.kind]
    mg = sign * (line.vials * book.vial_mg if line.vials else line.amount_mg)
    _shift(book, from_place, to_place, mg)
    if line.lot:
        book.lots[line.lot] += sign * line.vials * ((to_place is Place.CUPBOARD) - (from_place is Place.CUPBOARD))
    if line.infusion and Place.HAND in (from_place, to_place):
        change_mg = mg if to_place is Place.HAND else -mg
        book.in_hand_mg[line.infusion] = book.in_hand_mg.get(line.infusion, NOTHING) + change_mg


def _explain(book: Book, line: Line, *, sign: int) -> None:
    """From here on what was counted holds: what is too few is lost, what is too many was found."""
    vials = book.differences[line.about or 0]
    if vials < 0:
        _shift(book, Place.CUPBOARD, Place.LOST, sign * -vials * book.vial_mg)
    else:
        _shift(book, Place.FOUND, Place.CUPBOARD, sign * vials * book.vial_mg)
    book.explained[line.number] = line.about or 0


def _take_back(book: Book, wrong: Line) -> None:
    book.reversed.add(wrong.number)
    match wrong.kind:
        case Kind.COUNTED:
            del book.differences[wrong.number]
        case Kind.EXPLAINED:
            _explain(book, wrong, sign=-1)
            del book.explained[wrong.number]
        case _:
            _move(book, wrong, sign=-1)


def _shift(book: Book, from_place: Place, to_place: Place, mg: Decimal) -> None:
    book.held_mg[from_place] += mg if from_place in (Place.SOURCE, Place.FOUND) else -mg
    book.held_mg[to_place] += mg
