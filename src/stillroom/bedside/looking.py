"""What is new for everybody who listens in this process: read once, drawn once. The thread's half of the live streams.

Each look asks one question of each clinic, whether a watched log has grown. Only then is a situation read and drawn.
A heartbeat is sent only after the database has answered, so a page that hears one knows that nothing is held back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from stillroom.bedside.board_reading import read_board, read_calls
from stillroom.bedside.book import book_of
from stillroom.bedside.fill.board import Call
from stillroom.bedside.reading import read_on, read_situation
from stillroom.bedside.standings import lost_standings
from stillroom.bedside.tail import Gone, News, Place, Standing
from stillroom.bedside.told import ToldBoard, ToldRoom
from stillroom.clinics import clock
from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample, Signal
from stillroom.devices.monitor_alarms import said_alarms_in
from stillroom.devices.outcalls import failing_since
from stillroom.devices.pump_said import pump_said_in
from stillroom.devices.readings import newest_in
from stillroom.devices.screens import is_watched
from stillroom.devices.sources import sources_in
from stillroom.infusions.models import Infusion

BEAT_EVERY_S = 2.0
READINGS_EVERY_S = 1.0
REDRAW_EVERY_S = 15.0
"""What moves with time alone, as the share given or what is late, is drawn again this often; rooms take turns."""


class Rhythm:
    """True once in each interval, when asked after it is over."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._next_at = time.monotonic()

    def is_due(self) -> bool:
        now = time.monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + self._every_s
        return True


