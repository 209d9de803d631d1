"""What did the pump in this room say last? Read as it said it; nothing is judged, counted or told to a pump here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from stillroom.core.drip.pump import STILL_SAID, PumpEvent
from stillroom.devices.assignments import standing_at
from stillroom.devices.models import PumpSaid


def pump_said_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, PumpEvent]:
    """The last event of whatever pump stands in each room, since it stands there; by the pump's own clock."""
    here = standing_at(at).filter(room_id__in=list(room_ids)).values_list("monitor_id", "room_id", "from_at")
    standings = {monitor_id: (room_id, from_at) for monitor_id, room_id, from_at in here}
    rows = PumpSaid.objects.filter(monitor_id__in=standings, received_at__range=(at - STILL_SAID, at))
    since = (row for row in rows.order_by("said_at", "received_at") if row.received_at >= standings[row.monitor_id][1])
    return {standings[row.monitor_id][0]: row.as_event() for row in since} if standings else {}
