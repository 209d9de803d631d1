"""Whether a device in the room has lately sent a sign: what a start asks of a saturation."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Sample, Signal, Validity
from stillroom.devices.assignments import assign
from stillroom.devices.gateway import prepare_months
from stillroom.devices.models import Monitor
from stillroom.devices.readings import is_sent_in
from tests.cast import make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written


def test_a_good_reading_of_the_last_two_minutes_by_a_device_in_this_room_counts(committed_db: Clone) -> None:
    prepare_months()
    cast, now = make_cast(), timezone.now()
    monitor: Monitor = make_monitor(cast.clinic)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, cast.room, at=now - timedelta(minutes=10), by=None)
        assert not is_sent_in(cast.room.pk, Signal.SPO2_PERCENT, now)
    doubted = Sample(Signal.RESP_PER_MIN, sample(at=now).value, now, now, Validity.QUESTIONABLE)
    asyncio.run(written(committed_db.url, arrival(monitor, [sample(at=now), doubted])))
    with clinic_scope(cast.clinic.pk):
        assert is_sent_in(cast.room.pk, Signal.SPO2_PERCENT, now + timedelta(seconds=119))
        assert not is_sent_in(cast.room.pk, Signal.SPO2_PERCENT, now + timedelta(seconds=121))
        assert not is_sent_in(cast.room.pk, Signal.RESP_PER_MIN, now)
        assert not is_sent_in(monitor.pk, Signal.SPO2_PERCENT, now)
