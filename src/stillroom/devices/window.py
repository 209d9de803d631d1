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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from stillroom.core.vitals import Sample, Signal
from stillroom.devices.readings import rows_of, sample_of

LATE_AFTER = timedelta(seconds=10)
"""So much older than what its monitor sent last a reading may be, and is found at once."""
LATE_WITHIN = timedelta(seconds=4)
"""One that is older still is found in this time: it waited in a monitor or on a disk, and is no news of this moment."""
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

# Of each room by what its readings are chosen: which rows, and who wrote each of them last. And the oldest transaction
# under way: every earlier one is over, and its rows are seen by whoever reads after this.
_PLACED = """
    SELECT wanted.place, coalesce(string_agg(placed.version, ' ' ORDER BY placed.version), ''),
        pg_postmaster_start_time(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    FROM unnest(%(rooms)b::uuid[]) WITH ORDINALITY AS wanted (room_id, place)
    LEFT JOIN (
        SELECT room_id, concat_ws(' ', 'stands', id, xmin) AS version FROM devices_assignment
        WHERE room_id = ANY(%(rooms)b::uuid[]) AND (until_at IS NULL OR until_at > %(since)s)
        UNION ALL
        SELECT room_id, concat_ws(' ', 'counts', id, xmin) FROM devices_counting WHERE room_id = ANY(%(rooms)b::uuid[])
    ) AS placed USING (room_id)
    GROUP BY wanted.place
"""
# Each device's rows by the key of the table (OFFSET 0): a planner that cannot know how few are wanted reads a month.
# And how old a mark is, once for each row of what is wanted and not once for each reading.
_SINCE = """
    SELECT wanted.place, sample.*
    FROM (
        SELECT place, room_id, since, until, age(mark::text::xid8::xid) AS mark_age,
            string_to_array(signals, ' ') AS signals
        FROM unnest(
            %(rooms)b::uuid[], %(since)b::timestamptz[], %(until)b::timestamptz[],
            %(marks)b::int8[], %(signals)b::text[]
        ) WITH ORDINALITY AS each (room_id, since, until, mark, signals, place)
        OFFSET 0
    ) AS wanted
    JOIN devices_assignment assignment ON assignment.room_id = wanted.room_id
        AND (assignment.until_at IS NULL OR assignment.until_at > wanted.since)
    CROSS JOIN LATERAL (
        SELECT age(xmin) > age(%(mark)s::text::xid8::xid) AS is_settled,
            signal, value, measured_at, received_at, validity
        FROM devices_sample
        WHERE monitor_id = assignment.monitor_id AND signal = ANY(wanted.signals)
            AND measured_at >= greatest(assignment.from_at, wanted.since) AND measured_at >= %(oldest)s
            AND measured_at < coalesce(least(assignment.until_at, wanted.until), 'infinity')
            AND (wanted.mark_age IS NULL OR age(xmin) <= wanted.mark_age)
        OFFSET 0
    ) AS sample
    LEFT JOIN devices_counting counting ON counting.room_id = wanted.room_id AND counting.signal = sample.signal
    WHERE coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
    ORDER BY sample.measured_at, sample.received_at
"""

BySignal = dict[Signal, list[Sample]]
_in_order = attrgetter("measured_at", "received_at")
_measured_at = attrgetter("measured_at")


@dataclass(frozen=True, slots=True)
class _Span:
    """What is asked of a room: measured from `since` to before `until`, written since `mark`; None: whenever."""

    room: UUID
    since: datetime
    until: datetime | None
    mark: int | None


@dataclass(slots=True)
class _Room:
    """Everything measured since `since`: as far as it was there at `mark` it is `settled`, and what came after is
    `fresh` and read again at the next look. Of what was measured before `late_before` all this is so of `late_mark`,
    when it was looked for last, at `looked_at`.
    """

    room: UUID
    since: datetime
    placed: str
    mark: int | None = None
    late_mark: int | None = None
    looked_at: datetime = BEFORE_ALL
    late_before: datetime = BEFORE_ALL
    settled: BySignal = field(default_factory=dict)
    fresh: BySignal = field(default_factory=dict)

    def is_due(self, at: datetime) -> bool:
        """To be asked for what came late as well."""
        return self.mark is None or not timedelta(0) <= at - self.looked_at < LATE_WITHIN

    def spans(self, *, is_due: bool) -> Iterator[_Span]:
        if self.mark is None:
            yield _Span(self.room, self.since, None, None)
            return
        yield _Span(self.room, max(self.since, self.late_before), None, self.mark)
        if is_due and self.since < self.late_before:
            yield _Span(self.room, self.since, self.late_before, self.late_mark)

    def take(self, settled: BySignal, fresh: BySignal, *, mark: int) -> None:
        """What came since the last mark, as of this one; of what was late and fresh, nothing was asked."""
        for signal, earlier in self.fresh.items():
            if late := _between(earlier, self.since, self.late_before):
                fresh[signal] = late + fresh.get(signal, [])
        self._take(settled, fresh, mark=mark)

    def take_all(self, settled: BySignal, fresh: BySignal, *, mark: int, at: datetime) -> None:
        self._take(settled, fresh, mark=mark)
        self.late_mark, self.looked_at = mark, at
        newest = [each[-1].measured_at for each in (*self.settled.values(), *fresh.values()) if each]
        self.late_before = min(*newest, at) - LATE_AFTER if newest else self.since

    def _take(self, settled: BySignal, fresh: BySignal, *, mark: int) -> None:
        for signal, came in settled.items():
            _join(self.settled.setdefault(signal, []), came)
        self.mark, self.fresh = mark, fresh


