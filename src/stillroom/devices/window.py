"""What the monitors of rooms sent in the last minutes, without asking for all of it anew each second.

Rows of readings are only ever added: what was read once stays as it is. What came since is told by the transaction that
wrote it and never by a time, as a reading that waited on a disk or in a monitor is older than what is here already.
What may be of a transaction that was still under way is read again at the next look. A room is read anew where other
devices stand or count in it than before, where more is wanted than was read, and in a database that was started anew.

Most of what comes is newer than what is here, and so only that is looked for; what came late, in the whole of the time
that is wanted, every few seconds. So a look does not take longer the more a room's monitor has sent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from stillroom.core.vitals import Sample, Signal
from stillroom.devices.readings import rows_of, sample_of

LATE_AFTER = timedelta(seconds=10)
"""So much older than what its monitor sent last a reading may be, and is found at once."""
LATE_WITHIN = timedelta(seconds=4)
"""One that is older still is found in this time: it waited in a monitor or on a disk, and is no news of this moment."""
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

# The oldest transaction under way: every earlier one is over, and its rows are seen by whoever reads after this.
_MARK = "SELECT pg_postmaster_start_time(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_PLACED = """
    SELECT room_id, id, monitor_id, from_at, until_at, is_beside FROM devices_assignment
    WHERE room_id = ANY(%(rooms)s::uuid[]) AND (until_at IS NULL OR until_at > %(since)s)
    UNION ALL
    SELECT room_id, id, monitor_id, NULL, NULL, NULL FROM devices_counting WHERE room_id = ANY(%(rooms)s::uuid[])
"""
# Each device's rows by the key of the table (OFFSET 0): a planner that cannot know how few are wanted reads a month.
_SINCE = """
    SELECT wanted.room_id, sample.*
    FROM unnest(%(rooms)s::uuid[], %(since)s::timestamptz[], %(before)s::text[]) AS wanted (room_id, since, before)
    JOIN devices_assignment assignment ON assignment.room_id = wanted.room_id
        AND (assignment.until_at IS NULL OR assignment.until_at > wanted.since)
    CROSS JOIN LATERAL (
        SELECT age(xmin) > age(%(mark)s::text::xid8::xid) AS is_settled,
            signal, value, measured_at, received_at, validity
        FROM devices_sample
        WHERE monitor_id = assignment.monitor_id AND signal = ANY(%(signals)s::text[])
            AND measured_at >= greatest(assignment.from_at, wanted.since) AND measured_at >= %(oldest)s
            AND measured_at < coalesce(assignment.until_at, 'infinity')
            AND (wanted.before IS NULL OR age(xmin) <= age(wanted.before::xid8::xid))
        OFFSET 0
    ) AS sample
    LEFT JOIN devices_counting counting ON counting.room_id = wanted.room_id AND counting.signal = sample.signal
    WHERE coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
    ORDER BY sample.measured_at, sample.received_at
