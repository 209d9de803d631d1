"""The ledger's pages: what is in the cupboard, what stands open, and each page line by line, also as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from stillroom.clinics.access import CLINICAL, SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.stock import Difference, Kind, NotAccounted, Overdrawn, Place
from stillroom.exchange.tables import as_csv
from stillroom.infusions.models import Infusion
from stillroom.ledger.models import LedgerLine, StockItem
from stillroom.ledger.reading import (
    Page,
    bags_without_vials,
    flushed_though_destroyed,
    lots_of,
    read_page,
    read_pages,
    receipts_take_two,
)

WRITERS = (*CLINICAL, Role.LIBRARY_APPROVER)
READERS = (*WRITERS, Role.ADMINISTRATOR, SECOND_SIGNER)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it is read: `vials` signed as the cupboard sees them, and what the cupboard held after it."""

    row: LedgerLine
    vials: int | None
    after: Decimal
    is_reversed: bool
    is_witnessed: bool


@dataclass(frozen=True, slots=True)
class Open:
    """One discrepancy, by its kind, with the infusion or the line it is about."""

    kind: str
    vials: Decimal | int = 0
    amount_mg: Decimal = Decimal(0)
    number: int = 0
    infusion: Infusion | None = None


@require_safe
@allow(*READERS)
def ledger(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    pages = [
        {"page": page, "lots": lots_of(page), "open": list(_open(page)), "mine": _mine(page, actor.the_person.pk)}
        for page in read_pages()
    ]
    told = {
        "pages": pages,
        "bags": bags_without_vials(),
        "flushed": flushed_though_destroyed(),
        "by_two": receipts_take_two(),
        **_may(request),
    }
    return render(request, "office/ledger.html", told)


@require_safe
@allow(*READERS)
def ledger_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    page, lot = read_page(get_object_or_404(StockItem, pk=item_id)), request.GET.get("lot", "")
    told = {
        "page": page,
        "item": page.item,
        "lots": sorted({row.lot for row in page.rows if row.lot}),
        "lot": lot,
        "lines": list(reversed(list(_shown(page, lot)))),
        "open": list(_open(page)),
        "totals": {place.value: page.book.mg(place) for place in Place},
        "me": actor_of(request).the_person,
        **_may(request),
    }
    return render(request, "office/ledger_page.html", told)


@require_safe
@allow(*READERS)
def ledger_table(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The page for a spreadsheet, oldest first; what would run as a formula there is made text."""
    page = read_page(get_object_or_404(StockItem, pk=item_id))
    rows = [_as_row(shown) for shown in _shown(page)]
    answer = HttpResponse(as_csv(rows) if rows else b"", content_type="text/csv; charset=utf-8")
    name = f"ledger-{page.item.vial_mg_per_ml.normalize():f}-mg-per-ml.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _may(request: HttpRequest) -> dict[str, bool]:
    actor = actor_of(request)
    return {"may_write": actor.has_role(*WRITERS), "may_rule": actor.has_role(Role.ADMINISTRATOR)}


def _mine(page: Page, me: UUID) -> list[LedgerLine]:
    """What this person was named as witness of, and has not said yet."""
    return [row for row in page.unwitnessed if row.witness_id == me]


def _shown(page: Page, lot: str = "") -> Iterator[Shown]:
    book, before = page.book, Decimal(0)
    for row in page.rows:
        after = book.after[row.number]
        moved = int(after - before) if after != before else None
        before = after
        if not lot or row.lot == lot:
            yield Shown(row, moved, after, row.number in book.reversed, row.number in book.witnessed)


def _open(page: Page) -> Iterator[Open]:
    ids = [each.infusion for each in page.discrepancies if isinstance(each, NotAccounted)]
    infusions = Infusion.objects.select_related("room", "patient").in_bulk(ids)
    for each in page.discrepancies:
        match each:
            case Difference(number, vials):
                yield Open("differs", vials=vials, number=number)
            case Overdrawn(vials):
                yield Open("overdrawn", vials=vials)
            case NotAccounted(infusion, amount_mg):
                yield Open("not_accounted", amount_mg=amount_mg, infusion=infusions.get(infusion))


def _as_row(shown: Shown) -> dict[str, Any]:
    row = shown.row
    return {
        "number": row.number,
        "occurred_at": row.occurred_at,
        "recorded_at": row.recorded_at,
        "kind": row.kind,
        "vials": row.vials or (0 if row.kind == Kind.COUNTED else None),
        "amount_mg": row.amount_mg or None,
        "lot": row.lot,
        "good_until": row.expires_on,
        "infusion": row.infusion_id,
        "patient": row.infusion.patient.identifier if row.infusion else None,
        "about_line": row.about,
        "words": row.words,
        "by": str(row.by),
        "witness": str(row.witness) if row.witness else None,
        "witness_confirmed": shown.is_witnessed if row.witness else None,
        "is_reversed": shown.is_reversed,
        "vials_after": shown.after,
    }
