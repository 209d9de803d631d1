"""A monitor and an oximeter of its own in one room: one counts, the other is kept, and the change is written."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.parts import TileKind
from stillroom.bedside.reading import read_situation
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.vitals import Sample, Signal, Validity
from stillroom.devices.assignments import assign, devices_in, monitor_in, take_away
from stillroom.devices.models import Monitor
from stillroom.devices.readings import newest_in, readings_in, readings_of_rooms
from stillroom.devices.sources import slowest_in
from stillroom.devices.watch import Watching
from stillroom.infusions.models import Infusion
from tests.bedside.house import House
from tests.cast import Cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, written
from tests.devices.test_watch import alarms, hear, running

__all__ = ["running"]
SPO2 = Signal.SPO2_PERCENT
BY_MONITOR, BY_OXIMETER = Decimal("97"), Decimal("85")
"""Which figure a reading has says who measured it."""


@pytest.fixture
def both(running: House) -> House:
    """Beside the room's monitor stands an oximeter."""
    oximeter = make_monitor(running.cast.clinic, name="Oximeter", bed="OXIMETER", interval_s=5, is_beside=True)
    with clinic_scope(running.cast.clinic.pk):
        assign(oximeter, running.row.room, at=timezone.now() - timedelta(minutes=30), by=None)
    return running


def sends(house: House, database: Clone, value: Decimal, *, until: datetime, seconds: int, **said: Validity) -> None:
    with clinic_scope(house.cast.clinic.pk):
        monitor = Monitor.objects.get(is_beside=value == BY_OXIMETER)
    times = [until - timedelta(seconds=each) for each in range(seconds, -1, -5)]
    asyncio.run(written(database.url, arrival(monitor, [Sample(SPO2, value, at, at, **said) for at in times])))
    hear(house.cast, monitor, until)


def changes(house: House) -> list[tuple[str, str, str]]:
    facts = (entry.fact for entry in house.log)
    return [(f.signal, f.to_name, f.why) for f in facts if isinstance(f, e.SourceChanged)]


def read(house: House, at: datetime) -> set[Decimal]:
    """Every saturation that is judged, drawn, or shown now, whoever reads it."""
    room = house.row.room_id
    since = at - timedelta(minutes=10)
    with clinic_scope(house.cast.clinic.pk):
        judged = readings_of_rooms([room], [SPO2], since=since, until=at).get(room, [])
        drawn = readings_in(room, since=since, until=at, signals=[SPO2])
        newest = newest_in([room], at).get(room, {}).get(SPO2)
    assert {each.value for each in judged} == {each.value for each in drawn}
    return {each.value for each in (*judged, *([newest] if newest else []))}


def source_shown(house: House, at: datetime) -> str:
    with clinic_scope(house.cast.clinic.pk):
        infusion = Infusion.objects.select_related("room", "clinic").get(pk=house.row.pk)
        tiles = {tile.kind: tile for tile in fill_tiles(read_situation(infusion, at=at))}
    return tiles[TileKind.OXYGEN].source


def look(at: datetime) -> None:
    Watching(now=lambda: at).look()


def test_one_counts_and_gives_way_when_it_falls_silent_and_the_record_says_so(both: House, committed_db: Clone) -> None:
    now = timezone.now()
    sends(both, committed_db, BY_MONITOR, until=now, seconds=60)
    sends(both, committed_db, BY_OXIMETER, until=now, seconds=60)
    look(now + timedelta(seconds=1))
    assert (read(both, now + timedelta(seconds=1)), changes(both), alarms(both)) == ({BY_MONITOR}, [], [])
    assert source_shown(both, now + timedelta(seconds=1)) != "Oximeter"
    # The monitor's probe is off: nothing more of it. The oximeter goes on, and is judged from the next look on.
    later = now + timedelta(seconds=20)
    sends(both, committed_db, BY_OXIMETER, until=later, seconds=15)
    one, other = Watching(now=lambda: later), Watching(now=lambda: later)
    one.look()
    other.look()
    assert changes(both) == [("spo2_percent", "Oximeter", e.Why.SILENT)]
    assert read(both, later + timedelta(seconds=1)) == {BY_OXIMETER}
    assert source_shown(both, later + timedelta(seconds=1)) == "Oximeter"
    look(later + timedelta(seconds=1))
    assert ("AlarmRaised", "spo2_grave") in alarms(both)


