"""How links are written down while messages come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from stillroom.clinics.rows import clinic_scope
from stillroom.devices import gateway
from stillroom.devices import links as links_module
from stillroom.devices.enrolment import enrolment_of
from stillroom.devices.gateway import GatewayKeeper
from stillroom.devices.ingest import Ingest
from stillroom.devices.links import Knock, Links
from stillroom.devices.models import LinkState, Stranger
from stillroom.gateways.contract import Answer, Report
from tests.cast import Cast
from tests.devices.premises import make_monitor

BEGIN = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEARD = Report(Answer.ACCEPT)


def links_of(cast: Cast) -> Links:
    """One monitor's, that was heard once, in a gateway where a stranger knocked."""
    monitor = make_monitor(cast.clinic)
    links = Links()
    with clinic_scope(cast.clinic.pk):
        links.of(enrolment_of(monitor)).hear(1, "127.0.0.1", HEARD, BEGIN)
    links.note_stranger([cast.clinic.pk], Knock("10.0.0.9", "", None), BEGIN)
    return links


@pytest.mark.django_db
def test_what_comes_while_it_is_written_waits_for_the_next_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    links = links_of(cast)
    [noted] = links._noted.values()
    changes = links.take_changes()

    def write(rows: list[LinkState]) -> None:
        noted.hear(1, "127.0.0.1", HEARD, BEGIN + timedelta(seconds=1))
        LinkState.objects.bulk_create(rows)

    with monkeypatch.context() as patched:
        patched.setattr(links_module, "_write_links", write)
        changes.write_down()
    with clinic_scope(cast.clinic.pk):
        assert LinkState.objects.get().frames == 1
    links.take_changes().write_down()
    with clinic_scope(cast.clinic.pk):
        assert LinkState.objects.get().frames == 2
    assert not links.take_changes().links


@pytest.mark.django_db
def test_what_cannot_be_written_is_written_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that closed while the database was away would else be shown open until its monitor sends again."""
    keeper = GatewayKeeper(Ingest.__new__(Ingest))
    keeper.links = links_of(cast)
    keeper.links.close(1)

    async def away(act: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(gateway, "in_database", away)
    with pytest.raises(DatabaseError):
        asyncio.run(keeper.write_links())
    keeper.links.take_changes().write_down()
    with clinic_scope(cast.clinic.pk):
        assert (LinkState.objects.get().lines, Stranger.objects.get().peer) == (0, "10.0.0.9")
