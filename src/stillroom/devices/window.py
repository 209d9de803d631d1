"""What the monitors of rooms sent in the last minutes, without asking for all of it anew each second.

Rows of readings are only ever added: what was read once stays as it is. What came since is told by the transaction that
wrote it and never by a time, as a reading that waited on a disk or in a monitor is older than what is here already.
What may be of a transaction that was still under way is read again at the next look. A room is read whole where other
devices stand or count in it than before, where more is wanted than was read, and in a database that was started anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from stillroom.core.vitals import Sample, Signal
from stillroom.devices.readings import rows_of, sample_of

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
    SELECT wanted.room_id, sample.* FROM unnest(%(rooms)s::uuid[], %(since)s::timestamptz[]) AS wanted (room_id, since)
    JOIN devices_assignment assignment ON assignment.room_id = wanted.room_id
        AND (assignment.until_at IS NULL OR assignment.until_at > wanted.since)
    CROSS JOIN LATERAL (
        SELECT age(xmin) > age(%(mark)s::text::xid8::xid) AS is_settled,
            signal, value, measured_at, received_at, validity
        FROM devices_sample
        WHERE monitor_id = assignment.monitor_id AND signal = ANY(%(signals)s::text[])
            AND measured_at >= greatest(assignment.from_at, wanted.since) AND measured_at >= %(oldest)s
            AND measured_at < coalesce(assignment.until_at, 'infinity')
            AND (%(before)s::text IS NULL OR age(xmin) <= age(%(before)s::text::xid8::xid))
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
    """Everything measured since `since`, as far as it was there at `mark`; `fresh` is read again at the next look."""

    since: datetime
    placed: Placed
    mark: int | None = None
    settled: BySignal = field(default_factory=dict)
    fresh: BySignal = field(default_factory=dict)


class Window:
    """Readings of these signals, room by room. Rows are read in the caller's transaction, by its row security."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._signals = [each.value for each in signals]
        self._rooms: dict[UUID, _Room] = {}
        self._server: datetime | None = None

    def bring_up(self, since: Mapping[UUID, datetime]) -> None:
        """Read what came for these rooms since they were read last; of each at least all since then."""
        ((server, mark),) = rows_of(_MARK, {})
        if server != self._server:
            self._server, self._rooms = server, {}
        placed = self._placed(since)
        rooms = {room: self._kept(room, since[room], placed[room], mark) for room in since}
        by_mark: defaultdict[int | None, dict[UUID, datetime]] = defaultdict(dict)
        for room, kept in rooms.items():
            by_mark[kept.mark][room] = kept.since
        rows = [row for before, those in by_mark.items() for row in self._read(those, before, mark)]
        self._take(rooms, rows, mark)

    def reach_back(self, since: Mapping[UUID, datetime]) -> None:
        """Read whole those of these rooms of which less is here."""
        if further := {room: at for room, at in since.items() if at < self._rooms[room].since}:
            self.bring_up(further)

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

    def _read(self, since: Mapping[UUID, datetime], before: int | None, mark: int) -> list[Any]:
        facts = {
            "rooms": list(since),
            "since": list(since.values()),
            "oldest": min(since.values()),
            "before": None if before is None else str(before),
            "mark": str(mark),
            "signals": self._signals,
        }
        return rows_of(_SINCE, facts)

    def _take(self, rooms: Mapping[UUID, _Room], rows: Iterable[Any], mark: int) -> None:
        settled: dict[UUID, BySignal] = {room: defaultdict(list) for room in rooms}
        fresh: dict[UUID, BySignal] = {room: defaultdict(list) for room in rooms}
        for room, is_settled, *row in rows:
            sample = sample_of(row)
            (settled if is_settled else fresh)[room][sample.signal].append(sample)
        for room, kept in rooms.items():
            for signal, came in settled[room].items():
                _join(kept.settled.setdefault(signal, []), came)
            kept.mark, kept.fresh = mark, fresh[room]
            self._rooms[room] = kept


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
