"""From the wire to a durable sample: how fast a message is read, how fast samples are kept, how long a sender waits.

An answer leaves only after the commit, so what a sender waits is the whole way: socket, parsing, queue, flush, fsync,
answer. The senders run in a process of their own (monitors.py); both share the machine's cores, and so does PostgreSQL.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import hl7
import psutil
import psycopg
import uvloop
from how_soon import INPUT_TO_DURABLE

from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.wire import read
from stillroom.project.bench import Figure, budget, clinic_database, goal
from stillroom.project.postgres import Postgres

MONITORS, HANDED = (Path(__file__).with_name(name) for name in ("monitors.py", "handed.py"))
STILLROOM = Path(sys.executable).with_name("stillroom")
MESSAGES = 2_000
ROWS = 2_000
ROUNDS = 25
GOAL_SAMPLES_PER_S = 40_000
GOAL_ON_ONE_CORE_MESSAGES_PER_S = 2_000
LIMIT_COMMIT_MS = 100.0
LIMIT_LATE_MS = 50.0
SECONDS, WARM_S = 4.0, 1.0
STRETCHES = 5
INTERVALS_S = {1: 0.02, 20: 0.2, 200: 1.0}
"""How often each line sends, by how many lines there are: often enough for a 99th percentile of hundreds."""


def figures() -> Iterator[Figure]:
    yield from _parsing()
    with clinic_database() as server:
        clinic, monitors = _enrol(200)
        yield from _flushing(server, clinic, monitors)
        for lines in INTERVALS_S:
            yield from _from_the_wire(lines)
        yield from _on_one_core(server)
        yield from _side_by_side(server)
        yield from _handed_over()


def _parsing() -> Iterator[Figure]:
    """One message of 10 observations: read and judged by us; split, and nothing else; taken apart by python-hl7."""
    at = datetime.now(UTC)
    report = _monitors_module().report
    frames = [report("BED1", at + timedelta(milliseconds=n), n) for n in range(MESSAGES)]
    ours, split, peer = _interleaved_per_s(
        len(frames),
        lambda: _each(frames, lambda frame: read(open_message(frame), received_at=at, zone=None)),
        lambda: _each(frames, _split),
        lambda: _each(frames[:100], lambda frame: hl7.parse(frame.decode())),
    )
    peer = peer * 100 / MESSAGES
    yield Figure("devices.message_read", ours, "messages/s", f"split alone: {split:.0f}", ours / split)
    yield Figure("devices.message_read_beside_peer", ours, "messages/s", f"python-hl7: {peer:.0f}", ours / peer)


def _flushing(server: Postgres, clinic: UUID, monitors: Sequence[UUID]) -> Iterator[Figure]:
    """One flush of 2,000 samples as the gateway writes it, and a bare COPY of the same rows to a like table."""
    ours_s, bare_s = asyncio.run(_flush_rounds(server, clinic, monitors))
    ours, bare = ROWS / statistics.median(ours_s), ROWS / statistics.median(bare_s)
    worst_ms = sorted(ours_s)[-1] * 1000
    yield Figure("devices.flush", ours, "samples/s", f"bare COPY: {bare:.0f}", ours / bare)
    yield Figure("devices.flush_of_2000_slowest", worst_ms, "ms", limit=goal(most=LIMIT_COMMIT_MS))


async def _flush_rounds(
    server: Postgres, clinic: UUID, monitors: Sequence[UUID]
) -> tuple[list[float], list[float]]:  # fmt: skip
    from stillroom.devices import ingest
    from stillroom.devices.arriving import SAMPLES

    ours_s: list[float] = []
    bare_s: list[float] = []
    copy = f"COPY bench_samples (clinic_id, {SAMPLES.names}) FROM STDIN (FORMAT BINARY)"
    kinds = ["uuid", *SAMPLES.columns.values()]
    owner_url, app_url = server.url("stillroom_owner"), server.url("stillroom_app")
    async with (
        await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as owner,
        await psycopg.AsyncConnection.connect(app_url, autocommit=True) as app,
    ):
        await owner.execute("CREATE TABLE bench_samples (LIKE devices_sample INCLUDING ALL)")
        await ingest.prepare(app)
        for number in range(ROUNDS):
            arrivals = _arrivals(clinic, monitors, datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=number))
            rows = [_row(arrival, each) for arrival in arrivals for each in arrival.samples]
            began_s = perf_counter()
            await ingest.write(app, arrivals)
            ours_s.append(perf_counter() - began_s)
            began_s = perf_counter()
            async with owner.cursor() as cursor, cursor.copy(copy) as bare:
                bare.set_types(kinds)
                for row in rows:
                    await bare.write_row(row)
            bare_s.append(perf_counter() - began_s)
    return ours_s, bare_s


def _from_the_wire(lines: int) -> Iterator[Figure]:
    """At an interval, as monitors send; then as fast as answers come."""
    kept, name = _monitors_module().KEPT, f"devices.wire_to_durable_{lines}"
    with _gateway() as (port, late_ms):
        waits_ms = _sent(port, lines, SECONDS, INTERVALS_S[lines])
        worst_ms, latest_ms = _p99(waits_ms), max(late_ms)
        at_once = len(_sent(port, lines, SECONDS, 0.0)) * kept / SECONDS
    with _bare_server() as port:
        bare = len(_sent(port, lines, SECONDS, 0.0)) * kept / SECONDS
    yield Figure(f"{name}_p50", statistics.median(waits_ms), "ms")
    yield Figure(f"{name}_p99", worst_ms, "ms", limit=goal(most=LIMIT_COMMIT_MS))
    yield Figure(f"{name}_slowest", max(waits_ms), "ms", limit=budget(INPUT_TO_DURABLE.hard_ms))
    yield Figure(f"{name}_flush_late", latest_ms, "ms", limit=goal(most=LIMIT_LATE_MS))
    yield Figure(f"{name}_at_once", at_once, "samples/s", f"a server that only answers: {bare:.0f}", at_once / bare)


def _side_by_side(server: Postgres) -> Iterator[Figure]:
    """As fast as answers come, with two gateways at one port; and what a message costs whom.

    The senders take part of the same processors, which monitors do not.
    """
    lines, kept = max(INTERVALS_S), _monitors_module().KEPT
    with _gateways(2) as (port, gateways):
        _sent(port, lines, WARM_S, 0.0)
        processor = _Processor(server, gateways)
        messages = len(_sent(port, lines, SECONDS, 0.0))
        costs_us = processor.since(messages)
    name, at_once = f"devices.wire_to_durable_{lines}_by_two", messages * kept / SECONDS
    yield Figure(name, at_once, "samples/s", limit=goal(least=GOAL_SAMPLES_PER_S))
    yield _costs(name, costs_us)


def _costs(name: str, costs_us: Mapping[str, float]) -> Figure:
    who = ", ".join(f"{each} {us:.0f}" for each, us in costs_us.items() if us)
    return Figure(f"{name}_costs", sum(costs_us.values()), "us a message", who)


def _handed_over() -> Iterator[Figure]:
    """Two gateways that read, judge, commit and answer messages which stand in memory: the ingest, and no senders."""
    lines, of, kept = max(INTERVALS_S), 2, _monitors_module().KEPT
    gateways = [
        subprocess.Popen(
            [sys.executable, HANDED, str(number), str(of), str(lines), str(SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(1, of + 1)
    ]
    for each in gateways:
        _said_by(each)
    for each in gateways:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    answered = [tuple(map(float, _said_by(each).split())) for each in gateways]
    at_once = sum(count / took_s for count, took_s in answered) * kept
    for each in gateways:
        each.wait()
    name = f"devices.handed_to_durable_{lines}_by_two"
    yield Figure(name, at_once, "samples/s", limit=goal(least=GOAL_SAMPLES_PER_S))


class _Processor:
    """What of the processors is spent from now on, by whom: these gateways and the others."""

    def __init__(self, server: Postgres, gateways: Sequence[subprocess.Popen[str]]) -> None:
        self._server, self._gateways = server, [psutil.Process(each.pid) for each in gateways]
        self._before_s = self._spent_s()

    def since(self, messages: int) -> dict[str, float]:
        """Microseconds for each of the messages."""
        now_s = self._spent_s()
        return {who: 1e6 * (now_s[who] - self._before_s[who]) / messages for who in now_s}

    def _spent_s(self) -> dict[str, float]:
        ended = os.times()
        return {
            "gateways": _spent_by(self._gateways),
            "PostgreSQL": _spent_by(_processes_of(self._server)),
            "senders": ended.children_user + ended.children_system,
        }


def _spent_by(processes: Iterable[psutil.Process]) -> float:
    found = []
    for each in processes:
        with suppress(psutil.NoSuchProcess):  # a worker of PostgreSQL's that has just ended
            found.append(each.cpu_times())
    return sum(each.user + each.system for each in found)


@contextmanager
def _gateways(count: int) -> Iterator[tuple[int, list[subprocess.Popen[str]]]]:
    """So many at one port, as a clinic runs them."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gateways = []
    with TemporaryDirectory(prefix="stillroom-bench-") as spool:
        environment = {**os.environ, "STILLROOM_HL7_PROCESSES": str(count), "STILLROOM_HL7_SPOOL": spool}
        try:
            for number in range(1, count + 1):
                command = [STILLROOM, "gateway", "--port", str(port), "--number", str(number)]
                gateways.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
                _said_by(gateways[-1])
            yield port, gateways
        finally:
            for each in gateways:
                each.terminate()
            for each in gateways:
                each.wait()


