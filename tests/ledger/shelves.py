"""A cupboard with ten vials in it, and how to ask what the ledger says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from stillroom.clinics.models import Person
from stillroom.clinics.rows import clinic_scope
from stillroom.core.stock import Kind
from stillroom.ledger.models import LedgerLine, StockItem
from stillroom.ledger.reading import Page, read_page
from stillroom.ledger.writing import page_for, write_line
from tests.cast import Cast

LOT = "K1"


def stocked(cast: Cast, *, vials: int = 10, vial_mg_per_ml: str = "50", vial_ml: str = "10") -> StockItem:
    with clinic_scope(cast.clinic.pk):
        item = page_for(cast.clinic, vial_mg_per_ml=Decimal(vial_mg_per_ml), vial_ml=Decimal(vial_ml), by=cast.ben)
    written(cast, item, cast.ben, Kind.RECEIVED, vials=vials, lot=LOT, words="the hospital pharmacy")
    return item


def written(cast: Cast, item: StockItem, by: Person, kind: Kind, act_id: UUID | None = None, **said: Any) -> LedgerLine:
    with clinic_scope(cast.clinic.pk):
        return write_line(item, act_id=act_id or uuid4(), by=by.pk, kind=kind, **said)


def page(cast: Cast, item: StockItem) -> Page:
    with clinic_scope(cast.clinic.pk):
        return read_page(item)


def kinds(cast: Cast, item: StockItem) -> list[str]:
    return [row.kind for row in page(cast, item).rows]
