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
from stillroom.core.vitals import NOT_JUDGED, Sample, Signal, lifetime_of
from stillroom.core.vitals.sources import TOGETHER, Measuring, which_counts
from stillroom.devices.assignments import DeviceHere
from stillroom.devices.models import Counting, Monitor
from stillroom.devices.readings import readings_by_device

LOOKED_AT = tuple(group[0] for group in TOGETHER)


def changed_in(here: Iterable[DeviceHere], at: datetime) -> dict[UUID, tuple[SourceChanged, ...]]:
    """Where another device should count from now on, and why. Only rooms with several devices are looked at."""
    several = {room: devices for room, devices in _by_room(here).items() if any(each.is_beside for each in devices)}
    if not several:
        return {}
    readings = readings_by_device(several, LOOKED_AT, since=at - READINGS_FOR, until=at)
    return {
        room: tuple(change for signal in LOOKED_AT if (change := _change(devices, signal, readings, at)))
        for room, devices in several.items()
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


def sources_in(here: Iterable[DeviceHere]) -> dict[UUID, dict[Signal, str]]:
    """What the device is called that counts for each sign, in rooms where there are several."""
    found: dict[UUID, dict[Signal, str]] = {}
    for room, devices in _by_room(here).items():
        if len(devices) > 1:
            counting = ((signal, _counting(devices, signal)) for signal in Signal)
            found[room] = {signal: device.name for signal, device in counting if device}
    return found


def slowest_in(here: Iterable[DeviceHere]) -> dict[UUID, tuple[int, int]]:
    """How often the slowest of the other devices sends that count there for what is judged, and its cuff measures,
    seconds."""
    found: dict[UUID, tuple[int, int]] = {}
    for each in here:
        if NOT_JUDGED.issuperset(each.counts_for):
            continue
        interval_s, cuff_interval_s = found.get(each.room_id, (0, 0))
        found[each.room_id] = max(interval_s, each.interval_s), max(cuff_interval_s, each.cuff_interval_s)
    return found


def intervals_in(here: Iterable[DeviceHere]) -> dict[UUID, dict[Signal, int]]:
    """How often each sign comes that another device counts for and nobody judges, seconds."""
    found: dict[UUID, dict[Signal, int]] = {}
    for each in here:
        for signal in NOT_JUDGED.intersection(each.counts_for):
            found.setdefault(each.room_id, {})[signal] = each.interval_s
    return found


def _by_room(here: Iterable[DeviceHere]) -> dict[UUID, list[DeviceHere]]:
    found: dict[UUID, list[DeviceHere]] = {}
    for each in here:
        found.setdefault(each.room_id, []).append(each)
    return found


def _counting(devices: Sequence[DeviceHere], signal: Signal) -> DeviceHere | None:
    """The room's own monitor, where no other counts for the sign."""
    own = (each for each in devices if not each.is_beside)
    return next((each for each in devices if signal in each.counts_for), next(own, None))


def _change(
    devices: Sequence[DeviceHere],
    signal: Signal,
    readings: Mapping[tuple[UUID, UUID, Signal], Sequence[Sample]],
    at: datetime,
) -> SourceChanged | None:
    in_order = sorted(devices, key=lambda each: signal not in each.goes_first_for)
    order = [
        Measuring(
            each.id,
            readings.get((each.room_id, each.id, signal), ()),
            lifetime_of(signal, interval_s=each.interval_s, cuff_interval_s=each.cuff_interval_s),
        )
        for each in in_order
    ]
    until_now = _counting(devices, signal) or in_order[0]
    choice = which_counts(order, until_now.id, at)
    if choice.why is None:
        return None
    names = {each.id: each.name for each in devices}
    return SourceChanged(
        signal=signal.value, to=choice.id, to_name=names[choice.id], before_name=until_now.name, why=choice.why
    )
