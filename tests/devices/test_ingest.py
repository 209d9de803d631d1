"""The one way in for samples: stored once, durably, under their own clinic, and never late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal
from stillroom.devices import ingest
from stillroom.devices.arriving import Arrival
from stillroom.devices.gateway import prepare_months
from stillroom.devices.ingest import BUSY, ENOUGH, FLUSH_AT_MOST_LATE_S, ingesting
from stillroom.devices.models import Monitor, Sample
from stillroom.gateways.errors import GatewayError
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    prepare_months()
    return make_cast()


def store(database: Clone, *arrivals: Arrival) -> None:
    asyncio.run(written(database.url, *arrivals))


def stored(monitor: Monitor) -> list[tuple[str, str]]:
    with clinic_scope(monitor.clinic_id):
        rows = Sample.objects.filter(monitor=monitor).order_by("measured_at", "signal")
        return [(row.signal, str(row.value)) for row in rows]


def test_what_comes_is_stored_as_it_was_sent(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    monitor = make_monitor(ward.clinic)
    came = sample(Signal.TEMPERATURE_CEL, "36.80", at=at)
    store(committed_db, arrival(monitor, [came]))
    with clinic_scope(ward.clinic.pk):
        row = Sample.objects.get()
        assert row.as_reading() == came
        assert str(row.value) == "36.80"
        assert row.clinic_id == ward.clinic.pk


def test_a_message_sent_again_is_stored_once(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    monitor = make_monitor(ward.clinic)
    once = arrival(monitor, [sample(at=at), sample(Signal.PULSE_PER_MIN, "71", at=at)])
    store(committed_db, once, once)
    store(committed_db, once)
    assert stored(monitor) == [("pulse_per_min", "71"), ("spo2_percent", "97")]


def test_equal_numbers_of_one_flush_are_kept_as_each_was_written(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    monitor = make_monitor(ward.clinic)
    as_written = ["37", "37.0", "37.00", "0", "0.000001", "-0.5", "12345.678901"]
    store(
        committed_db,
        *(arrival(monitor, [sample(value=each, at=at + timedelta(seconds=n))]) for n, each in enumerate(as_written)),
    )
    assert [value for _, value in stored(monitor)] == as_written


def test_the_same_message_of_two_monitors_is_two(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    first, second = make_monitor(ward.clinic), make_monitor(ward.clinic)
    store(committed_db, *(arrival(monitor, [sample(at=at)], b"the same frame") for monitor in (first, second)))
    assert stored(first) == stored(second) == [("spo2_percent", "97")]


def test_a_correction_is_kept_beside_what_it_corrects(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    monitor = make_monitor(ward.clinic)
    store(committed_db, arrival(monitor, [sample(value="79", at=at)]), arrival(monitor, [sample(value="97", at=at)]))
    assert sorted(value for _, value in stored(monitor)) == ["79", "97"]


def test_one_flush_serves_two_clinics_and_mixes_nothing(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    ours, theirs = make_monitor(ward.clinic), make_monitor(ward.other_clinic)
    store(committed_db, arrival(ours, [sample(at=at)]), arrival(theirs, [sample(value="88", at=at)]))
    assert stored(ours) == [("spo2_percent", "97")]
    assert stored(theirs) == [("spo2_percent", "88")]
    with clinic_scope(ward.other_clinic.pk):
        assert Sample.objects.count() == 1


def test_a_sample_cannot_be_stored_under_another_clinic(ward: Cast, committed_db: Clone) -> None:
    monitor = make_monitor(ward.clinic)
    lie = Arrival(ward.other_clinic.pk, monitor.pk, (sample(at=timezone.now()),), uuid4().bytes)
    store(committed_db, lie)
    assert stored(monitor) == []


@pytest.mark.parametrize("statement", ["SELECT 1 FROM {}", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES"])
def test_a_month_on_its_own_is_closed(ward: Cast, committed_db: Clone, statement: str) -> None:
    month = f"devices_sample_{timezone.now():%Y_%m}"
    with psycopg.connect(committed_db.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.format(month))  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", ["UPDATE devices_sample SET value = 1", "DELETE FROM devices_sample"])
def test_samples_are_only_added(ward: Cast, committed_db: Clone, statement: str) -> None:
    with psycopg.connect(committed_db.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)  # type: ignore[arg-type]


def test_months_are_made_once_and_ahead(ward: Cast) -> None:
    around = datetime(2031, 12, 31, 23, 0, tzinfo=timezone.get_current_timezone())
    prepare_months(around)
    prepare_months(around)
    monitor = make_monitor(ward.clinic)
    with clinic_scope(ward.clinic.pk):
        for at in (around, around + timedelta(hours=2), around - timedelta(days=32)):
            Sample.objects.create(
                monitor=monitor, clinic=ward.clinic, signal="spo2_percent", measured_at=at, received_at=at,
                value="97", validity="valid", frame_digest=uuid4().bytes,
            )  # fmt: skip
        assert Sample.objects.count() == 3


# When is it flushed?


class SlowPool:
    """Connections whose commits take as long as they are told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, commits_take_s: Sequence[float]) -> None:
        self.began_s: list[float] = []
        self.sizes: list[int] = []
        self._take_s = list(commits_take_s)
        monkeypatch.setattr(ingest, "write", self._write)

    async def _write(self, conn: Any, arrivals: Sequence[Arrival]) -> None:
        self.began_s.append(time.monotonic())
        self.sizes.append(len(arrivals))
        await asyncio.sleep(self._take_s.pop(0) if self._take_s else 0)

    def connection(self) -> SlowPool:
        return self

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *fault: object) -> None:
        return None


