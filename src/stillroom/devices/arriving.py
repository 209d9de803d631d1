"""To which tables does what a monitor sent go, and by which statements?

Rows come in by binary COPY into tables of the session and move on under row security, clinic by clinic: what came gets
the clinic of its monitor and no other.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from stillroom.core.drip.pump import PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample
from stillroom.devices.models import KINDS
from stillroom.gateways.contract import Heard

MAX_REASONS = 12
PACKING = 1
"""The quickest level of zlib: a report of 1.6 kB becomes a third."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Into one table: the statements that make room in the session, take rows in, and move them on."""

    table: LiteralString
    columns: dict[LiteralString, LiteralString]
    may_lack: frozenset[LiteralString] = frozenset()

    @property
    def names(self) -> LiteralString:
        return ", ".join(self.columns)

    @property
    def make_room(self) -> LiteralString:
        columns: LiteralString = ", ".join(
            f"{name} {kind}" if name in self.may_lack else f"{name} {kind} NOT NULL"
            for name, kind in self.columns.items()
        )
        return f"CREATE TEMPORARY TABLE arriving_{self.table} ({columns}) ON COMMIT DELETE ROWS"

    @property
    def take_in(self) -> LiteralString:
        return f"COPY arriving_{self.table} ({self.names}) FROM STDIN (FORMAT BINARY)"

    @property
    def move(self) -> LiteralString:
        # Row security shows the monitors of one clinic, so the join lets only theirs through.
        return f"""
            INSERT INTO {self.table} (clinic_id, {self.names})
            SELECT devices_monitor.clinic_id, came.* FROM arriving_{self.table} came
            JOIN devices_monitor ON devices_monitor.id = monitor_id
        """  # noqa: S608

    @property
    def move_what_is_new(self) -> LiteralString:
        return f"{self.move} ON CONFLICT DO NOTHING"


SAMPLES = Way(
    "devices_sample",
    {
        "monitor_id": "uuid",
        "signal": "text",
        "measured_at": "timestamptz",
        "received_at": "timestamptz",
        "value": "numeric",
        "validity": "text",
        "frame_digest": "bytea",
    },
)
FRAMES = Way(
    "devices_frame",
    {
        "monitor_id": "uuid",
        "received_at": "timestamptz",
        "frame_digest": "bytea",
        "peer": "text",
        "answer": "text",
        "reasons": "text",
        "packed": "bytea",
    },
)
ALARMS = Way(
    "devices_saidalarm",
    {
        "monitor_id": "uuid",
        "key": "text",
        "words": "text",
        "signal": "text",
        "standing": "text",
        "silenced": "text",
        "urgency": "text",
        "kind": "text",
        "said_at": "timestamptz",
        "received_at": "timestamptz",
        "frame_digest": "bytea",
    },
)
PUMPS = Way(
    "devices_pumpsaid",
    {
        "monitor_id": "uuid",
        "did": "text",
        "words": "text",
        "rate_ml_per_h": "numeric",
        "given_ml": "numeric",
        "left_ml": "numeric",
        "said_at": "timestamptz",
        "received_at": "timestamptz",
        "frame_digest": "bytea",
    },
    may_lack=frozenset({"rate_ml_per_h", "given_ml", "left_ml"}),
)
WAYS = (SAMPLES, ALARMS, PUMPS, FRAMES)


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it came, packed, and how it was answered."""

    received_at: datetime
    peer: str
    answer: str
    reasons: str
    packed: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one message brought, and whose it is."""

    clinic_id: UUID
    monitor_id: UUID
    samples: tuple[Sample, ...]
    frame_digest: bytes
    frame: Kept | None = None
    alarms: tuple[MonitorAlarm, ...] = ()
    pump_events: tuple[PumpEvent, ...] = ()


def kept(heard: Heard) -> Kept:
    """The message as it is kept for dispute."""
    reasons = ",".join(item.reason for item in heard.report.refusals[:MAX_REASONS])
    packed = zlib.compress(heard.frame, PACKING)
    return Kept(heard.received_at, heard.peer, heard.report.answer.value, reasons, packed)


def rows_of(way: Way, arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    """What the arrivals bring for this way, in the order of its columns."""
    return _ROWS[way](arrivals)


def _sample_rows(arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    return [
        (
            arrival.monitor_id,
            sample.signal.value,
            sample.measured_at,
            sample.received_at,
            sample.value,
            sample.validity.value,
            arrival.frame_digest,
        )
        for arrival in arrivals
        for sample in arrival.samples
    ]


def _frame_rows(arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    return [
        (
            arrival.monitor_id,
            frame.received_at,
            arrival.frame_digest,
            frame.peer,
            frame.answer,
            frame.reasons,
            frame.packed,
        )
        for arrival in arrivals
        if (frame := arrival.frame)
    ]


def _alarm_rows(arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    kinds = {said: kind for kind, said in KINDS.items()}
    return [
        (
            arrival.monitor_id,
            alarm.key,
            alarm.words,
            alarm.signal.value if alarm.signal else "",
            alarm.standing.value,
            alarm.silenced.value,
            alarm.urgency.value,
            kinds[alarm.is_technical],
            alarm.said_at,
            alarm.received_at,
            arrival.frame_digest,
        )
        for arrival in arrivals
        for alarm in arrival.alarms
    ]


def _pump_rows(arrivals: Iterable[Arrival]) -> list[tuple[Any, ...]]:
    return [
        (
            arrival.monitor_id,
            event.did.value,
            event.words,
            event.rate_ml_per_h,
            event.given_ml,
            event.left_ml,
            event.said_at,
            event.received_at,
            arrival.frame_digest,
        )
        for arrival in arrivals
        for event in arrival.pump_events
    ]


_ROWS = {SAMPLES: _sample_rows, ALARMS: _alarm_rows, PUMPS: _pump_rows, FRAMES: _frame_rows}