def _said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said, f"{process.args} ended"
    return said


def _processes_of(server: Postgres) -> list[psutil.Process]:
    postmaster = psutil.Process(int((server.folder / "postmaster.pid").read_text().split()[0]))
    return [postmaster, *postmaster.children()]


def _on_one_core(server: Postgres) -> Iterator[Figure]:
    """As fast as answers come, with the gateway and PostgreSQL on one core, and the senders on another.

    The median of some stretches, once it is warm: within seconds a machine that others share is a third slower or
    faster, and a gateway runs for months.
    """
    lines, (ours, others, *_) = max(INTERVALS_S), sorted(os.sched_getaffinity(0)) * 2
    with _pinned(server, ours), _gateway() as (port, _late_ms):
        _sent(port, lines, WARM_S, 0.0, core=others)
        stretches = [len(_sent(port, lines, SECONDS, 0.0, core=others)) / SECONDS for _ in range(STRETCHES)]
    messages = statistics.median(stretches)
    where = f"gateway and PostgreSQL on core {ours}, {lines} senders on core {others}"
    spread = f"of {min(stretches):.0f} to {max(stretches):.0f}"
    yield Figure(
        "devices.wire_to_durable_on_one_core",
        messages,
        "messages/s",
        f"{spread}; {where}",
        limit=goal(least=GOAL_ON_ONE_CORE_MESSAGES_PER_S),
    )


