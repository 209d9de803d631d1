"""At the bedside: vials taken out for a bag, and what became of them once the drip is over. Nothing here refuses.

A bag, an end and a flush are recorded whatever the ledger says to them. What does not fit is left out of the ledger,
and so stands in it as an open discrepancy, which people settle at a desk.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from uuid import UUID, uuid5

from django.db import DatabaseError, transaction

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.exact import Amount, exact, shown
from stillroom.core.errors import Refused
from stillroom.core.stock import Kind, share_out
from stillroom.ledger.models import LEFT_IN_LINE, LedgerLine, StockItem
from stillroom.ledger.reading import book_of, lots_of, read_pages
from stillroom.ledger.writing import write_line

MG_DECIMALS = 2
"""As a register has it; what is rounded away stays with what was used."""

LEDGER = UUID("6d1d5b61-4f1e-4e0d-8f7e-3f3a7f2a9c10")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InHand:
    """What was taken out for one infusion and not accounted for, of one page: all of it, and what is not in the bag."""

    item: StockItem
    in_hand_mg: Decimal
    in_vials_mg: Decimal

    @property
    def in_vials_ml(self) -> Decimal:
        return self.in_vials_mg / self.item.vial_mg_per_ml


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did what is written down, under which act, and when."""

    act_id: UUID
    by: UUID
    at: datetime

    def line_id(self, what: str) -> UUID:
        """An act that is sent again writes the same lines."""
        return uuid5(LEDGER, f"{self.act_id} {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """What the line holds when the drip is over, mg, and whether somebody says that it was thrown away with it."""

    holds_mg: Amount
    is_destroyed: bool


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One lot that can be taken out. `key` is how a form names it."""

    item: StockItem
    lot: str
    vials: int
    expires_on: date | None = None

    @property
    def key(self) -> str:
        return f"{self.item.pk} {self.item.vial_mg_per_ml.normalize():f} {self.lot}"


def on_shelf() -> list[OnShelf]:
    """Every lot of every page; a page of which no lot is left is offered by itself: a drip waits for no ledger."""
    found = []
    for page in read_pages():
        lots = [OnShelf(page.item, each.lot, each.vials, each.expires_on) for each in lots_of(page)]
        found.extend(lots or [OnShelf(page.item, "", int(page.book.in_cupboard))])
    return found


def take_out(infusion_id: UUID, bag: Bag, *, shelf: str, vials: int | None, lot: str, hand: Hand) -> None:
    """Vials for a bag, as many as were said or as its drug fills."""
    item_id, _, named = shelf.split(" ", 2)
    item = StockItem.objects.get(pk=item_id)
    needed = int((bag.drug_volume_ml / item.vial_ml).to_integral_value(ROUND_CEILING))
    _write(
        item,
        hand,
        Kind.OPENED,
        infusion_id=infusion_id,
        vials=vials or needed,
        lot=named or lot,
    )


def in_hand_of(infusion_id: UUID, bag: Bag | None) -> list[InHand]:
    """What is in hand for this infusion, page by page; what the bag took is taken to be in the bag."""
    items = StockItem.objects.filter(lines__infusion=infusion_id).distinct()
    found, in_bag_mg = [], shown(bag.drug_mg, decimals=MG_DECIMALS) if bag else Decimal(0)
    for item in items:
        in_hand_mg = book_of(item).in_hand_mg.get(infusion_id, Decimal(0))
        mine_mg = min(in_bag_mg, in_hand_mg)
        in_bag_mg -= mine_mg
        if in_hand_mg > 0:
            found.append(InHand(item, in_hand_mg, in_hand_mg - mine_mg))
    return found


def account_for(
    infusion_id: UUID, bag: Bag, *, left_in_bag_ml: Decimal, line: InLine, witness: UUID | None, hand: Hand
) -> None:
    """The drip is over: what is left in bag and vials was destroyed before `witness`, and the rest reached the patient.

    What the line holds is neither, and stays in hand, until somebody says that it was destroyed too or a flush brings
    it in. Where something is left and nobody is named, only what was used is written: the rest stays open.
    """
    left_ml = min(exact(left_in_bag_ml), bag.final_volume_ml)
    left_in_bag_mg = shown(left_ml * bag.strength_mg_per_ml, decimals=MG_DECIMALS)
    in_line_mg = shown(line.holds_mg, decimals=MG_DECIMALS)
    pages = in_hand_of(infusion_id, bag)
    in_hand = [(each.in_hand_mg, each.in_vials_mg) for each in pages]
    shares = share_out(in_hand, left_in_bag_mg=left_in_bag_mg, in_line_mg=in_line_mg)
    for page, share in zip(pages, shares, strict=True):
        if share.used_mg:
            _write(page.item, hand, Kind.USED, infusion_id=infusion_id, amount_mg=share.used_mg)
        wasted = {"": share.left_mg, LEFT_IN_LINE: share.in_line_mg if line.is_destroyed else 0}
        for words, amount_mg in wasted.items():
            if amount_mg and witness is not None:
                _waste(page.item, hand, infusion_id=infusion_id, amount_mg=amount_mg, witness_id=witness, words=words)


def flushed_in(infusion_id: UUID, bag: Bag, *, brought_mg: Amount, hand: Hand) -> None:
    """After the end a flush brought drug from the line into the patient: used, as far as it is still in hand."""
    left_mg = shown(brought_mg, decimals=MG_DECIMALS)
    for each in in_hand_of(infusion_id, bag):
        used_mg = min(left_mg, each.in_hand_mg)
        left_mg -= used_mg
        if used_mg:
            _write(each.item, hand, Kind.USED, infusion_id=infusion_id, amount_mg=used_mg)


def _waste(item: StockItem, hand: Hand, *, words: str, **said: object) -> None:
    what = f"{Kind.WASTED} {words}".strip()
    _write(item, hand, Kind.WASTED, what=what, words=words, **said)


def _write(item: StockItem, hand: Hand, kind: Kind, what: str = "", **said: object) -> LedgerLine | None:
    try:
        with transaction.atomic():
            return write_line(
                item,
                act_id=hand.line_id(f"{what or kind} {item.pk}"),
                by=hand.by,
                kind=kind,
                occurred_at=hand.at,
                **said,
            )
    except (Refused, DatabaseError):
        log.exception("the ledger did not take a line of %s: it stands there as open", kind)
        return None
