"""The gateway as a process: a monitor's message from the wire to the room, its repeats, its refusals, its end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.doors import Door
from stillroom.devices.gateway import run_gateway
from stillroom.devices.models import LinkState, Sample, Stranger
from stillroom.devices.readings import newest_in
from stillroom.gateways.hl7.frames import framed
from stillroom.gateways.hl7.times import written
from tests.cast import Cast, make_cast, signed_in
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.gateways.hl7.messages import PULSE_71, SENT, SPO2_97, message

STILLROOM = Path(sys.executable).with_name("stillroom")


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    return make_cast()


@contextmanager
def gateway(through: Sequence[Door] = (Door("127.0.0.1", 0),)) -> Iterator[int]:
    """The gateway beside the test, on a free port."""
    ready: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Queue()

    async def run() -> None:
        until = asyncio.Event()
        loop = asyncio.get_running_loop()
        await run_gateway(through, until=until, ready=lambda opened: ready.put((loop, until, opened[0].port)))

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(asyncio.run, run())
        loop, until, port = ready.get(timeout=10)
        try:
            yield port
        finally:
            loop.call_soon_threadsafe(until.set)
            running.result(timeout=10)


@contextmanager
def gateway_process(database: Clone) -> Iterator[int]:
    """The real command, on a free port; it must end by itself when asked."""
    command = [STILLROOM, "gateway", "--port", "0"]
    environment = {**os.environ, **database.environment}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Listening"), process.stderr.read() if process.stderr else ""
        yield int(said.rsplit(":", 1)[1])
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=10)
    assert process.returncode == 0, complaints


def now_message(at: datetime, control_id: str = "NOW", *observations: str) -> bytes:
    text = message(observations or (SPO2_97, PULSE_71), control_id=control_id).decode()
    return text.replace(SENT, written(at)).encode()


def open_line(port: int) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", port), timeout=10))


def said_to(line: socket.socket, frame: bytes) -> str:
    """What is answered to one message: its code."""
    line.sendall(framed(frame))
    answer = b""
    while not answer.endswith(b"\x1c\r"):
        chunk = line.recv(4096)
        if not chunk:
            return "turned away"
        answer += chunk
    return answer.split(b"\rMSA|")[1].split(b"|")[0].decode()


def soon(look: Callable[[], Any], within_s: float = 8.0) -> Any:
    """What `look` finds, as soon as it finds something."""
    until_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < until_s, "it never came"
        time.sleep(0.05)
    return found


def link_of(cast: Cast) -> LinkState | None:
    with clinic_scope(cast.clinic.pk):
        return LinkState.objects.first()


def test_a_reading_goes_from_the_wire_to_the_room(ward: Cast, committed_db: Clone) -> None:
    monitor = make_monitor(ward.clinic)
    at = timezone.now()
    with clinic_scope(ward.clinic.pk):
        assign(monitor, ward.room, at=at - timedelta(minutes=1), by=None)
    with gateway_process(committed_db) as port, open_line(port) as line:
        assert said_to(line, now_message(at)) == "AA"
        with clinic_scope(ward.clinic.pk):
            newest = newest_in([ward.room.pk], timezone.now())[ward.room.pk]
        assert {signal: str(sample.value) for signal, sample in newest.items()} == {
            Signal.SPO2_PERCENT: "97",
            Signal.PULSE_PER_MIN: "71",
        }


def test_two_beds_on_one_line_are_each_their_own_and_a_batch_of_both_too(ward: Cast) -> None:
    beds = {bed: make_monitor(ward.clinic, bed=bed) for bed in ("CHAIR^^2", "CHAIR^^3")}
    now = timezone.now()
    two, three = now_message(now, "TWO"), now_message(now, "THREE").replace(b"CHAIR^^2", b"CHAIR^^3")
    later = now_message(now + timedelta(seconds=1), "LATER").replace(b"|97|", b"|93|")
    with gateway() as port, open_line(port) as line:
        assert [said_to(line, two), said_to(line, three.replace(b"|97|", b"|88|"))] == ["AA", "AA"]
        batch = (
            b"BHS|^~\\&|Acme\r" + later + later.replace(b"CHAIR^^2", b"CHAIR^^3").replace(b"|93|", b"|84|") + b"BTS|2\r"
        )
        assert said_to(line, batch) == "AA"
    with clinic_scope(ward.clinic.pk):
        spo2 = Sample.objects.filter(signal=Signal.SPO2_PERCENT).order_by("measured_at")
        kept = {bed: [int(row.value) for row in spo2.filter(monitor=monitor)] for bed, monitor in beds.items()}
    assert kept == {"CHAIR^^2": [97, 93], "CHAIR^^3": [88, 84]}


def test_a_result_that_comes_late_is_kept_where_it_belongs_and_is_not_the_newest(ward: Cast) -> None:
    """A wrong clock likewise: when it was measured, as the monitor says, and when it came are both kept."""
    monitor = make_monitor(ward.clinic)
    now = timezone.now()
    with clinic_scope(ward.clinic.pk):
        assign(monitor, ward.room, at=now - timedelta(hours=1), by=None)
    late = now_message(now - timedelta(minutes=10), "LATE").replace(b"|97|", b"|85|")
    with gateway() as port, open_line(port) as line:
        assert [said_to(line, now_message(now)), said_to(line, late)] == ["AA", "AA"]
    with clinic_scope(ward.clinic.pk):
        newest = newest_in([ward.room.pk], timezone.now())[ward.room.pk][Signal.SPO2_PERCENT]
        first = Sample.objects.filter(signal=Signal.SPO2_PERCENT).order_by("measured_at")[0]
    assert (str(newest.value), str(first.value)) == ("97", "85")
    assert (first.received_at - first.measured_at) >= timedelta(minutes=10)


def test_a_message_sent_again_even_after_a_restart_is_stored_once(ward: Cast) -> None:
    make_monitor(ward.clinic)
    frame = now_message(timezone.now())
    for _ in range(2):
        with gateway() as port:
            for _ in range(2):
                with open_line(port) as line:
                    assert said_to(line, frame) == "AA"
    with clinic_scope(ward.clinic.pk):
        assert Sample.objects.count() == 2


def test_the_link_is_told_as_it_is(ward: Cast) -> None:
    monitor = make_monitor(ward.clinic)
    at = timezone.now()
    bad_unit = SPO2_97.replace("262688^MDC_DIM_PERCENT^MDC", "percent")
    with gateway() as port, open_line(port) as line:
        assert said_to(line, now_message(at - timedelta(seconds=30), "ONE")) == "AA"
        assert said_to(line, now_message(at, "TWO", bad_unit)) == "AE"
        assert said_to(line, now_message(at, "THREE", bad_unit)) == "AE"
        link = soon(lambda: (found := link_of(ward)) and found.frames == 3 and found)
        assert (link.monitor_id, link.lines, link.peer) == (monitor.pk, 1, "127.0.0.1")
        assert (link.frames, link.samples, link.refused) == (3, 2, 2)
        [refusal] = link.refusals
        assert (refusal["reason"], refusal["what"], refusal["times"]) == ("unit_unknown", "percent", 2)
        assert abs(link.clock_offset_s) < 20
    assert link_of(ward).lines == 0  # type: ignore[union-attr]


def test_who_is_connected_and_says_nothing_is_told_as_connected_where_it_can_be_nobody_else(
    ward: Cast,
) -> None:
    make_monitor(ward.clinic)
    with gateway() as port:
        with open_line(port):
            soon(lambda: (found := link_of(ward)) and found.lines == 1)
            assert link_of(ward).last_heard_at is None  # type: ignore[union-attr]
            assert b"It is connected, and has said nothing yet." in signed_in(ward.tom).get("/devices/").content
        soon(lambda: link_of(ward).lines == 0)  # type: ignore[union-attr]


def test_of_two_that_may_send_from_there_neither_is_told_as_connected_before_it_says_who_it_is(ward: Cast) -> None:
    for bed in ("1", "2"):
        make_monitor(ward.clinic, bed=bed)
    with gateway() as port, open_line(port), open_line(port) as line:
        said_to(line, now_message(timezone.now()))
        with clinic_scope(ward.clinic.pk):
            soon(Stranger.objects.exists)  # written with the links, and after them
            assert not LinkState.objects.filter(lines__gt=0).exists()


def test_who_is_not_enrolled_is_turned_away_and_named_to_the_technician(ward: Cast) -> None:
    make_monitor(ward.clinic, sending_application="SomebodyElse")
    with gateway() as port, open_line(port) as line:
        assert said_to(line, now_message(timezone.now())) == "AR"

        def heard() -> Stranger | None:
            with clinic_scope(ward.clinic.pk):
                return Stranger.objects.first()

        stranger = soon(heard)
    assert stranger.peer == "127.0.0.1"
    assert stranger.sending_application == "Acme^ACDE48234567ABCD^EUI-64"
    assert stranger.bed == "CHAIR^^2"
    with clinic_scope(ward.other_clinic.pk):
        assert not Stranger.objects.exists()


def test_a_monitor_enrolled_while_it_runs_is_heard_without_a_restart(ward: Cast) -> None:
    with gateway() as port:
        with open_line(port) as line:
            assert turned_away(line)
        make_monitor(ward.clinic)

        def is_heard() -> bool:
            with open_line(port) as line:
                return not turned_away(line)

        assert soon(is_heard)


def turned_away(line: socket.socket) -> bool:
    try:
        return said_to(line, now_message(datetime.now(UTC))) == "turned away"
    except ConnectionError:
        return True


def test_what_was_answered_is_there_though_the_gateway_was_killed(ward: Cast, committed_db: Clone) -> None:
    """kill -9 with four monitors sending: every AA that left it stands for values that are stored, once."""
    for number in range(4):
        make_monitor(ward.clinic, bed=f"BED {number}")
    command = [STILLROOM, "gateway", "--port", "0"]
    environment = {**os.environ, **committed_db.environment}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    answered: list[tuple[str, datetime]] = []

    def send(bed: str) -> None:
        with suppress(ConnectionError, TimeoutError), open_line(port) as line:
            while True:
                at = datetime.now(UTC).replace(microsecond=0) + timedelta(milliseconds=len(answered))
                if said_to(line, now_message(at, bed).replace(b"CHAIR^^2", bed.encode())) != "AA":
                    return
                answered.append((bed, at))

    with ThreadPoolExecutor(4) as senders:
        sending = [senders.submit(send, f"BED {number}") for number in range(4)]
        soon(lambda: len(answered) > 40)
        process.kill()
        for each in sending:
            each.result(timeout=10)
    process.communicate()
    with clinic_scope(ward.clinic.pk):
        stored = Counter(Sample.objects.values_list("monitor__bed", "measured_at"))
    assert set(answered) <= set(stored)
    assert set(stored.values()) == {2}, "each message has two signs, stored once"


def test_a_port_that_is_taken_is_said(committed_db: Clone) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [STILLROOM, "gateway", "--port", str(port)],
            env={**os.environ, **committed_db.environment},
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert f"{port}): address already in use. Set STILLROOM_HL7_PORT." in done.stderr
