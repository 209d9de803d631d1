"""What waited on disk while the database was away arrives late, and never as live: it says what was, not what is."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Freshness, Signal, freshness_of, lifetime_of
from stillroom.devices import ingest
from stillroom.devices.arriving import Arrival
from stillroom.devices.assignments import assign
from stillroom.devices.models import LinkState, Monitor
from stillroom.devices.readings import newest_in
from stillroom.devices.spool import Spool
from stillroom.devices.waiting import Waiting
from stillroom.devices.watch import Watching
from tests.bedside.house import House, planned
from tests.cast import make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written
from tests.devices.test_watch import RAISED, alarms

EVERY_S = 5


@pytest.fixture
def running(committed_db: Clone) -> House:
    """A drip that runs, in a room with a monitor that sends every five seconds."""
    cast = make_cast()
    house = planned(cast).start()
    monitor = make_monitor(cast.clinic, interval_s=EVERY_S)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.row.room, at=timezone.now() - timedelta(minutes=30), by=None)
    return house


def sent(house: House, value: str, *, from_s: int, to_s: int, now: datetime) -> Arrival:
    """That saturation every five seconds, so many seconds before now; each came when it was measured."""
    times = [now - timedelta(seconds=each) for each in range(from_s, to_s - 1, -EVERY_S)]
    return arrival(monitor_of(house), [sample(value=value, at=at) for at in times])


def monitor_of(house: House) -> Monitor:
    with clinic_scope(house.cast.clinic.pk):
        return Monitor.objects.get()


def arrive_live(house: House, database: Clone, came: Arrival, now: datetime) -> None:
    asyncio.run(written(database.url, came))
    with clinic_scope(house.cast.clinic.pk):
        told = {"clinic": house.cast.clinic, "last_heard_at": now}
        LinkState.objects.update_or_create(monitor=monitor_of(house), defaults=told)


def arrive_from_disk(database: Clone, folder: Path, came: Arrival) -> None:
    """It waited while the database was away, and is stored now that it is back."""

    async def stored() -> None:
        async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as conn:
            await ingest.prepare(conn)
            late = Waiting(Spool(folder, max_bytes=1024**2), lambda arrivals: ingest.write(conn, arrivals))
            await late.keep([came])
            storing = asyncio.create_task(late.run())
            while late.is_in_use:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            storing.cancel()

    asyncio.run(stored())


def newest(house: House, at: datetime) -> tuple[str, Freshness]:
    """The saturation that counts now, and how fresh it is."""
    room = house.row.room_id
    with clinic_scope(house.cast.clinic.pk):
        found = newest_in([room], at)[room][Signal.SPO2_PERCENT]
    return str(found.value), freshness_of(found, at, lifetime_of(found.signal, interval_s=EVERY_S, cuff_interval_s=600))


def tile(house: House) -> str:
    """As the page of the room shows it: what was last measured, by the monitor or by hand before the start."""
    page = signed_in(house.cast.ben).get(house.href).content.decode()
    found = re.search(r'id="tile-oxygen".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_what_was_spooled_arrives_late_never_as_live_and_clears_no_alarm(
    running: House, committed_db: Clone, tmp_path: Path
) -> None:
    now = timezone.now()
    arrive_live(running, committed_db, sent(running, "85", from_s=20, to_s=0, now=now), now)
    Watching().look()
    assert alarms(running) == [RAISED]
    arrive_from_disk(committed_db, tmp_path, sent(running, "99", from_s=300, to_s=60, now=now))
    Watching().look()
    assert alarms(running) == [RAISED]
    assert newest(running, now) == ("85", Freshness.FRESH)


def test_what_was_spooled_arrives_late_never_as_live_and_makes_no_tile_fresh(
    running: House, committed_db: Clone, tmp_path: Path
) -> None:
    """Nothing live comes: the monitor was lost, and stays lost with all that is stored of it now."""
    now = timezone.now()
    arrive_live(running, committed_db, sent(running, "97", from_s=320, to_s=310, now=now), now - timedelta(seconds=60))
    Watching().look()
    assert alarms(running) == [("AlarmRaised", "monitor_lost")]
    arrive_from_disk(committed_db, tmp_path, sent(running, "99", from_s=300, to_s=60, now=now))
    Watching().look()
    assert alarms(running) == [("AlarmRaised", "monitor_lost")]
    assert newest(running, now) == ("99", Freshness.LOST)
    assert "99%" not in tile(running)
    arrive_live(running, committed_db, sent(running, "98", from_s=0, to_s=0, now=now), now)
    assert "98%" in tile(running)


def test_what_was_spooled_of_a_low_saturation_long_over_raises_no_alarm_now(
    running: House, committed_db: Clone, tmp_path: Path
) -> None:
    now = timezone.now()
    arrive_live(running, committed_db, sent(running, "97", from_s=20, to_s=0, now=now), now)
    arrive_from_disk(committed_db, tmp_path, sent(running, "85", from_s=300, to_s=100, now=now))
    Watching().look()
    assert alarms(running) == []
