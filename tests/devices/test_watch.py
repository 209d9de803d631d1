"""Two watchers, one alarm: what a monitor sent becomes an entry, once, whichever of them lives."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import Queue
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.sounding import is_paused
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety.priority import CONDITIONS
from stillroom.core.vitals import Signal
from stillroom.devices import watch, watch_loop
from stillroom.devices.arrived import Ears
from stillroom.devices.assignments import assign, take_away
from stillroom.devices.models import LinkState, Monitor, SaidAlarm
from stillroom.devices.screens import (
    Sign,
    can_be_heard,
    forget_screens,
    is_watched,
    screen_is_hidden,
    screens_are_seen,
    screens_now,
    watcher_looked,
)
from stillroom.devices.watch import Kept, Watching
from stillroom.infusions import reading
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.reserve import MIB, reserve
from stillroom.infusions.self_test import self_test
from stillroom.project.processes import processes
from tests.bedside.house import House, elsewhere, planned
from tests.cast import Cast, an_id, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written
from tests.devices.test_gateway import soon
from tests.examples import VITALS, infusing
from tests.examples import WATCH as BY_WATCH

STILLROOM = Path(sys.executable).with_name("stillroom")


@pytest.fixture
def running(committed_db: Clone) -> House:
    """A drip that runs, in a room with a monitor that sends every five seconds and was heard just now."""
    return begun(ago=timedelta(0))


def begun(*, ago: timedelta) -> House:
    cast = make_cast()
    house = planned(cast, ago=ago).start()
    monitor = make_monitor(cast.clinic, interval_s=5)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.row.room, at=timezone.now() - timedelta(minutes=30), by=None)
    hear(cast, monitor, timezone.now())
    show(house, None, at=timezone.now() + timedelta(hours=1))
    return house


def show(
    house: House, infusion: Infusion | None, *, at: datetime, screen: str = "board", can_sound: bool = True
) -> None:
    """A screen that somebody can see says so; the board, or a room's own page."""
    clinic_id = house.cast.clinic.pk
    with clinic_scope(clinic_id):
        screens_are_seen(clinic_id, [Sign(an_id(screen), infusion.pk if infusion else None, can_sound, at)])


def hear(cast: Cast, monitor: Monitor, at: datetime) -> None:
    with clinic_scope(cast.clinic.pk):
        LinkState.objects.update_or_create(monitor=monitor, defaults={"clinic": cast.clinic, "last_heard_at": at})


def send(
    house: House,
    database: Clone,
    value: str,
    *,
    seconds: int = 20,
    until: datetime | None = None,
    signals: tuple[Signal, ...] = (Signal.SPO2_PERCENT,),
) -> None:
    """That figure, every five seconds until now: a saturation, or what is named."""
    with clinic_scope(house.cast.clinic.pk):
        monitor = Monitor.objects.get()
    now = until or timezone.now()
    times = [now - timedelta(seconds=each) for each in range(seconds, -1, -5)]
    samples = [sample(signal, value, at=at) for signal in signals for at in times]
    asyncio.run(written(database.url, arrival(monitor, samples)))
    hear(house.cast, monitor, now)


def alarms(house: House) -> list[tuple[str, str]]:
    """Every alarm entry there is: what became of which condition."""
    facts = (entry.fact for entry in house.log)
    kinds = (e.AlarmRaised, e.AlarmCleared)
    return [(type(fact).__name__, fact.condition) for fact in facts if isinstance(fact, kinds)]


RAISED = ("AlarmRaised", "spo2_grave")
STREAM = ("AlarmRaised", "stream_running")


