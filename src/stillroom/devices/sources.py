"""Which device counts for which sign in a room? Chosen by the rule of the core, kept in a row, told to the room.

The room's own monitor counts unless a row says otherwise. The watch looks each second, and whoever reads readings reads
those of the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from stillroom.core.infusion.entries import SourceChanged
from stillroom.core.safety.watch import READINGS_FOR
from stillroom.core.vitals import Sample, Signal, lifetime_of
from stillroom.core.vitals.sources import TOGETHER, Measuring, which_counts
from stillroom.devices.assignments import standing_at
from stillroom.devices.models import Assignment, Counting, Monitor
from stillroom.devices.readings import readings_by_device

LOOKED_AT = tuple(group[0] for group in TOGETHER)


def changed_in(rooms: Iterable[UUID], at: datetime) -> dict[UUID, tuple[SourceChanged, ...]]:
    """Where another device should count from now on, and why. Only rooms with several devices are looked at."""
    several = set(standing_at(at).filter(room_id__in=list(rooms), is_beside=True).values_list("room_id", flat=True))
    if not several:
        return {}
    standing = _devices_by_room(several, at)
    readings = readings_by_device(standing, LOOKED_AT, since=at - READINGS_FOR, until=at)
    counting = _counting(standing)
    return {
        room: tuple(
            change
            for signal in LOOKED_AT
            if (change := _change(room, devices, signal, readings, counting.get((room, signal)), at))
        )
        for room, devices in standing.items()
    }


def let_count(room_id: UUID, change: SourceChanged) -> None:
    """From now on this one counts. With the entry that says so, in one transaction."""
    together = next(group for group in TOGETHER if change.signal == group[0])
    Counting.objects.filter(room_id=room_id, signal__in=together).delete()
    monitor = Monitor.objects.get(pk=change.to)
    if monitor.is_beside:
        rows = [
            Counting(clinic_id=monitor.clinic_id, room_id=room_id, monitor=monitor, signal=each) for each in together
        ]
        Counting.objects.bulk_create(rows)


def sources_in(rooms: Iterable[UUID], at: datetime) -> dict[UUID, dict[Signal, str]]:
    """What the device is called that counts for each sign, in rooms where there are several."""
    found: dict[UUID, dict[Signal, str]] = {}
    beside = standing_at(at).filter(room_id__in=list(rooms), is_beside=True)
    several = set(beside.order_by().values_list("room_id", flat=True))
    standing = _devices_by_room(several, at) if several else {}
    counting = _counting(standing) if several else {}
    for room, devices in standing.items():
        if len(devices) > 1:
            names = {each.pk: each.name for each in devices}
            first = next((each.pk for each in devices if not each.is_beside), None)
            by_sign = {signal: counting.get((room, signal), first) for signal in Signal}
            found[room] = {signal: names[pk] for signal, pk in by_sign.items() if pk in names}
    return found


def slowest_in(rooms: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How often the slowest of the other devices that count there sends, and its cuff measures, seconds."""
    found: dict[UUID, tuple[int, int]] = {}
    for each in Counting.objects.filter(room_id__in=list(rooms)).select_related("monitor"):
        interval_s, cuff_interval_s = found.get(each.room_id, (0, 0))
        monitor = each.monitor
        found[each.room_id] = max(interval_s, monitor.interval_s), max(cuff_interval_s, monitor.cuff_interval_s)
    return found


def _devices_by_room(rooms: Iterable[UUID], at: datetime) -> dict[UUID, list[Monitor]]:
    """The room's monitor first, then what stands beside it, in the order it came."""
    found: dict[UUID, list[Monitor]] = {}
    standing: Iterable[Assignment] = standing_at(at).filter(room_id__in=list(rooms)).order_by("is_beside", "from_at")
    for each in standing:
        found.setdefault(each.room_id, []).append(each.monitor)
    return found


def _counting(rooms: Iterable[UUID]) -> dict[tuple[UUID, Signal], UUID]:
    rows = Counting.objects.filter(room_id__in=list(rooms)).values_list("room_id", "signal", "monitor_id")
    return {(room, Signal(signal)): monitor for room, signal, monitor in rows}


def _change(
    room: UUID,
    devices: Sequence[Monitor],
    signal: Signal,
    readings: Mapping[tuple[UUID, UUID, Signal], Sequence[Sample]],
    counting: UUID | None,
    at: datetime,
) -> SourceChanged | None:
    in_order = sorted(devices, key=lambda each: signal.value not in each.goes_first_for)
    order = [
        Measuring(
            each.pk,
            readings.get((room, each.pk, signal), ()),
            lifetime_of(signal, interval_s=each.interval_s, cuff_interval_s=each.cuff_interval_s),
        )
        for each in in_order
    ]
    until_now = counting or next((each.pk for each in devices if not each.is_beside), in_order[0].pk)
    choice = which_counts(order, until_now, at)
    if choice.why is None:
        return None
    names = {each.pk: each.name for each in devices}
    return SourceChanged(
        signal=signal.value, to=choice.id, to_name=names[choice.id], before_name=names[until_now], why=choice.why
    )
