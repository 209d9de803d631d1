"""At the bedside: a bag takes vials out, an end accounts for them, and neither is ever held up by the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety import ITEMS, Reply
from stillroom.core.stock import NotAccounted, Overdrawn, Place
from stillroom.ledger.models import StockItem
from stillroom.ledger.reading import bags_without_vials
from tests.bedside.house import BAG, House, planned
from tests.cast import Cast, signed_in
from tests.examples import VITALS
from tests.ledger.shelves import LOT, kinds, page, stocked

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
    """35 mg of a vial of 500 in 100 mL; 20 mL left are 7 mg, so 28 went to the patient and 472 were destroyed."""
    item, ben = stocked(cast), signed_in(cast.ben)
    house = ended(cast, item, left_in_bag_ml="20", waste_witness=str(cast.nan.pk))
    found = page(cast, item)
    assert kinds(cast, item) == ["received", "opened", "used", "wasted"]
    assert (found.book.mg(Place.USED), found.book.mg(Place.WASTED), found.book.mg(Place.HAND)) == (28, 472, 0)
    assert [row.witness for row in found.unwitnessed] == [cast.nan]
    assert found.discrepancies == []
    assert "Left in the vials" not in ben.get(house.href).content.decode()


def test_without_a_witness_it_ends_all_the_same_and_the_rest_stays_open(cast: Cast) -> None:
    item = stocked(cast)
    house = ended(cast, item, left_in_bag_ml="20")
    assert house.state.status == "ended"
    assert page(cast, item).discrepancies == [NotAccounted(house.infusion_id, D(472))]


def test_nobody_is_witness_to_themselves(cast: Cast) -> None:
    item = stocked(cast)
    house = started(cast, item)
    answer = house.post(signed_in(cast.ben), "end", left_in_bag_ml="20", waste_witness=str(cast.ben.pk))
    assert answer.status_code == 422
    assert house.state.status == "infusing"


def test_a_vial_with_nothing_left_ends_by_one_number(cast: Cast) -> None:
    item = stocked(cast, vial_ml="0.7")
    ended(cast, item, left_in_bag_ml="0")
    found = page(cast, item)
    assert kinds(cast, item) == ["received", "opened", "used"]
    assert (found.book.mg(Place.USED), found.discrepancies) == (35, [])


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
