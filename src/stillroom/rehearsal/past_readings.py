"""What the simulated monitors had sent before the demo began: readings of visits, stored as the gateway stores them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

import psycopg

from stillroom.core.infusion.timeline import minutes_from
from stillroom.core.vitals import Sample
from stillroom.devices.arriving import Arrival
from stillroom.devices.ingest import conninfo_of_django, prepare, write
from stillroom.devices.models import Monitor
from stillroom.gateways.contract import DIGEST_BYTES
from stillroom.rehearsal.level import effect_site_ng_per_ml
from stillroom.rehearsal.measured import Cuff, measured
from stillroom.rehearsal.patient import signs_at
from stillroom.rehearsal.visit import Visit

CONNECTED_AT_MIN = -30.0
ON_THE_WAY = timedelta(milliseconds=300)


async def store(arrivals: list[Arrival]) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo_of_django(), autocommit=True) as connection:
        await prepare(connection)
        await write(connection, arrivals)


def readings_of(visit: Visit, monitor: Monitor, *, until: datetime) -> Iterator[Arrival]:
    """From when the patient was connected to `until`, at the monitor's own intervals."""
    times = _beats(visit.at(CONNECTED_AT_MIN), until, monitor.interval_s)
    at_min = [minutes_from(visit.started_at, at) for at in times]
    levels = effect_site_ng_per_ml(visit.history, at_min, weight_kg=float(visit.plan.weight_kg))
    cuff = Cuff(monitor.cuff_interval_s)
    for at, level in zip(times, levels, strict=True):
        signs = signs_at(visit.patient, at_s=at.timestamp(), effect_site_ng_per_ml=level)
        values = measured(signs, with_cuff=cuff.is_due(at))
        samples = tuple(Sample(signal, value, at, at + ON_THE_WAY) for signal, value in values.items())
        yield Arrival(monitor.clinic_id, monitor.pk, samples, _digest(monitor, at))


def _beats(since: datetime, until: datetime, interval_s: int) -> list[datetime]:
    count = int((until - since) / timedelta(seconds=interval_s))
    return [since + timedelta(seconds=interval_s * number) for number in range(count)]


def _digest(monitor: Monitor, at: datetime) -> bytes:
    return blake2b(f"{monitor.pk} {at.isoformat()}".encode(), digest_size=DIGEST_BYTES).digest()
