"""What did the pump in this room say last? Read as it said it; nothing is judged, counted or told to a pump here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from stillroom.core.drip.pump import STILL_SAID, PumpEvent
from stillroom.devices.assignments import DeviceHere
from stillroom.devices.models import PumpSaid


def pump_said_in(here: Iterable[DeviceHere], at: datetime) -> dict[UUID, PumpEvent]:
    """The last event of whatever pump stands in each room, since it stands there; by the pump's own clock."""
    devices = {each.id: each for each in here}
    rows = PumpSaid.objects.filter(monitor_id__in=devices, received_at__range=(at - STILL_SAID, at))
    since = (
        row for row in rows.order_by("said_at", "received_at") if row.received_at >= devices[row.monitor_id].from_at
    )
    return {devices[row.monitor_id].room_id: row.as_event() for row in since} if devices else {}
