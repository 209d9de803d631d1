"""What leads and probe sent last, asked of what is stored: of this room, since the start, and good."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.sensors import LEADS
from stillroom.core.vitals import Signal, Validity
from stillroom.devices.assignments import assign, take_away
from stillroom.devices.last_sent import Asked, lacking, last_sent
from stillroom.devices.models import Counting
from tests.cast import an_id, make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written

INFUSION, OTHER = an_id("infusion"), an_id("other")
RESP, RATE = Signal.RESP_PER_MIN, Signal.HEART_RATE_PER_MIN


def test_what_was_measured_elsewhere_before_the_start_or_in_doubt_was_not_sent(committed_db: Clone) -> None:
    cast, now = make_cast(), timezone.now()
    monitor, beside = make_monitor(cast.clinic), make_monitor(cast.clinic, is_beside=True)

    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    with clinic_scope(cast.clinic.pk):
        for each in (monitor, beside):
            assign(each, cast.room, at=ago(20), by=None)
        take_away(monitor, at=ago(5))
    sent = [sample(RESP, "14", at=ago(each)) for each in (12, 9, 7, 3)]
    doubtful = sample(RESP, "14", at=ago(6))._replace(validity=Validity.QUESTIONABLE)
    of_another = [sample(RESP, "14", at=ago(each)) for each in (8, 4)]
    rate = sample(RATE, "70", at=ago(6.2))
    asyncio.run(written(committed_db.url, arrival(monitor, [*sent, doubtful, rate]), arrival(beside, of_another)))

    def last(since_min: float, *, until_min: float = 0) -> datetime | None:
        asked = [Asked(INFUSION, cast.room.pk, ago(since_min), RESP), Asked(OTHER, cast.room.pk, ago(30), RATE)]
        with clinic_scope(cast.clinic.pk):
            found = last_sent(asked, until=ago(until_min))
        assert found.get(OTHER, {}) == ({RATE: ago(6.2)} if until_min < 6 else {})
        return found.get(INFUSION, {}).get(RESP)

    assert last(11) == ago(7)
    assert last(11, until_min=7) == ago(9)
    assert last(6.5) is None
    with clinic_scope(cast.clinic.pk):
        Counting.objects.create(clinic=cast.clinic, room=cast.room, signal=RESP, monitor=beside)
    assert last(11) == ago(4), "of what counts there now"


def test_it_is_asked_of_leads_and_saturation_alone_where_a_look_reads_nothing_good_of_them() -> None:
    at = timezone.now()
    doubtful = sample(RESP, "14", at=at)._replace(validity=Validity.QUESTIONABLE)
    heard = {each: [sample(each, "70", at=at)] for each in (RATE, Signal.SPO2_PERCENT)} | {RESP: [doubtful]}
    room = an_id("room 2")
    assert lacking(INFUSION, room, heard, since=at) == [Asked(INFUSION, room, at, RESP)]
    assert {each.signal for each in lacking(INFUSION, room, {}, since=at)} == LEADS | {Signal.SPO2_PERCENT}
    assert lacking(INFUSION, room, {}, since=None) == []