def test_a_low_saturation_is_written_down_once_however_often_it_is_seen(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    one, other = Watching(), Watching()
    assert [one.look(), other.look(), one.look(), other.look()] == [1, 1, 0, 0]  # raised, and shown by the board
    assert sum(isinstance(entry.fact, e.AlarmShown) for entry in running.log) == 1
    assert alarms(running) == [RAISED]
    (raised,) = (entry.fact for entry in running.log if isinstance(entry.fact, e.AlarmRaised))
    assert (raised.priority, raised.value, raised.limit) == (e.Priority.HIGH, "85", "90")


@pytest.mark.parametrize("how", ["sent", "written down"])
def test_what_is_sent_or_seen_is_judged_when_it_comes_and_not_when_the_second_is_over(
    running: House, committed_db: Clone, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """By the clock alone this watch would look again in an hour."""
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3600.0)
    until = threading.Event()
    watching = threading.Thread(target=watch_loop.run_watch, kwargs={"until": until})
    watching.start()
    try:
        with clinic_scope(running.cast.clinic.pk):
            soon(lambda: is_watched(timezone.now()), within_s=60)
        patience_s = time.monotonic() + 60
        while not alarms(running):
            assert time.monotonic() < patience_s, "it was not judged"
            if how == "sent":
                send(running, committed_db, "85")
            else:
                running.record(e.StreamSeen())
            time.sleep(0.1)
    finally:
        until.set()
        watching.join(30)
    assert not watching.is_alive()


def test_two_that_notice_it_at_the_same_moment_write_one_alarm(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    in_one_moment(Watching().look, Watching().look)
    assert alarms(running) == [RAISED]


def in_one_moment(*looks: Callable[[], int]) -> None:
    together = threading.Barrier(len(looks))

    def look(each: Callable[[], int]) -> int:
        together.wait(10)
        try:
            return each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(looks)) as all_of_them:
        list(all_of_them.map(look, looks))


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


@pytest.mark.parametrize(("seconds", "raised"), [(280, []), (320, [("AlarmRaised", "probe_frozen")])])
def test_a_probe_that_stopped_to_measure_long_ago_is_called_out(
    running: House, committed_db: Clone, seconds: int, raised: list[tuple[str, str]]
) -> None:
    """F23: readings of further back are asked for where the last two minutes have not changed."""
    both = (Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN)
    send(running, committed_db, "97", seconds=seconds, signals=both)
    Watching().look()
    assert alarms(running) == raised


@pytest.mark.parametrize("seed", range(3))
def test_one_that_has_looked_for_long_notices_what_one_that_just_began_does(
    running: House, committed_db: Clone, seed: int
) -> None:
    """Whatever it keeps: readings late and on time, a log that grows, and entries that are corrected or struck."""
    chance, at = random.Random(seed), timezone.now()
    long_there = Watching(now=lambda: at)
    both = (Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN)

    def charted() -> e.VitalsCharted:
        return e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=chance.choice([120, 190]), dbp_mmhg=80)

    def it_is_corrected() -> None:
        sets = [entry.seq for entry in running.log if isinstance(entry.fact, e.VitalsCharted)]
        right = chance.choice([None, charted()])
        running.asked(c.CorrectEntry(corrects_seq=sets[-1], reason="misread", replacement=right), running.ben)

    happens: list[Callable[[], object]] = [
        lambda: send(running, committed_db, chance.choice(["97", "84"]), signals=both, until=at),
        lambda: send(running, committed_db, chance.choice(["97", "84"]), until=at - timedelta(seconds=60)),
        lambda: running.record(charted()),
        it_is_corrected,
        lambda: running.record(e.StreamSeen()),
        long_there.look,
    ]
    for _ in range(16):
        at += timedelta(seconds=chance.choice([1, 5, 40]))
        chance.choice(happens)()
        with clinic_scope(running.cast.clinic.pk):
            anew = Watching(now=lambda: at)._noticed([running.row])  # noqa: B023
            assert long_there._noticed([running.row]) == anew


BY_LEADS = {"resp_missing", "leads_missing", "watch_overdue", "watch_long_overdue"}


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize(
    ("sign", "stopped_min_ago", "said"),
    [
        (Signal.RESP_PER_MIN, 0, set()),
        (Signal.RESP_PER_MIN, 5, {"resp_missing"}),
        (Signal.RESP_PER_MIN, 12, {"resp_missing", "watch_overdue"}),
        (Signal.HEART_RATE_PER_MIN, 5, {"leads_missing", "watch_long_overdue"}),
    ],
)
def test_one_that_was_killed_and_begun_anew_says_of_what_stopped_what_one_says_that_went_on(
    committed_db: Clone, sign: Signal, stopped_min_ago: int, said: set[str], is_killed: bool
) -> None:
    """A drip of sixteen minutes. The order wants breaths each ten, and how awake they are was seen in the middle."""
    running, now = begun(ago=timedelta(minutes=16)), timezone.now()
    began = running.state.started_at
    assert began is not None
    at = began
    watching = Watching(now=lambda: at)
    for ago_min in range(15, -1, -1):
        at = now - timedelta(minutes=ago_min)
        send(running, committed_db, "97", until=at)
        if ago_min >= stopped_min_ago:
            send(running, committed_db, "14", until=at, signals=(sign,))
        if ago_min == 8:
            running.ago = now - at
            running.record(e.PatientWatched(awake=e.Awake.ALERT))
        if not is_killed or ago_min > stopped_min_ago:
            watching.look()
    Watching(now=lambda: now).look()
    assert running.state.open_conditions & BY_LEADS == said


