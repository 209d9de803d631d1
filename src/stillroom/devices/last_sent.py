"""When did a monitor last send saturation, heart rate or breaths, where that is longer ago than a look reads?

Asked of what is stored and remembered nowhere: a watch that has just begun knows what one knows that has looked for an
hour, and so does one to which the readings came late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stillroom.core.safety.frozen import Readings
from stillroom.core.safety.sensors import LEADS
from stillroom.core.vitals import Signal, Validity
from stillroom.devices.readings import rows_of

# Each device's rows by the key of the table, from the newest back to the first that is good.
_LAST = """
    SELECT wanted.place, wanted.signal, max(sent.measured_at)
    FROM unnest(%(rooms)s::uuid[], %(since)s::timestamptz[], %(signals)s::text[])
        WITH ORDINALITY AS wanted (room_id, since, signal, place)
    JOIN devices_assignment assignment ON assignment.room_id = wanted.room_id
        AND (assignment.until_at IS NULL OR assignment.until_at > wanted.since)
    LEFT JOIN devices_counting counting ON counting.room_id = wanted.room_id AND counting.signal = wanted.signal
    CROSS JOIN LATERAL (
        SELECT measured_at FROM devices_sample
        WHERE monitor_id = assignment.monitor_id AND signal = wanted.signal AND validity = %(valid)s
            AND measured_at >= greatest(assignment.from_at, wanted.since) AND measured_at >= %(oldest)s
            AND measured_at < least(assignment.until_at, %(until)s)
        ORDER BY measured_at DESC
        LIMIT 1
    ) AS sent
    WHERE coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
    GROUP BY wanted.place, wanted.signal
"""


ASKED_OF = LEADS | {Signal.SPO2_PERCENT}


@dataclass(frozen=True, slots=True)
class Asked:
    """One sign of an infusion's room, since its start."""

    infusion_id: UUID
    room_id: UUID
    since: datetime
    signal: Signal


def lacking(infusion_id: UUID, room_id: UUID, readings: Readings, *, since: datetime | None) -> list[Asked]:
    """What these readings do not say; nothing before the start."""
    if since is None:
        return []
    return [
        Asked(infusion_id, room_id, since, signal)
        for signal in sorted(ASKED_OF)
        if not any(each.validity is Validity.VALID for each in readings.get(signal, ()))
    ]


def last_sent(asked: Sequence[Asked], *, until: datetime) -> Mapping[UUID, Mapping[Signal, datetime]]:
    """By infusion, all in one question: when each was last sent and good, by the device that counts there for it."""
    found: defaultdict[UUID, dict[Signal, datetime]] = defaultdict(dict)
    if not asked:
        return found
    facts = {
        "rooms": [each.room_id for each in asked],
        "since": [each.since for each in asked],
        "signals": [each.signal.value for each in asked],
        "oldest": min(each.since for each in asked),
        "until": until,
        "valid": Validity.VALID.value,
    }
    for place, signal, measured_at in rows_of(_LAST, facts):
        found[asked[place - 1].infusion_id][Signal(signal)] = measured_at
    return found
