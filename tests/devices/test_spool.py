"""While the database is away nothing is lost: what monitors send waits on disk, and is stored once when it is back."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg_pool import PoolTimeout

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Silenced, Standing, Urgency, Validity
from stillroom.devices import waiting
from stillroom.devices.arriving import Arrival, Kept
from stillroom.devices.gateway import prepare_days, prepare_months
from stillroom.devices.ingest import APPLICATION_NAME
from stillroom.devices.models import Frame, Monitor
from stillroom.devices.models import Sample as SampleRow
from stillroom.devices.spool import FILE, REFUSED_FILE, Spool
from stillroom.devices.waiting import Waiting
from stillroom.gateways.errors import GatewayError
from stillroom.project.cluster import SUPERUSER
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import STILLROOM, now_message, open_line, said_to, soon
from tests.faults.disk import a_disk

MIB = 1024**2
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)

_times = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_words = st.text(max_size=20)
_samples = st.builds(
    Sample, st.sampled_from(Signal), st.decimals(-999, 999, places=2), _times, _times, st.sampled_from(Validity)
)
_alarms = st.builds(
    MonitorAlarm,
    key=_words,
    words=_words,
    signal=st.none() | st.sampled_from(Signal),
    standing=st.sampled_from(Standing),
    silenced=st.sampled_from(Silenced),
    urgency=st.sampled_from(Urgency),
    is_technical=st.none() | st.booleans(),
    said_at=_times,
    received_at=_times,
)
_kept = st.builds(Kept, _times, _words, _words, _words, st.binary(max_size=40))
_arrivals = st.builds(
    Arrival,
    st.uuids(),
    st.uuids(),
    st.lists(_samples, max_size=3).map(tuple),
    st.binary(max_size=16),
    st.none() | _kept,
    st.lists(_alarms, max_size=2).map(tuple),
)


def one(number: int) -> Arrival:
    reading = Sample(Signal.SPO2_PERCENT, Decimal(number), AT, AT, Validity.VALID)
    return Arrival(UUID(int=1), UUID(int=2), (reading,), number.to_bytes(2, "big"))


def opened(folder: Path, max_bytes: int = MIB) -> Spool:
    return Spool(folder, max_bytes=max_bytes)


# The file.


@settings(max_examples=25)
@given(st.lists(_arrivals, max_size=4))
def test_what_went_in_comes_out(tmp_path_factory: pytest.TempPathFactory, arrivals: list[Arrival]) -> None:
    folder = tmp_path_factory.mktemp("spool")
    first = opened(folder)
    first.append(arrivals)
    first.close()
    again = opened(folder)
    assert again.next(99) == tuple(arrivals)
    again.close()


def test_what_was_stored_is_not_read_again_and_the_file_goes_with_the_last(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append([one(1), one(2), one(3)])
    assert spool.next(2) == (one(1), one(2))
    spool.stored(2)
    spool.append([one(4)])
    assert spool.next(9) == (one(3), one(4))
    spool.stored(2)
    assert not spool.is_in_use
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("lost", [1, 9, 40])
def test_a_line_that_was_not_finished_is_cut_off_and_the_next_is_whole(tmp_path: Path, lost: int) -> None:
    spool = opened(tmp_path)
    spool.append([one(1), one(2)])
    spool.close()
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-lost])
    spool = opened(tmp_path)
    spool.append([one(3)])
    assert spool.next(9) == (one(1), one(3))
    spool.close()


def test_a_full_spool_keeps_nothing_more_and_loses_nothing(tmp_path: Path) -> None:
    spool = opened(tmp_path, max_bytes=400)
    spool.append([one(1)])
    with pytest.raises(GatewayError, match="as much as it may"):
        spool.append([one(2), one(3)])
    assert spool.next(9) == (one(1),)
    spool.close()


def test_what_did_not_fit_on_the_disk_is_not_written_later_either(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append([one(1)])
    size = (tmp_path / FILE).stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 9, before[1]))  # the next line is cut off within
    try:
        with pytest.raises(GatewayError, match="cannot be written"):
            spool.append([one(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / FILE).stat().st_size == size
    spool.append([one(3)])
    assert spool.next(9) == (one(1), one(3))
    spool.close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("not a folder")
    with pytest.raises(GatewayError, match="cannot be written"):
        opened(tmp_path / "spool" / "below").append([one(1)])


def test_two_gateways_never_share_one(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append([one(1)])
    with pytest.raises(GatewayError, match="another gateway"):
        opened(tmp_path)
    spool.close()


# Waiting.


class Database:
    """Takes what it is given, or is away, or will not have some."""

    def __init__(self) -> None:
        self.is_away = True
        self.refuses: Callable[[Arrival], bool] = lambda arrival: False
        self.taken: list[Arrival] = []

    async def write(self, arrivals: tuple[Arrival, ...]) -> None:
        if self.is_away:
            raise PoolTimeout
        if any(map(self.refuses, arrivals)):
            raise psycopg.errors.CheckViolation
        self.taken += arrivals


def walk(folder: Path, database: Database, steps: Callable[[Waiting], object]) -> None:
    async def run() -> None:
        late = Waiting(opened(folder), database.write)  # type: ignore[arg-type]
        storing = asyncio.create_task(late.run())
        await steps(late)  # type: ignore[misc]
        until_s = time.monotonic() + 10
        while late.is_in_use and not database.is_away:
            assert time.monotonic() < until_s
            await asyncio.sleep(0.01)
        storing.cancel()
        late.close()

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AGAIN_EVERY_S", 0.01)


def test_what_waits_is_stored_in_order_when_the_database_is_back(tmp_path: Path) -> None:
    database = Database()

    async def steps(late: Waiting) -> None:
        for number in range(5):
            await late.keep([one(number)])
        assert database.taken == []
        database.is_away = False

    walk(tmp_path, database, steps)
    assert database.taken == [one(number) for number in range(5)]


def test_what_waits_outlives_the_gateway(tmp_path: Path) -> None:
    database = Database()

    async def only_keep(late: Waiting) -> None:
        await late.keep([one(1)])

    async def be_back(late: Waiting) -> None:
        assert late.is_in_use
        database.is_away = False

    walk(tmp_path, database, only_keep)
    walk(tmp_path, database, be_back)
    assert database.taken == [one(1)]


def test_one_that_the_database_will_not_have_holds_up_no_other_and_is_kept_beside(tmp_path: Path) -> None:
    database = Database()
    database.refuses = lambda arrival: arrival.frame_digest == one(2).frame_digest

    async def steps(late: Waiting) -> None:
        await late.keep([one(1), one(2), one(3)])
        database.is_away = False

    walk(tmp_path, database, steps)
    assert database.taken == [one(1), one(3)]
    assert (tmp_path / REFUSED_FILE).read_bytes().count(b"\n") == 1


def test_readings_of_a_day_whose_messages_are_kept_no_more_are_stored_without_them(tmp_path: Path) -> None:
    database = Database()
    database.refuses = lambda arrival: arrival.frame is not None
    old = replace(one(1), frame=Kept(AT, "192.0.2.1", "AA", "", b""))

    async def steps(late: Waiting) -> None:
        await late.keep([old])
        database.is_away = False

    walk(tmp_path, database, steps)
    assert database.taken == [replace(old, frame=None)]


def test_what_nobody_foresaw_holds_it_up_and_ends_nothing(tmp_path: Path) -> None:
    database = Database()
    fails = iter([True])

    def refuses(arrival: Arrival) -> bool:
        if next(fails, False):
            raise ValueError("nobody foresaw this")
        return False

    database.refuses = refuses

    async def steps(late: Waiting) -> None:
        await late.keep([one(1)])
        database.is_away = False

    walk(tmp_path, database, steps)
    assert database.taken == [one(1)]


# The whole gateway.


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    prepare_months()
    prepare_days()
    return make_cast()


BUSY_S = 60
"""For what must come, and nobody says how soon: four processes of tests may share two cores."""
CONNECTING = """
    SELECT count(*) FROM pg_locks
    WHERE classid = 'pg_database'::regclass AND objid = (SELECT oid FROM pg_database WHERE datname = %s)
