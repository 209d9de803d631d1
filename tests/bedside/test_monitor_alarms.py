"""The monitor's own alarms stand on the screen as the monitor's, come and go with the readings, and sound nothing."""

from __future__ import annotations

from django.template.loader import get_template
from django.utils import timezone

from stillroom.bedside.fragments import changed_fragments
from stillroom.bedside.people import NOBODY
from stillroom.bedside.room import RoomView
from stillroom.bedside.told import ToldRoom
from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import MonitorAlarm, Signal, Silenced, Standing, Urgency
from stillroom.devices.assignments import assign
from stillroom.devices.models import Monitor, SaidAlarm
from tests.bedside.rooms import EVERY_5_S, seen, shown
from tests.cast import Cast, at_display
from tests.examples import Walk, infusing
from tests.infusions.rooms import infusing as infusing_in


def low_oxygen(walk: Walk) -> MonitorAlarm:
    return MonitorAlarm(
        key="196670 1.3.1.150456",
        words="SpO2 low",
        signal=Signal.SPO2_PERCENT,
        standing=Standing.ACTIVE,
        silenced=Silenced.SOUND_PAUSED,
        urgency=Urgency.MEDIUM,
        is_technical=False,
        said_at=walk.at,
        received_at=walk.at,
    )


def drawn(room: RoomView) -> str:
    return " ".join(get_template("bedside/_monitor_alarms.html").render({"room": room}).split())


def test_they_stand_there_in_the_monitors_words() -> None:
    walk = infusing()
    room = shown(seen(walk, monitor=EVERY_5_S, said=(low_oxygen(walk),)))
    words = drawn(room)
    assert "The monitor alarms" in words
    assert "SpO2 low" in words
    assert "medium" in words
    assert "sound paused at the monitor" in words


def test_they_are_no_alarm_of_ours() -> None:
    walk = infusing()
    room = shown(seen(walk, monitor=EVERY_5_S, said=(low_oxygen(walk),)))
    assert room.alarms == ()


def test_they_come_and_go_with_the_readings() -> None:
    walk = infusing()
    told = ToldRoom.of(seen(walk, monitor=EVERY_5_S), "/bedside/1/")
    before = told.room
    told.hear({}, (low_oxygen(walk),), walk.at)
    changed = [each for each in changed_fragments(told.room, before, NOBODY) if "monitor-alarms" in each]
    assert len(changed) == 1
    assert "SpO2 low" in changed[0]
    before = told.room
    told.hear({}, (), walk.at)
    [gone] = [each for each in changed_fragments(told.room, before, NOBODY) if "monitor-alarms" in each]
    assert "hidden" in gone
    assert "SpO2 low" not in gone


def test_the_page_shows_what_the_monitor_in_the_room_said(cast: Cast) -> None:
    room = infusing_in(cast)
    now = timezone.now()
    with clinic_scope(cast.clinic.pk):
        monitor = Monitor.objects.create(clinic=cast.clinic, name="Monitor 1", peers=["192.0.2.1"])
        assign(monitor, cast.room, at=now, by=None)
        said = {
            "key": "1",
            "words": "SpO2 low",
            "signal": "spo2_percent",
            "urgency": "medium",
            "kind": "of_the_patient",
        }
        SaidAlarm.objects.create(
            clinic=cast.clinic, monitor=monitor, standing="active", silenced="no", said_at=timezone.now(),
            received_at=timezone.now(), frame_digest=b"1", **said,
        )  # fmt: skip
    page = at_display(cast, taken_by=cast.ben).get(f"/bedside/{room.infusion_id}/").content.decode()
    assert "SpO2 low" in page
