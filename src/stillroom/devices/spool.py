"""Where arrivals wait on disk while the database is away: appended, flushed to the disk, read back in order.

One file, a line for each arrival: a checksum and the arrival as JSON. A line that is not whole (power went while it was
written) was answered to nobody, so it and what follows is cut off when the file is opened. What is read back more than
once is stored once: rows know the message they came in.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zlib import crc32

from stillroom.core.drip.pump import PumpDid, PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Silenced, Standing, Urgency, Validity
from stillroom.devices.arriving import Arrival, Kept
from stillroom.devices.durable import sync_folder
from stillroom.gateways.errors import GatewayError

FILE = "arrivals"
REFUSED_FILE = "arrivals-refused"


class Spool:
    """The file in `folder`, of at most `max_bytes`. Used by one process at a time, from one thread at a time."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._file: IO[bytes] | None = None
        self._read_to = 0
        if (folder / FILE).exists():
            self._open()

    @property
    def is_in_use(self) -> bool:
        """Whether something waits: then everything goes here, so that nothing overtakes what came before it."""
        return self._file is not None

    def append(self, arrivals: Sequence[Arrival]) -> None:
        """Returns when all of them are on the disk. Raises `GatewayError` when they cannot be, and keeps none."""
        lines = b"".join(map(_line, arrivals))
        try:
            file = self._file or self._open()
            end = file.seek(0, os.SEEK_END)
            if end + len(lines) > self._max_bytes:
                raise GatewayError(f"{self._folder} holds as much as it may", permanent=False)
            _append_durably(file.fileno(), lines, end)
        except OSError as fault:
            raise GatewayError(f"{self._folder} cannot be written: {fault}", permanent=False) from fault

    def next(self, count: int) -> tuple[Arrival, ...]:
        """The first so many that were not told to be stored."""
        if self._file is None:
            return ()
        self._file.seek(self._read_to)
        return tuple(arrival for _, arrival in zip(range(count), _read(self._file), strict=False))

    def stored(self, count: int) -> None:
        """The first so many are in the database; when none is left, the file goes."""
        if self._file is None:
            return
        self._file.seek(self._read_to)
        for _ in range(count):
            self._file.readline()
        self._read_to = self._file.tell()
        if self._read_to == self._file.seek(0, os.SEEK_END):
            self.close()
            (self._folder / FILE).unlink()

    def set_apart(self, arrival: Arrival) -> None:
        """What the database will not have whatever is tried is kept beside, for a person to look at."""
        with (self._folder / REFUSED_FILE).open("ab") as file:
            file.write(_line(arrival))
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file, self._read_to = None, 0

    def _open(self) -> IO[bytes]:
        _make_durably(self._folder)
        path = self._folder / FILE
        file = path.open("a+b")
        path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            file.close()
            raise GatewayError(f"{path} is used by another gateway", permanent=False) from fault
        file.seek(0)
        for _ in _read(file):
            pass
        file.truncate(file.tell())
        sync_folder(self._folder)
        self._file, self._read_to = file, 0
        return file


def _read(file: IO[bytes]) -> Iterator[Arrival]:
    """Arrivals from here on, to the first line that is not whole; the file then stands before it."""
    while True:
        start = file.tell()
        line = file.readline()
        checksum, _, said = line.partition(b" ")
        if not line.endswith(b"\n") or checksum != _checksum(said):
            file.seek(start)
            return
        yield _arrival(json.loads(said))


def _append_durably(descriptor: int, lines: bytes, end: int) -> None:
    """Past Python's buffer: what it could not write it would write later, when nobody waits for it any more."""
    try:
        if os.write(descriptor, lines) < len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, end)
        raise


def _make_durably(folder: Path) -> None:
    """With the folders above it; each is on the disk only when the one above it is."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def _checksum(said: bytes) -> bytes:
    return b"%08x" % crc32(said)


def _line(arrival: Arrival) -> bytes:
    said = json.dumps(_document(arrival), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
    return _checksum(said) + b" " + said


def _document(arrival: Arrival) -> dict[str, Any]:
    return {
        "clinic": str(arrival.clinic_id),
        "monitor": str(arrival.monitor_id),
        "digest": arrival.frame_digest.hex(),
        "samples": [
            [each.signal, str(each.value), each.measured_at.isoformat(), each.received_at.isoformat(), each.validity]
            for each in arrival.samples
        ],
        "alarms": [
            {
                "key": each.key,
                "words": each.words,
                "signal": each.signal,
                "standing": each.standing,
                "silenced": each.silenced,
                "urgency": each.urgency,
                "is_technical": each.is_technical,
                "said_at": each.said_at.isoformat(),
                "received_at": each.received_at.isoformat(),
            }
            for each in arrival.alarms
        ],
        "pump_events": [
            {
                "did": each.did,
                "words": each.words,
                "amounts": [_written(amount) for amount in (each.rate_ml_per_h, each.given_ml, each.left_ml)],
                "said_at": each.said_at.isoformat(),
                "received_at": each.received_at.isoformat(),
            }
            for each in arrival.pump_events
        ],
        "frame": arrival.frame
        and {
            "received_at": arrival.frame.received_at.isoformat(),
            "peer": arrival.frame.peer,
            "answer": arrival.frame.answer,
            "reasons": arrival.frame.reasons,
            "packed": b64encode(arrival.frame.packed).decode(),
        },
    }


def _arrival(said: dict[str, Any]) -> Arrival:
    return Arrival(
        clinic_id=UUID(said["clinic"]),
        monitor_id=UUID(said["monitor"]),
        frame_digest=bytes.fromhex(said["digest"]),
        samples=tuple(
            Sample(Signal(signal), Decimal(value), _at(measured_at), _at(received_at), Validity(validity))
            for signal, value, measured_at, received_at, validity in said["samples"]
        ),
        alarms=tuple(
            MonitorAlarm(
                key=each["key"],
                words=each["words"],
                signal=Signal(each["signal"]) if each["signal"] else None,
                standing=Standing(each["standing"]),
                silenced=Silenced(each["silenced"]),
                urgency=Urgency(each["urgency"]),
                is_technical=each["is_technical"],
                said_at=_at(each["said_at"]),
                received_at=_at(each["received_at"]),
            )
            for each in said["alarms"]
        ),
        # What an older gateway left there says nothing of pumps.
        pump_events=tuple(map(_pump_event, said.get("pump_events", ()))),
        frame=_kept(said["frame"]) if said["frame"] else None,
    )


def _kept(said: dict[str, Any]) -> Kept:
    return Kept(_at(said["received_at"]), said["peer"], said["answer"], said["reasons"], b64decode(said["packed"]))


def _pump_event(said: dict[str, Any]) -> PumpEvent:
    rate, given, left = (None if amount is None else Decimal(amount) for amount in said["amounts"])
    did = PumpDid(said["did"])
    return PumpEvent(did, said["words"], rate, given, left, _at(said["said_at"]), _at(said["received_at"]))


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
