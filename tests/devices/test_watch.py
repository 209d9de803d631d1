"""Two watchers, one alarm: what a monitor sent becomes an entry, once, whichever of them lives."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import Queue

import pytest
from django.db import connection
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.models import LinkState, Monitor
from stillroom.devices.watch import Watching
from stillroom.project.processes import processes
from tests.bedside.house import House, planned
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written
from tests.devices.test_gateway import soon

STILLROOM = Path(sys.executable).with_name("stillroom")


@pytest.fixture
def running(committed_db: Clone) -> House:
    """A drip that runs, in a room with a monitor that sends every five seconds and was heard just now."""
    cast = make_cast()
    house = planned(cast).start()
    monitor = make_monitor(cast.clinic, interval_s=5)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.row.room, at=timezone.now() - timedelta(minutes=30), by=None)
    hear(cast, monitor, timezone.now())
    return house


def hear(cast: Cast, monitor: Monitor, at: datetime) -> None:
    with clinic_scope(cast.clinic.pk):
        LinkState.objects.update_or_create(monitor=monitor, defaults={"clinic": cast.clinic, "last_heard_at": at})


def send(house: House, database: Clone, value: str, *, seconds: int = 20, until: datetime | None = None) -> None:
    """That saturation, every five seconds until now."""
    with clinic_scope(house.cast.clinic.pk):
        monitor = Monitor.objects.get()
    now = until or timezone.now()
    samples = [sample(Signal.SPO2_PERCENT, value, at=now - timedelta(seconds=each)) for each in range(seconds, -1, -5)]
    asyncio.run(written(database.url, arrival(monitor, samples)))
    hear(house.cast, monitor, now)


def alarms(house: House) -> list[tuple[str, str]]:
    """Every alarm entry there is: what became of which condition."""
    facts = (entry.fact for entry in house.log)
    kinds = (e.AlarmRaised, e.AlarmCleared)
    return [(type(fact).__name__, fact.condition) for fact in facts if isinstance(fact, kinds)]


RAISED = ("AlarmRaised", "spo2_grave")


def test_a_low_saturation_is_written_down_once_however_often_it_is_seen(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    one, other = Watching(), Watching()
    assert [one.look(), other.look(), one.look(), other.look()] == [1, 0, 0, 0]
    assert alarms(running) == [RAISED]
    (raised,) = (entry.fact for entry in running.log if isinstance(entry.fact, e.AlarmRaised))
    assert (raised.priority, raised.value, raised.limit) == (e.Priority.HIGH, "85", "90")


def test_two_that_notice_it_at_the_same_moment_write_one_alarm(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    together = threading.Barrier(2)

    def look() -> int:
        watching = Watching()
        together.wait(10)
        try:
            return watching.look()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: look(), range(2)))
    assert alarms(running) == [RAISED]


def test_it_is_over_with_good_readings_and_stays_until_somebody_has_seen_it(
    running: House, committed_db: Clone
) -> None:
    send(running, committed_db, "85")
    Watching().look()
    later = timezone.now() + timedelta(seconds=10)
    send(running, committed_db, "97", seconds=5, until=later)
    Watching(now=lambda: later + timedelta(seconds=1)).look()
    assert alarms(running) == [RAISED, ("AlarmCleared", "spo2_grave")]
    (alarm,) = running.state.alarms
    assert alarm.cleared_at is not None
    assert running.row.open_alarms == 0
    running.record(e.AlarmAcknowledged(condition="spo2_grave"))
    assert running.state.alarms == ()


def test_a_monitor_that_falls_silent_is_lost_and_found_again(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "97")
    later = timezone.now() + timedelta(seconds=40)
    Watching(now=lambda: later).look()
    assert running.state.monitor_lost_at is not None
    assert alarms(running) == [("AlarmRaised", "monitor_lost")]
    send(running, committed_db, "97", seconds=5)
    Watching().look()
    assert running.state.monitor_lost_at is None
    assert alarms(running)[-1] == ("AlarmCleared", "monitor_lost")


def test_when_the_drip_is_over_what_was_open_is_over_too(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    Watching().look()
    running.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), running.ben)
    Watching().look()
    assert running.state.open_conditions == frozenset()


def test_before_the_start_nothing_is_called_out(committed_db: Clone) -> None:
    house = planned(make_cast()).make_ready()
    assert Watching().look() == 0
    assert alarms(house) == []


@contextmanager
def watch_process(database: Clone) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, **database.environment}
    process = subprocess.Popen([STILLROOM, "watch"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        said: Queue[str] = Queue()
        assert process.stdout is not None
        threading.Thread(target=lambda: said.put(process.stdout.readline()), daemon=True).start()
        assert said.get(timeout=60).strip() == "Watching"
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("killed", [0, 1])
def test_either_may_be_killed_and_the_other_still_calls(running: House, committed_db: Clone, killed: int) -> None:
    with watch_process(committed_db) as first, watch_process(committed_db) as second:
        (first, second)[killed].kill()
        (first, second)[killed].wait(timeout=20)
        send(running, committed_db, "85")
        soon(lambda: RAISED in alarms(running), within_s=30)
        assert alarms(running).count(RAISED) == 1


def test_a_clinic_is_served_with_two_of_them() -> None:
    assert [each.name for each in processes() if "watch" in each.name] == ["watch 1", "watch 2"]
