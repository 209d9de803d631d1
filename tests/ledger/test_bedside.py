"""At the bedside: a bag takes vials out, an end accounts for them, and neither is ever held up by the ledger."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety import ITEMS, Reply
from stillroom.core.stock import Kind, NotAccounted, Overdrawn, Place
from stillroom.ledger.models import StockItem
from stillroom.ledger.reading import bags_without_vials, flushed_though_destroyed
from tests.bedside.house import BAG, House, planned
from tests.cast import Cast, signed_in
from tests.examples import VITALS
from tests.ledger.shelves import LOT, kinds, page, stocked, written

D = Decimal


def shelf(item: StockItem, lot: str = LOT) -> str:
    return f"{item.pk} {item.vial_mg_per_ml.normalize():f} {lot}"


def run_with(house: House, cast: Cast, **typed: str) -> House:
    """The bag made at the bedside, as its sheet asks; all else of a running drip past the pages."""
    ben = signed_in(cast.ben)
    house.arrive()
    house.done(ben, "make-bag", **BAG | typed)
    return house


def test_a_bag_takes_a_vial_out_of_its_lot_and_carries_the_lot(cast: Cast) -> None:
    item, house = stocked(cast), planned(cast)
    run_with(house, cast, from_shelf=shelf(item))
    book = page(cast, item).book
    assert (book.in_cupboard, book.mg(Place.HAND), book.lots[LOT]) == (9, 500, 9)
    bag = house.state.bag
    assert bag is not None
    assert bag.fact.lot == LOT


def test_the_same_act_sent_again_takes_nothing_more_out(cast: Cast) -> None:
    item, house, ben = stocked(cast), planned(cast).arrive(), signed_in(cast.ben)
    act_id = "0b8f2a8e-54ad-4a9c-8c3b-6a5c0d4b8a11"
    for _ in range(2):
        house.done(ben, "make-bag", **BAG, from_shelf=shelf(item), act_id=act_id)
    assert kinds(cast, item) == ["received", "opened"]


def test_an_end_accounts_for_all_of_it_before_a_witness(cast: Cast) -> None:
    """35 mg of a vial of 500 in 100 mL. 20 mL left are 7 mg, the line of 15 mL holds 5.25: so 22.75 reached the patient
    and 472 were left in bag and vial."""
    item, ben = stocked(cast), signed_in(cast.ben)
    house = ended(cast, item, left_in_bag_ml="20", waste_witness=str(cast.nan.pk), line_destroyed="on")
    found = page(cast, item)
    lines = [(row.kind, row.amount_mg, row.words) for row in found.rows[2:]]
    assert lines == [("used", D("22.75"), ""), ("wasted", 472, ""), ("wasted", D("5.25"), "left in the line")]
    assert found.book.mg(Place.HAND) == 0
    assert [row.witness for row in found.unwitnessed] == [cast.nan, cast.nan]
    assert found.discrepancies == []
    assert "Left in the vials" not in ben.get(house.href).content.decode()
    assert "5.25 mg left in the line and destroyed" in ben.get(f"/office/ledger/{item.pk}/").content.decode()


def test_without_a_witness_it_ends_all_the_same_and_the_rest_stays_open(cast: Cast) -> None:
    item = stocked(cast)
    house = ended(cast, item, left_in_bag_ml="20", line_destroyed="on")
    assert house.state.status == "ended"
    assert page(cast, item).discrepancies == [NotAccounted(house.infusion_id, D("477.25"))]


def test_a_line_that_nobody_said_was_destroyed_stays_open_until_a_flush_brings_it_in(cast: Cast) -> None:
    item, ben = stocked(cast), signed_in(cast.ben)
    house = ended(cast, item, left_in_bag_ml="20", waste_witness=str(cast.nan.pk))
    assert page(cast, item).discrepancies == [NotAccounted(house.infusion_id, D("5.25"))]
    house.done(ben, "flush-line", volume_ml="5", duration_min="1")
    assert page(cast, item).discrepancies == [NotAccounted(house.infusion_id, D("3.5"))]
    house.done(ben, "flush-line", volume_ml="20", duration_min="2")
    found = page(cast, item)
    assert (found.book.mg(Place.USED), found.book.mg(Place.WASTED), found.discrepancies) == (28, 472, [])


def test_a_flush_before_the_end_leaves_nothing_in_the_line_to_destroy(cast: Cast) -> None:
    item = stocked(cast)
    house = started(cast, item)
    house.record(e.LineFlushed(volume_ml=D(15), duration_min=D(1)))
    said = {"left_in_bag_ml": "20", "waste_witness": str(cast.nan.pk), "line_destroyed": "on"}
    house.done(signed_in(cast.ben), "end", **said)
    found = page(cast, item)
    assert (found.book.mg(Place.USED), found.book.mg(Place.WASTED), found.discrepancies) == (28, 472, [])


def test_a_flush_of_a_line_that_was_destroyed_is_shown_until_one_of_the_two_is_put_right(cast: Cast) -> None:
    item, ben = stocked(cast), signed_in(cast.ben)
    house = ended(cast, item, left_in_bag_ml="20", waste_witness=str(cast.nan.pk), line_destroyed="on")
    assert flushed(cast) == []
    house.done(ben, "flush-line", volume_ml="20", duration_min="2")
    assert flushed(cast) == [house.infusion_id]
    assert "Flushed, though destroyed" in ben.get("/office/ledger/").content.decode()
    line = next(row for row in page(cast, item).rows if row.words == "left in the line")
    written(cast, item, cast.ben, Kind.REVERSED, about=line.number, words="it was flushed", witness_id=cast.nan.pk)
    assert flushed(cast) == []
    assert page(cast, item).discrepancies == [NotAccounted(house.infusion_id, D("5.25"))]


def test_a_flush_that_was_taken_back_speaks_against_nothing(cast: Cast) -> None:
    item, ben = stocked(cast), signed_in(cast.ben)
    house = ended(cast, item, left_in_bag_ml="20", waste_witness=str(cast.nan.pk), line_destroyed="on")
    house.done(ben, "flush-line", volume_ml="20", duration_min="2")
    seq = house.state.last_seq
    house.ask(c.CorrectEntry(corrects_seq=seq, replacement=None, reason="it was another line"), house.ben)
    assert flushed(cast) == []


def test_nobody_is_witness_to_themselves(cast: Cast) -> None:
    item = stocked(cast)
    house = started(cast, item)
    answer = house.post(signed_in(cast.ben), "end", left_in_bag_ml="20", waste_witness=str(cast.ben.pk))
    assert answer.status_code == 422
    assert house.state.status == "infusing"


def test_a_vial_with_nothing_left_ends_by_one_number_and_leaves_the_line(cast: Cast) -> None:
    item = stocked(cast, vial_ml="0.7")
    ended(cast, item, left_in_bag_ml="0")
    found = page(cast, item)
    assert kinds(cast, item) == ["received", "opened", "used"]
    assert (found.book.mg(Place.USED), found.book.mg(Place.HAND)) == (D("29.75"), D("5.25"))


def test_an_empty_cupboard_holds_up_no_bag_and_stands_open(cast: Cast) -> None:
    item = stocked(cast, vials=1)
    run_with(planned(cast), cast, from_shelf=shelf(item), vials="3")
    assert page(cast, item).discrepancies == [Overdrawn(D(2))]


def test_a_bag_of_another_strength_than_its_vial_is_asked_about(cast: Cast) -> None:
    item, house = stocked(cast, vial_mg_per_ml="10"), planned(cast).arrive()
    answer = house.post(signed_in(cast.ben), "make-bag", **BAG, from_shelf=shelf(item))
    assert answer.status_code == 422
    assert kinds(cast, item) == ["received"]


def test_a_bag_for_which_no_vial_was_named_is_listed_where_a_ledger_is_kept(cast: Cast) -> None:
    stocked(cast)
    house = run_with(planned(cast), cast)
    with clinic_scope(cast.clinic.pk):
        assert [each.pk for each in bags_without_vials()] == [house.infusion_id]


@pytest.mark.parametrize("words", ["Taken out of the ledger", "Left in the vials"])
def test_a_clinic_without_a_ledger_is_asked_nothing(cast: Cast, words: str) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    assert words not in ben.get(house.href).content.decode()
    house.done(ben, "make-bag", **BAG)
    with clinic_scope(cast.clinic.pk):
        assert bags_without_vials() == []


def test_the_sheets_ask_where_there_is_a_ledger(cast: Cast) -> None:
    item, ben = stocked(cast), signed_in(cast.ben)
    house = planned(cast).arrive()
    making = ben.get(house.href).content.decode()
    assert "50 mg/mL, vials of 10 mL, lot K1: 10 left" in making
    house.done(ben, "make-bag", **BAG, from_shelf=shelf(item))
    on_with(house)
    assert "Left in the vials: <strong>9.3 mL</strong>, 465 mg" in ben.get(house.href).content.decode()


def started(cast: Cast, item: StockItem) -> House:
    house = planned(cast)
    run_with(house, cast, from_shelf=shelf(item))
    return on_with(house)


def ended(cast: Cast, item: StockItem, **typed: str) -> House:
    house = started(cast, item)
    house.done(signed_in(cast.ben), "end", **typed)
    return house


def flushed(cast: Cast) -> list[UUID]:
    with clinic_scope(cast.clinic.pk):
        return [each.pk for each in flushed_though_destroyed()]


def on_with(house: House) -> House:
    """From a bag that was made to a drip that runs."""
    for item in ITEMS:
        house.record(e.PreflightAnswered(item=item, reply=Reply.FINE))
    house.record(VITALS)
    house.record(e.LinePlaced(site="left forearm"))
    house.ask(c.CheckBag(), house.nan)
    house.record(e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG)))
    house.ask(c.DeclareReady(), house.ben)
    answer = house.ask(c.StartInfusion(), house.ben)
    house.ask(c.ConfirmDone(intent_seq=answer.last_seq), house.ben)
    return house
