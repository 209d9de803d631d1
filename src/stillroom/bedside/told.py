"""What the listeners of one room, or of the board, have been told, and what they are told next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from stillroom.bedside import sse
from stillroom.bedside.board import BoardView
from stillroom.bedside.fill.advice import LATELY
from stillroom.bedside.fill.board import Call
from stillroom.bedside.fill.offered import NOBODY, Roles
from stillroom.bedside.fill.room import fill_later, fill_link, fill_room, for_roles
from stillroom.bedside.fill.tiles import ByHand, by_hand_of, fill_tiles, lifetime_by
from stillroom.bedside.fragments import (
    all_pieces,
    board_fragments,
    calls_fragment,
    changed_fragments,
    line_fragment,
    paper_fragment,
    tile_fragments,
)
from stillroom.bedside.paper.contents import Letterhead
from stillroom.bedside.paper.known import known
from stillroom.bedside.parts import Tile
from stillroom.bedside.room import RoomView
from stillroom.bedside.situation import THINNED_S, Situation
from stillroom.bedside.tail import News, Place
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.infusion.due import DRIP_IN_USE
from stillroom.core.infusion.state import Alarm, InfusionState
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Validity

TOLD_AGAIN_S = 5.0
"""A tile that says the same is told anew this often, so the age on it is at most so much too long, and never short."""
FEW = 3
COURSE_STANDS_FOR = timedelta(minutes=5)
"""The course is drawn anew when something happened at the drip; else only its line of now moves, in the browser."""
CUT_STANDS_FOR = timedelta(minutes=1)
"""One that ends at now, as nobody can say how it goes on: its line of now runs away from it."""
PAPER_STANDS_FOR = timedelta(seconds=45)
PAPER_AFTER_ENTRY = timedelta(seconds=2)
"""Several entries at once are one reason to draw it."""
VITALS_STAND_FOR = timedelta(seconds=60)
"""The lines of the vital signs are drawn anew so often; their figures are told as they come."""


@dataclass(slots=True)
class ToldRoom:
    """One watched infusion as it stands, and what was last seen of it, by the roles of those who look.

    `paper_due_at` is when the sheet that pages hold for a power cut is drawn anew, `paper` one not yet told. `read_at`
    is when all of it was read; entries and readings are read as they come. `filled_at` is when what time
    alone changes was filled last, `latest` what the tiles are made from. From `turns_at` on a tile or the link may say
    something else though nothing came; until then the clock changes nothing.
    """

    now: Situation
    room: RoomView
    read_at: datetime
    filled_at: datetime
    course_at: datetime
    vitals_at: datetime
    paper_due_at: datetime
    paper: bytes = b""
    latest: tuple[Sample, ...] = ()
    by_hand: ByHand = field(default_factory=ByHand)
    turns_at: datetime | None = None
    version: tuple[object, ...] | None = None
    is_changed: bool = True
    seen: dict[Roles, RoomView] = field(default_factory=dict)
    _offered: dict[Roles, tuple[RoomView, InfusionState, RoomView]] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    is_watched: bool = True
    calls_fail: bool = False
    _heard_calls: Sequence[Call] | None = None
    _called: str = ""

    @classmethod
    def of(cls, now: Situation, href: str) -> ToldRoom:
        room = fill_room(now, href=href, roles=NOBODY)
        told = cls(now, room, now.at, now.at, now.at, now.at, now.at + PAPER_AFTER_ENTRY)
        told._note_readings()
        return told

    def redraw(self, now: Situation) -> None:
        """The log has grown, or all was read anew."""
        if now.state.last_seq > self.now.state.last_seq:
            self.paper_due_at = min(self.paper_due_at, now.at + PAPER_AFTER_ENTRY)
        is_course_good = now.drip == self.now.drip and self._is_course_good(now.at)
        course, self.course_at = (self.room.course, self.course_at) if is_course_good else (None, now.at)
        self.room = fill_room(now, href=self.room.href, roles=NOBODY, course=course)
        self.now, self.is_changed, self.filled_at, self.vitals_at = now, True, now.at, now.at
        self._note_readings()

    def _few(self, at: datetime) -> tuple[Sample, ...]:
        """The last few of each signal, and those of the last minute: their middle one may be worth a glance."""
        since = at - LATELY
        lately = {each for each in self.now.readings if each.measured_at > since}
        return tuple(sorted(lately | set(self.latest), key=lambda each: each.measured_at))

    def pass_time(self, at: datetime) -> None:
        """Nothing happened: only what time alone changes is filled, most of it from the last readings."""
        is_course_good = self._is_course_good(at)
        are_vitals_good = self.room.vitals is not None and at - self.vitals_at < VITALS_STAND_FOR
        self.now = replace(self.now, at=at, readings=_thinned(self.now.readings))
        if not is_course_good:
            self.course_at = at
        if not are_vitals_good:
            self.vitals_at = at
        self.room = fill_later(
            replace(self.now, readings=self._few(at)) if are_vitals_good else self.now,
            self.room,
            course=self.room.course if is_course_good else None,
            vitals=self.room.vitals if are_vitals_good else None,
        )
        self.filled_at, self.is_changed = at, True

    def draw_paper(self, letterhead: Letterhead, at: datetime) -> None:
        """What is known now on one sheet (SR-62)."""
        self.paper_due_at = at + PAPER_STANDS_FOR
        self.paper = sse.samples([paper_fragment(known(replace(self.now, at=at), letterhead))])

    def hear_link(self, heard_at: datetime | None) -> None:
        """The monitor was heard, if only to say that it is there."""
        monitor = self.now.monitor
        if monitor and heard_at and (monitor.last_heard_at is None or heard_at > monitor.last_heard_at):
            self.now = replace(self.now, monitor=replace(monitor, last_heard_at=heard_at))
            link = fill_link(self.now)
            self.is_changed = self.is_changed or link.said != self.room.link.said
            self.room = replace(self.room, link=link)
            self.turns_at = self._turns_at()

    def is_old(self, at: datetime) -> bool:
        """Whether the clock alone may have changed what is to be said of what was sent."""
        return self.turns_at is not None and at >= self.turns_at

    def knows(self, newest: Mapping[Signal, Sample], said: tuple[MonitorAlarm, ...], pump: PumpEvent | None) -> bool:
        """Whether nothing of this is new."""
        last = {reading.signal: reading.measured_at for reading in self.latest}
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
        last = {reading.signal: reading.measured_at for reading in self.latest}
        fresh = [each for signal, each in newest.items() if signal not in last or each.measured_at > last[signal]]
        monitor = self.now.monitor
        if monitor and fresh:
            monitor = replace(monitor, last_heard_at=max(each.received_at for each in fresh))
        readings = (*self.now.readings, *fresh)
        self.now = replace(self.now, at=at, monitor=monitor, pump=pump, said=said, readings=readings)
        self.latest = _latest((*self.latest, *fresh))
        self.turns_at = self._turns_at()
        # The small lines are drawn anew with the larger ones, not with each reading.
        sparks = {tile.kind: tile.spark for tile in self.room.tiles}
        tiles = fill_tiles(replace(self.now, readings=self.latest), by_hand=self.by_hand, sparks=sparks)
        self.room = replace(
            self.room,
            at=at,
            tiles=tuple(map(_as_told, tiles, self.room.tiles)),
            link=fill_link(self.now),
            monitor_alarms=said,
            pump=pump,
        )
        self.is_changed = True

    def _is_course_good(self, at: datetime) -> bool:
        is_cut = self.room.course is not None and self.room.course.cut_by
        return at - self.course_at < (CUT_STANDS_FOR if is_cut else COURSE_STANDS_FOR)

    def _note_readings(self) -> None:
        self.by_hand = by_hand_of(self.now)
        self.latest = _latest(self.now.readings)
        self.turns_at = self._turns_at()

    def _turns_at(self) -> datetime | None:
        """When the next reading becomes stale or lost, or the monitor silent, if nothing comes until then."""
        newest = {each.signal: each for each in self.latest}
        lives = [
            (min(each.measured_at, each.received_at), lifetime_by(self.now, signal, is_by_hand=False))
            for signal, each in newest.items()
        ]
        by_hand = lifetime_by(self.now, Signal.SBP_MMHG, is_by_hand=True)
        lives += [(tile.measured_at, by_hand) for tile in self.room.tiles if tile.is_by_hand and tile.measured_at]
        monitor = self.now.monitor
        if monitor and monitor.last_heard_at:
            lives.append((monitor.last_heard_at, lifetime_by(self.now, Signal.SPO2_PERCENT, is_by_hand=False)))
        turns = (at + timedelta(seconds=seconds) for at, life in lives for seconds in (life.fresh_s, life.stale_s))
        return min((turn for turn in turns if turn >= self.now.at), default=None)

    def tell(
        self, places: Collection[Place], *, at: datetime, is_beat: bool, calls: Sequence[Call], is_watched: bool = True
    ) -> Iterator[News]:
        """News for everybody at `places`, all of this infusion; drawn once for those of the same roles."""
        self.is_watched = is_watched or self.now.state.status not in DRIP_IN_USE
        is_called = self._note_calls(calls)
        if not (is_beat or is_called or self.is_changed or self.paper or any(map(self._is_behind, places))):
            return
        for roles, group in _by_roles(places).items():
            room = self._for(roles)
            for place in group:
                events = [*self._entries(place, room, at), *self._readings(place, room)]
                if is_beat or is_called or place.is_new:
                    events.append(self._heartbeat(at, room.seq, is_called or place.is_new))
                if self.paper:
                    events.append(self.paper)
                if events:
                    yield News(place, room.seq, tuple(events))
            self.seen[roles] = room
        self.is_changed, self.paper = False, b""

    def _is_behind(self, place: Place) -> bool:
        return place.is_new or place.seq < self.room.seq

    def _note_calls(self, calls: Sequence[Call]) -> bool:
        """Whether what is called out from elsewhere is to be shown otherwise than before."""
        if calls is self._heard_calls:
            return False
        self._heard_calls = calls
        self.calls = tuple(call for call in calls if call.infusion_id != self.now.infusion_id)
        before, self._called = self._called, calls_fragment(self.calls)
        return self._called != before

    def _for(self, roles: Roles) -> RoomView:
        """Found once for each room as it stands: most looks find nothing changed."""
        made_from, by, room = self._offered.get(roles, (None, None, self.room))
        if made_from is self.room:
            return room
        if by is self.now.state:
            room = replace(self.room, acts=room.acts, doubt=room.doubt)
        else:
            room = for_roles(self.room, self.now, roles)
        self._offered[roles] = self.room, self.now.state, room
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
        fragments = [self._called] if is_called else []
        return sse.heartbeat(
            at,
            self._in_short(at),
            head_seq=head_seq,
            is_watched=self.is_watched,
            calls_fail=self.calls_fail,
            fragments=fragments,
        )

    def _in_short(self, at: datetime) -> dict[str, Any]:
        return sse.alarms_in_short(self.now.state.alarms, at=at, calls=heard_of(self.calls, at))


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
    """Of each signal the last few of every validity: what a tile's words, and the next look, are made from."""
    taken: Counter[tuple[Signal, Validity]] = Counter()
    latest = []
    for each in reversed(readings):
        kind = each.signal, each.validity
        taken[kind] += 1
        if taken[kind] <= FEW:
            latest.append(each)
    return tuple(reversed(latest))


def _thinned(readings: Iterable[Sample]) -> tuple[Sample, ...]:
    """Of each signal the last in each span that lines are drawn by, as they are read from the database."""
    kept = {(each.signal, each.measured_at.timestamp() // THINNED_S): each for each in readings}
    return tuple(sorted(kept.values(), key=lambda each: each.measured_at))


def _as_told(tile: Tile, before: Tile) -> Tile:
    """The tile; as it was, if it still says the same."""
    if tile.figure == before.figure and tile.measured_at is not None and before.measured_at is not None:
        after_s = (tile.measured_at - before.measured_at).total_seconds()
        is_recent = after_s < min(TOLD_AGAIN_S, before.good_for_s / 2)
        if is_recent and replace(tile, measured_at=before.measured_at) == before:
            return before
    return tile


def heard_of(calls: Iterable[Call], at: datetime) -> list[Priority]:
    """How urgent the calls from elsewhere are; whoever paused an alarm there is with it."""
    return [call.priority for call in calls if call.paused_until is None or at >= call.paused_until]


def _by_roles(places: Iterable[Place]) -> dict[Roles, list[Place]]:
    groups: dict[Roles, list[Place]] = {}
    for place in places:
        groups.setdefault(place.topic.roles, []).append(place)
    return groups