"""
"""One that was let in before the door was shut holds this lock until it stands among the activities, to be ended."""
END = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND application_name = %s
"""
"""A server ends nobody at once: asked until none of them is left."""


@contextmanager
def away(database: Clone) -> Iterator[None]:
    """Nobody new can reach the database, and what stores readings has its connections no more."""
    with psycopg.connect(database.server.url(SUPERUSER, "postgres"), autocommit=True) as conn:
        conn.execute(f'ALTER DATABASE "{database.name}" ALLOW_CONNECTIONS false')
        try:
            soon(lambda: conn.execute(CONNECTING, (database.name,)).fetchone() == (0,), within_s=BUSY_S)
            soon(lambda: conn.execute(END, (database.name, APPLICATION_NAME)).fetchone() == (0,), within_s=BUSY_S)
            yield
        finally:
            conn.execute(f'ALTER DATABASE "{database.name}" ALLOW_CONNECTIONS true')


def saturations(monitor: Monitor) -> list[SampleRow]:
    with clinic_scope(monitor.clinic_id):
        return list(SampleRow.objects.filter(monitor=monitor, signal=Signal.SPO2_PERCENT).order_by("measured_at"))


def values(monitor: Monitor) -> list[int]:
    return [int(row.value) for row in saturations(monitor)]


