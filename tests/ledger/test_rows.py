"""Lines only grow, are numbered without a gap, are one clinic's, and are written once however often they are sent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.core.stock import Kind
from stillroom.ledger.models import LedgerLine, StockItem
from stillroom.ledger.writing import say_who_receives
from tests.cast import Cast
from tests.ledger.shelves import kinds, page, stocked, written


@pytest.mark.parametrize("sql", ["UPDATE {} SET clinic_id = clinic_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["ledger_ledgerline", "ledger_stockitem", "ledger_ledgerrule"])
def test_no_line_is_changed_or_removed(cast: Cast, table: str, sql: str) -> None:
    stocked(cast)
    with (
        clinic_scope(cast.clinic.pk),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))


def test_the_owner_of_the_tables_neither(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('ledger_ledgerline'::regclass,"
            " 'ledger_stockitem'::regclass, 'ledger_ledgerrule'::regclass)"
            " AND tgname IN ('only_grows', 'never_emptied') AND tgenabled = 'A'"
        )
        assert cursor.fetchone()[0] == 6


def test_another_clinic_sees_nothing_of_it(cast: Cast) -> None:
    stocked(cast)
    with clinic_scope(cast.other_clinic.pk):
        assert (StockItem.objects.count(), LedgerLine.objects.count()) == (0, 0)


def test_a_line_sent_twice_is_one_line_and_numbers_have_no_gap(cast: Cast) -> None:
    item, act_id = stocked(cast), uuid4()
    lines = [written(cast, item, cast.ben, Kind.COUNTED, act_id, vials=10) for _ in range(2)]
    assert lines[0] == lines[1]
    with pytest.raises(Refused):
        written(cast, item, cast.ben, Kind.LOST, vials=1, words="dropped")
    written(cast, item, cast.ben, Kind.LOST, vials=1, words="dropped", witness_id=cast.nan.pk)
    assert [(row.number, row.kind) for row in page(cast, item).rows] == [(1, "received"), (2, "counted"), (3, "lost")]
    assert page(cast, item).book.in_cupboard == 9


def test_a_clinic_that_says_so_receives_by_two(cast: Cast) -> None:
    item = stocked(cast)
    with clinic_scope(cast.clinic.pk):
        say_who_receives(cast.clinic, by_two=True, by=cast.ann)
    with pytest.raises(Refused) as refused:
        written(cast, item, cast.ben, Kind.RECEIVED, vials=5)
    assert [finding.code for finding in refused.value.findings] == ["ledger_needs_a_witness"]
    written(cast, item, cast.ben, Kind.RECEIVED, vials=5, witness_id=cast.nan.pk)
    assert kinds(cast, item) == ["received", "received"]