class Window:
    """Readings of these signals, room by room. `bring_up` reads them."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._signals = " ".join(each.value for each in signals)
        self._rooms: dict[UUID, _Room] = {}
        self._server: datetime | None = None

    def lacking(self, since: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
        """Those of these rooms of which less is here."""
        return {room: first for room, first in since.items() if first < self._rooms[room].since}

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

    def _kept(self, room: UUID, since: datetime, placed: str, mark: int) -> _Room:
        kept = self._rooms.get(room)
        is_good = kept and kept.placed == placed and kept.since <= since and (kept.mark or 0) <= mark
        return kept if kept and is_good else _Room(room, since, placed)

    def _begin(self, since: Mapping[UUID, datetime], now: _Placed) -> None:
        """Room for what is wanted, with what may be kept of it."""
        if now.server != self._server:
            self._server, self._rooms = now.server, {}
        self._rooms |= {room: self._kept(room, first, now.rooms[room], now.mark) for room, first in since.items()}

    def _asked(self, since: Iterable[UUID], *, at: datetime) -> Iterator[_Asked]:
        for room in since:
            kept = self._rooms[room]
            is_due = kept.is_due(at)
            yield from (_Asked(self, span, is_due) for span in kept.spans(is_due=is_due))


@dataclass(frozen=True, slots=True)
class _Placed:
    """How it stands in each room, as of this mark, on a server that was started then."""

    rooms: Mapping[UUID, str]
    server: datetime
    mark: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """One stretch of a room's time, for a window; `is_all`: with all that came late."""

    window: Window
    span: _Span
    is_all: bool


def bring_up(wanted: Mapping[Window, Mapping[UUID, datetime]], *, at: datetime) -> None:
    """Read what came for these rooms of each window since they were read last; of each at least all since then.

    Rows are read in the caller's transaction, by its row security: of all windows in two questions.
    """
    if not any(wanted.values()):
        return
    now = _placed(wanted)
    for window, since in wanted.items():
        window._begin(since, now)
    asked = [each for window, since in wanted.items() for each in window._asked(since, at=at)]
    came = _read(asked, now.mark)
    for (window, room), is_all in {(each.window, each.span.room): each.is_all for each in asked}.items():
        kept, (settled, fresh) = window._rooms[room], came[window, room]
        if is_all:
            kept.take_all(settled, fresh, mark=now.mark, at=at)
        else:
            kept.take(settled, fresh, mark=now.mark)


def _placed(wanted: Mapping[Window, Mapping[UUID, datetime]]) -> _Placed:
    """Read before the readings: a change since is seen next time."""
    since = [
        min(first, window._rooms[room].since) if room in window._rooms else first
        for window, each in wanted.items()
        for room, first in each.items()
    ]
    rooms = list({room for each in wanted.values() for room in each})
    found = rows_of(_PLACED, {"rooms": rooms, "since": min(since)})
    _, _, server, mark = found[0]
    return _Placed({rooms[place - 1]: placed for place, placed, *_ in found}, server, mark)


def _read(asked: Sequence[_Asked], mark: int) -> Mapping[tuple[Window, UUID], tuple[BySignal, BySignal]]:
    """By window and room what is asked: what was there at this mark, and what came later or may be of one under way."""
    facts = {
        "rooms": [each.span.room for each in asked],
        "since": [each.span.since for each in asked],
        "until": [each.span.until for each in asked],
        "marks": [each.span.mark for each in asked],
        "signals": [each.window._signals for each in asked],
        "oldest": min(each.span.since for each in asked),
        "mark": str(mark),
    }
    came: defaultdict[tuple[Window, UUID], tuple[BySignal, BySignal]] = defaultdict(
        lambda: (defaultdict(list), defaultdict(list))
    )
    for place, is_settled, *row in rows_of(_SINCE, facts):
        sample = sample_of(row)
        settled, fresh = came[asked[place - 1].window, asked[place - 1].span.room]
        (settled if is_settled else fresh)[sample.signal].append(sample)
    return came


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
