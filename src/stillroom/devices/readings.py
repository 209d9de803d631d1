"""What did the monitor in this room say? Readings by room and time, whichever monitor stood there.

A monitor that was moved takes nothing with it: what it measured elsewhere, of somebody else, is not shown here.
Where a monitor corrected a value, the one that came last counts. Where two devices measure one sign in a room, only
the one that counts now is read (`sources.py`): no list of readings here ever holds two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from stillroom.core.vitals import Sample, Signal, Validity

NEWEST_WITHIN = timedelta(hours=24)
SENT_WITHIN = timedelta(minutes=2)
"""So lately a device must have sent a sign to be counted on for it: as far back as alarms look (`STREAMED_FOR`)."""
EVERY_ONE = timedelta(microseconds=1)

# The room's own monitor counts, unless a row says that for this sign another does.
_IN_ROOM = """
    SELECT signal, value, measured_at, received_at, validity FROM (
        SELECT DISTINCT ON (sample.signal, date_bin(%(every)s, sample.measured_at, 'epoch')) sample.*
        FROM devices_assignment assignment
        JOIN devices_sample sample ON sample.monitor_id = assignment.monitor_id
            AND sample.measured_at >= greatest(assignment.from_at, %(since)s)
            AND sample.measured_at < least(assignment.until_at, %(until)s)
        LEFT JOIN devices_counting counting ON counting.room_id = assignment.room_id AND counting.signal = sample.signal
        WHERE assignment.room_id = %(room)s AND sample.signal = ANY(%(signals)s::text[])
        AND coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
        ORDER BY sample.signal, date_bin(%(every)s, sample.measured_at, 'epoch'),
            sample.measured_at DESC, sample.received_at DESC
    ) AS kept
    ORDER BY measured_at, signal
"""
_IN_ROOMS = """
    SELECT assignment.room_id, sample.signal, sample.value, sample.measured_at, sample.received_at, sample.validity
    FROM devices_assignment assignment
    JOIN devices_sample sample ON sample.monitor_id = assignment.monitor_id
        AND sample.measured_at >= greatest(assignment.from_at, %(since)s)
        AND sample.measured_at < least(assignment.until_at, %(until)s)
    LEFT JOIN devices_counting counting ON counting.room_id = assignment.room_id AND counting.signal = sample.signal
    WHERE assignment.room_id = ANY(%(rooms)s::uuid[]) AND sample.signal = ANY(%(signals)s::text[])
        AND coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
    ORDER BY sample.measured_at, sample.received_at
"""
_BY_DEVICE = """
    SELECT assignment.room_id, assignment.monitor_id,
        sample.signal, sample.value, sample.measured_at, sample.received_at, sample.validity
    FROM devices_assignment assignment
    JOIN devices_sample sample ON sample.monitor_id = assignment.monitor_id
        AND sample.measured_at >= greatest(assignment.from_at, %(since)s) AND sample.measured_at < %(until)s
    WHERE assignment.room_id = ANY(%(rooms)s::uuid[]) AND sample.signal = ANY(%(signals)s::text[])
        AND (assignment.until_at IS NULL OR assignment.until_at > %(until)s)
    ORDER BY sample.measured_at, sample.received_at
"""
_NEWEST = """
    SELECT assignment.room_id, newest.signal, newest.value, newest.measured_at, newest.received_at, newest.validity
    FROM devices_assignment assignment
    CROSS JOIN unnest(%(signals)s::text[]) AS wanted (signal)
    CROSS JOIN LATERAL (
        SELECT * FROM devices_sample sample
        WHERE sample.monitor_id = assignment.monitor_id AND sample.signal = wanted.signal
            AND sample.measured_at >= greatest(assignment.from_at, %(since)s)
        ORDER BY sample.measured_at DESC, sample.received_at DESC
        LIMIT 1
    ) AS newest
    LEFT JOIN devices_counting counting ON counting.room_id = assignment.room_id AND counting.signal = wanted.signal
    WHERE assignment.room_id = ANY(%(rooms)s::uuid[]) AND assignment.from_at <= %(at)s
        AND (assignment.until_at IS NULL OR assignment.until_at > %(at)s)
        AND coalesce(counting.monitor_id = assignment.monitor_id, NOT assignment.is_beside)
"""
_ALL = [signal.value for signal in Signal]
_SIGNALS = {each.value: each for each in Signal}
_VALIDITIES = {each.value: each for each in Validity}


def readings_in(
    room_id: UUID,
    *,
    since: datetime,
    until: datetime,
    signals: Iterable[Signal] = Signal,
    every: timedelta = EVERY_ONE,
) -> list[Sample]:
    """Readings of a room from `since` to before `until`, oldest first; of each signal at most one in each `every`.

    Where some are left out, the last of each span stays. For drawing; what judges must see them all.
    """
    facts = {
        "room": room_id,
        "since": since,
        "until": until,
        "signals": [signal.value for signal in signals],
        "every": every,
    }
    return [sample_of(row) for row in rows_of(_IN_ROOM, facts)]


def readings_of_rooms(
    room_ids: Iterable[UUID], signals: Iterable[Signal], *, since: datetime, until: datetime
) -> dict[UUID, list[Sample]]:
    """Every reading of these signals in these rooms from `since` to before `until`, oldest first, all read anew.

    What judges each second keeps a `Window`, which must say the same.
    """
    facts = {"rooms": list(room_ids), "signals": [each.value for each in signals], "since": since, "until": until}
    readings: dict[UUID, list[Sample]] = {}
    for room_id, *row in rows_of(_IN_ROOMS, facts):
        readings.setdefault(room_id, []).append(sample_of(row))
    return readings


def readings_by_device(
    room_ids: Iterable[UUID], signals: Iterable[Signal], *, since: datetime, until: datetime
) -> dict[tuple[UUID, UUID, Signal], list[Sample]]:
    """What every device that stands in these rooms measured, each by itself, oldest first: to choose between them."""
    facts = {"rooms": list(room_ids), "signals": [each.value for each in signals], "since": since, "until": until}
    readings: dict[tuple[UUID, UUID, Signal], list[Sample]] = {}
    for room_id, monitor_id, *row in rows_of(_BY_DEVICE, facts):
        sample = sample_of(row)
        readings.setdefault((room_id, monitor_id, sample.signal), []).append(sample)
    return readings


def newest_in(room_ids: Iterable[UUID], at: datetime) -> dict[UUID, dict[Signal, Sample]]:
    """The newest reading of each signal in each room that has a monitor at `at`; its age is for you to judge."""
    facts = {"rooms": list(room_ids), "at": at, "since": at - NEWEST_WITHIN, "signals": _ALL}
    newest: dict[UUID, dict[Signal, Sample]] = {}
    for room_id, *row in rows_of(_NEWEST, facts):
        sample = sample_of(row)
        newest.setdefault(room_id, {})[sample.signal] = sample
    return newest


def is_sent_in(room_id: UUID, signal: Signal, at: datetime) -> bool:
    """Whether a device in the room has sent a good reading of it in the last two minutes."""
    newest = newest_in([room_id], at).get(room_id, {}).get(signal)
    return newest is not None and newest.validity is Validity.VALID and at - newest.measured_at <= SENT_WITHIN


def rows_of(statement: str, facts: dict[str, Any]) -> list[Any]:
    """Through a cursor of psycopg's own, in binary: reading times as text takes longer than all else together."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(statement, facts, binary=True).fetchall()


def sample_of(row: Iterable[Any]) -> Sample:
    signal, value, measured_at, received_at, validity = row
    return Sample(_SIGNALS[signal], value, measured_at, received_at, _VALIDITIES[validity])
