"""The invented clinic's ledger: two boxes of vials, and where each vial of the last weeks went."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4

from stillroom.core.drip.course import stays_in_line_mg
from stillroom.core.infusion.state import AFTER, OVER
from stillroom.core.infusion.timeline import drip_history
from stillroom.core.stock import Kind
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of, state_of
from stillroom.ledger.drawing import Hand, InLine, account_for, take_out
from stillroom.ledger.models import StockItem
from stillroom.ledger.reading import read_page
from stillroom.ledger.writing import write_line
from stillroom.rehearsal.clinic import ORDER, House

KEPT_FOR = timedelta(days=30)
BOXES = (("INV-2604", 20, timedelta(days=400)), ("INV-2609", 10, timedelta(days=560)))
VIAL_ML = 10
PHARMACY = "the hospital pharmacy (invented)"


def fill_cupboard(house: House, *, now: datetime) -> None:
    """In a scope of the clinic, after its infusions were told."""
    osei, lind, since = house.people["osei"], house.people["lind"], now - KEPT_FOR
    vial = {"vial_mg_per_ml": ORDER.bag.vial_mg_per_ml, "vial_ml": VIAL_ML}
    item = StockItem.objects.create(clinic=house.clinic, begun_by=osei, begun_at=since, **vial)
    for lot, vials, good_for in BOXES:
        said = {"vials": vials, "lot": lot, "expires_on": (now + good_for).date(), "words": PHARMACY}
        write_line(item, act_id=uuid4(), by=osei.pk, kind=Kind.RECEIVED, occurred_at=since, witness_id=lind.pk, **said)
        write_line(item, act_id=uuid4(), by=lind.pk, kind=Kind.WITNESSED, occurred_at=since, about=_newest(item))
    for infusion in Infusion.objects.filter(started_at__gte=since).order_by("started_at"):
        _follow(house, item, infusion)
    counted_at = datetime.combine(now.date(), time(0), now.tzinfo)
    in_cupboard = int(read_page(item).book.in_cupboard)
    write_line(item, act_id=uuid4(), by=osei.pk, kind=Kind.COUNTED, occurred_at=counted_at, vials=in_cupboard)


def _follow(house: House, item: StockItem, infusion: Infusion) -> None:
    """Its vial out of the first box, and the rest of it before the other nurse, who said so for all but the newest."""
    state, (osei, lind) = state_of(infusion.pk), (house.people["osei"], house.people["lind"])
    if state.bag is None:
        return
    key = f"{item.pk} {item.vial_mg_per_ml:f} {BOXES[0][0]}"
    made = Hand(act_id=uuid4(), by=osei.pk, at=state.bag.occurred_at)
    take_out(infusion.pk, state.bag.fact.bag, shelf=key, vials=None, lot="", hand=made)
    if state.status not in AFTER | OVER or state.left_in_bag_ml is None or state.ended_at is None:
        return
    ended = Hand(act_id=uuid4(), by=osei.pk, at=state.ended_at)
    left_ml, line = state.left_in_bag_ml, _in_line(infusion)
    account_for(infusion.pk, state.bag.fact.bag, left_in_bag_ml=left_ml, line=line, witness=lind.pk, hand=ended)
    if state.gone_at is not None:
        for row in read_page(item).unwitnessed:
            about, at = row.number, state.ended_at
            write_line(item, act_id=uuid4(), by=lind.pk, kind=Kind.WITNESSED, occurred_at=at, about=about)


def _in_line(infusion: Infusion) -> InLine:
    drip = drip_history(entries_of(infusion.pk))
    return InLine(holds_mg=stays_in_line_mg(drip) if drip else 0, is_destroyed=True)


def _newest(item: StockItem) -> int:
    return item.lines.count()
