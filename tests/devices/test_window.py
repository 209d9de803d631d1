"""What is kept between two looks is what reading everything anew would give, whatever came in between and however late;
and of what came late this only a few seconds later.

Beside it stands `readings_of_rooms`, which reads all of it each time and remembers nothing.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.utils import timezone

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Sample, Signal, Validity
from stillroom.devices.assignments import assign, take_away
from stillroom.devices.models import Assignment, Counting, Monitor
from stillroom.devices.readings import readings_of_rooms, rows_of
from stillroom.devices.window import _SINCE, LATE_AFTER, LATE_WITHIN, Window, bring_up
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import make_monitor

SIGNALS = (Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN)
KEEP = """
    INSERT INTO devices_sample
        (monitor_id, clinic_id, signal, measured_at, received_at, value, validity, frame_digest)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
STEPS = 60
Where = tuple[Window, UUID, Signal]


class Ward:
    """Two rooms, two monitors and a device beside them; one window on both rooms, looked through again and again."""

    def __init__(self, database: Clone, seed: int) -> None:
        self.database, self.chance = database, random.Random(seed)
        self.cast: Cast = make_cast()
        self.at = timezone.now().replace(microsecond=0)
        self.began_at = self.at
        with clinic_scope(self.clinic):
            self.rooms = [Room.objects.create(clinic_id=self.clinic, name=f"Window {n}") for n in (1, 2)]
        self.monitors = [make_monitor(self.cast.clinic, interval_s=5) for _ in self.rooms]
        self.beside = make_monitor(self.cast.clinic, interval_s=5, is_beside=True)
        for monitor, room in zip((*self.monitors, self.beside), (*self.rooms, self.rooms[0]), strict=True):
            with clinic_scope(self.clinic):
                assign(monitor, room, at=self.at - timedelta(minutes=10), by=None)
        self.window, self.longer = Window(SIGNALS), Window(SIGNALS[1:])
        self.missed_since: dict[tuple[Where, tuple[datetime, datetime, str]], datetime] = {}
        self.seen: set[tuple[Where, tuple[datetime, datetime, str]]] = set()
        self.numbers = itertools.count()
        self.under_way: list[psycopg.Connection[tuple[object, ...]]] = []

    @property
    def clinic(self) -> UUID:
        return self.cast.clinic.pk

    def close(self) -> None:
        for each in self.under_way:
            each.close()

    def some(self, *, late_s: int = 0) -> Iterable[Sample]:
        for signal in SIGNALS:
            at = self.at - timedelta(seconds=late_s)
            value = Decimal(self.chance.choice(["97", "97.0", "84"]))
            came_at = at + timedelta(microseconds=next(self.numbers))  # each is another
            yield Sample(signal, value, at, came_at, self.chance.choice(list(Validity)))

    def write(self, monitor: Monitor, samples: Iterable[Sample], *, is_left_open: bool = False) -> None:
        conn = psycopg.connect(self.database.url)
        conn.execute("SELECT set_config('app.clinic', %s, true)", (str(self.clinic),))
        with conn.transaction() if self.chance.random() < 0.5 else nullcontext():  # within a savepoint, or not
            for each in samples:
                facts = (each.signal.value, each.measured_at, each.received_at, each.value, each.validity.value)
                conn.execute(KEEP, (monitor.pk, self.clinic, *facts, uuid4().bytes))
        if is_left_open:
            self.under_way.append(conn)
        else:
            conn.commit()
            conn.close()

    # --- what may happen between two looks --------------------------------------------------------------------------

    def time_passes(self) -> None:
        self.at += timedelta(seconds=self.chance.randint(1, 9))

    def the_clock_is_set(self) -> None:
        self.at += timedelta(seconds=self.chance.choice([-90, -30, 60]))

    def it_sends(self) -> None:
        for monitor in (*self.monitors, self.beside):
            self.write(monitor, self.some())

    def something_comes_late(self) -> None:
        self.write(self.chance.choice(self.monitors), self.some(late_s=self.chance.randint(1, 150)))

    def its_clock_is_ahead(self) -> None:
        self.write(self.chance.choice(self.monitors), self.some(late_s=-self.chance.randint(1, 20)))

    def it_corrects(self) -> None:
        came = self.some(late_s=5)
        self.write(
            self.monitors[0], [each._replace(received_at=each.received_at + timedelta(seconds=5)) for each in came]
        )

    def a_commit_hangs(self) -> None:
        self.write(self.chance.choice(self.monitors), self.some(late_s=self.chance.randint(0, 40)), is_left_open=True)

    def one_that_hung_is_done(self) -> None:
        if self.under_way:
            conn = self.under_way.pop(self.chance.randrange(len(self.under_way)))
            conn.rollback() if self.chance.random() < 0.2 else conn.commit()
            conn.close()

    def monitors_change_places(self) -> None:
        self.began_at = max(self.at, self.began_at) + timedelta(seconds=1)
        with clinic_scope(self.clinic):
            for monitor in self.monitors:
                take_away(monitor, at=self.began_at)
            self.monitors.reverse()
            for monitor, room in zip(self.monitors, self.rooms, strict=True):
                assign(monitor, room, at=self.began_at, by=None)

    def a_wrong_assignment_is_mended(self) -> None:
        """It stood there only since a while ago: what came before was of nobody in this room."""
        with clinic_scope(self.clinic):
            standing = Assignment.objects.filter(room=self.rooms[0], is_beside=False).latest("from_at")
            standing.from_at = max(standing.from_at + timedelta(seconds=1), self.at - timedelta(seconds=40))
            standing.save()
        self.began_at = max(self.began_at, standing.from_at)

    def another_counts(self) -> None:
        with clinic_scope(self.clinic):
            if not Counting.objects.all().delete()[0]:
                device = {"clinic_id": self.clinic, "room": self.rooms[0], "monitor": self.beside}
                Counting.objects.create(**device, signal=self.chance.choice(SIGNALS).value)

    def bring_up(self) -> None:
        with clinic_scope(self.clinic):
            bring_up({self.window: {room.pk: self.at - timedelta(seconds=60) for room in self.rooms}}, at=self.at)

    # --- the look ----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """As the watch does: two windows up to date at once, one of them further back where that is wanted, and no more
        kept than was wanted.
        """
        since = {room.pk: self.at - timedelta(seconds=60) for room in self.rooms}
        longer = {room: at - timedelta(seconds=30) for room, at in since.items()}
        further = {room: at - timedelta(seconds=self.chance.choice([0, 0, 0, 45])) for room, at in since.items()}
        with clinic_scope(self.clinic):
            bring_up({self.window: since, self.longer: longer}, at=self.at)
            bring_up({self.window: self.window.lacking(further)}, at=self.at)
            for window, signals, times in ((self.window, SIGNALS, further), (self.longer, SIGNALS[1:], longer)):
                window.keep(times)
                for room, signal in itertools.product(times, signals):
                    span = {"since": times[room], "until": self.at}
                    kept = window.of(room, **span)
                    assert kept.keys() <= set(signals)
                    anew = readings_of_rooms([room], [signal], **span).get(room, [])
                    self._compare((window, room, signal), kept.get(signal, []), anew)

    def _compare(self, where: Where, kept: list[Sample], anew: list[Sample]) -> None:
        """In order, and all of it but what came late a moment ago. What was seen once stays."""
        told, wanted = Counter(map(_said, kept)), Counter(map(_said, anew))
        assert told <= wanted
        assert kept == sorted(kept, key=lambda each: (each.measured_at, each.received_at))
        missed = set(wanted - told)
        self.missed_since = {key: at for key, at in self.missed_since.items() if key[0] != where or key[1] in missed}
        for said in missed:
            assert said[0] < self.at - LATE_AFTER
            assert (where, said) not in self.seen
            assert timedelta(0) <= self.at - self.missed_since.setdefault((where, said), self.at) < LATE_WITHIN
        self.seen |= {(where, said) for said in told}


def _said(each: Sample) -> tuple[datetime, datetime, str]:
    return each.measured_at, each.received_at, f"{each.value} {each.validity}"


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_reading_all_anew_would_give(committed_db: Clone, seed: int) -> None:
    ward = Ward(committed_db, seed)
    often = [ward.time_passes, ward.it_sends, ward.something_comes_late, ward.a_commit_hangs]
    often += [ward.one_that_hung_is_done, ward.it_corrects, ward.its_clock_is_ahead]
    seldom = [
        ward.the_clock_is_set,
        ward.monitors_change_places,
        ward.another_counts,
        ward.a_wrong_assignment_is_mended,
    ]
    try:
        ward.look()
        for _ in range(STEPS):
            ward.chance.choice([*often, *often, *seldom])()
            ward.look()
    finally:
        ward.close()


def test_only_what_is_new_is_looked_for_most_of_the_time(committed_db: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before the last whole reading is not read again; what comes late waits for the next one."""
    ward = Ward(committed_db, 0)
    ward.it_sends()
    ward.bring_up()
    read: list[int] = []

    def counted(*asked: Any) -> list[Any]:
        rows = rows_of(*asked)
        if asked[0] is _SINCE:
            read.append(len(rows))
        return rows

    monkeypatch.setattr("stillroom.devices.window.rows_of", counted)
    late = ward.some(late_s=40)
    for seconds, came in ((1, ()), (1, late), (1, ward.some()), (3, ())):
        ward.at += timedelta(seconds=seconds)
        ward.write(ward.monitors[0], came)
        ward.bring_up()
    assert read == [0, 0, len(SIGNALS), len(SIGNALS)]