"""

Placed = frozenset[tuple[Any, ...]]
BySignal = dict[Signal, list[Sample]]
_in_order = attrgetter("measured_at", "received_at")
_measured_at = attrgetter("measured_at")


@dataclass(slots=True)
class _Room:
    """Everything measured since `since`: as far as it was there at `mark` it is `settled`, and what came after is
    `fresh` and read again at the next look. What was measured before `late_before` was looked for last at `looked_at`.
    """

    since: datetime
    placed: Placed
    mark: int | None = None
    looked_at: datetime = BEFORE_ALL
    late_before: datetime = BEFORE_ALL
    settled: BySignal = field(default_factory=dict)
    fresh: BySignal = field(default_factory=dict)

    def is_due(self, at: datetime) -> bool:
        return self.mark is None or not timedelta(0) <= at - self.looked_at < LATE_WITHIN

    def take(self, settled: BySignal, fresh: BySignal, *, mark: int, at: datetime) -> None:
        """What came since the last mark, as of this one."""
        for signal, came in settled.items():
            _join(self.settled.setdefault(signal, []), came)
        self.mark, self.fresh, self.looked_at = mark, fresh, at
        newest = [each[-1].measured_at for each in (*self.settled.values(), *fresh.values()) if each]
        self.late_before = min(*newest, at) - LATE_AFTER if newest else self.since

    def take_new(self, fresh: BySignal) -> None:
        """What came since the last mark and is not late. What is late and was fresh before stays so."""
        for signal, earlier in self.fresh.items():
            if late := _between(earlier, self.since, self.late_before):
                fresh[signal] = late + fresh.get(signal, [])
        self.fresh = fresh


class Window:
    """Readings of these signals, room by room. Rows are read in the caller's transaction, by its row security."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._signals = [each.value for each in signals]
        self._rooms: dict[UUID, _Room] = {}
        self._server: datetime | None = None

    def bring_up(self, since: Mapping[UUID, datetime], *, at: datetime) -> None:
        """Read what came for these rooms since they were read last; of each at least all since then."""
        ((server, mark),) = rows_of(_MARK, {})
        if server != self._server:
            self._server, self._rooms = server, {}
        placed = self._placed(since)
        self._rooms |= {room: self._kept(room, since[room], placed[room], mark) for room in since}
        due = {room for room in since if self._rooms[room].is_due(at)}
        settled, fresh = self._read({room: room in due for room in since}, mark)
        for room in since:
            kept = self._rooms[room]
            if room in due:
                kept.take(settled[room], fresh[room], mark=mark, at=at)
            else:
                kept.take_new(fresh[room])

    def reach_back(self, since: Mapping[UUID, datetime], *, at: datetime) -> None:
        """Read anew those of these rooms of which less is here."""
        if further := {room: first for room, first in since.items() if first < self._rooms[room].since}:
            self.bring_up(further, at=at)

    def of(self, room: UUID, *, since: datetime, until: datetime) -> BySignal:
        """What was measured there from `since` to before `until`, sign by sign, oldest first; of a correction both."""
        kept = self._rooms[room]
        found = {signal: _between(kept.settled.get(signal, []), since, until) for signal in kept.settled | kept.fresh}
        for signal, fresh in kept.fresh.items():
            _join(found[signal], _between(fresh, since, until))
        return {signal: readings for signal, readings in found.items() if readings}

    def keep(self, since: Mapping[UUID, datetime]) -> None:
        """Of these rooms nothing older is wanted any more."""
        for room, at in since.items():
            kept = self._rooms[room]
            if at > kept.since:
                kept.settled = {signal: _between(readings, at, None) for signal, readings in kept.settled.items()}
                kept.since = at

    def keep_only(self, rooms: Iterable[UUID]) -> None:
        """Nobody asks of any other room."""
        self._rooms = {room: self._rooms[room] for room in rooms if room in self._rooms}

    def _kept(self, room: UUID, since: datetime, placed: Placed, mark: int) -> _Room:
        kept = self._rooms.get(room)
        is_good = kept and kept.placed == placed and kept.since <= since and (kept.mark or 0) <= mark
        return kept if kept and is_good else _Room(since, placed)

    def _placed(self, since: Mapping[UUID, datetime]) -> Mapping[UUID, Placed]:
        """By what the readings of each room are chosen. Read before the readings: a change since is seen next time."""
        oldest = [min(at, self._rooms[room].since) if room in self._rooms else at for room, at in since.items()]
        placed: defaultdict[UUID, set[tuple[Any, ...]]] = defaultdict(set)
        if oldest:
            for room, *row in rows_of(_PLACED, {"rooms": list(since), "since": min(oldest)}):
                placed[room].add(tuple(row))
        return {room: frozenset(placed[room]) for room in since}

    def _read(self, rooms: Mapping[UUID, bool], mark: int) -> tuple[defaultdict[UUID, BySignal], ...]:
        """What came after each room's own mark, and whether it was there at this one: of all that is wanted of a room
        where it is due, else only what is not late, and all of that as fresh.
        """
        kept = [self._rooms[room] for room in rooms]
        since = [each.since if is_due else each.late_before for each, is_due in zip(kept, rooms.values(), strict=True)]
        facts = {
            "rooms": list(rooms),
            "since": since,
            "before": [None if each.mark is None else str(each.mark) for each in kept],
            "oldest": min(since, default=None),
            "mark": str(mark),
            "signals": self._signals,
        }
        settled: defaultdict[UUID, BySignal] = defaultdict(lambda: defaultdict(list))
        fresh: defaultdict[UUID, BySignal] = defaultdict(lambda: defaultdict(list))
        for room, is_settled, *row in rows_of(_SINCE, facts):
            sample = sample_of(row)
            (settled if is_settled and rooms[room] else fresh)[room][sample.signal].append(sample)
        return settled, fresh


def _join(earlier: list[Sample], later: list[Sample]) -> None:
    """All into `earlier`, in order. Most often nothing came late, and nothing needs to be put in order."""
    is_late = bool(earlier and later) and _in_order(later[0]) < _in_order(earlier[-1])
    earlier.extend(later)
    if is_late:
        earlier.sort(key=_in_order)


def _between(readings: list[Sample], since: datetime, until: datetime | None) -> list[Sample]:
    """Always a list of its own. Most often all are wanted."""
    if not readings:
        return []
    first = 0 if readings[0].measured_at >= since else bisect_left(readings, since, key=_measured_at)
    is_all = until is None or readings[-1].measured_at < until
    return readings[first : None if is_all else bisect_left(readings, until, key=_measured_at)]
