"""The ledger at a desk: received, counted, explained by two, reversed by another line, witnessed by whoever saw it."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from stillroom.clinics.models import Person
from stillroom.clinics.rows import clinic_scope
from stillroom.core.stock import Kind, Place
from stillroom.ledger.models import StockItem
from stillroom.ledger.reading import receipts_take_two
from tests.bedside.house import BAG, planned
from tests.cast import Cast, signed_in
from tests.ledger.shelves import kinds, page, stocked, written

RECEIVED = {
    "vial_mg_per_ml": "50", "vial_ml": "10", "vials": "20", "lot": "K7", "expires_on": "31 May 2028",
    "words": "the hospital pharmacy",
}  # fmt: skip


def post(who: Person | Client, path: str, **typed: object) -> HttpResponse:
    browser = who if isinstance(who, Client) else signed_in(who)
    answer = browser.post(f"/office/ledger/{path}", {"act_id": str(uuid4()), **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def shown(by: Person, path: str = "") -> str:
    return signed_in(by).get(f"/office/ledger/{path}").content.decode()


def test_the_first_vials_begin_the_ledger(cast: Cast) -> None:
    assert "No ledger is kept yet." in shown(cast.ben)
    assert post(cast.ben, "receive/", **RECEIVED).status_code == 302
    told = shown(cast.nan)
    assert "Ketamine 50 mg/mL, vials of 10 mL" in told
    assert "<strong>20 vials</strong>" in told
    assert "Lot K7: 20, good until 31 May 2028." in told


def test_a_form_sent_twice_is_one_line(cast: Cast) -> None:
    item, act_id = stocked(cast), str(uuid4())
    for _ in range(2):
        post(cast.ben, f"{item.pk}/write/counted/", vials="10", act_id=act_id)
    assert kinds(cast, item) == ["received", "counted"]


def test_a_count_that_differs_is_explained_by_two_and_holds_from_then_on(cast: Cast) -> None:
    item = stocked(cast)
    post(cast.ben, f"{item.pk}/write/counted/", vials="9")
    assert "The count of line 2 found 1 too few." in shown(cast.ben)
    explain = f"{item.pk}/write/explained/?about=2"
    assert post(cast.ben, explain, words="one fell and broke").status_code == 422
    assert post(cast.ben, explain, words="one fell and broke", witness=str(cast.ben.pk)).status_code == 422
    assert post(cast.ben, explain, words="one fell and broke", witness=str(cast.nan.pk)).status_code == 302
    assert "Stands open" not in shown(cast.ben)
    book = page(cast, item).book
    assert (book.in_cupboard, book.mg(Place.LOST), book.is_balanced()) == (9, 500, True)


def test_a_wrong_line_is_reversed_by_another_and_stays_readable(cast: Cast) -> None:
    item = stocked(cast)
    reverse = f"{item.pk}/write/reversed/?about=1"
    assert post(cast.ben, reverse, words="twenty, not ten", witness=str(cast.sig.pk)).status_code == 302
    assert page(cast, item).book.in_cupboard == 0
    told = shown(cast.ben, f"{item.pk}/")
    assert "<s>" in told
    assert "Line 1 reversed: twenty, not ten" in told
    assert post(cast.ben, reverse, words="again", witness=str(cast.nan.pk)).status_code == 422


def test_a_witness_says_so_under_their_own_name_and_nobody_else_can(cast: Cast) -> None:
    """A second signer whom a clinic with one doctor named is such a witness."""
    item = stocked(cast)
    post(cast.ada, f"{item.pk}/write/lost/", vials="1", words="fell", witness=str(cast.sig.pk))
    assert "who has not said so yet" in shown(cast.ben, f"{item.pk}/")
    assert post(cast.nan, f"{item.pk}/lines/2/seen/").status_code == 422
    assert "I saw it" in shown(cast.sig)
    assert post(cast.sig, f"{item.pk}/lines/2/seen/").status_code == 302
    assert "who has not said so yet" not in shown(cast.ben, f"{item.pk}/")
    assert post(cast.sig, f"{item.pk}/lines/2/seen/").status_code == 302, "once more is the same line"
    assert kinds(cast, item) == ["received", "lost", "witnessed"]


def test_an_infusion_without_a_vial_is_put_right_at_the_desk(cast: Cast) -> None:
    item, house = stocked(cast), planned(cast).arrive()
    house.done(signed_in(cast.ben), "make-bag", **BAG)
    assert "Bags without a vial" in shown(cast.ben)
    infusion = str(house.infusion_id)
    assert post(cast.ben, f"{item.pk}/write/opened/", infusion=infusion, vials="1", lot="K1").status_code == 302
    assert "Bags without a vial" not in shown(cast.ben)
    too_much = post(cast.ben, f"{item.pk}/write/wasted/", infusion=infusion, amount_mg="501", witness=str(cast.nan.pk))
    assert "only 500 mg are not accounted for" in too_much.content.decode()
    post(cast.ben, f"{item.pk}/write/put_back/", infusion=infusion, vials="1", lot="K1")
    assert (page(cast, item).book.in_cupboard, page(cast, item).book.lots["K1"]) == (10, 10)


def test_the_administrator_says_whether_a_receipt_takes_two(cast: Cast) -> None:
    post(cast.ann, "who-receives/", by="two")
    with clinic_scope(cast.clinic.pk):
        assert receipts_take_two()
    assert post(cast.ben, "receive/", **RECEIVED).status_code == 422
    assert post(cast.ben, "receive/", **RECEIVED, witness=str(cast.pia.pk)).status_code == 302


def test_the_table_holds_every_line_and_starts_no_formula(cast: Cast) -> None:
    item = stocked(cast)
    written(cast, item, cast.ben, Kind.LOST, vials=1, words="=HYPERLINK(1)", witness_id=cast.nan.pk)
    answer = signed_in(cast.ben).get(f"/office/ledger/{item.pk}/table/")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["number"], row["kind"], row["vials_after"]) for row in rows] == [
        ("1", "received", "10"),
        ("2", "lost", "9"),
    ]
    assert rows[1]["words"] == "'=HYPERLINK(1)"
    assert (rows[1]["witness"], rows[1]["witness_confirmed"]) == ("Nan Lindqvist", "no")


def test_lines_are_read_by_lot(cast: Cast) -> None:
    item = stocked(cast)
    written(cast, item, cast.ben, Kind.RECEIVED, vials=3, lot="K2", words="elsewhere")
    told = shown(cast.ben, f"{item.pk}/?lot=K2")
    assert "3 received from elsewhere" in told
    assert "the hospital pharmacy" not in told
    assert '<td class="num" data-is="then held">13</td>' in told, "the balance is that of the whole page"


@pytest.mark.parametrize("path", ["", "receive/", "{item}/", "{item}/write/wasted/", "{item}/write/counted/"])
def test_every_page_is_drawn_for_whoever_may_ask(cast: Cast, path: str) -> None:
    item = stocked(cast)
    assert signed_in(cast.ada).get(f"/office/ledger/{path.format(item=item.pk)}").status_code == 200


def test_a_line_of_no_kind_or_about_no_line_is_not_there(cast: Cast) -> None:
    item: StockItem = stocked(cast)
    for path in ("burnt/", "received/", "witnessed/", "explained/", "reversed/?about=9"):
        assert signed_in(cast.ben).get(f"/office/ledger/{item.pk}/write/{path}").status_code == 404