async def send(pool: SlowPool, at_s: Sequence[float]) -> list[float]:
    """Arrivals at these seconds; how long each waited for its flush to begin is for the caller to see."""
    keeper = ingest.Ingest(pool)  # type: ignore[arg-type]
    flushing = asyncio.create_task(keeper.run())
    began_s = time.monotonic()

    async def one(after_s: float) -> float:
        await asyncio.sleep(after_s)
        await keeper.store(Arrival(uuid4(), uuid4(), (), b""))
        return time.monotonic() - began_s - after_s

    waited = await asyncio.gather(*map(one, at_s))
    flushing.cancel()
    return list(waited)


def test_an_arrival_in_a_quiet_house_is_flushed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = asyncio.run(send(SlowPool(monkeypatch, []), [0, 0.1, 0.2]))
    assert max(waited) < FLUSH_AT_MOST_LATE_S


def test_what_comes_during_a_commit_goes_together_when_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = SlowPool(monkeypatch, [0.03])
    asyncio.run(send(pool, [0, 0.005, 0.01, 0.015]))
    assert pool.sizes == [1, 3]
    assert pool.began_s[1] - pool.began_s[0] > 0.025


def test_a_lone_line_is_never_made_to_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "GATHERED_FOR_S", 60.0)
    pool = SlowPool(monkeypatch, [])

    async def walk() -> None:
        keeper = ingest.Ingest(pool)  # type: ignore[arg-type]
        flushing = asyncio.create_task(keeper.run())
        for _ in range(5):
            await keeper.store(Arrival(uuid4(), uuid4(), (), b""))
        flushing.cancel()

    asyncio.run(asyncio.wait_for(walk(), 20))
    assert pool.sizes == [1] * 5


def test_where_many_send_what_comes_is_gathered_until_enough_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "GATHERED_FOR_S", 60.0)
    pool = SlowPool(monkeypatch, [])

    async def walk() -> None:
        keeper = ingest.Ingest(pool)  # type: ignore[arg-type]
        flushing = asyncio.create_task(keeper.run())

        def came(count: int) -> asyncio.Future[list[None]]:
            return asyncio.gather(*(keeper.store(Arrival(uuid4(), uuid4(), (), b"")) for _ in range(count)))

        await came(BUSY + 1)
        first = came(ENOUGH - 1)
        await asyncio.wait([first], timeout=0.2)
        await asyncio.gather(first, came(1))
        flushing.cancel()

    asyncio.run(asyncio.wait_for(walk(), 20))
    assert pool.sizes == [BUSY + 1, ENOUGH]


def test_a_commit_that_hangs_holds_the_next_up_by_50_ms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = SlowPool(monkeypatch, [1.0])
    waited = asyncio.run(send(pool, [0, 0.01]))
    assert FLUSH_AT_MOST_LATE_S * 0.9 < pool.began_s[1] - pool.began_s[0] < 3 * FLUSH_AT_MOST_LATE_S
    assert waited[1] < 0.5 < waited[0]


def test_a_database_that_was_restarted_costs_no_message(ward: Cast, committed_db: Clone) -> None:
    at = timezone.now()
    monitor = make_monitor(ward.clinic)

    async def walk() -> None:
        async with ingesting(committed_db.url) as keeper:
            await keeper.store(arrival(monitor, [sample(at=at)]))
            _end_its_connections(committed_db)
            await keeper.store(arrival(monitor, [sample(value="96", at=at)]))

    asyncio.run(walk())
    assert sorted(value for _, value in stored(monitor)) == ["96", "97"]


def test_a_database_that_is_away_is_told_to_whoever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "CONNECTION_WITHIN_S", 0.3)

    async def walk() -> None:
        async with ingesting("host=/nowhere dbname=none") as keeper:
            with pytest.raises(GatewayError) as fault:
                await keeper.store(Arrival(uuid4(), uuid4(), (sample(at=timezone.now()),), b"1"))
            assert not fault.value.permanent

    asyncio.run(walk())


def _end_its_connections(database: Clone) -> None:
    """All of them, and not before they are gone: there are two where the first was long in coming."""
    statement = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = %s"
    with psycopg.connect(database.url, autocommit=True) as conn:
        ended = conn.execute(statement, (ingest.APPLICATION_NAME,)).fetchone()
    assert ended is not None
    assert ended[0] > 0
