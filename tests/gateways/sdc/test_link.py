"""Calling a device: the library's own provider on loopback, by TLS and in plain, restarted, taken away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sdc11073.certloader import mk_ssl_contexts

from stillroom.core.vitals import Sample, Signal, Validity
from stillroom.gateways.contract import Heard, Line, LineFault, Report, Source, Trust
from stillroom.gateways.errors import GatewayError
from stillroom.gateways.sdc.link import call
from stillroom.gateways.sdc.reasons import Reason
from tests.devices.test_secured import issue
from tests.gateways.sdc.provider import CALIBRATING, INVALID, QUESTIONABLE, Device, device

WITHIN_S = 20.0


@dataclass
class Kept:
    """A keeper in memory."""

    is_broken: bool = False
    heard: list[Heard] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    closed: list[Line] = field(default_factory=list)

    async def store(self, source: Source, heard: Heard) -> None:
        if self.is_broken:
            raise GatewayError("the database is away", permanent=False)
        self.heard.append(heard)

    def note_report(self, line: Line, source: Source | None, report: Report, received_at: datetime) -> None:
        self.reports.append(report)

    def note_closed(self, line: Line) -> None:
        self.closed.append(line)

    @property
    def samples(self) -> list[Sample]:
        return [sample for report in self.reports for sample in report.samples]

    def newest(self, signal: Signal) -> Sample | None:
        return next((each for each in reversed(self.samples) if each.signal is signal), None)


def source(address: str, **said: object) -> Source:
    return Source(UUID(int=1), None, address, **said)  # type: ignore[arg-type]


@asynccontextmanager
async def calling(there: Device, keeper: Kept, said: Source | None = None) -> AsyncIterator[asyncio.Task[None]]:
    said = said or source(there.address)
    running = asyncio.create_task(call(said, keeper, number=1, now=lambda: datetime.now(UTC)))
    try:
        await soon(lambda: keeper.reports or running.done())
        if running.done():
            running.result()
        yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, LineFault):
            await running


async def soon(look: object) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not look():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def measured(there: Device, keeper: Kept, *said: object) -> None:
    """The device measures, on a thread of its own as real ones do, and it is heard."""
    before = len(keeper.reports)
    await asyncio.to_thread(there.measures, *said)  # type: ignore[arg-type]
    await soon(lambda: len(keeper.reports) > before)


def test_metrics_of_descriptors_never_seen_become_readings_with_their_validity() -> None:
    async def walk() -> None:
        keeper = Kept()
        with device() as there:
            async with calling(there, keeper):
                await measured(there, keeper, "n0", "97")
                found = keeper.newest(Signal.SPO2_PERCENT)
                assert found is not None
                assert (str(found.value), found.validity) == ("97", Validity.VALID)
                assert abs(found.received_at - found.measured_at).total_seconds() < WITHIN_S
                for said, validity in (
                    (QUESTIONABLE, Validity.QUESTIONABLE),
                    (INVALID, Validity.INVALID),
                    (CALIBRATING, Validity.INVALID),
                ):
                    await measured(there, keeper, "n1", "71", said)
                    pulse = keeper.newest(Signal.PULSE_PER_MIN)
                    assert pulse is not None
                    assert pulse.validity is validity
                await measured(there, keeper, "n2", "16")
                pressure = keeper.newest(Signal.SBP_MMHG)
                assert pressure is not None
                assert str(pressure.value) == "120.01"  # 16 kPa; BIPM: a millimetre of mercury is 133.322387415 Pa
                await measured(there, keeper, "n4", "12")
                assert [item.reason for item in keeper.reports[-1].set_aside] == [Reason.NOT_KEPT]
                assert b"urn:oid:1.2.3.4.5" in keeper.heard[-1].frame
                await measured(there, keeper, "n5", "88")
                assert [item.reason for item in keeper.reports[-1].set_aside] == [Reason.SIGNAL_TWICE]
                await measured(there, keeper, "n6", "14")
                assert [item.reason for item in keeper.reports[-1].set_aside] == [Reason.UNIT_UNKNOWN]
            assert len(keeper.closed) == 1

    asyncio.run(walk())


def test_by_tls_a_device_is_known_by_its_issuer_and_its_fingerprint(tmp_path: Path) -> None:
    issuer = issue(tmp_path, "issuer")
    ours, theirs = issue(tmp_path, "us", by=issuer), issue(tmp_path, "device", by=issuer)
    trust = Trust(ours.certificate_file, ours.key_file, issuer.certificate_file)

    async def walk() -> None:
        keeper = Kept()
        tls = mk_ssl_contexts(theirs.key_file, theirs.certificate_file, issuer.certificate_file)
        with device(tls=tls) as there:
            said = source(there.address, certificate=theirs.fingerprint, trust=trust)
            async with calling(there, keeper, said):
                await measured(there, keeper, "n0", "97")
                assert keeper.newest(Signal.SPO2_PERCENT) is not None
            another = source(there.address, certificate=ours.fingerprint, trust=trust)
            with pytest.raises(LineFault) as fault:
                await call(another, Kept(), number=1, now=lambda: datetime.now(UTC))
            assert fault.value.reason is Reason.ANOTHER_CERTIFICATE
            stranger = issue(tmp_path, "stranger")
            unknown = Trust(stranger.certificate_file, stranger.key_file, stranger.certificate_file)
            with pytest.raises(LineFault) as fault:
                await call(source(there.address, trust=unknown), Kept(), number=1, now=lambda: datetime.now(UTC))
            assert fault.value.reason is Reason.UNREACHABLE

    asyncio.run(walk())


def test_a_restart_is_followed_though_a_handle_means_something_else_then() -> None:
    """n3 was the diastolic pressure; after the restart it is the temperature."""

    async def walk() -> None:
        keeper = Kept()
        with device() as there:
            async with calling(there, keeper):
                await measured(there, keeper, "n3", "80")
                assert keeper.newest(Signal.DBP_MMHG) is not None
                described = there.mdib.descriptions.handle.get_one("n3")
                described.Type.Code, described.Type.SymbolicCodeName = "150344", "MDC_TEMP"
                described.Unit.Code = "268192"
                there.restarts(7)
                before = len(keeper.reports)
                await asyncio.to_thread(there.measures, "n3", "36.6")
                await soon(lambda: keeper.newest(Signal.TEMPERATURE_CEL) is not None)
                assert b'"instance": 7' in keeper.heard[-1].frame
                late = [each for report in keeper.reports[before:] for each in report.samples]
                assert Signal.DBP_MMHG not in {each.signal for each in late}

    asyncio.run(walk())


def test_a_device_that_goes_is_a_line_lost_with_its_reason() -> None:
    async def walk() -> None:
        keeper = Kept()
        with device() as there:
            async with calling(there, keeper) as running:
                await asyncio.to_thread(there.provider.stop_all, False)
                with pytest.raises(LineFault) as fault:
                    await asyncio.wait_for(running, WITHIN_S)
        assert fault.value.reason is Reason.LINE_LOST
        assert len(keeper.closed) == 1

    asyncio.run(walk())


def test_what_cannot_be_stored_ends_the_line_so_that_it_is_said_again() -> None:
    async def walk() -> None:
        keeper = Kept(is_broken=True)
        with device() as there, pytest.raises(LineFault) as fault:
            await call(source(there.address), keeper, number=1, now=lambda: datetime.now(UTC))
        assert fault.value.reason is Reason.NOT_STORED
        assert keeper.reports == []

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://192.0.2.1:6464/a", Reason.NOT_SECURED),
        ("https://127.0.0.1:9/a", Reason.NO_CERTIFICATE),
        ("http://127.0.0.1:9/a", Reason.UNREACHABLE),
        ("127.0.0.1", Reason.NOT_SECURED),
    ],
)
def test_what_cannot_be_called_says_why(address: str, reason: Reason) -> None:
    with pytest.raises(LineFault) as fault:
        asyncio.run(call(source(address), Kept(), number=1, now=lambda: datetime.now(UTC)))
    assert fault.value.reason is reason
