"""From an act in one browser to the entry in another; the board beside a plain list; what an open stream costs.

Three legs are told apart: from the post to its commit, from the commit until the streams' thread has read and drawn the
entry, and from there to the other browsers. The last is compared with a bare Starlette stream that sends as many bytes
to as many connections in the same run. Server, clients and PostgreSQL share the machine's cores.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil
from how_soon import INPUT_TO_DURABLE, held_to

from stillroom.project.bench import Figure, clinic_database, goal, goal_of_ratio

HERE = Path(__file__).parent
ROOMS = (1, 20, 200)
BOARD_ROOMS = 25
ACTS = 300  # two viewers hear each: with fewer, a p99 is the third worst of them
PAUSE_S = 0.1
VIEWERS = 2
STREAMS = 400
LIST_ROWS = 20_000
AT_ONCE = 16
HAMMER_S = 2.0
ROUNDS = 3
LIMIT_SEEN_MS = 500.0
"""An act is on every other display within this, p99."""
LIMIT_KIB = 64.0
LIMIT_BOARD_MS, BOARD_OF_PLAIN = 250.0, 0.5
SIGNS, SIGN_EVERY_S = 200, 0.02
LIMIT_OF_BARE = 1.5
"""The last leg takes at most so many times as long as a bare Starlette stream, p99."""


def figures() -> Iterator[Figure]:
    with clinic_database():
        import ward

        clinic, small = ward.furnish(max(ROOMS)), ward.furnish(BOARD_ROOMS)
        _add_people(LIST_ROWS)
        with served("timed_server") as web, served("bare_stream") as bare:
            for rooms in ROOMS:
                yield from asyncio.run(_acts(web, bare, clinic, rooms))
            yield from asyncio.run(_board(web, small, "bedside.board"))
            yield from asyncio.run(_board(web, clinic, f"bedside.board_{max(ROOMS)}_rooms"))
            yield from asyncio.run(_memory(web, bare, clinic))
            yield from asyncio.run(_signs(web, clinic))


# --- an act, seen elsewhere


@dataclass
class Legs:
    """Milliseconds of every act measured."""

    durable: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


async def _acts(web: Served, bare: Served, clinic: Any, rooms: int) -> list[Figure]:
    legs = await _measured_acts(web, bare, clinic, rooms)
    name = f"bedside.act_{rooms}_room{'s' if rooms > 1 else ''}"
    whole, bare_ms = _p99(legs.whole), _p99(legs.bare)
    streams = f"{rooms * VIEWERS} streams"
    return [
        Figure(f"{name}_seen_elsewhere_p99", whole, "ms", streams, limit=goal(most=LIMIT_SEEN_MS)),
        Figure(f"{name}_seen_elsewhere_p50", statistics.median(legs.whole), "ms"),
        Figure(f"{name}_post_to_durable_p50", statistics.median(legs.durable), "ms"),
        *held_to(INPUT_TO_DURABLE, f"{name}_post_to_durable", legs.durable),
        Figure(f"{name}_durable_to_read_p50", statistics.median(legs.read), "ms", f"p99 {_p99(legs.read):.3g} ms"),
        Figure(f"{name}_read_to_client_p50", statistics.median(legs.sent), "ms", f"p99 {_p99(legs.sent):.3g} ms"),
        Figure(
            f"{name}_read_to_client_p99",
            _p99(legs.sent),
            "ms",
            f"bare Starlette stream {bare_ms:.3g} ms",
            _p99(legs.sent) / bare_ms,
            goal_of_ratio(most=LIMIT_OF_BARE),
        ),
    ]


async def _measured_acts(web: Served, bare: Served, clinic: Any, rooms: int) -> Legs:
    legs, watched = Legs(), clinic.infusions[:rooms]
    async with _listeners(web, bare, clinic, watched) as (ours, theirs):
        for number in range(ACTS):
            infusion = watched[number % rooms]
            seen = [ear.next_entry() for ear in ours[infusion]]
            posted_s = time.monotonic()
            answer = await web.post(f"/bedside/{infusion}/acts/vitals", _set_of_vitals(clinic), clinic)
            heard = await asyncio.wait_for(asyncio.gather(*seen), 10)
            size = max(len(words) for _, words in heard)
            legs.bare.extend(await _said_bare(bare, theirs[infusion], infusion, size))
            await asyncio.sleep(PAUSE_S)
            durable_s, read_s = web.notes("durable")[-1]["at_s"], _read_at(web, infusion, answer["seq"])
            legs.durable.append(1e3 * (durable_s - posted_s))
            legs.read.append(1e3 * (read_s - durable_s))
            legs.sent.extend(1e3 * (at_s - read_s) for at_s, _ in heard)
            legs.whole.append(1e3 * (max(at_s for at_s, _ in heard) - posted_s))
    return legs


async def _said_bare(bare: Served, ears: Sequence[Ear], room: Any, size: int) -> list[float]:
    seen = [ear.next_entry() for ear in ears]
    await bare.post(f"/{room}/say", {"x": "x" * size})
    heard = await asyncio.wait_for(asyncio.gather(*seen), 10)
    return [1e3 * (at_s - float(words.split(b"data: ")[1].split(b" ")[0])) for at_s, words in heard]


def _read_at(web: Served, infusion: Any, seq: int) -> float:
    told = [note for note in web.notes("read") if note["infusion"] == str(infusion) and note["seq"] >= seq]
    at_s: float = told[0]["at_s"]
    return at_s


def _set_of_vitals(clinic: Any) -> dict[str, str]:
    return {
        "act_id": str(uuid4()),
        "seen_seq": "100000",
        "sbp_mmhg": "131",
        "dbp_mmhg": "82",
        "pulse_per_min": "78",
        "csrfmiddlewaretoken": clinic.token,
    }


@asynccontextmanager
async def _listeners(web: Served, bare: Served, clinic: Any, infusions: Sequence[Any]) -> AsyncIterator[Any]:
    ours = {each: await _listening(web, each, clinic) for each in infusions}
    theirs = {each: [await Ear.opened(bare, f"/{each}/stream") for _ in range(VIEWERS)] for each in infusions}
    await asyncio.sleep(3)
    try:
        yield ours, theirs
    finally:
        for ear in (ear for ears in (*ours.values(), *theirs.values()) for ear in ears):
            ear.close()


async def _listening(web: Served, infusion: Any, clinic: Any) -> list[Ear]:
    seq = json.loads(await web.get(f"/bedside/{infusion}/snapshot", clinic))["seq"]
    return [await Ear.opened(web, f"/bedside/{infusion}/stream?after={seq}", clinic) for _ in range(VIEWERS)]


# --- the board


async def _board(web: Served, clinic: Any, name: str) -> list[Figure]:
    board: list[float] = []
    plain: list[float] = []
    for _ in range(ROUNDS):
        plain.extend(await _hammered(web, "/plain/", clinic))
        board.extend(await _hammered(web, "/board/", clinic))
    seconds = HAMMER_S * ROUNDS
    board_per_s, plain_per_s = len(board) / seconds, len(plain) / seconds
    return [
        Figure(
            name,
            board_per_s,
            "requests/s",
            f"plain 25-row list {plain_per_s:.3g} requests/s",
            board_per_s / plain_per_s,
            goal_of_ratio(least=BOARD_OF_PLAIN),
        ),
        Figure(f"{name}_p99", _p99(board), "ms", f"{AT_ONCE} at once", limit=goal(most=LIMIT_BOARD_MS)),
    ]


async def _hammered(web: Served, path: str, clinic: Any) -> list[float]:
    """Milliseconds of every answer that came while so many asked at once."""
    until_s = time.monotonic() + HAMMER_S

    async def ask() -> list[float]:
        taken = []
        while time.monotonic() < until_s:
            began_s = time.monotonic()
            await web.get(path, clinic)
            taken.append(1e3 * (time.monotonic() - began_s))
        return taken

    return [each for taken in await asyncio.gather(*(ask() for _ in range(AT_ONCE))) for each in taken]


# --- what an open stream costs


async def _memory(web: Served, bare: Served, clinic: Any) -> list[Figure]:
    infusion = clinic.infusions[0]
    seq = json.loads(await web.get(f"/bedside/{infusion}/snapshot", clinic))["seq"]
    ours_kib = await _each_kib(web, f"/bedside/{infusion}/stream?after={seq}", clinic)
    bare_kib = await _each_kib(bare, "/memory/stream")
    against = f"bare Starlette stream {bare_kib:.3g} KiB"
    return [Figure("bedside.open_stream", ours_kib, "KiB", against, ours_kib / bare_kib, goal(most=LIMIT_KIB))]


async def _each_kib(served: Served, path: str, clinic: Any = None) -> float:
    """What one more open stream takes, of many."""
    before_kib = served.worker_kib()
    ears = [await Ear.opened(served, path, clinic) for _ in range(STREAMS)]
    await asyncio.sleep(3)
    each_kib = (served.worker_kib() - before_kib) / STREAMS
    for ear in ears:
        ear.close()
    return each_kib


# --- what it costs that a page says it is seen


async def _signs(web: Served, clinic: Any) -> list[Figure]:
    """Processor time of the web process for one sign of life: of a page whose stream it holds, and of any other."""
    room, screen = f"/bedside/{clinic.infusions[0]}", uuid4()
    said = {"screen": str(screen), "csrfmiddlewaretoken": clinic.token}
    usual_ms = await _each_cpu_ms(web, lambda: web.post(f"{room}/shown", said, clinic))
    ear = await Ear.opened(web, f"{room}/stream?after=1&screen={screen}", clinic)
    await asyncio.sleep(3)
    idle_ms = await _each_cpu_ms(web, lambda: asyncio.sleep(SIGN_EVERY_S))
    noted_ms = await _each_cpu_ms(web, lambda: _later(web.post(f"{room}/shown", said, clinic))) - idle_ms
    ear.close()
    against = f"by the usual way {usual_ms:.3g} ms"
    return [Figure("bedside.sign_of_life", noted_ms, "ms of a processor", against, noted_ms / usual_ms)]


async def _later(said: Coroutine[Any, Any, Any]) -> None:
    await asyncio.gather(said, asyncio.sleep(SIGN_EVERY_S))


async def _each_cpu_ms(web: Served, act: Callable[[], Awaitable[Any]]) -> float:
    await act()
    before_s = web.worker_cpu_s()
    for _ in range(SIGNS):
        await act()
    return 1e3 * (web.worker_cpu_s() - before_s) / SIGNS


# --- servers and clients


@dataclass
class Served:
    """A web process on loopback, and what its stopwatch wrote down."""

    port: int
    process: subprocess.Popen[bytes]
    times: Path

    def notes(self, what: str) -> list[dict[str, Any]]:
        return [note for line in self.times.read_text().splitlines() if (note := json.loads(line))["what"] == what]

    def worker_kib(self) -> float:
        (worker,) = psutil.Process(self.process.pid).children()
        return float(worker.memory_info().rss) / 1024

    def worker_cpu_s(self) -> float:
        (worker,) = psutil.Process(self.process.pid).children()
        used = worker.cpu_times()
        return float(used.user + used.system)

    async def get(self, path: str, clinic: Any) -> bytes:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{_headers(clinic)}\r\n".encode())

    async def post(self, path: str, typed: dict[str, str], clinic: Any = None) -> Any:
        body = urlencode(typed).encode()
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        said = await self._ask(f"POST {path} HTTP/1.1\r\n{_headers(clinic)}{form}\r\n".encode() + body)
        return json.loads(said) if said else None

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            answer = await reader.read()
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        _look_at(head, request)
        return body


class ComeLater(Exception):
    """The server has more to do than it can just now."""


def _look_at(head: bytes, request: bytes) -> None:
    status = head.split(b" ", 2)[1]
    if status == b"503":
        raise ComeLater
    if not status.startswith(b"2"):
        raise RuntimeError(f"{request.splitlines()[0]!r} was answered {head[:2000]!r}")


async def streaming(served: Served, path: str, clinic: Any = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open stream, from its first event on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=2**22)
    request = f"GET {path} HTTP/1.1\r\n{_headers(clinic)}\r\n".encode()
    writer.write(request)
    _look_at(await reader.readuntil(b"\r\n\r\n"), request)
    return reader, writer


def _headers(clinic: Any) -> str:
    cookie = f"Cookie: {clinic.cookie}\r\n" if clinic else ""
    return f"Host: 127.0.0.1\r\nConnection: close\r\nAccept: application/json\r\n{cookie}"


@dataclass
class Ear:
    """An open stream: gives each entry with the time of the monotonic clock at which it had come whole."""

    writer: asyncio.StreamWriter
    reading: asyncio.Task[None]
    waiting: list[asyncio.Future[tuple[float, bytes]]]

    @classmethod
    async def opened(cls, served: Served, path: str, clinic: Any = None) -> Ear:
        reader, writer = await streaming(served, path, clinic)
        waiting: list[asyncio.Future[tuple[float, bytes]]] = []
        return cls(writer, asyncio.create_task(_hear(reader, waiting)), waiting)

    def next_entry(self) -> Coroutine[Any, Any, tuple[float, bytes]]:
        future: asyncio.Future[tuple[float, bytes]] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return _of(future)

    def close(self) -> None:
        self.reading.cancel()
        self.writer.close()


async def _hear(reader: asyncio.StreamReader, waiting: list[asyncio.Future[tuple[float, bytes]]]) -> None:
    """Reads chunk by chunk; an event may come in several, or several in one."""
    said = b""
    while not reader.at_eof():
        said += await reader.read(2**20)
        *whole, said = said.split(b"\n\n")
        for event in whole:
            if b"event: entry" in event and waiting:
                waiting.pop(0).set_result((time.monotonic(), event))


async def _of(future: asyncio.Future[tuple[float, bytes]]) -> tuple[float, bytes]:
    return await future


@contextmanager
def served(module: str) -> Iterator[Served]:
    port, times = _free_port(), HERE.parent / "build" / f"times-{uuid4().hex}.jsonl"
    times.touch()
    how = ["--loop", "uvloop", "--no-ws", "--log-level", "warning", "--interface", "asginl", "--port", str(port)]
    how += ["--workers-kill-timeout", "3"]  # as `stillroom serve` does
    environment = {
        **os.environ,
        "TIMES_FILE": str(times),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH")))),
        "STILLROOM_SECRET_KEY": _secret_key(),
    }
    granian = Path(sys.executable).with_name("granian")
    process = subprocess.Popen([str(granian), *how, f"{module}:application"], env=environment)
    try:
        _wait_for(port)
        yield Served(port, process, times)
    finally:
        process.terminate()
        process.wait(timeout=20)
        times.unlink()


def _secret_key() -> str:
    from django.conf import settings

    return settings.SECRET_KEY


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1)
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on {port}")


def _add_people(rows: int) -> None:
    from allauth.account.models import EmailAddress

    from stillroom.clinics.models import Person

    people = [Person(email=f"{number}@list.test", display_name=f"Person {number}") for number in range(rows)]
    Person.objects.bulk_create(people, batch_size=2_000)
    EmailAddress.objects.bulk_create((EmailAddress(user=each, email=each.email) for each in people), batch_size=2_000)


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]
