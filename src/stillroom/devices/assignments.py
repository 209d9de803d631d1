"""Which monitor stands in which room? One place at a time for a monitor, one monitor at a time for a room.

Beside the room's monitor others may stand, as second sources of what they measure (`sources.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from stillroom.clinics.models import Person, Room
from stillroom.core.vitals import NOT_JUDGED
from stillroom.devices.models import Assignment, Counting, Monitor
from stillroom.devices.readings import rows_of

_HERE = """
    SELECT standing.room_id, standing.monitor_id, standing.from_at, standing.is_beside,
        monitor.name, monitor.interval_s, monitor.cuff_interval_s, monitor.pulse_first, monitor.goes_first_for,
        (SELECT max(last_heard_at) FROM devices_linkstate link WHERE link.monitor_id = standing.monitor_id),
        ARRAY(
            SELECT signal FROM devices_counting counting
            WHERE counting.room_id = standing.room_id AND counting.monitor_id = standing.monitor_id
        )
    FROM devices_assignment standing
    JOIN devices_monitor monitor ON monitor.id = standing.monitor_id
    WHERE standing.room_id = ANY(%(rooms)s::uuid[])
        AND standing.from_at <= %(at)s AND (standing.until_at IS NULL OR standing.until_at > %(at)s)
    ORDER BY standing.is_beside, standing.from_at
"""


@dataclass(frozen=True, slots=True)
class DeviceHere:
    """One that stands in a room since `from_at`, as who judges or draws what it sends wants it, and when it was heard.

    `goes_first_for`: the signs for which it goes before the room's own monitor. `counts_for`: those for which it counts
    there now in that one's place.
    """

    room_id: UUID
    id: UUID
    from_at: datetime
    is_beside: bool
    name: str
    interval_s: int
    cuff_interval_s: int
    pulse_first: str
    goes_first_for: Sequence[str]
    last_heard_at: datetime | None
    counts_for: Sequence[str]


def devices_in(rooms: Iterable[UUID], at: datetime) -> Sequence[DeviceHere]:
    """All that stands in these rooms, in one question: each room's own monitor first, then in the order they came."""
    facts = {"rooms": list(rooms), "at": at}
    return [DeviceHere(*row) for row in rows_of(_HERE, facts)] if facts["rooms"] else ()


def own_monitors(here: Iterable[DeviceHere]) -> dict[UUID, DeviceHere]:
    """Each room's own monitor; of what stands beside it nothing."""
    return {each.room_id: each for each in here if not each.is_beside}


def taken_from(rooms: Iterable[UUID], at: datetime) -> dict[UUID, datetime]:
    """When the last monitor of each of these rooms was taken out of it, or put elsewhere; none where none ever was."""
    ended = Assignment.objects.filter(room_id__in=rooms, is_beside=False, until_at__lte=at).order_by()
    return dict(ended.values_list("room_id").annotate(last_at=Max("until_at")))


def assign(monitor: Monitor, room: Room, *, at: datetime, by: Person | None) -> Assignment:
    """From `at` on the monitor stands in this room; where it stood, and whose place it takes here, ends then."""
    in_its_place = Q(pk=None) if monitor.is_beside else Q(room=room, is_beside=False)
    for standing in _standing(at).filter(Q(monitor=monitor) | in_its_place).select_for_update():
        is_same = (standing.monitor_id, standing.room_id) == (monitor.pk, room.pk)
        if is_same and standing.is_beside == monitor.is_beside:
            return standing
        _end(standing, at)
    return Assignment.objects.create(
        clinic_id=monitor.clinic_id,
        monitor=monitor,
        room=room,
        from_at=at,
        assigned_by=by,
        is_beside=monitor.is_beside,
    )


def take_away(monitor: Monitor, *, at: datetime) -> None:
    """From `at` on the monitor stands in no room."""
    for standing in _standing(at).filter(monitor=monitor).select_for_update():
        _end(standing, at)


def assigned_at(at: datetime) -> QuerySet[Assignment]:
    """Which room's monitor stood where at that instant; not what stood beside it."""
    return standing_at(at).filter(is_beside=False)


def standing_at(at: datetime) -> QuerySet[Assignment]:
    """Everything that stood somewhere at that instant."""
    return _standing(at).select_related("monitor", "room")


def monitor_in(room_id: UUID, at: datetime) -> Monitor | None:
    """The monitor that stood in the room at that instant."""
    standing = assigned_at(at).filter(room_id=room_id).first()
    return standing.monitor if standing else None


def interval_in(room_id: UUID, at: datetime) -> float | None:
    """How often the slowest device in the room sends whose values are judged there, seconds; None without one.

    One that goes first for a sign will count for it, though it may not yet.
    """
    judged = (each for each in devices_in([room_id], at) if not each.is_beside or _is_judged(each))
    return max((float(each.interval_s) for each in judged), default=None)


def _is_judged(device: DeviceHere) -> bool:
    return not NOT_JUDGED.issuperset((*device.counts_for, *device.goes_first_for))


def fastest_interval(at: datetime) -> float | None:
    """Of all monitors that stand in a room: an order that waits for less time can be given in none of them."""
    return min((float(standing.monitor.interval_s) for standing in assigned_at(at)), default=None)


def _standing(at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


def _end(standing: Assignment, at: datetime) -> None:
    standing.until_at = at
    standing.save(update_fields=["until_at"])
    Counting.objects.filter(monitor_id=standing.monitor_id).delete()