@contextmanager
def _pinned(server: Postgres, core: int) -> Iterator[None]:
    """This thread and those it begins, and the database with those it begins, on this core alone."""
    pinned = [0, *(each.pid for each in _processes_of(server))]
    before = os.sched_getaffinity(0)
    try:
        for each in pinned:
            with suppress(ProcessLookupError):  # a worker of PostgreSQL's that has just ended
                os.sched_setaffinity(each, {core})
        yield
    finally:
        for each in pinned:
            with suppress(ProcessLookupError):
                os.sched_setaffinity(each, before)


@contextmanager
def _gateway() -> Iterator[tuple[int, list[float]]]:
    """The gateway, on a free port; and how late each arrival's flush began."""
    from stillroom.devices import ingest
    from stillroom.devices.doors import Door
    from stillroom.devices.gateway import run_gateway
    from stillroom.project.running import look_seldom_for_garbage

    look_seldom_for_garbage()  # as the command does
    late_ms: list[float] = []
    write = ingest.write

    async def timed(conn: Any, arrivals: Sequence[ingest.Arrival]) -> None:
        now = datetime.now(UTC)
        late_ms.extend((now - arrival.samples[0].received_at).total_seconds() * 1000 for arrival in arrivals)
        await write(conn, arrivals)

    async def run(until: asyncio.Event, ready: Callable[[int], None]) -> None:
        await run_gateway([Door("127.0.0.1", 0)], until=until, ready=lambda opened: ready(opened[0].port))

    ingest.write = timed
    try:
        with _beside(run) as port:
            yield port, late_ms
    finally:
        ingest.write = write


