"""What does the ledger say? Its pages and their books, what stands open, and for which bags no vial was written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Min, OuterRef

from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.state import AFTER, OVER
from stillroom.core.stock import Book, Discrepancy, Kind, Line, keep_book
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.reading import entries_of
from stillroom.ledger.models import LEFT_IN_LINE, LedgerLine, LedgerRule, StockItem

IS_OVER = [status.value for status in AFTER | OVER]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the ledger: its lines as they stand, and what they come to."""

    item: StockItem
    rows: Sequence[LedgerLine]
    book: Book
    discrepancies: Sequence[Discrepancy]

    @property
    def unwitnessed(self) -> list[LedgerLine]:
        waiting = {line.number for line in self.book.unwitnessed()}
        return [row for row in self.rows if row.number in waiting]


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one lot, in whole vials, and until when it may be used, where that was written."""

    lot: str
    vials: int
    expires_on: date | None


def keeps_ledger() -> bool:
    """A clinic keeps one from its first page on; one that keeps none is asked nothing."""
    return StockItem.objects.exists()


def receipts_take_two() -> bool:
    newest = LedgerRule.objects.first()
    return newest is not None and newest.receipts_by_two


def as_line(row: LedgerLine) -> Line:
    return Line(
        number=row.number,
        kind=Kind(row.kind),
        by=row.by_id,
        vials=row.vials,
        amount_mg=row.amount_mg,
        lot=row.lot,
        infusion=row.infusion_id,
        about=row.about,
        witness=row.witness_id,
        words=row.words,
    )


def book_of(item: StockItem) -> Book:
    return keep_book(map(as_line, item.lines.all()), vial_mg=item.vial_mg)


def read_page(item: StockItem) -> Page:
    rows = list(item.lines.select_related("by", "witness", "infusion__room", "infusion__patient"))
    book = keep_book(map(as_line, rows), vial_mg=item.vial_mg)
    return Page(item, rows, book, book.discrepancies(over=_over(book.in_hand_mg)))


def read_pages() -> list[Page]:
    return [read_page(item) for item in StockItem.objects.all()]


def lots_of(page: Page) -> list[Lot]:
    """What is left of each lot that has a name, the one that goes out of date first standing first."""
    expires = {row.lot: row.expires_on for row in page.rows if row.kind == Kind.RECEIVED and row.expires_on}
    lots = [Lot(lot, vials, expires.get(lot)) for lot, vials in page.book.lots.items() if vials > 0]
    return sorted(lots, key=lambda each: (each.expires_on or date.max, each.lot))


def bags_without_vials() -> list[Infusion]:
    """Infusions whose bag was made since there is a ledger, and for which no vial was taken out of it."""
    since = StockItem.objects.aggregate(since=Min("begun_at"))["since"]
    if since is None:
        return []
    made = Entry.objects.filter(kind="BagMade", recorded_at__gte=since).values("infusion_id")
    written = LedgerLine.objects.filter(kind=Kind.OPENED).values("infusion_id")
    missing = Infusion.objects.filter(pk__in=made).exclude(pk__in=written)
    return list(missing.select_related("patient", "room").order_by("created_at"))


def flushed_though_destroyed() -> list[Infusion]:
    """Infusions whose line was flushed after its rest was written down as destroyed: one of the two is wrong."""
    wrong = LedgerLine.objects.filter(kind=Kind.REVERSED, item=OuterRef("item"), about=OuterRef("number"))
    destroyed = LedgerLine.objects.filter(~Exists(wrong), kind=Kind.WASTED, words=LEFT_IN_LINE)
    written = dict(destroyed.values_list("infusion", "recorded_at"))
    flushed = Entry.objects.filter(kind="LineFlushed", infusion__in=written).values_list(
        "infusion", "seq", "recorded_at"
    )
    late = {infusion for infusion, seq, at in flushed if at > written[infusion] and _stands(infusion, seq)}
    return list(Infusion.objects.filter(pk__in=late).select_related("patient", "room").order_by("created_at"))


def _stands(infusion_id: UUID, seq: int) -> bool:
    return any(entry.seq == seq for entry in surviving(entries_of(infusion_id)))


def _over(infusions: Iterable[UUID]) -> set[UUID]:
    return set(Infusion.objects.filter(pk__in=list(infusions), status__in=IS_OVER).values_list("pk", flat=True))