def says(house: House, device: str, standing: str, at: datetime, *, key: str = "196876 1.1") -> None:
    """What a device says of one of its own alarms: at first, that a lead is off."""
    with clinic_scope(house.cast.clinic.pk):
        SaidAlarm.objects.create(
            monitor=Monitor.objects.get(name=device) if device else Monitor.objects.get(is_beside=False),
            clinic=house.cast.clinic,
            key=key,
            words="lead off" if key.startswith("196876") else "occlusion",
            standing=standing,
            silenced="no",
            urgency="low",
            kind="technical",
            said_at=at,
            received_at=at,
            frame_digest=standing.encode(),
        )


def test_a_lead_that_the_monitor_says_is_off_is_called_out_until_it_says_otherwise(
    running: House, committed_db: Clone
) -> None:
    send(running, committed_db, "97")
    now = timezone.now()
    says(running, "", "active", now - timedelta(seconds=5))
    Watching().look()
    says(running, "", "inactive", now)
    Watching().look()
    assert alarms(running) == [("AlarmRaised", "leads_off"), ("AlarmCleared", "leads_off")]


def test_a_pumps_own_alarms_are_shown_by_its_name_and_raise_and_clear_nothing(
    running: House, committed_db: Clone
) -> None:
    send(running, committed_db, "97")
    now = timezone.now()
    pump = make_monitor(running.cast.clinic, name="Pump 3", bed="PUMP", is_beside=True)
    with clinic_scope(running.cast.clinic.pk):
        assign(pump, running.row.room, at=now - timedelta(minutes=1), by=None)
    says(running, "Pump 3", "active", now - timedelta(seconds=9), key="196940 1.1")
    says(running, "", "active", now - timedelta(seconds=8))
    Watching().look()
    assert alarms(running) == [("AlarmRaised", "leads_off")], "of the monitor's lead alone"
    says(running, "Pump 3", "inactive", now - timedelta(seconds=2))
    Watching().look()
    assert len(alarms(running)) == 1, "another device's word clears nothing"
    ben = signed_in(running.cast.ben)
    for page in (running.href, "/board/"):
        assert "Pump 3 alarms: occlusion" in words_of(ben.get(page)), page
    assert "The monitor alarms: lead off" in words_of(ben.get(running.href))


def words_of(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


def test_when_the_drip_is_over_what_was_about_it_is_over_and_the_patient_is_watched_on(
    running: House, committed_db: Clone
) -> None:
    send(running, committed_db, "85")
    running.record(e.StreamSeen())
    Watching().look()
    assert running.state.open_conditions == {"spo2_grave", "stream_running"}
    running.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), running.ben)
    Watching().look()
    assert running.state.open_conditions == {"spo2_grave"}
    Watching(now=lambda: timezone.now() + timedelta(minutes=3)).look()
    assert {"check_overdue", "monitor_lost"} <= running.state.open_conditions


# --- screens ---------------------------------------------------------------------------------------------------------

UNSEEN = [("AlarmRaised", "no_screen"), ("AlarmEscalated", "no_screen")]


def of_screens(house: House) -> list[tuple[str, str]]:
    kinds = (e.AlarmRaised, e.AlarmCleared, e.AlarmEscalated)
    facts = (entry.fact for entry in house.log if isinstance(entry.fact, kinds))
    return [(type(fact).__name__, fact.condition) for fact in facts if fact.condition == "no_screen"]


def watched_for(house: House, seconds: int, *, since: datetime) -> list[tuple[str, str]]:
    """Two watchers look in turn, each second."""
    one, other = (Watching(now=lambda: since + timedelta(seconds=passed)) for _ in range(2))
    for passed in range(seconds + 1):
        (one, other)[passed % 2].look()
    return of_screens(house)


def test_a_drip_that_no_screen_shows_is_called_out_after_ten_seconds(running: House, committed_db: Clone) -> None:
    """F15: every tab hidden, every device asleep. The board counts as a screen, and its own page does."""
    now = timezone.now()
    send(running, committed_db, "97", until=now + timedelta(seconds=10))
    show(running, None, at=now)
    assert watched_for(running, 9, since=now) == []
    show(running, running.row, at=now + timedelta(seconds=5), screen="phone")
    assert watched_for(running, 14, since=now) == []
    assert watched_for(running, 17, since=now) == UNSEEN
    show(running, None, at=now + timedelta(seconds=18))
    assert watched_for(running, 19, since=now) == [*UNSEEN, ("AlarmCleared", "no_screen")]


