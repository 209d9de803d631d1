"""A simulated monitor at work: over a real socket, to a receiver of the test's own, and to the room's real log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion.state import Status
from stillroom.core.vitals import Sample, Signal
from stillroom.devices.models import Monitor
from stillroom.gateways.contract import Report
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.frames import FrameReader, framed
from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.wire import read
from stillroom.infusions.acts import perform
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import state_of
from stillroom.rehearsal.connected import Connected, Watcher, signs_of
from stillroom.rehearsal.dialects import A
from stillroom.rehearsal.measured import BY_CUFF, Cuff
from stillroom.rehearsal.monitor import OnMonitor, SimulatedMonitor
from stillroom.rehearsal.patient import SimulatedPatient, signs_at
from stillroom.rehearsal.people import HALDANE
from tests.rehearsal.furnished import Furnished

MARA = SimulatedPatient(seed=7)
QUICK_S = 0.02


@dataclass
class Receiver:
    """Answers as a gateway does; hangs up after every `hangs_up_after` messages, without an answer to the last."""

    hangs_up_after: int = 1_000_000
    reports: list[Report] = field(default_factory=list)
    lines: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        frames, heard = FrameReader(), 0
        while chunk := await reader.read(4096):
            for frame in frames.feed(chunk):
                heard += 1
                if heard > self.hangs_up_after:
                    writer.close()
                    return
                writer.write(self._answer(frame))
        writer.close()

    def _answer(self, frame: bytes) -> bytes:
        message = open_message(frame)
        found = read(message, received_at=datetime.now(UTC), zone=None)
        self.reports.append(found)
        (answer,) = acknowledgements(message.header, found, at=datetime.now(UTC), control_id="1")
        return framed(answer)

    def samples(self, *signals: Signal) -> list[Sample]:
        return [sample for found in self.reports for sample in found.samples if sample.signal in signals]


async def mara(at: datetime) -> OnMonitor | None:
    signs = signs_at(MARA, at_s=at.timestamp(), effect_site_ng_per_ml=100)
    return OnMonitor(identifier="DEMO-7", bed="Room 2", signs=signs)


async def nobody(at: datetime) -> OnMonitor | None:
    return None


def played(
    receiver: Receiver, until: Callable[[], bool], look: Callable[[datetime], Awaitable[OnMonitor | None]] = mara
) -> None:
    """One monitor reports to the receiver until enough was heard."""

    async def play() -> None:
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
        monitor = SimulatedMonitor(A, interval_s=QUICK_S, cuff_interval_s=300, look=look)
        task = asyncio.create_task(monitor.run("127.0.0.1", server.sockets[0].getsockname()[1]))
        async with asyncio.timeout(20):
            while not until():  # noqa: ASYNC110 (the receiver is told of nothing but frames)
                await asyncio.sleep(QUICK_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.close()

    asyncio.run(play())


def test_it_reports_at_its_interval_and_awaits_each_answer() -> None:
    receiver = Receiver()
    played(receiver, lambda: len(receiver.reports) >= 5)
    assert receiver.lines == 1
    assert all(not found.set_aside for found in receiver.reports)
    pulses = [sample.value for sample in receiver.samples(Signal.PULSE_PER_MIN)]
    assert all(60 < pulse < 85 for pulse in pulses)


def test_the_cuff_inflates_at_once_and_not_with_every_report() -> None:
    receiver = Receiver()
    played(receiver, lambda: len(receiver.reports) >= 5)
    assert [sample.signal for sample in receiver.samples(*BY_CUFF)] == list(BY_CUFF)
    assert {sample.signal for sample in receiver.reports[0].samples} > set(BY_CUFF)


def test_it_comes_back_when_the_line_drops_without_an_answer() -> None:
    receiver = Receiver(hangs_up_after=2)
    played(receiver, lambda: receiver.lines >= 3)
    assert len(receiver.reports) >= 4


def test_with_nobody_connected_it_reports_no_sign() -> None:
    receiver = Receiver()
    played(receiver, lambda: len(receiver.reports) >= 2, nobody)
    assert receiver.samples(*Signal) == []


def test_a_silent_one_keeps_its_line_and_sends_nothing_until_it_is_not() -> None:
    receiver, asked = Receiver(), 0

    async def silent_for_a_while(at: datetime) -> OnMonitor | None:
        nonlocal asked
        asked += 1
        here = await mara(at)
        assert here is not None
        assert asked > 5 or receiver.reports == []
        return replace(here, is_silent=asked < 5)

    played(receiver, lambda: len(receiver.reports) >= 2, silent_for_a_while)
    assert receiver.lines == 1


def test_a_cuff_keeps_its_interval() -> None:
    cuff, at = Cuff(300), datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    due = [second for second in range(0, 901, 5) if cuff.is_due(at + timedelta(seconds=second))]
    assert due == [0, 300, 600, 900]


def connected_in(furnished: Furnished, room: str, at: datetime) -> Connected | None:
    with clinic_scope(furnished.clinic_id):
        monitor = Monitor.objects.get(assignments__room__name=room)
    return Watcher(furnished.clinic_id, monitor.pk).look(at)


def mean_pulse(connected: Connected, at: datetime) -> float:
    return sum(signs_of(connected, at + timedelta(seconds=n)).pulse_per_min for n in range(-210, 210, 7)) / 60


def test_who_is_on_the_monitor_is_read_from_the_room_and_its_log(furnished: Furnished) -> None:
    connected = connected_in(furnished, "Room 2", furnished.at)
    assert connected is not None
    assert connected.identifier == "DEMO-1002"
    assert connected.drip is not None
    before = furnished.at - timedelta(minutes=28)
    assert mean_pulse(connected, furnished.at) > mean_pulse(connected, before)


def test_the_patient_answers_to_what_staff_do(furnished: Furnished) -> None:
    """A clamp closed now: after twenty minutes the body holds less than if the drip had run on."""
    with clinic_scope(furnished.clinic_id):
        infusion = Infusion.objects.get(status=Status.INFUSING)
        monitor = Monitor.objects.get(assignments__room=infusion.room_id)
        nurse = state_of(infusion.pk).taken_by
    assert nurse is not None
    watcher, later = Watcher(furnished.clinic_id, monitor.pk), furnished.at + timedelta(minutes=8)
    running = watcher.look(furnished.at)
    assert running is not None
    with clinic_scope(furnished.clinic_id):
        for command in (c.StopInfusion(), c.ConfirmDone(intent_seq=running.last_seq + 1)):
            answer = perform(
                act_id=uuid4(),
                infusion_id=infusion.pk,
                command=command,
                author=c.Author(by=nurse, role="nurse"),
                seen_seq=running.last_seq,
                received_at=furnished.at,
            )
            assert answer.outcome == "done"
    stopped = watcher.look(furnished.at)
    assert stopped is not None
    assert stopped.last_seq == running.last_seq + 2
    assert mean_pulse(stopped, later) < mean_pulse(running, later)


def test_nobody_is_connected_where_only_somebody_is_expected(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        planned = Infusion.objects.get(patient__identifier=HALDANE.identifier)
        monitor = Monitor.objects.create(
            clinic_id=furnished.clinic_id, name="Spare", peers=["127.0.0.1"], sending_application="SPARE"
        )
        monitor.assignments.create(clinic_id=furnished.clinic_id, room_id=planned.room_id)
    assert connected_in(furnished, "Room 4", datetime.now(UTC)) is None
