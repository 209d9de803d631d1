"""Monitors for tests of this room, and samples as a message would bring them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Sample, Signal
from stillroom.devices import ingest
from stillroom.devices.arriving import Arrival
from stillroom.devices.models import Monitor


def make_monitor(clinic: Clinic, **said: Any) -> Monitor:
    """An enrolled monitor at 127.0.0.1; any message from there is its own unless more is said."""
    said = {"name": f"Monitor {uuid4().hex[:6]}", "peers": ["127.0.0.1"]} | said
    with clinic_scope(clinic.pk):
        return Monitor.objects.create(clinic=clinic, **said)


def sample(signal: Signal = Signal.SPO2_PERCENT, value: str = "97", *, at: datetime) -> Sample:
    return Sample(signal, Decimal(value), at, at)


def arrival(monitor: Monitor, samples: Iterable[Sample], digest: bytes = b"") -> Arrival:
    return Arrival(monitor.clinic_id, monitor.pk, tuple(samples), digest or uuid4().bytes)


async def written(url: str, *arrivals: Arrival) -> None:
    """Stored as the gateway stores them, on a connection of its own."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await ingest.prepare(conn)
        await ingest.write(conn, arrivals)
