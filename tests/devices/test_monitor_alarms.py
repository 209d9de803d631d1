"""A monitor's own alarms: from the wire to the room it stands in, and to no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import MonitorAlarm
from stillroom.devices.assignments import assign, devices_in
from stillroom.devices.models import Monitor, Sample
from stillroom.devices.monitor_alarms import monitor_alarms_in
from stillroom.gateways.hl7.times import written
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import gateway, open_line, said_to
from tests.gateways.hl7.messages import SENT, message
from tests.gateways.hl7.test_alarms import KIND, LOW_OXYGEN


@pytest.fixture
def ward(committed_db: Clone) -> Cast:
    return make_cast()


def alarm_message(at: datetime, control_id: str, *, phase: str = "start", state: str = "active") -> bytes:
    said = [line.replace("|start|", f"|{phase}|").replace("|active|", f"|{state}|") for line in LOW_OXYGEN]
    return message(said, kind=KIND, control_id=control_id).decode().replace(SENT, written(at)).encode()


def standing(ward: Cast, monitor: Monitor) -> tuple[MonitorAlarm, ...]:
    with clinic_scope(ward.clinic.pk):
        at = timezone.now()
        return monitor_alarms_in(devices_in([ward.room.pk], at), at).get(ward.room.pk, ())


def placed(ward: Cast, monitor: Monitor, at: datetime) -> None:
    with clinic_scope(ward.clinic.pk):
        assign(monitor, ward.room, at=at, by=None)


def test_an_alarm_goes_from_the_wire_to_the_room_and_ends_there(ward: Cast) -> None:
    monitor = make_monitor(ward.clinic)
    at = timezone.now() - timedelta(seconds=30)
    placed(ward, monitor, at - timedelta(minutes=1))
    with gateway() as port, open_line(port) as line:
        assert said_to(line, alarm_message(at, "ONE")) == "AA"
        assert [alarm.words for alarm in standing(ward, monitor)] == ["SpO2 low"]
        assert said_to(line, alarm_message(at, "ONE")) == "AA"
        assert said_to(line, alarm_message(at + timedelta(seconds=9), "TWO", phase="end", state="inactive")) == "AA"
        assert standing(ward, monitor) == ()
    with clinic_scope(ward.clinic.pk):
        assert not Sample.objects.exists()


def test_what_a_monitor_said_elsewhere_is_not_said_here(ward: Cast) -> None:
    monitor = make_monitor(ward.clinic)
    at = timezone.now() - timedelta(seconds=30)
    with gateway() as port, open_line(port) as line:
        assert said_to(line, alarm_message(at, "ONE")) == "AA"
    placed(ward, monitor, timezone.now())
    assert standing(ward, monitor) == ()


def test_the_application_cannot_change_what_a_monitor_said(ward: Cast, committed_db: Clone) -> None:
    with psycopg.connect(committed_db.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("UPDATE devices_saidalarm SET standing = 'inactive'")
