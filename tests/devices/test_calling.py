"""A device that we call, from its own report to the room, and to the alarm when it goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.calling import run_calls
from stillroom.devices.models import Monitor
from stillroom.devices.readings import newest_in
from stillroom.devices.seen import LinkIs, cards
from stillroom.devices.watch import Watching
from tests.bedside.house import House, planned
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import link_of, soon
from tests.gateways.sdc.provider import device, one_address

WITHIN_S = 25.0


@contextmanager
def calling() -> Iterator[None]:
    """The process that calls, beside the test."""
    started: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Queue()

    async def run() -> None:
        until = asyncio.Event()
        started.put((asyncio.get_running_loop(), until))
        await run_calls(until=until)

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(asyncio.run, run())
        loop, until = started.get(timeout=10)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(until.set)
            running.result(timeout=15)


def test_a_reading_comes_from_a_device_that_is_called_and_its_end_is_a_link_gone_silent(
    committed_db: Clone, settings: Any, tmp_path: Path
) -> None:
    settings.HL7_SPOOL = tmp_path
    ward = make_cast()
    with device() as there:
        monitor = make_monitor(ward.clinic, driver="sdc", address=there.address, peers=[], interval_s=1, name="Example")
        with clinic_scope(ward.clinic.pk):
            assign(monitor, ward.room, at=timezone.now(), by=None)
        with calling():
            soon(lambda: link_of(ward), WITHIN_S)
            there.measures("n0", "96")

            def shown() -> object:
                with clinic_scope(ward.clinic.pk):
                    return newest_in([ward.room.pk], timezone.now()).get(ward.room.pk, {}).get(Signal.SPO2_PERCENT)

            reading = soon(shown, WITHIN_S)
            assert str(reading.value.normalize()) == "96"
            there.provider.stop_all(send_subscription_end=False)
            lost = soon(lambda: (link := link_of(ward)) and link.refusals and link, WITHIN_S)
            assert lost.refusals[-1]["reason"] == "line_lost"
            assert not lost.lines
            # Being called in vain is no sign of life: the watch takes the silence from here for an alarm.
            with clinic_scope(ward.clinic.pk):
                later = lost.last_heard_at + timedelta(seconds=60)
                assert [card.state for card in cards(later)] == [LinkIs.SILENT]


def called(house: House, address: str) -> Monitor:
    """The room's monitor is one that is called, at this address."""
    cast = house.cast
    monitor = make_monitor(cast.clinic, driver="sdc", address=address, peers=[], interval_s=1, name="Example")
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.row.room, at=timezone.now(), by=None)
    return monitor


def measured_at(house: House, value: str) -> Callable[[], object]:
    """When the room was last told this saturation."""

    def look() -> object:
        with clinic_scope(house.cast.clinic.pk):
            newest = newest_in([house.row.room_id], timezone.now()).get(house.row.room_id, {})
            found = newest.get(Signal.SPO2_PERCENT)
            return found.received_at if found and str(found.value.normalize()) == value else None

    return look


def test_a_device_that_goes_is_a_monitor_lost_and_is_found_when_it_is_back_at_its_address(
    committed_db: Clone, settings: Any, tmp_path: Path
) -> None:
    settings.HL7_SPOOL = tmp_path
    house = planned(make_cast()).start()

    def facts(kind: type[e.Fact]) -> list[e.Fact]:
        return [entry.fact for entry in house.log if isinstance(entry.fact, kind)]

    with one_address() as server, contextlib.ExitStack() as running:
        with device(at=server) as there:
            address = there.address
            monitor = called(house, address)
            running.enter_context(calling())
            soon(lambda: link_of(house.cast), WITHIN_S)
            there.measures("n0", "96")
            heard_at = soon(measured_at(house, "96"), WITHIN_S)
            Watching().look()
            assert not facts(e.MonitorLost)
        soon(lambda: (link := link_of(house.cast)) and link.refusals, WITHIN_S)
        later = heard_at + timedelta(seconds=30)  # a link of one second is lost after ten
        Watching(now=lambda: later).look()
        Watching(now=lambda: later).look()
        [lost] = facts(e.MonitorLost)
        assert isinstance(lost, e.MonitorLost)
        assert lost.monitor == monitor.pk
        with device(at=server) as there:
            assert there.address == address
            soon(lambda: (link := link_of(house.cast)) and link.lines, WITHIN_S)
            there.measures("n0", "95")
            soon(measured_at(house, "95"), WITHIN_S)
            Watching().look()
            assert len(facts(e.MonitorFound)) == 1


def test_whoever_enrols_a_device_that_is_called_is_told_what_its_library_says_of_itself(cast: Cast) -> None:
    technician = signed_in(cast.tom)
    page = technician.get("/devices/enrol/?driver=sdc").content.decode()
    assert "not for clinical routine" in page
    assert "never sets anything there" in page
    assert technician.get("/devices/enrol/?driver=nonsense").status_code == 404


@pytest.mark.parametrize("address", ["http://192.0.2.1:6464/a", "192.0.2.1", "https://192.0.2.1/a", ""])
def test_an_address_that_anybody_could_answer_at_is_refused(cast: Cast, address: str) -> None:
    technician = signed_in(cast.tom)
    said = {"name": "A", "address": address, "interval_s": "1", "cuff_interval_s": "600", "is_enrolled": "on"}
    answer = technician.post("/devices/enrol/?driver=sdc", said)
    assert answer.status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not Monitor.objects.exists()


def test_a_device_is_enrolled_once_at_its_address_and_its_card_says_where_it_is_called(cast: Cast) -> None:
    technician = signed_in(cast.tom)
    said = {"name": "A", "address": "https://192.0.2.1:6464/a", "interval_s": "1", "cuff_interval_s": "600"}
    enrolled = said | {"is_enrolled": "on"}
    assert technician.post("/devices/enrol/?driver=sdc", enrolled).status_code == 302
    assert technician.post("/devices/enrol/?driver=sdc", enrolled | {"name": "B"}).status_code == 422
    page = technician.get("/devices/").content.decode()
    assert "https://192.0.2.1:6464/a" in page
    assert "not for clinical routine" in page
    with clinic_scope(cast.clinic.pk):
        monitor = Monitor.objects.get()
    assert technician.get(f"/devices/{monitor.pk}/").status_code == 200
    assert technician.post(f"/devices/{monitor.pk}/", enrolled | {"name": "C"}).status_code == 302
