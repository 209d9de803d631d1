"""What the listeners of one room, or of the board, have been told, and what they are told next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from stillroom.bedside import sse
from stillroom.bedside.board import BoardView
from stillroom.bedside.fill.board import Call
from stillroom.bedside.fill.offered import NOBODY, Roles
from stillroom.bedside.fill.room import fill_link, fill_room, for_roles
from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.fragments import (
    all_pieces,
    board_fragments,
    calls_fragment,
    changed_fragments,
    line_fragment,
    tile_fragments,
)
from stillroom.bedside.parts import Tile
from stillroom.bedside.room import RoomView
from stillroom.bedside.situation import Situation
from stillroom.bedside.tail import News, Place
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.infusion.due import DRIP_IN_USE
from stillroom.core.infusion.state import Alarm
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Validity

TOLD_AGAIN_S = 5.0
"""A tile that says the same is told anew this often, so the age on it is at most so much too long, and never short."""
FEW = 3
SILENCE_IS_LOOKED_FOR = timedelta(seconds=1)
COURSE_STANDS_FOR = timedelta(seconds=60)
"""The course is drawn anew when something happened at the drip; else only its line of now moves, in the browser."""


@dataclass(slots=True)
class ToldRoom:
    """One watched infusion as it stands, and what was last seen of it, by the roles of those who look.

    `read_at` is when all of it was read; entries and readings are read as they come.
    """

    now: Situation
    room: RoomView
    read_at: datetime
    course_at: datetime
    is_changed: bool = True
    seen: dict[Roles, RoomView] = field(default_factory=dict)
    _offered: dict[Roles, tuple[RoomView, RoomView]] = field(default_factory=dict)
    calls: tuple[Call, ...] | None = None
    is_watched: bool = True
    calls_fail: bool = False

    @classmethod
    def of(cls, now: Situation, href: str) -> ToldRoom:
        return cls(now, fill_room(now, href=href, roles=NOBODY), now.at, now.at)

    def redraw(self, now: Situation) -> None:
        """The log has grown, or time alone has changed what is to be said."""
        is_course_good = now.drip == self.now.drip and now.at - self.course_at < COURSE_STANDS_FOR
        course, self.course_at = (self.room.course, self.course_at) if is_course_good else (None, now.at)
        self.room = fill_room(now, href=self.room.href, roles=NOBODY, course=course)
        self.now, self.is_changed = now, True

    def is_old(self, at: datetime) -> bool:
        """Whether the clock alone may have changed what is to be said of what was sent."""
        return at - self.now.at >= SILENCE_IS_LOOKED_FOR

    def knows(self, newest: Mapping[Signal, Sample], said: tuple[MonitorAlarm, ...], pump: PumpEvent | None) -> bool:
        """Whether nothing of this is new."""
        last = {reading.signal: reading.measured_at for reading in self.now.readings}
        is_measured = all(signal in last and each.measured_at <= last[signal] for signal, each in newest.items())
        return is_measured and (said, pump) == (self.now.said, self.now.pump)

    def hear(
        self,
        newest: Mapping[Signal, Sample],
        said: tuple[MonitorAlarm, ...],
        at: datetime,
        pump: PumpEvent | None = None,
    ) -> None:
        """What was sent since, or that nothing was: tiles, link, what devices alarm of themselves, the pump."""
        last = {reading.signal: reading.measured_at for reading in self.now.readings}
        fresh = [each for signal, each in newest.items() if signal not in last or each.measured_at > last[signal]]
        monitor = self.now.monitor
        if monitor and fresh:
            monitor = replace(monitor, last_heard_at=max(each.received_at for each in fresh))
        readings = (*self.now.readings, *fresh)
        self.now = replace(self.now, at=at, monitor=monitor, pump=pump, said=said, readings=readings)
        tiles = fill_tiles(replace(self.now, readings=_latest(readings)))
        self.room = replace(
            self.room,
            at=at,
            tiles=tuple(map(_as_told, tiles, self.room.tiles)),
            link=fill_link(self.now),
            monitor_alarms=said,
            pump=pump,
        )
        self.is_changed = True

    def tell(
        self, places: Iterable[Place], *, at: datetime, is_beat: bool, calls: Sequence[Call], is_watched: bool = True
    ) -> Iterator[News]:
        """News for everybody at `places`, all of this infusion; drawn once for those of the same roles."""
        self.is_watched = is_watched or self.now.state.status not in DRIP_IN_USE
        elsewhere = tuple(call for call in calls if call.infusion_id != self.now.infusion_id)
        is_called, self.calls = elsewhere != self.calls, elsewhere
        for roles, group in _by_roles(places).items():
            room = self._for(roles)
            for place in group:
                events = [*self._entries(place, room, at), *self._readings(place, room)]
                if is_beat or is_called or place.is_new:
                    events.append(self._heartbeat(at, room.seq, is_called or place.is_new))
                if events:
                    yield News(place, room.seq, tuple(events))
            self.seen[roles] = room
        self.is_changed = False

    def _for(self, roles: Roles) -> RoomView:
        """Found once for each room as it stands: most looks find nothing changed."""
        made_from, room = self._offered.get(roles, (None, self.room))
        if made_from is not self.room:
            room = for_roles(self.room, self.now, roles)
            self._offered[roles] = self.room, room
        return room

    def _entries(self, place: Place, room: RoomView, at: datetime) -> Iterator[bytes]:
        """Every entry after the place, in order; what follows from all of them comes with the last."""
        for seq in range(place.seq + 1, room.seq):
            yield sse.entry(seq, [line_fragment(room, seq)])
        if place.seq < room.seq:
            fragments = [line_fragment(room, room.seq), *self._changed(place, room)]
            yield sse.entry(room.seq, fragments, self._in_short(at))

    def _changed(self, place: Place, room: RoomView) -> list[str]:
        """Since what those at the place last saw; the whole page for those of whom that is not known."""
        before = self.seen.get(place.topic.roles)
        if before is None or before.seq != place.seq or place.is_new:
            return all_pieces(room, self.now.people)
        return changed_fragments(room, before, self.now.people)

    def _readings(self, place: Place, room: RoomView) -> Iterator[bytes]:
        """What changed without an entry. Whoever has just come is shown the vital signs as they are now."""
        before = self.seen.get(place.topic.roles)
        if place.seq < room.seq:
            return
        if place.is_new:
            yield sse.samples(tile_fragments(room))
        elif self.is_changed and before and (fragments := changed_fragments(room, before, self.now.people)):
            yield sse.samples(fragments)

    def _heartbeat(self, at: datetime, head_seq: int, is_called: bool) -> bytes:
        fragments = [calls_fragment(self.calls or ())] if is_called else []
        return sse.heartbeat(
            at,
            self._in_short(at),
            head_seq=head_seq,
            is_watched=self.is_watched,
            calls_fail=self.calls_fail,
            fragments=fragments,
        )

    def _in_short(self, at: datetime) -> dict[str, Any]:
        return sse.alarms_in_short(self.now.state.alarms, at=at, calls=heard_of(self.calls or (), at))


@dataclass(slots=True)
class ToldBoard:
    """The board as it stands, and as it was last told."""

    view: BoardView | None = None
    alarms: tuple[Alarm, ...] = ()
    told: BoardView | None = None
    calls: tuple[Call, ...] | None = None
    is_watched: bool = True
    calls_fail: bool = False

    def tell(
        self,
        places: Iterable[Place],
        *,
        at: datetime,
        is_beat: bool,
        calls: tuple[Call, ...],
        is_watched: bool = True,
    ) -> Iterator[News]:
        assert self.view is not None
        self.is_watched = is_watched or not any(room.status in DRIP_IN_USE for room in self.view.rooms)
        is_called, self.calls = calls != self.calls, calls
        changed = board_fragments(self.view, self.told) if self.view is not self.told else []
        for place in places:
            fragments = board_fragments(self.view) if place.is_new else changed
            events = [sse.board(fragments)] if fragments else []
            if is_beat or is_called or place.is_new:
                events.append(self._heartbeat(at, is_called or place.is_new))
            if events:
                yield News(place, place.seq, tuple(events))
        self.told = self.view

    def _heartbeat(self, at: datetime, is_called: bool) -> bytes:
        calls = self.calls or ()
        alarms = sse.alarms_in_short(self.alarms, at=at, calls=heard_of(calls, at))
        fragments = [calls_fragment(calls)] if is_called else []
        return sse.heartbeat(at, alarms, is_watched=self.is_watched, calls_fail=self.calls_fail, fragments=fragments)


def _latest(readings: Sequence[Sample]) -> tuple[Sample, ...]:
    """Of each signal the last few, and the last few that may be believed: what a tile's words are made from."""
    taken: Counter[tuple[Signal, bool]] = Counter()
    latest = []
    for each in reversed(readings):
        kind = each.signal, each.validity is Validity.INVALID
        taken[kind] += 1
        if taken[kind] <= FEW:
            latest.append(each)
    return tuple(reversed(latest))


def _as_told(tile: Tile, before: Tile) -> Tile:
    """The tile with the line it had, which is drawn when all is read again; as it was, if it still says the same."""
    tile = replace(tile, spark=before.spark or tile.spark)
    if tile.measured_at is None or before.measured_at is None:
        return tile
    is_same = replace(tile, measured_at=before.measured_at) == before
    is_recent = (tile.measured_at - before.measured_at).total_seconds() < min(TOLD_AGAIN_S, before.good_for_s / 4)
    return before if is_same and is_recent else tile


def heard_of(calls: Iterable[Call], at: datetime) -> list[Priority]:
    """How urgent the calls from elsewhere are; whoever paused an alarm there is with it."""
    return [call.priority for call in calls if call.paused_until is None or at >= call.paused_until]


def _by_roles(places: Iterable[Place]) -> dict[Roles, list[Place]]:
    groups: dict[Roles, list[Place]] = {}
    for place in places:
        groups.setdefault(place.topic.roles, []).append(place)
    return groups
