"""What is a driver? A folder beside this file that makes readings of what one kind of device says.

`docs/drivers.md` says how to write one in an afternoon; `tests/gateways/test_contract.py` holds every folder to it.

A driver gets one enrolled `Source`, and a `Keeper` to whom it gives everything: each frame as it came with what was
read in it, and what happens to the link. It must read codes and units by the one table (`core.vitals.codes`), set aside
what it does not know and say why, keep both times of a reading, and answer or go on only after the keeper has stored.
It sends a device nothing but what the wire itself demands: answers and subscriptions, never a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from stillroom.core.drip.pump import PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample
from stillroom.gateways.errors import GatewayError

DIGEST_BYTES = 16

AHEAD_LIMIT = timedelta(seconds=60)
"""A monitor's clock may run this far ahead of ours. Beyond it, its readings would hide the true latest ones."""
OLD_LIMIT = timedelta(hours=24)
"""An infusion and its recovery end within the day; an older reading is not of the person in the room now."""

HARMLESS = frozenset({"not_kept", "no_value"})
"""Nobody need act on these: a monitor sends many signs we do not keep, and probes come off."""


class Answer(StrEnum):
    """What a frame came to: taken, refused for what it says, refused for what it is (or because we could not keep it).

    Spelled as HL7 table 0008 does; every driver uses the same three.
    """

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing that was not kept. `reason` is the driver's own; `what` is the code, value, unit or time that caused
    it; never a name."""

    reason: StrEnum
    where: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a frame came to. An answer other than accept has neither samples nor alarms nor a pump's events."""

    answer: Answer
    samples: tuple[Sample, ...] = ()
    alarms: tuple[MonitorAlarm, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    sent_at: datetime | None = None
    pump_events: tuple[PumpEvent, ...] = ()

    @property
    def refusals(self) -> tuple[SetAside, ...]:
        """What somebody should see to."""
        return tuple(item for item in self.set_aside if item.reason not in HARMLESS)


@dataclass(frozen=True, slots=True)
class Trust:
    """By what we and a device that we call know each other: our certificate, its key, and who issued the device's."""

    certificate: Path
    key: Path
    issuer: Path


@dataclass(frozen=True, slots=True)
class Source:
    """One enrolled device, and the zone its clock shows where it does not say.

    `address` is where it is called, if it is; with a `certificate` (SHA-256, hex) only one that shows it is this one.
    """

    id: UUID
    zone: tzinfo | None
    address: str = ""
    certificate: str = ""
    trust: Trust | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One connection, as long as it lasts. `certificate` is the SHA-256 of the one it showed, in hex; none in plain."""

    peer: str
    number: int
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One frame of a device as it came over the wire, and what it came to."""

    frame: bytes
    peer: str
    received_at: datetime
    report: Report

    @property
    def digest(self) -> bytes:
        """What makes a frame the same frame: every byte of it, whatever numbers it among them."""
        return blake2b(self.frame, digest_size=DIGEST_BYTES).digest()


class Keeper(Protocol):
    """Where a driver puts what it hears. Only `store` may take time."""

    async def store(self, source: Source, heard: Heard) -> None:
        """Returns when what was heard is durable; raises `GatewayError` when it could not be made so."""

    def note_report(self, line: Line, source: Source | None, report: Report, received_at: datetime) -> None:
        """What a frame came to, after it was stored and before it is answered."""

    def note_closed(self, line: Line) -> None:
        """The line is gone."""


class LineFault(GatewayError):
    """A line to a device that we call could not be opened, or was lost. `reason` is the driver's own."""

    def __init__(self, reason: StrEnum, what: str = "", *, permanent: bool = False) -> None:
        super().__init__(f"{reason} {what}".strip(), permanent=permanent)
        self.reason = reason
        self.what = what


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a frame as a technician may see it: nothing of a patient; how many parts of it are not shown."""

    text: str
    hidden_fields: int = 0


class Reads(Protocol):
    def __call__(self, frame: bytes, *, received_at: datetime, zone: tzinfo | None) -> Report: ...


class Calls(Protocol):
    async def __call__(self, source: Source, keeper: Keeper, *, number: int, now: Callable[[], datetime]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What a folder's `driver.py` gives as `DRIVER`.

    `reads` makes a report of any bytes and raises for none. `sentences` has one for each of its reasons, in words that
    an engineer can act on. `shows` is a frame's text without what it says of the patient. `calls` is there where we
    call the device: it connects, gives its keeper what comes, and returns never; it raises `LineFault` when the line is
    lost; `refuses` says why an address is none. `warning` is what a technician must know before enrolling one.
    """

    name: str
    title: str
    suffix: str
    reads: Reads
    sentences: Mapping[Any, str]
    shows: Callable[[str], Iterable[Shown]]
    calls: Calls | None = None
    refuses: Callable[[str], StrEnum | None] = lambda address: None
    warning: str = ""

    @property
    def is_called(self) -> bool:
        return self.calls is not None


def time_fault(measured_at: datetime, received_at: datetime) -> str:
    """`time_ahead` or `time_old` where such a time is not believed; nothing where it is."""
    if measured_at > received_at + AHEAD_LIMIT:
        return "time_ahead"
    return "time_old" if measured_at < received_at - OLD_LIMIT else ""
