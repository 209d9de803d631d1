"""Which of its own alarms does the monitor in this room say stand? Read as it said them; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stillroom.core.vitals import MonitorAlarm, still_standing
from stillroom.core.vitals.monitor_alarm import STILL_SAID
from stillroom.devices.assignments import assigned_at
from stillroom.devices.models import SaidAlarm


def monitor_alarms_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, tuple[MonitorAlarm, ...]]:
    """For each room with a monitor: what that one says since it stands there, the most urgent first."""
    standings = {each.monitor_id: each for each in assigned_at(at).filter(room_id__in=list(room_ids))}
    since = Q()
    for monitor_id, standing in standings.items():
        since |= Q(monitor_id=monitor_id, received_at__gte=max(standing.from_at, at - STILL_SAID))
    said: dict[UUID, list[MonitorAlarm]] = {}
    for row in SaidAlarm.objects.filter(since, received_at__lte=at) if standings else ():
        said.setdefault(row.monitor_id, []).append(row.as_alarm())
    return {standing.room_id: still_standing(said.get(pk, ()), at=at) for pk, standing in standings.items()}
