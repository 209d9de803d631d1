"""A sync that fails: no answer for what it was to keep, and no second try that pretends; F7 of docs/faults.md."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from stillroom.infusions.export import verify_all
from stillroom.project.server_account import PostgresError
from tests.bedside.house import House, planned
from tests.cast import make_cast, signed_in
from tests.e2e.served import wait_until
from tests.faults.on_disk import end_server, on_disk


def times_in_log(house: House, act: UUID) -> int:
    return [entry.act for entry in house.log].count(act)


def test_an_act_that_cannot_be_synced_is_not_answered_and_whatever_was_is_there(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with django_db_blocker.unblock(), on_disk() as (server, disk):
        cast = make_cast()
        house, nurse = planned(cast), signed_in(cast.ben)
        nurse.raise_request_exception = False
        answered, unknown = uuid4(), uuid4()
        house.done(nurse, "note", act_id=answered, words="on the disk")
        with disk.failing():
            assert house.post(nurse, "note", act_id=unknown, words="perhaps").status_code == 500
            connections.close_all()
            wait_until(lambda: not server.is_running(), at_most_s=60)
            with pytest.raises(PostgresError, match="Input/output error"):
                server.start()
        server.start()
        assert times_in_log(house, answered) == 1
        house.done(nurse, "note", act_id=unknown, words="perhaps")
        connections.close_all()
        disk.cut_power(lambda: end_server(server.folder))
        server.start()
        assert (times_in_log(house, answered), times_in_log(house, unknown)) == (1, 1)
        assert not verify_all().wrong