def test_when_the_clock_is_set_back_what_comes_now_is_not_late(committed_db: Clone) -> None:
    """Though so much is kept that nothing need be read anew."""
    ward = Ward(committed_db, 0)
    ward.it_sends()
    room = ward.rooms[0].pk
    with clinic_scope(ward.clinic):
        bring_up({ward.window: {room: ward.at - timedelta(seconds=105)}}, at=ward.at)
    ward.at -= timedelta(seconds=30)
    ward.write(ward.monitors[0], ward.some(late_s=1))
    with clinic_scope(ward.clinic):
        bring_up({ward.window: {room: ward.at - timedelta(seconds=60)}}, at=ward.at)
    found = ward.window.of(room, since=ward.at - timedelta(seconds=60), until=ward.at)
    assert found[Signal.SPO2_PERCENT][-1].measured_at == ward.at - timedelta(seconds=1)


def test_a_monitor_whose_clock_is_behind_is_not_late(committed_db: Clone) -> None:
    ward = Ward(committed_db, 0)
    for _ in range(3):
        ward.write(ward.monitors[0], ward.some(late_s=40))
        ward.bring_up()
        found = ward.window.of(ward.rooms[0].pk, since=ward.at - timedelta(seconds=60), until=ward.at)
        assert found[Signal.SPO2_PERCENT][-1].measured_at == ward.at - timedelta(seconds=40)
        ward.at += timedelta(seconds=1)