@contextmanager
def _bare_server() -> Iterator[int]:
    """Answers every message at once, without reading it: what sockets and senders alone can do."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\x1c\r"):
                writer.write(b"\x0bMSH|^~\\&|\rMSA|AA|\r\x1c\r")

    async def run(until: asyncio.Event, ready: Callable[[int], None]) -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ready(server.sockets[0].getsockname()[1])
        await until.wait()
        server.close()

    with _beside(run) as port:
        yield port


@contextmanager
def _beside(run: Callable[[asyncio.Event, Callable[[int], None]], Coroutine[Any, Any, None]]) -> Iterator[int]:
    """A server in a thread of its own, with the loop the gateway runs on; gives its port."""
    started: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Queue()

    async def serve() -> None:
        until, loop = asyncio.Event(), asyncio.get_running_loop()
        await run(until, lambda port: started.put((loop, until, port)))

    thread = threading.Thread(target=lambda: uvloop.run(serve()))
    thread.start()
    loop, until, port = started.get(timeout=20)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join()


def _sent(port: int, lines: int, seconds: float, interval_s: float, core: int | None = None) -> list[float]:
    command = [sys.executable, str(MONITORS), str(port), str(lines), str(seconds), str(interval_s)]
    command += [str(core)] if core is not None else []
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [float(line) for line in said.split()]


def _enrol(count: int) -> tuple[UUID, list[UUID]]:
    from stillroom.clinics.models import Clinic
    from stillroom.clinics.rows import clinic_scope
    from stillroom.devices.gateway import prepare_days, prepare_months
    from stillroom.devices.models import Monitor

    clinic_id = uuid4()
    with clinic_scope(clinic_id):
        clinic = Clinic.objects.create(pk=clinic_id, name="Bench", time_zone="UTC")
        monitors = [
            Monitor(clinic=clinic, name=f"Monitor {n}", peers=["127.0.0.1"], bed=f"BED{n}") for n in range(count)
        ]
        Monitor.objects.bulk_create(monitors)
    prepare_months()
    prepare_days()
    return clinic_id, [monitor.pk for monitor in monitors]


def _arrivals(clinic: UUID, monitors: Sequence[UUID], at: datetime) -> list[Any]:
    """2,000 samples: ten of each monitor."""
    from stillroom.core.vitals import Sample, Signal
    from stillroom.devices.arriving import Arrival

    return [
        Arrival(
            clinic,
            monitor,
            tuple(
                Sample(signal, Decimal(60 + n), at + timedelta(milliseconds=n), at) for n, signal in enumerate(Signal)
            ),
            uuid4().bytes,
        )
        for monitor in monitors[: ROWS // len(Signal)]
    ]


def _row(arrival: Any, sample: Any) -> tuple[Any, ...]:
    times = (sample.measured_at, sample.received_at)
    said = (sample.signal.value, *times, sample.value, sample.validity.value)
    return (arrival.clinic_id, arrival.monitor_id, *said, arrival.frame_digest)


def _each(frames: Sequence[bytes], work: Callable[[bytes], object]) -> None:
    for frame in frames:
        work(frame)


def _split(frame: bytes) -> list[list[list[str]]]:
    return [[field.split("^") for field in line.split("|")] for line in frame.decode().split("\r")]


def _interleaved_per_s(count: int, *works: Callable[[], object]) -> list[float]:
    times_s: list[list[float]] = [[] for _ in works]
    for _ in range(5):
        for taken_s, work in zip(times_s, works, strict=True):
            began_s = perf_counter()
            work()
            taken_s.append(perf_counter() - began_s)
    return [count / statistics.median(taken_s) for taken_s in times_s]


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _monitors_module() -> Any:
    spec = importlib.util.spec_from_file_location("monitors", MONITORS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
