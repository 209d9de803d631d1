"""When was it measured? HL7 times (DTM, TS) read into UTC; what is missing is refused and never guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from stillroom.gateways.contract import time_fault
from stillroom.gateways.hl7.reasons import Reason

_DTM = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?([+-]\d{4})?", re.ASCII)
LONGEST = len("YYYYMMDDHHMMSS.SSSSSS+ZZZZ")


def instant(text: str, *, zone: tzinfo | None, near: datetime) -> datetime | Reason:
    """The instant `text` names (`YYYYMMDDHHMM[SS[.S...]][+/-ZZZZ]`), in UTC.

    A time with its own offset needs no `zone`. Without either it is refused. An hour that summer time repeats is
    read as the one nearer to `near`, the moment the message came; an hour it skips is refused.
    """
    read = _read(text)
    if isinstance(read, Reason):
        return read
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    return Reason.ZONE_MISSING if zone is None else _in_zone(read, zone, near)


def offset_of(text: str) -> tzinfo | None:
    """The offset a time carries, which MSH-7 lends to every other time of its message (HL7 2.6, 2.15.9.7)."""
    read = _read(text)
    return None if isinstance(read, Reason) else read.tzinfo


def written(at: datetime) -> str:
    """An instant as HL7 text, to the millisecond, with its offset."""
    # Every answer has one, and strftime takes six times as long.
    date, time = at.isoformat(timespec="milliseconds").split("T")
    return date.replace("-", "") + time.replace(":", "")


def _read(text: str) -> datetime | Reason:
    return _parsed(text) if len(text) <= LONGEST else Reason.TIME_UNREADABLE


@lru_cache(maxsize=1024)
def _parsed(text: str) -> datetime | Reason:
    match = _DTM.fullmatch(text)
    if match is None:
        return Reason.TIME_UNREADABLE
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    microsecond = int((fraction or "0").ljust(6, "0"))
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), microsecond, _offset(offset)
        )
    except ValueError:
        return Reason.TIME_UNREADABLE


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if int(text[3:]) > 59:
        raise ValueError(text)
    shift = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return timezone(-shift if text[0] == "-" else shift)


def _in_zone(local: datetime, zone: tzinfo, near: datetime) -> datetime | Reason:
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    happened = [at for at in readings if at.astimezone(zone).replace(tzinfo=None) == local]
    return min(happened, key=lambda at: abs(at - near)) if happened else Reason.TIME_SKIPPED


class MessageClock:
    """The times of one message: read once each, with the zone that holds for all of them."""

    def __init__(self, sent: str, received_at: datetime, zone: tzinfo | None) -> None:
        self._received_at = received_at
        self._zone = zone
        self._read: dict[str, datetime | Reason] = {}
        self.sent = sent
        self.received_at = received_at

    @property
    def sent_at(self) -> datetime | None:
        at = instant(self.sent, zone=self._zone, near=self._received_at)
        return at if isinstance(at, datetime) else None

    def measured_at(self, text: str) -> datetime | Reason:
        if text not in self._read:
            self._read[text] = self._judged(text)
        return self._read[text]

    def _judged(self, text: str) -> datetime | Reason:
        if not text:
            return Reason.TIME_MISSING
        at = instant(text, zone=self._zone, near=self._received_at)
        if isinstance(at, Reason):
            return at
        fault = time_fault(at, self._received_at)
        return Reason(fault) if fault else at