@pytest.fixture
def disk(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the house's disk says of itself; on it room may be kept for a drip that runs."""
    settings.DATA_FOLDER, settings.RESERVE_MIB = tmp_path, 16
    says = SimpleNamespace(free=1000 * MIB, total=100_000 * MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: says)
    return says


def test_a_disk_that_is_nearly_full_is_called_out_and_the_drip_goes_on_in_what_was_kept_for_it(
    running: House, disk: SimpleNamespace
) -> None:
    """F8. Nobody is asked whether a drip runs before the room is given up: the database may have stopped by then."""
    watching = Watching()
    watching.look()
    assert reserve().is_whole
    disk.free = 3 * MIB  # and nothing more with it gone: whatever fills the disk is quick
    watching.look()
    assert not reserve().path.exists()
    assert ("AlarmRaised", "disk_reserve_in_use") in alarms(running)
    assert judge_self(running) == ["disk_nearly_full", "disk_reserve_not_there"]
    stopped = running.ask(c.StopInfusion(), running.ben)
    running.ask(c.ConfirmDone(intent_seq=stopped.last_seq), running.ben)
    disk.free = 1000 * MIB
    watching.look()
    watching.look()
    assert reserve().is_whole
    assert ("AlarmCleared", "disk_reserve_in_use") in alarms(running)


def test_room_on_the_disk_is_given_up_for_a_start_of_which_nobody_has_said_that_it_runs(
    committed_db: Clone, disk: SimpleNamespace
) -> None:
    house = planned(make_cast()).make_ready()
    watching = Watching()
    for does, is_there in ((lambda: None, True), (lambda: house.ask(c.StartInfusion(), house.ben), False)):
        does()
        watching.look()
        disk.free = 3 * MIB
        watching.look()
        assert reserve().path.exists() is is_there
        disk.free = 1000 * MIB


def test_in_a_storm_the_grave_alarm_is_written_first_and_the_rest_a_little_at_a_look(
    committed_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F20. The room that is looked at last has the grave one; the other has more than a look writes."""
    cast = make_cast()
    grave, stormy = planned(cast).start(), planned(elsewhere(cast)).start()
    lows = [name for name, hazard in CONDITIONS.items() if hazard.priority is e.Priority.LOW][:8]

    def storm(state: InfusionState, *rest: Any, **known: Any) -> tuple[e.Fact, ...]:
        is_stormy = state.planned is not None and state.planned.room == stormy.row.room_id
        new = [name for name in (lows if is_stormy else ["spo2_grave"]) if name not in state.open_conditions]
        return tuple(e.AlarmRaised(condition=name, priority=CONDITIONS[name].priority) for name in new)

    monkeypatch.setattr(watch, "noticed", storm)
    monkeypatch.setattr(watch, "WRITES_AT_A_LOOK", 3)
    watching = Watching()
    assert watching.look() == 1 + 3
    with clinic_scope(cast.clinic.pk):
        written = Entry.objects.filter(kind="AlarmRaised").order_by("pk").values_list("infusion_id", flat=True)
        assert list(written) == [grave.infusion_id, *[stormy.infusion_id] * 3]
    assert [watching.look() for _ in range(3)] == [3, 2, 0]  # nothing of the storm is lost


def test_where_each_takes_long_a_look_writes_fewer_and_every_grave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "WRITES_FOR_S", -1.0)
    grave, milder = (
        [name for name, hazard in CONDITIONS.items() if hazard.priority is priority][:9]
        for priority in (e.Priority.HIGH, e.Priority.LOW)
    )
    storm = tuple(e.AlarmRaised(condition=each, priority=CONDITIONS[each].priority) for each in (*milder, *grave))
    written = [
        fact.condition for _, fact in watch._gravest_first({an_id("infusion"): storm}) if hasattr(fact, "condition")
    ]
    assert written == [*grave, *milder[: watch.WRITES_AT_LEAST]]


def judge_self(house: House) -> list[str]:
    with clinic_scope(house.cast.clinic.pk):
        return [each.code for each in self_test(house.row, is_watched=True, clock_off_by_s=None)]


def test_a_page_of_another_room_and_a_locked_phone_do_not_count(running: House, committed_db: Clone) -> None:
    now = timezone.now()
    send(running, committed_db, "97", until=now + timedelta(seconds=10))
    show(running, None, at=now)
    other = planned(elsewhere(running.cast)).row
    show(running, other, at=now + timedelta(hours=1), screen="another room")
    show(running, running.row, at=now, screen="phone")
    with clinic_scope(running.cast.clinic.pk):
        screen_is_hidden(an_id("phone"), at=now)
        assert screens_now(now).alive == {an_id("board"), an_id("another room")}
    assert watched_for(running, 11, since=now) == UNSEEN


def test_a_sound_paused_on_a_screen_that_goes_is_heard_within_six_seconds(running: House, committed_db: Clone) -> None:
    send(running, committed_db, "85")
    Watching().look()
    now = timezone.now()
    show(running, running.row, at=now, screen="phone")
    running.ask(c.PauseSound(condition="spo2_grave", screen=an_id("phone")), running.ben)
    for passed, is_paused_then in ((5, True), (7, False)):
        Watching(now=lambda: now + timedelta(seconds=passed)).look()  # noqa: B023
        (alarm,) = (each for each in running.state.alarms if each.condition == "spo2_grave")
        assert is_paused(alarm, at=now + timedelta(seconds=passed)) is is_paused_then


def test_a_screen_can_be_heard_when_its_sound_was_turned_on(running: House) -> None:
    now = timezone.now()
    row = running.row
    with clinic_scope(running.cast.clinic.pk):
        assert can_be_heard(row, at=now)
        screen_is_hidden(an_id("board"), at=now)
        assert not can_be_heard(row, at=now)
    show(running, row, at=now, screen="tablet", can_sound=False)
    with clinic_scope(running.cast.clinic.pk):
        assert not can_be_heard(row, at=now)


def test_a_clinic_knows_whether_anybody_watches(running: House) -> None:
    now = timezone.now()
    with clinic_scope(running.cast.clinic.pk):
        assert not is_watched(now)
    Watching().look()
    with clinic_scope(running.cast.clinic.pk):
        assert is_watched(timezone.now())
        assert not is_watched(timezone.now() + timedelta(seconds=6))
        forget_screens(timezone.now() + timedelta(days=2))
        assert not is_watched(timezone.now())


def test_before_the_start_nothing_is_called_out(committed_db: Clone) -> None:
    house = planned(make_cast()).make_ready()
    assert Watching().look() == 0
    assert alarms(house) == []


@pytest.mark.parametrize("by", [timedelta(days=1), timedelta(hours=-1)])
def test_a_clock_that_is_set_makes_nothing_overdue_loses_no_alarm_and_repeats_none(
    running: House, committed_db: Clone, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    """F10, F11: the computer's clock leaps while a drip runs, with one alarm open."""
    send(running, committed_db, "85")
    both = Watching(), Watching()
    assert [each.look() for each in both] == [1, 1]
    was_set = SetClock(by)
    monkeypatch.setattr(clock, "HOUSE", was_set)
    send(running, committed_db, "85", until=clock.now())
    assert [each.look() for each in (*both, Watching())] == [0, 0, 0]
    assert running.state.open_conditions == {"spo2_grave"}
    later = clock.now() + timedelta(seconds=10)
    send(running, committed_db, "97", seconds=5, until=later)
    Watching(now=lambda: later + timedelta(seconds=1)).look()
    assert alarms(running) == [RAISED, ("AlarmCleared", "spo2_grave")]


def test_a_drip_is_not_started_while_the_clock_is_another_and_can_be_stopped(
    committed_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = planned(make_cast()).make_ready()
    monkeypatch.setattr(clock, "HOUSE", SetClock(timedelta(days=1)))
    assert house.refused(c.StartInfusion(), house.ben) == ["clock_was_set"]
    monkeypatch.setattr(clock, "HOUSE", SetClock(timedelta(0)))
    house.ask(c.StartInfusion(), house.ben)
    monkeypatch.setattr(clock, "HOUSE", SetClock(timedelta(days=1)))
    assert house.ask(c.StopInfusion(), house.ben).outcome == "done"


class SetClock(clock.HouseClock):
    """The computer's clock, set by so much after Stillroom began."""

    def __init__(self, by: timedelta) -> None:
        self.by_s = 0.0
        super().__init__()
        self.by_s = by.total_seconds()

    def wall_s(self) -> float:
        return time.time() + self.by_s


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
        show(running, None, at=timezone.now() - timedelta(minutes=1))
        soon(lambda: of_screens(running) == UNSEEN, within_s=30)
        assert alarms(running).count(RAISED) == 1


def test_of_two_one_comes_first_and_the_other_takes_its_place_when_it_is_gone(
    running: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The processes' log says so, and no patient's: both always judge, so nothing went unwatched."""
    first, second = sorted((Watching(), Watching()), key=lambda each: each._process)
    for each in (second, first, second):
        each.look()
    assert (first.is_first, second.is_first) == (True, False)
    assert "goes first now" not in caplog.text
    now = timezone.now()
    second._now = lambda: now + timedelta(seconds=3)
    second.look()
    assert second.is_first
    assert caplog.text.count("goes first now") == 1
    second.look()
    assert caplog.text.count("goes first now") == 1
    assert unwatched(running) == []


def unwatched(house: House) -> list[tuple[datetime, datetime]]:
    return [(each.fact.since, each.fact.until) for each in house.log if isinstance(each.fact, e.WatchResumed)]


def test_how_long_nobody_watched_is_told_once_whoever_is_back(running: House, committed_db: Clone) -> None:
    """SR-47, F3: both watches are away, and what the cuff measured meanwhile stands in the chart all the same."""
    before, back = timezone.now(), timezone.now() + timedelta(seconds=65)
    Watching(now=lambda: before).look()
    for sign, value in ((Signal.SBP_MMHG, "190"), (Signal.DBP_MMHG, "105")):
        send(running, committed_db, value, seconds=0, until=before + timedelta(seconds=20), signals=(sign,))
    for sign, value in ((Signal.SBP_MMHG, "128"), (Signal.DBP_MMHG, "80")):
        send(running, committed_db, value, seconds=0, until=back, signals=(sign,))
    one, other = Watching(now=lambda: back), Watching(now=lambda: back + timedelta(seconds=0.3))
    in_one_moment(one.look, other.look)
    one.look()
    Watching(now=lambda: back + timedelta(seconds=3)).look()
    assert unwatched(running) == [(before, back)] or unwatched(running) == [(before, other._now())]
    assert 190 in {upper for upper, _ in charted(running)}
    assert "sbp_grave_high" not in running.state.open_conditions


def test_a_start_in_a_house_that_was_empty_is_not_a_time_in_which_nobody_watched(running: House) -> None:
    """The clinic was last looked at long before: the drip began just now."""
    with clinic_scope(running.cast.clinic.pk):
        watcher_looked(an_id("last week"), clinic_id=running.cast.clinic.pk, at=timezone.now() - timedelta(days=7))
    Watching().look()
    assert unwatched(running) == []


def test_a_look_that_takes_long_is_no_time_in_which_nobody_watched(
    running: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is when one was over and the next began. A judging that takes twelve seconds is slow, not away."""
    at = [timezone.now()]
    judge = watch.noticed

    def slowly(*args: Any, **named: Any) -> tuple[e.Fact, ...]:
        at[0] += timedelta(seconds=12)
        return judge(*args, **named)

    monkeypatch.setattr(watch, "noticed", slowly)
    watching = Watching(now=lambda: at[0])
    for _ in range(3):
        watching.look()
        at[0] += timedelta(seconds=1)
    assert unwatched(running) == []


def test_what_one_look_cannot_write_of_it_the_next_ones_do(running: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before, back = timezone.now(), timezone.now() + timedelta(seconds=65)
    Watching(now=lambda: before).look()
    monkeypatch.setattr(watch, "WRITES_AT_A_LOOK", 0)
    at = [back]
    watching = Watching(now=lambda: at[0])
    watching.look()
    assert unwatched(running) == []
    monkeypatch.undo()
    at[0] += timedelta(seconds=1)
    watching.look()
    assert unwatched(running) == [(before, back)]


def test_a_look_at_what_was_sent_judges_those_rooms_and_logs_that_have_grown_and_who_is_due(
    running: House, committed_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = Watching()
    watching.look()
    with clinic_scope(running.cast.clinic.pk):
        monitor = Monitor.objects.get().pk
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3600.0)
    send(running, committed_db, "85")
    assert watching.look(frozenset()) == watching.look(frozenset({an_id("elsewhere")})) == 0
    assert watching.look(frozenset({monitor})) > 0
    assert alarms(running) == [RAISED]
    running.record(e.StreamSeen())
    assert watching.look(frozenset()) > 0
    assert len(alarms(running)) == 2
    while watching.look(frozenset()):  # what it wrote itself
        pass
    send(running, committed_db, "6", signals=(Signal.RESP_PER_MIN,))
    assert watching.look(frozenset()) == 0
    monkeypatch.setattr(watch, "LOOK_EVERY_S", -1.0)
    assert watching.look(frozenset()) > 0


def test_what_somebody_has_seen_is_judged_alone(running: House, committed_db: Clone) -> None:
    whole = Watching()
    beside = whole.beside()
    send(running, committed_db, "85")
    running.record(e.StreamSeen())
    clinic = running.cast.clinic.pk
    elsewhere = {(an_id("another clinic"), running.infusion_id), (clinic, an_id("elsewhere"))}
    assert beside.look_at(elsewhere, whole=whole) == 0
    assert beside.look_at({(clinic, running.infusion_id)}, whole=whole) == 2
    assert set(alarms(running)) == {RAISED, STREAM}
    beside.look_at({(clinic, running.infusion_id)}, whole=whole)
    assert len(alarms(running)) == 2


def test_what_was_read_to_judge_what_is_seen_is_read_once_and_forgotten_with_its_room(
    running: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def entries_of(infusion_id: UUID, *, after: int = 0) -> tuple[e.Logged, ...]:
        read.append(after)
        return reading.entries_of(infusion_id, after=after)

    monkeypatch.setattr(watch, "entries_of", entries_of)
    whole = Watching()
    while whole.look():
        pass
    beside, seen = whole.beside(), {(running.cast.clinic.pk, running.infusion_id)}
    read.clear()
    known = len(running.log)
    running.record(e.StreamSeen())
    assert beside.look_at(seen, whole=whole) == 1
    assert alarms(running) == [STREAM]
    assert read == [known], "what the other has read is not read again"
    whole._rooms = frozenset()  # everybody has gone home
    beside.look_at(set(), whole=whole)
    assert not beside._kept
    assert not beside._streamed._rooms
    assert not beside._cuff._rooms


def test_what_somebody_has_seen_waits_for_no_look(
    running: House, committed_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even for one that lasts."""
    until, once = threading.Event(), Watching.look

    def look(self: Watching, sent: frozenset[UUID] | None) -> int:
        return int(until.wait(30)) if self.is_first else once(self, sent)

    monkeypatch.setattr(Watching, "look", look)
    monkeypatch.setattr(watch_loop, "conninfo_of_django", lambda: committed_db.url)
    looking = threading.Thread(target=watch_loop.run_watch, kwargs={"until": until})
    looking.start()
    try:
        soon(lambda: listens(committed_db), within_s=20)
        running.record(e.StreamSeen())
        soon(lambda: alarms(running) == [STREAM], within_s=20)
    finally:
        until.set()
        looking.join()


@pytest.mark.parametrize("is_first", [True, False])
def test_one_that_has_not_looked_or_comes_second_leaves_what_was_seen_to_its_looks(
    monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    """Before its first look it knows nothing of the disk."""
    until, watching, ears = threading.Event(), Watching(), Ears(keeps_seen=True)
    assert not watching.is_first
    watching.is_first = is_first
    ears._seen = {(an_id("clinic"), an_id("infusion"))}
    judged: list[object] = []

    def look_at(self: Watching, seen: object, *, whole: Watching) -> int:
        judged.append(seen)
        return 0

    monkeypatch.setattr(Watching, "look_at", look_at)
    monkeypatch.setattr(watch_loop, "close_old_connections", until.set)
    threading.Timer(1.0, until.set).start()
    watch_loop._judge_what_is_seen(until, ears, watching)
    assert bool(judged) == is_first
    assert bool(ears.take_seen()) != is_first


def listens(database: Clone) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN infusions_called'")
        return bool(cursor.fetchone()[0])


def test_one_that_judges_beside_another_knows_of_the_disk_what_that_one_knows() -> None:
    whole = Watching()
    beside = whole.beside()
    for is_in_use in (True, False):
        whole._is_reserve_in_use = is_in_use
        beside.look_at(set(), whole=whole)
        assert beside._is_reserve_in_use is is_in_use


@pytest.mark.parametrize(("took_s", "is_first", "rests_s"), [(0.01, False, 0.09), (0.25, True, 0.75), (0.25, False, 2)])
def test_the_second_rests_longer_where_a_look_takes_long(took_s: float, is_first: bool, rests_s: float) -> None:
    rested_s: list[float] = []

    class Over(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rested_s.append(timeout or 0.0)
            return True

    until = Over()
    until.set()
    watch_loop._rest(until, Ears(), took_s, is_due_at_s=time.monotonic() + 0.95 if is_first else None)
    assert rested_s == [pytest.approx(rests_s, abs=0.01)]


def test_a_clinic_is_served_with_two_of_them() -> None:
    assert [each.name for each in processes() if "watch" in each.name] == ["watch 1", "watch 2"]


def test_a_log_that_grew_is_known_as_if_it_were_read_anew() -> None:
    """Cut anywhere, with what was struck and what was put right before the cut, after it, or across it."""
    walk = infusing()
    struck = walk.record(VITALS)[0].seq
    right = walk.record(VITALS)[0].seq
    walk.record(e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="88", limit="92"), BY_WATCH)
    walk.ask(c.CorrectEntry(corrects_seq=struck, reason="the neighbour's"))
    walk.ask(c.CorrectEntry(corrects_seq=right, reason="a slip", replacement=replace(VITALS, sbp_mmhg=131)))
    walk.record(VITALS)
    log = tuple(walk.log)
    replacements = {entry.seq + 1 for entry in log if isinstance(entry.fact, e.EntryCorrected) and entry.fact.replaced}
    whole = Kept.of(log)
    for cut in range(1, len(log)):
        if log[cut].seq not in replacements:  # it is written with its correction
            assert Kept.of(log[:cut]).and_then(log[cut:]) == whole


def charted(house: House) -> list[tuple[int | None, int | None]]:
    """Upper pressure and saturation of each set that the house took from the monitor."""
    sets = (each.fact for each in house.log if isinstance(each.fact, e.VitalsCharted))
    return [(fact.sbp_mmhg, fact.spo2_percent) for fact in sets if fact.source is e.Source.MONITOR]


def test_what_the_cuff_measured_is_charted_once_whoever_looks(running: House, committed_db: Clone) -> None:
    """No hand writes it down, and the chart has it; the samples may be dropped one day."""
    send(running, committed_db, "97")
    at = timezone.now()
    for sign, value in ((Signal.SBP_MMHG, "171"), (Signal.DBP_MMHG, "96")):
        send(running, committed_db, value, seconds=0, until=at, signals=(sign,))
    in_one_moment(Watching().look, Watching().look)
    Watching().look()
    assert charted(running) == [(171, 97)]


def test_five_breaths_counted_at_a_look_call_somebody(running: House) -> None:
    running.record(e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=5))
    Watching().look()
    assert ("AlarmRaised", "resp_grave") in alarms(running)


def test_a_monitor_that_is_taken_out_of_the_room_of_a_drip_is_missed_until_one_is_there(
    running: House, committed_db: Clone
) -> None:
    watching = Watching()
    watching.look()
    assert alarms(running) == []
    with clinic_scope(running.cast.clinic.pk):
        take_away(Monitor.objects.get(), at=timezone.now())
    watching.look()
    assert alarms(running) == [("AlarmRaised", "monitor_lost")]
    with clinic_scope(running.cast.clinic.pk):
        assign(Monitor.objects.get(), running.row.room, at=timezone.now(), by=None)
    send(running, committed_db, "97")
    watching.look()
    assert ("AlarmCleared", "monitor_lost") in alarms(running)


def test_two_good_messages_of_a_monitor_that_sends_each_two_minutes_end_an_alarm(
    running: House, committed_db: Clone
) -> None:
    """They are asked for, although what is usually read is two minutes."""
    with clinic_scope(running.cast.clinic.pk):
        Monitor.objects.update(interval_s=120)
    now = timezone.now()
    low = e.AlarmRaised(condition="spo2_low", priority=e.Priority.MEDIUM, value="91", limit="93")
    running.ask(c.Record(fact=low), BY_WATCH)
    for ago_s in (130, 10):
        send(running, committed_db, "97", seconds=0, until=now - timedelta(seconds=ago_s))
    Watching().look()
    assert ("AlarmCleared", "spo2_low") in alarms(running)


def test_breaths_that_a_monitor_that_sends_each_minute_sends_no_more_are_missed(
    running: House, committed_db: Clone
) -> None:
    """They are missed after four of its messages, and so as many are read."""
    with clinic_scope(running.cast.clinic.pk):
        Monitor.objects.update(interval_s=60)
    now = timezone.now() + timedelta(minutes=5)
    send(running, committed_db, "14", seconds=0, until=now - timedelta(seconds=250), signals=(Signal.RESP_PER_MIN,))
    send(running, committed_db, "97", until=now)
    Watching(now=lambda: now).look()
    assert ("AlarmRaised", "resp_missing") in alarms(running)
