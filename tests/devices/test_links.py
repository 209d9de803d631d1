"""How links are written down while messages come."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

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
from stillroom.gateways.contract import Answer, Report, SetAside
from stillroom.gateways.hl7.reasons import Reason
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

    write_links = links_module._write_links

    def write(rows: Sequence[Mapping[str, Any]]) -> None:
        noted.hear(1, "127.0.0.1", HEARD, BEGIN + timedelta(seconds=1))
        write_links(rows)

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


@pytest.mark.django_db
def test_all_that_is_noted_of_a_link_is_written_and_written_over(cast: Cast) -> None:
    monitor = make_monitor(cast.clinic)
    links = Links()
    with clinic_scope(cast.clinic.pk):
        noted = links.of(enrolment_of(monitor))
    noted.hear(7, "10.0.0.5", Report(Answer.ACCEPT, sent_at=BEGIN - timedelta(seconds=75)), BEGIN)
    links.take_changes().write_down()
    later = BEGIN + timedelta(seconds=2, microseconds=7)
    refused = SetAside(Reason.UNIT_UNKNOWN, "OBX 3", 'a "value" of 100 % \\ ü')
    noted.hear(7, "10.0.0.6", Report(Answer.ERROR, set_aside=(refused,)), later)
    links.take_changes().write_down()
    with clinic_scope(cast.clinic.pk):
        found = LinkState.objects.get()
    assert (found.monitor_id, found.clinic_id, found.peer, found.lines) == (monitor.pk, cast.clinic.pk, "10.0.0.6", 1)
    assert (found.last_heard_at, found.last_sample_at) == (later, None)
    assert found.observed_interval_s == pytest.approx(2.000007)
    assert (found.clock_offset_s, found.frames, found.samples, found.refused) == (75.0, 2, 0, 1)
    [said] = found.refusals
    assert (said["what"], said["where"], said["times"], said["at"]) == (refused.what, "OBX 3", 1, later.isoformat())