@dataclass(frozen=True, slots=True)
class Turn:
    """One look: when it is, and what is done in it besides asking whether a log has grown."""

    at: datetime
    is_beat: bool
    is_reading: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What devices said, by room: the newest of each sign, their own alarms, and which of several counts."""

    newest: Mapping[UUID, Mapping[Signal, Sample]]
    alarms: Mapping[UUID, tuple[MonitorAlarm, ...]]
    sources: Mapping[UUID, Mapping[Signal, str]]
    pumps: Mapping[UUID, PumpEvent]


class Looking:
    """A `tail.Look`. What was told is kept between looks, for what is watched."""

    def __init__(self) -> None:
        self._beat, self._reading = Rhythm(BEAT_EVERY_S), Rhythm(READINGS_EVERY_S)
        self._rooms: dict[UUID, ToldRoom] = {}
        self._boards: dict[UUID, ToldBoard] = {}
        self._calls: dict[UUID, tuple[Call, ...]] = {}
        self._watched: dict[UUID, bool] = {}
        self._calls_fail: dict[UUID, bool] = {}

    def __call__(self, places: frozenset[Place], standings: frozenset[Standing]) -> Iterator[News | Gone]:
        close_old_connections()
        turn = Turn(clock.now(), self._beat.is_due(), self._reading.is_due())
        self._keep_only(places)
        for clinic_id, here in _grouped(places, lambda place: place.topic.clinic).items():
            with clinic_scope(clinic_id):
                clinic = Clinic.objects.get(pk=clinic_id)
                with timezone.override(ZoneInfo(clinic.time_zone)):
                    yield from self._clinic(clinic, here, turn)
                    if turn.is_beat:
                        yield Gone(standings=lost_standings(clinic, standings))

    def close(self) -> None:
        self._keep_only(frozenset())
        connection.close()

    def _clinic(self, clinic: Clinic, places: list[Place], turn: Turn) -> Iterator[News | Gone]:
        if turn.is_reading or clinic.pk not in self._calls:
            self._calls[clinic.pk] = read_calls(book_of(clinic.pk))
        if turn.is_beat or clinic.pk not in self._watched:
            self._watched[clinic.pk] = is_watched(turn.at)
            self._calls_fail[clinic.pk] = failing_since() is not None
        by_infusion = _grouped(places, lambda place: place.topic.infusion)
        at_board = by_infusion.pop(None, [])
        yield from self._told_rooms(clinic, by_infusion, turn)
        if at_board:
            board, calls = self._board(clinic, turn), self._calls[clinic.pk]
            is_now, board.calls_fail = self._watched[clinic.pk], self._calls_fail[clinic.pk]
            yield from board.tell(at_board, at=turn.at, is_beat=turn.is_beat, calls=calls, is_watched=is_now)

    def _told_rooms(self, clinic: Clinic, watched: dict[Any, list[Place]], turn: Turn) -> Iterator[News | Gone]:
        infusions = Infusion.objects.filter(pk__in=watched).select_related("room", "clinic").in_bulk()
        rooms = {each.room_id for each in infusions.values()} if turn.is_reading else set()
        heard = _heard(rooms, turn.at)
        oldest = min((told.read_at for told in self._rooms.values()), default=turn.at)
        for pk, places in watched.items():
            if pk not in infusions:
                yield Gone(topics=frozenset(place.topic for place in places))
                continue
            told = self._brought_up(infusions[pk], heard, turn, oldest)
            calls, is_now = self._calls[clinic.pk], self._watched[clinic.pk]
            told.calls_fail = self._calls_fail[clinic.pk]
            yield from told.tell(places, at=turn.at, is_beat=turn.is_beat, calls=calls, is_watched=is_now)

    def _brought_up(self, infusion: Infusion, heard: Heard, turn: Turn, oldest: datetime) -> ToldRoom:
        told = self._rooms.get(infusion.pk)
        if told is None:
            href = reverse("bedside:room", args=[infusion.pk])
            told = self._rooms[infusion.pk] = ToldRoom.of(read_situation(infusion, at=turn.at), href)
        elif infusion.last_seq > told.room.seq:
            told.redraw(read_on(infusion, told.now, at=turn.at))
        elif _is_turn_to_read_all(told, oldest, turn.at) or _counts_another(told, heard, infusion.room_id, turn):
            told.read_at = turn.at
            told.redraw(read_situation(infusion, at=turn.at))
        elif turn.is_reading:
            room_id = infusion.room_id
            told.hear(heard.newest.get(room_id, {}), heard.alarms.get(room_id, ()), turn.at, heard.pumps.get(room_id))
        return told

    def _board(self, clinic: Clinic, turn: Turn) -> ToldBoard:
        told = self._boards.setdefault(clinic.pk, ToldBoard())
        if told.view is None or turn.is_reading:
            told.view, told.alarms = read_board(clinic.pk, at=turn.at)
        return told

    def _keep_only(self, places: frozenset[Place]) -> None:
        infusions, clinics = {place.topic.infusion for place in places}, {place.topic.clinic for place in places}
        self._rooms = {pk: told for pk, told in self._rooms.items() if pk in infusions}
        self._boards = {pk: told for pk, told in self._boards.items() if pk in clinics}


def _heard(rooms: Collection[UUID], at: datetime) -> Heard:
    if not rooms:
        return Heard({}, {}, {}, {})
    return Heard(newest_in(rooms, at), said_alarms_in(rooms, at), sources_in(rooms, at), pump_said_in(rooms, at))


def _counts_another(told: ToldRoom, heard: Heard, room_id: UUID, turn: Turn) -> bool:
    """Then what the other measured is not gone on with: everything is read again, of the one that counts now."""
    monitor = told.now.monitor
    return turn.is_reading and monitor is not None and monitor.sources != heard.sources.get(room_id, {})


def _is_turn_to_read_all(told: ToldRoom, oldest: datetime, at: datetime) -> bool:
    """One room to a look, so that drawing them all again never holds up what has just happened."""
    return told.read_at == oldest and at - told.read_at >= timedelta(seconds=REDRAW_EVERY_S)


def _grouped(places: Iterable[Place], key: Callable[[Place], Any]) -> dict[Any, list[Place]]:
    groups: dict[Any, list[Place]] = {}
    for place in places:
        groups.setdefault(key(place), []).append(place)
    return groups
