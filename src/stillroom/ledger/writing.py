"""The one way in: a line is judged by the book as it stands, and added to it. Nothing is ever changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.core.errors import Refused
from stillroom.core.stock import Kind, judge
from stillroom.ledger.models import KETAMINE, LedgerLine, LedgerRule, StockItem
from stillroom.ledger.reading import as_line, book_of, receipts_take_two


@transaction.atomic
def page_for(clinic: Clinic, *, vial_mg_per_ml: Decimal, vial_ml: Decimal, by: Person) -> StockItem:
    """The page of this strength and size of vial; begun, where there was none."""
    known_by = {"drug": KETAMINE, "vial_mg_per_ml": vial_mg_per_ml, "vial_ml": vial_ml}
    return StockItem.objects.get_or_create(clinic=clinic, **known_by, defaults={"begun_by": by})[0]


@transaction.atomic
def write_line(
    item: StockItem, *, act_id: UUID, by: UUID, kind: Kind, occurred_at: datetime | None = None, **said: Any
) -> LedgerLine:
    """The line as it stands in the book; sent again, the one that stands there. Refused where it cannot be.

    `said`: vials, amount_mg, lot, expires_on, infusion_id, about, words, witness_id.
    """
    _wait_for(item)
    known = LedgerLine.objects.filter(pk=act_id).first()
    if known is not None:
        return known
    book = book_of(item)
    row = LedgerLine(
        id=act_id,
        clinic_id=item.clinic_id,
        item=item,
        number=len(book.lines) + 1,
        kind=kind.value,
        by_id=by,
        occurred_at=occurred_at or timezone.now(),
        **said,
    )
    findings = judge(book, as_line(row), receipts_by_two=receipts_take_two())
    if findings:
        raise Refused(findings)
    row.save(force_insert=True)
    return row


def say_who_receives(clinic: Clinic, *, by_two: bool, by: Person) -> None:
    if receipts_take_two() != by_two:
        LedgerRule.objects.create(clinic=clinic, receipts_by_two=by_two, said_by=by)


def _wait_for(item: StockItem) -> None:
    """One writes to a page at a time, so that numbers have no gap and nobody is judged by an old book."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger {item.pk}"])
