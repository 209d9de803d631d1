"""Which of their own alarms do the devices in this room say stand? Read as each said them; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from stillroom.core.vitals import MonitorAlarm, still_standing
from stillroom.core.vitals.monitor_alarm import STILL_SAID, most_urgent_first
from stillroom.devices.assignments import DeviceHere, own_monitors
from stillroom.devices.models import SaidAlarm


def said_alarms_in(here: Iterable[DeviceHere], at: datetime) -> dict[UUID, tuple[MonitorAlarm, ...]]:
    """For each room: what every device says since it stands there, the most urgent first.

    What a device beside the room's monitor says bears that device's name, and is for showing alone.
    """
    devices = {each.id: each for each in here}
    said: dict[UUID, list[MonitorAlarm]] = {}
    recent = SaidAlarm.objects.filter(monitor_id__in=devices, received_at__range=(at - STILL_SAID, at))
    for row in recent if devices else ():
        if row.received_at >= devices[row.monitor_id].from_at:
            said.setdefault(row.monitor_id, []).append(row.as_alarm())
    by_room: dict[UUID, list[MonitorAlarm]] = {}
    for monitor_id, alarms in said.items():
        device = devices[monitor_id]
        name = device.name if device.is_beside else ""
        by_room.setdefault(device.room_id, []).extend(
            replace(each, device=name) for each in still_standing(alarms, at=at)
        )
    return {room_id: most_urgent_first(alarms) for room_id, alarms in by_room.items()}


def monitor_alarms_in(here: Iterable[DeviceHere], at: datetime) -> dict[UUID, tuple[MonitorAlarm, ...]]:
    """For each room: what its own monitor says, and no other device. A loose probe or lead is told by these alone."""
    return said_alarms_in(own_monitors(here).values(), at)
