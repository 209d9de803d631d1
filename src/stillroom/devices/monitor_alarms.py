"""Which of their own alarms do the devices in this room say stand? Read as each said them; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from stillroom.core.vitals import MonitorAlarm, still_standing
from stillroom.core.vitals.monitor_alarm import STILL_SAID, most_urgent_first
from stillroom.devices.assignments import standing_at
from stillroom.devices.models import SaidAlarm


def said_alarms_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, tuple[MonitorAlarm, ...]]:
    """For each room: what every device says since it stands there, the most urgent first.

    What a device beside the room's monitor says bears that device's name, and is for showing alone.
    """
    here = standing_at(at).filter(room_id__in=list(room_ids))
    named = here.values_list("monitor_id", "room_id", "from_at", "is_beside", "monitor__name", named=True)
    standings = {each.monitor_id: each for each in named}
    said: dict[UUID, list[MonitorAlarm]] = {}
    recent = SaidAlarm.objects.filter(monitor_id__in=standings, received_at__range=(at - STILL_SAID, at))
    for row in recent if standings else ():
        if row.received_at >= standings[row.monitor_id].from_at:
            said.setdefault(row.monitor_id, []).append(row.as_alarm())
    by_room: dict[UUID, list[MonitorAlarm]] = {}
    for monitor_id, alarms in said.items():
        standing = standings[monitor_id]
        device = standing.monitor__name if standing.is_beside else ""
        standing_alarms = (replace(each, device=device) for each in still_standing(alarms, at=at))
        by_room.setdefault(standing.room_id, []).extend(standing_alarms)
    return {room_id: most_urgent_first(alarms) for room_id, alarms in by_room.items()}


def monitor_alarms_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, tuple[MonitorAlarm, ...]]:
    """For each room: what its own monitor says, and no other device. A loose probe or lead is told by these alone."""
    said = said_alarms_in(room_ids, at)
    return {room_id: tuple(each for each in alarms if not each.device) for room_id, alarms in said.items()}
