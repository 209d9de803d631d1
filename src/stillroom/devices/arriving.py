"""To which tables does what a monitor sent go, and by which statements?

All rows of a table come in one statement, as an array for each column, under row security and clinic by clinic: what
came gets the clinic of its monitor and no other. (COPY is refused where row security holds.)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from stillroom.core.drip.pump import PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample
from stillroom.devices.columns import Column, column
from stillroom.devices.models import KINDS
from stillroom.gateways.contract import Heard

MAX_REASONS = 12
PACKING = 1
"""The quickest level of zlib: a report of 1.6 kB becomes a third."""
LOOKAHEAD_BYTES = 262
"""What zlib keeps free of its window (MIN_LOOKAHEAD of deflate.h): a frame that fits into the rest is never moved."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Into one table: its columns, and the statement that takes rows in as one array for each of them."""

    table: LiteralString
    columns: dict[LiteralString, LiteralString]

    @property
    def names(self) -> LiteralString:
        return ", ".join(self.columns)

    @property
    def take_in(self) -> LiteralString:
        arrays: LiteralString = ", ".join(f"%b::{kind}[]" for kind in self.columns.values())
        # Row security shows the monitors of one clinic, so the join lets only theirs through.
        return f"""
            INSERT INTO {self.table} (clinic_id, {self.names})
            SELECT devices_monitor.clinic_id, came.* FROM unnest({arrays}) AS came ({self.names})
            JOIN devices_monitor ON devices_monitor.id = came.monitor_id
        """  # noqa: S608

    @property
    def take_in_what_is_new(self) -> LiteralString:
        return f"{self.take_in} ON CONFLICT DO NOTHING"


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
    return Kept(heard.received_at, heard.peer, heard.report.answer.value, reasons, _packed(heard.frame))


def _packed(frame: bytes) -> bytes:
    """As zlib packs it, in no more memory than a frame so long can use: 24 kB for a report of 1.6 kB, and not 256."""
    window_bits = min(max((len(frame) + LOOKAHEAD_BYTES).bit_length(), 9), zlib.MAX_WBITS)
    packing = zlib.compressobj(PACKING, zlib.DEFLATED, window_bits, window_bits - 6)
    return packing.compress(frame) + packing.flush()


def columns_of(way: Way, arrivals: Sequence[Arrival]) -> list[Column]:
    """What the arrivals bring for this way, in the order of its columns; nothing if they bring none."""
    values = _VALUES[way](arrivals)
    if not values[0]:
        return []
    return [column(kind, each) for kind, each in zip(way.columns.values(), values, strict=True)]


def _of_samples(arrivals: Sequence[Arrival]) -> tuple[list[Any], ...]:
    # Column by column: there are ten of these to a message, and making a row of each costs as much as to send it.
    # A sign and a validity are texts as they are; to ask an enumeration for its value takes longer than to send it.
    samples = [sample for arrival in arrivals for sample in arrival.samples]
    return (
        [arrival.monitor_id for arrival in arrivals for _ in arrival.samples],
        [sample.signal for sample in samples],
        [sample.measured_at for sample in samples],
        [sample.received_at for sample in samples],
        [sample.value for sample in samples],
        [sample.validity for sample in samples],
        [arrival.frame_digest for arrival in arrivals for _ in arrival.samples],
    )


def _of_frames(arrivals: Sequence[Arrival]) -> tuple[list[Any], ...]:
    return _turned(
        FRAMES,
        (
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
        ),
    )


def _of_alarms(arrivals: Sequence[Arrival]) -> tuple[list[Any], ...]:
    kinds = {said: kind for kind, said in KINDS.items()}
    return _turned(
        ALARMS,
        (
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
        ),
    )


def _of_pumps(arrivals: Sequence[Arrival]) -> tuple[list[Any], ...]:
    return _turned(
        PUMPS,
        (
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
        ),
    )


def _turned(way: Way, rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    """Rows as columns."""
    found = list(rows)
    return tuple(list(each) for each in zip(*found, strict=True)) if found else tuple([] for _ in way.columns)


_VALUES = {SAMPLES: _of_samples, ALARMS: _of_alarms, PUMPS: _of_pumps, FRAMES: _of_frames}