def a_message(now: datetime, number: int) -> bytes:
    at = now + timedelta(milliseconds=number)
    return now_message(at, f"M{number}").replace(b"|97|", f"|{80 + number}|".encode())


def begun(environment: Mapping[str, str]) -> tuple[subprocess.Popen[str], int]:
    """A gateway and its port."""
    process = subprocess.Popen(
        [STILLROOM, "gateway", "--port", "0"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline().rsplit(":", 1)[1])


def test_in_a_power_cut_nothing_that_was_answered_is_lost_and_what_cannot_be_synced_is_not_answered(
    ward: Cast, committed_db: Clone
) -> None:
    make_monitor(ward.clinic)
    message_of = partial(a_message, timezone.now())
    with a_disk(furnish=Path.mkdir) as disk, ExitStack() as stack:
        spool = {"STILLROOM_HL7_SPOOL": str(disk.root / "new" / "spool")}
        process, port = begun({**committed_db.environment, **disk.environment, **spool})
        stack.callback(ended, process)
        with open_line(port) as line, away(committed_db):
            line.settimeout(BUSY_S)
            assert [said_to(line, message_of(number)) for number in range(3)] == ["AA"] * 3
            with disk.failing():
                assert said_to(line, message_of(3)) == "AR"
            assert said_to(line, message_of(3)) == "AA"
            disk.lie()  # so that this disk is seen to forget
            assert said_to(line, message_of(4)) == "AA"
            disk.cut_power(lambda: ended(process))
        found = opened(disk.root / "new" / "spool")
        readings = [each for arrival in found.next(99) for each in arrival.samples]
        found.close()
    assert [int(each.value) for each in readings if each.signal is Signal.SPO2_PERCENT] == [80, 81, 82, 83]


def ended(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_what_was_answered_while_the_database_was_away_is_there_though_the_gateway_was_killed(
    ward: Cast, committed_db: Clone
) -> None:
    monitor = make_monitor(ward.clinic)
    now = timezone.now()
    message_of = partial(a_message, now)
    process, port = begun(committed_db.environment)
    with open_line(port) as line:
        line.settimeout(BUSY_S)
        assert said_to(line, message_of(0)) == "AA"
        # A pool that is slow to open leaves it on the disk for a while.
        soon(lambda: values(monitor) == [80], within_s=BUSY_S)
        with away(committed_db):
            assert [said_to(line, message_of(number)) for number in range(1, 6)] == ["AA"] * 5
            answered_at = timezone.now()
            process.send_signal(signal.SIGKILL)
            process.communicate()
    assert values(monitor) == [80]
    process, port = begun(committed_db.environment)
    try:
        soon(lambda: values(monitor) == [80, 81, 82, 83, 84, 85], within_s=BUSY_S)
        with open_line(port) as line:
            line.settimeout(BUSY_S)
            assert said_to(line, message_of(6)) == "AA"
        # The file that held the others may have been there still, and then it waits in it as well.
        soon(lambda: values(monitor) == [80, 81, 82, 83, 84, 85, 86], within_s=BUSY_S)
    finally:
        process.terminate()
        process.communicate(timeout=BUSY_S)
    with clinic_scope(ward.clinic.pk):
        assert Frame.objects.count() == 7
    came_at = [row.received_at for row in saturations(monitor)]
    assert all(each <= answered_at for each in came_at[:6]), "each came when it came, not when it was stored"
    assert came_at[6] > answered_at