def test_what_says_itself_that_it_is_invalid_gives_way_and_comes_back_after_a_minute(
    both: House, committed_db: Clone
) -> None:
    now = timezone.now()
    sends(both, committed_db, BY_MONITOR, until=now, seconds=5, validity=Validity.INVALID)
    sends(both, committed_db, BY_OXIMETER, until=now, seconds=60)
    look(now + timedelta(seconds=1))
    assert changes(both) == [("spo2_percent", "Oximeter", e.Why.INVALID)]
    for seconds, who in ((30, {BY_OXIMETER}), (70, {BY_MONITOR})):
        at = now + timedelta(seconds=seconds)
        sends(both, committed_db, BY_MONITOR, until=at, seconds=seconds - 5)
        sends(both, committed_db, BY_OXIMETER, until=at, seconds=30)
        look(at + timedelta(seconds=1))
        assert read(both, at + timedelta(seconds=1)) == who
    assert [why for *_, why in changes(both)] == [e.Why.INVALID, e.Why.GOES_BEFORE]


def test_when_both_are_gone_it_is_missing(both: House, committed_db: Clone) -> None:
    now = timezone.now()
    sends(both, committed_db, BY_MONITOR, until=now, seconds=30)
    later = now + timedelta(seconds=100)
    with clinic_scope(both.cast.clinic.pk):
        monitor = Monitor.objects.get(is_beside=False)
    hear(both.cast, monitor, later)
    look(later)
    assert changes(both) == []
    assert ("AlarmRaised", "spo2_missing") in alarms(both)


def test_a_technician_says_what_goes_first_and_one_taken_away_counts_no_more(both: House, committed_db: Clone) -> None:
    now = timezone.now()
    with clinic_scope(both.cast.clinic.pk):
        Monitor.objects.filter(is_beside=True).update(goes_first_for=[SPO2.value])
    sends(both, committed_db, BY_MONITOR, until=now, seconds=90)
    sends(both, committed_db, BY_OXIMETER, until=now, seconds=90)
    look(now + timedelta(seconds=1))
    assert changes(both) == [("spo2_percent", "Oximeter", e.Why.GOES_BEFORE)]
    with clinic_scope(both.cast.clinic.pk):
        take_away(Monitor.objects.get(is_beside=True), at=now + timedelta(seconds=2))
    assert read(both, now + timedelta(seconds=1)) == {BY_MONITOR}


def test_what_stands_beside_takes_nobodys_place(both: House) -> None:
    with clinic_scope(both.cast.clinic.pk):
        room = both.row.room
        monitor = monitor_in(room.pk, timezone.now())
        assert monitor is not None
        assert not monitor.is_beside
        assign(Monitor.objects.get(is_beside=True), room, at=timezone.now(), by=None)
        assert monitor_in(room.pk, timezone.now()) == monitor


def test_it_is_enrolled_beside_the_monitor_with_what_it_goes_first_for(cast: Cast) -> None:
    said = {"name": "Oximeter", "peers": "192.0.2.8", "interval_s": "1", "cuff_interval_s": "600", "is_enrolled": "on"}
    typed = said | {"is_beside": "on", "goes_first_for": ["spo2_percent", "pulse_per_min"]}
    typed |= {"pulse_first": "heart_rate_per_min"}
    assert signed_in(cast.tom).post("/devices/enrol/", typed).status_code == 302
    with clinic_scope(cast.clinic.pk):
        monitor = Monitor.objects.get()
    assert (monitor.is_beside, monitor.goes_first_for) == (True, ["spo2_percent", "pulse_per_min"])
    assert monitor.pulse_first == "heart_rate_per_min"


def test_a_slow_device_that_counts_for_what_nobody_judges_makes_nothing_else_late(
    running: House, committed_db: Clone
) -> None:
    """A capnometer that sends once a minute: the saturation is missed by its own monitor's interval all the same."""
    cast, now = running.cast, timezone.now()
    capnometer = make_monitor(cast.clinic, name="Capnometer", bed="CO2", interval_s=60, is_beside=True)
    with clinic_scope(cast.clinic.pk):
        assign(capnometer, running.row.room, at=now - timedelta(minutes=30), by=None)
    asyncio.run(written(committed_db.url, arrival(capnometer, [Sample(Signal.ETCO2_MMHG, Decimal(38), now, now)])))
    Watching().look()
    assert changes(running) == [("etco2_mmhg", "Capnometer", "silent")]
    with clinic_scope(cast.clinic.pk):
        here = devices_in([running.row.room_id], timezone.now())
        infusion = Infusion.objects.select_related("room", "clinic").get(pk=running.row.pk)
        seen = read_situation(infusion, at=timezone.now()).monitor
    assert slowest_in(here) == {}
    assert seen is not None
    assert (seen.interval_s, seen.intervals_s) == (5, {Signal.ETCO2_MMHG: 60})
