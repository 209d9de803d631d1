"""From nothing to a clinic that answers: database, tables, checks, processes; and back to nothing, in that order."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stillroom.project.backups import archiving, forget_restored, restored_to
from stillroom.project.places import Places
from stillroom.project.postgres import Postgres
from stillroom.project.processes import processes
from stillroom.project.roles import prepare
from stillroom.project.running import bring_up_to_date, lasting_secret_key, set_up_django
from stillroom.project.server_account import PostgresError
from stillroom.project.supervisor import Process, asked_to_end, deaths_in_a_row, pause_before_start_s, supervise

log = logging.getLogger("stillroom.serving")

RESERVE_MIB = "1024"
"""As much as PostgreSQL's log of changes may take between two checkpoints (`max_wal_size`)."""


class CannotServe(RuntimeError):
    """Something must be put right before anything starts; the message says what."""


def serve(
    where: Places, *, archive: Path | None, announce: Callable[[str], None], beside: Iterable[Process] = ()
) -> None:
    """Serve until SIGINT or SIGTERM. `announce` is told the address once it answers. `beside` runs with the others."""
    began_s = time.monotonic()
    with asked_to_end() as asked:
        os.environ["STILLROOM_DATA"] = str(where.folder)
        os.environ.setdefault("STILLROOM_RESERVE_MIB", RESERVE_MIB)
        os.environ["STILLROOM_SECRET_KEY"] = lasting_secret_key(where)
        with _database(where, archive) as keep_running:
            _refuse_what_is_wrong()
            answering = _Answering(announce, began_s)

            def each_turn() -> None:
                keep_running()
                answering.look()

            supervise((*processes(), *beside), until=asked, each_turn=each_turn)


@contextmanager
def _database(where: Places, archive: Path | None) -> Iterator[Callable[[], None]]:
    """DATABASE_URL names a database whose tables are up to date; gives what keeps the embedded one running."""
    owner_url = os.environ.pop("STILLROOM_OWNER_URL", "")
    if os.environ.get("DATABASE_URL"):
        set_up_django()
        bring_up_to_date(owner_url)
        yield lambda: None
        return
    with Postgres(where.postgres, archiving(archive) if archive else {}) as server:
        prepare(server)
        os.environ["DATABASE_URL"] = server.url("stillroom_app")
        set_up_django()
        bring_up_to_date(server.url("stillroom_owner"))
        mark_what_was_restored(where.postgres)
        yield KeptRunning(server).look


def mark_what_was_restored(data: Path) -> None:
    """Before anybody sees them: infusions that were open in a backup are in doubt from there on."""
    to = restored_to(data)
    if to is None:
        return
    from stillroom.infusions.restored import note_restored

    log.warning("RESTORED from a backup of %s: %d infusions are in doubt.", to.isoformat(), note_restored(to))
    forget_restored(data)


@dataclass
class KeptRunning:
    """The embedded PostgreSQL. One that does not start, or dies again and again, does not end the clinic: its pages go
    on saying that they are cut off, and keep a stop. It is started again at once, then after 1, 2, 4 ... at most 30 s.
    """

    server: Postgres
    started_s: float = field(default_factory=time.monotonic)
    deaths: int = 0
    start_at_s: float | None = None

    def look(self) -> None:
        if self.server.is_running():
            return
        if self.start_at_s is None:
            self._note_death()
        elif time.monotonic() >= self.start_at_s:
            self._start()

    def _note_death(self) -> None:
        self.deaths = deaths_in_a_row(self.deaths, since_s=self.started_s)
        pause_s = self._pause()
        log.error("PostgreSQL DIED. Starting it again in %.0f s; what was committed is recovered.", pause_s)

    def _start(self) -> None:
        try:
            self.server.start()
        except PostgresError as fault:
            self.deaths += 1
            pause_s = self._pause()
            log.error("PostgreSQL does NOT START: nothing is recorded. Once more in %.0f s. %s", pause_s, fault)
        else:
            self.started_s, self.start_at_s = time.monotonic(), None

    def _pause(self) -> float:
        pause_s = pause_before_start_s(self.deaths)
        self.start_at_s = time.monotonic() + pause_s
        return pause_s


def _refuse_what_is_wrong() -> None:
    from django.db import connections

    from stillroom.project.checks import errors, said

    found = errors()
    connections.close_all()  # of the supervisor: its processes are copies of it, and open their own
    if found:
        raise CannotServe("\n".join(said(message) for message in found))
    from django.conf import settings

    _refuse_taken(settings.HOST, settings.PORT, setting="PORT")
    if settings.HL7_PLAIN:
        _refuse_taken(settings.HL7_HOST, settings.HL7_PORT, setting="STILLROOM_HL7_PORT")
    if settings.HL7_TLS_CERTIFICATE:
        _refuse_taken(settings.HL7_HOST, settings.HL7_TLS_PORT, setting="STILLROOM_HL7_TLS_PORT")


def _refuse_taken(host: str, port: int, *, setting: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(f"{host}:{port} cannot be used: {error.strerror}. Set {setting}.") from None


class _Answering:
    """Asks for /health until it answers, once; then says so."""

    def __init__(self, announce: Callable[[str], None], began_s: float) -> None:
        from django.conf import settings

        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        self._address = f"{'https' if settings.TLS_CERTIFICATE else 'http'}://{host}:{settings.PORT}"
        self._announce = announce
        self._began_s = began_s
        self._is_announced = False

    def look(self) -> None:
        if not self._is_announced and _answers(f"{self._address}/health"):
            self._is_announced = True
            log.info("answering after %.1f s", time.monotonic() - self._began_s)
            self._announce(self._address)


def _answers(url: str) -> bool:
    """Asked of ourselves on this machine, so the certificate's name need not be this one."""
    unverified = ssl._create_unverified_context()  # noqa: S323
    try:
        with urllib.request.urlopen(url, timeout=1, context=unverified) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
