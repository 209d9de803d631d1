"""What did the pump in this room say last? Read as it said it; nothing is judged, counted or told to a pump here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stillroom.core.drip.pump import STILL_SAID, PumpEvent
from stillroom.devices.assignments import standing_at
from stillroom.devices.models import PumpSaid


def pump_said_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, PumpEvent]:
    """The last event of whatever pump stands in each room, since it stands there; by the pump's own clock."""
    standings = {each.monitor_id: each for each in standing_at(at).filter(room_id__in=list(room_ids))}
    since = Q()
    for monitor_id, standing in standings.items():
        since |= Q(monitor_id=monitor_id, received_at__gte=max(standing.from_at, at - STILL_SAID))
    rows = PumpSaid.objects.filter(since, received_at__lte=at).order_by("said_at", "received_at") if standings else ()
    return {standings[row.monitor_id].room_id: row.as_event() for row in rows}
