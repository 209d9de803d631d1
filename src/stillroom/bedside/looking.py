"""What is new for everybody who listens in this process: read once, drawn once. The thread's half of the live streams.

Each look asks one question of each clinic, whether a watched log has grown. Only then is a situation read and drawn.
A heartbeat is sent only after the database has answered, so a page that hears one knows that nothing is held back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from stillroom.bedside.board_reading import read_board, read_calls
from stillroom.bedside.book import book_of
from stillroom.bedside.fill.board import Call
from stillroom.bedside.just_read import just_read
from stillroom.bedside.on_record import on_record_of
from stillroom.bedside.paper.contents import Letterhead
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.reading import read_on, read_situation
from stillroom.bedside.signs import signs_of_life
from stillroom.bedside.standings import lost_standings
from stillroom.bedside.tail import Gone, News, Place, Standing, poke_all
from stillroom.bedside.told import ToldBoard, ToldRoom
from stillroom.clinics import clock
from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.infusion.state import BEFORE_INFUSING
from stillroom.core.infusion.urgency import urgency
from stillroom.core.vitals import MonitorAlarm, Sample, Signal
from stillroom.devices.arrived import Ears
from stillroom.devices.assignments import DeviceHere, devices_in
from stillroom.devices.ingest import conninfo_of_django
from stillroom.devices.monitor_alarms import said_alarms_in
from stillroom.devices.outcalls import failing_since
from stillroom.devices.pump_said import pump_said_in
from stillroom.devices.readings import newest_in, rows_of
from stillroom.devices.screens import is_watched, screens_are_seen
from stillroom.devices.sources import sources_in
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_since

log = logging.getLogger(__name__)

BEAT_EVERY_S = 2.0
"""Rooms take turns, so that no look is held up by the heartbeats of a whole house."""
READINGS_EVERY_S = 1.0
"""So often every room is asked what its devices sent; a room whose monitor is known to have sent, at once."""
REDRAW_EVERY_S = 15.0
"""What moves with time alone, as the share given or what is late, is filled anew this often; rooms take turns."""
READ_ALL_EVERY_S = 300.0
"""All that a room shows is read again this often, and soon after patient or monitor have changed on record: so what a
monitor sent late comes into the lines. Before the drip, when most of what is shown is of the record, as often as it is
filled."""
READS_FOR_S = 0.5
"""So long one look reads rooms in which something has happened, and draws them; what is most urgent is not delayed."""
FILLS_FOR_S = 0.03
OPENS_FOR_S = 0.25
"""So long one look fills what time changed, or draws paper, or reads rooms that somebody has come to; others wait."""
FILLS_SHARE = 0.1
"""Of all time no more is spent on filling what time changed: in a large house, or on a slow machine, that comes later
than it should, and what was measured does not."""
OPENS_AT_MOST = 20
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


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


class Allowance:
    """Time that may be spent on what can wait: a share of the time that passes; unspent, it adds up to `at_most_s`."""

    def __init__(self, share: float, *, at_most_s: float) -> None:
        self._share, self._at_most_s = share, at_most_s
        self._left_s, self._at_s = at_most_s, time.monotonic()

    @property
    def is_left(self) -> bool:
        now_s = time.monotonic()
        self._left_s = min(self._left_s + self._share * (now_s - self._at_s), self._at_most_s)
        self._at_s = now_s
        return self._left_s > 0

    @contextmanager
    def spent(self) -> Iterator[None]:
        began_s = time.monotonic()
        try:
            yield
        finally:
            self._left_s -= time.monotonic() - began_s


@dataclass(frozen=True, slots=True)
class Turn:
    """One look: when it is, and what is done in it besides asking whether a log has grown."""

    at: datetime
    is_beat: bool
    is_reading: bool
    sent: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """What devices said, by room: the newest of each sign, their own alarms, and which of several counts. Those of
    which a device has just `sent` are told first.
    """

    rooms: frozenset[UUID]
    sent: Collection[UUID]
    newest: Mapping[UUID, Mapping[Signal, Sample]]
    alarms: Mapping[UUID, tuple[MonitorAlarm, ...]]
    sources: Mapping[UUID, Mapping[Signal, str]]
    pumps: Mapping[UUID, PumpEvent]


class Looking:
    """A `tail.Look`. What was told is kept between looks, for what is watched."""

    def __init__(self) -> None:
        self._beat, self._reading = Rhythm(BEAT_EVERY_S), Rhythm(READINGS_EVERY_S)
        self._filling = Allowance(FILLS_SHARE, at_most_s=FILLS_FOR_S)
        self._rooms: dict[UUID, ToldRoom] = {}
        self._waiting: dict[UUID, None] = {}
        self._boards: dict[UUID, ToldBoard] = {}
        self._clinics: dict[UUID, Clinic] = {}
        self._letterheads: dict[UUID, Letterhead] = {}
        self._calls: dict[UUID, tuple[Call, ...]] = {}
        self._watched: dict[UUID, bool] = {}
        self._calls_fail: dict[UUID, bool] = {}
        self._ears = Ears(poke_all)
        self._room_of: dict[UUID, UUID] = {}
        self._measured_s: dict[UUID, float] = {}
        self._beats: dict[UUID, int] = {}

    def __call__(self, places: frozenset[Place], standings: frozenset[Standing]) -> Iterator[News | Gone]:
        close_old_connections()
        self._ears.start(conninfo_of_django())
        turn = Turn(clock.now(), self._beat.is_due(), self._reading.is_due(), self._ears.take())
        self._keep_only(places)
        for clinic_id, here in _grouped(places, lambda place: place.topic.clinic).items():
            with clinic_scope(clinic_id):
                if turn.is_reading or clinic_id not in self._clinics:
                    self._clinics[clinic_id] = Clinic.objects.get(pk=clinic_id)
                    self._letterheads[clinic_id] = letterhead_of(self._clinics[clinic_id])
                clinic = self._clinics[clinic_id]
                with timezone.override(ZoneInfo(clinic.time_zone)):
                    yield from self._clinic(clinic, here, turn)
                    if turn.is_beat:
                        yield Gone(standings=lost_standings(clinic, standings))

    def close(self) -> None:
        self._keep_only(frozenset())
        self._ears.stop()
        connection.close()

    def _clinic(self, clinic: Clinic, places: list[Place], turn: Turn) -> Iterator[News | Gone]:
        if turn.is_reading or clinic.pk not in self._calls:
            calls = read_calls(book_of(clinic.pk))
            if calls != self._calls.get(clinic.pk):
                self._calls[clinic.pk] = calls
        if turn.is_reading or clinic.pk not in self._watched:
            self._watched[clinic.pk] = is_watched(turn.at)
            self._calls_fail[clinic.pk] = failing_since() is not None
        if turn.is_reading and (signs := signs_of_life.take(clinic.pk)):
            screens_are_seen(clinic.pk, signs)
        by_infusion = _grouped(places, lambda place: place.topic.infusion)
        at_board = by_infusion.pop(None, [])
        yield from self._told_rooms(clinic, by_infusion, turn)
        if at_board:
            board, calls = self._board(clinic, turn), self._calls[clinic.pk]
            is_now, board.calls_fail = self._watched[clinic.pk], self._calls_fail[clinic.pk]
            yield from board.tell(at_board, at=turn.at, is_beat=turn.is_beat, calls=calls, is_watched=is_now)

    def _told_rooms(self, clinic: Clinic, watched: dict[Any, list[Place]], turn: Turn) -> Iterator[News | Gone]:
        """What was done first, then readings, then rooms that somebody has come to, and last what time alone changes.

        None of the later holds up what comes first for longer than it may take of one look.
        """
        heads = {pk: (seq, room) for pk, seq, room in _heads(watched)}
        yield from (Gone(topics=frozenset(place.topic for place in watched[pk])) for pk in watched.keys() - heads)
        grown = {pk for pk, told in self._rooms.items() if pk in heads and heads[pk][0] > told.room.seq}
        yield from self._grown(clinic, {pk: watched[pk] for pk in grown}, turn)
        known = {pk: told for pk, told in self._rooms.items() if pk in heads}
        heard = self._heard({heads[pk][1] for pk in known}, turn)
        self._look_up(known, turn)
        others = []
        for pk, told in sorted(known.items(), key=lambda each: heads[each[0]][1] not in heard.sent):
            room_id = heads[pk][1]
            if _counts_another(told, heard, room_id, turn):
                others.append(pk)
                continue
            if room_id in heard.rooms:
                _hear(told, heard, room_id, turn)
            if pk not in grown:
                yield from self._told(clinic, told, watched[pk], turn)
        for infusion in _with_rooms((*others, *_one_to_read(known, others, turn.at))):
            yield from self._told(clinic, self._read_whole(infusion, turn), watched[infusion.pk], turn)
        self._pass_time(known, turn.at)
        self._draw_paper(self._letterheads[clinic.pk], known, turn.at)
        yield from self._opened(clinic, {pk: watched[pk] for pk in heads.keys() - known.keys()}, turn)

    def _grown(self, clinic: Clinic, grown: Mapping[UUID, list[Place]], turn: Turn) -> Iterator[News]:
        """The most urgent first, and as many as one look may take: who waits hears no heartbeat in that time, and the
        others are not kept from theirs by a storm (F20).
        """
        until_s = time.monotonic() + READS_FOR_S
        new = entries_since({pk: self._rooms[pk].room.seq for pk in grown}) if grown else {}
        most_urgent = sorted(new, key=lambda pk: min(urgency(entry.fact) for entry in new[pk]))
        found = {infusion.pk: infusion for infusion in _with_rooms(new)}
        for number, pk in enumerate(most_urgent):
            if number and time.monotonic() > until_s:
                poke_all()
                return
            told = self._rooms[pk]
            if told.read_at > BEFORE_ALL:
                told.redraw(read_on(found[pk], told.now, new[pk], at=turn.at))
            else:
                self._read_whole(found[pk], turn)
            yield from self._told(clinic, told, grown[pk], turn)

    def _look_up(self, known: Mapping[UUID, ToldRoom], turn: Turn) -> None:
        """Whose record has changed is read whole as soon as its turn comes."""
        found = on_record_of(known, turn.at) if turn.is_beat and known else {}
        for pk, on_record in found.items():
            told = known[pk]
            told.hear_link(on_record.heard_at)
            if told.version not in (None, on_record.version):
                told.read_at = BEFORE_ALL
            told.version = on_record.version

    def _pass_time(self, known: Mapping[UUID, ToldRoom], at: datetime) -> None:
        """Told with the next look."""
        for told in sorted(known.values(), key=lambda each: each.filled_at):
            if at - told.filled_at < timedelta(seconds=REDRAW_EVERY_S) or not self._filling.is_left:
                return
            with self._filling.spent():
                told.pass_time(at)

    def _draw_paper(self, letterhead: Letterhead, known: Mapping[UUID, ToldRoom], at: datetime) -> None:
        """Told with the next look."""
        until_s = time.monotonic() + FILLS_FOR_S
        due = sorted((told for told in known.values() if at >= told.paper_due_at), key=lambda each: each.paper_due_at)
        for told in due:
            if time.monotonic() > until_s:
                return
            try:
                told.draw_paper(letterhead, at)
            except Exception:
                # The other rooms, and the rest of this one, go on; its page says how old the sheet is that it holds.
                log.exception("the sheet for a power cut could not be drawn: infusion %s", told.now.infusion_id)

    def _opened(self, clinic: Clinic, came: Mapping[UUID, list[Place]], turn: Turn) -> Iterator[News]:
        """Who came first is first: when a whole house comes back at once, no room waits for all that came later."""
        until_s = time.monotonic() + OPENS_FOR_S
        self._waiting |= dict.fromkeys(came)
        first = [pk for pk in self._waiting if pk in came][:OPENS_AT_MOST]
        on_record = on_record_of(first, turn.at) if first else {}
        found = {infusion.pk: infusion for infusion in _with_rooms(first)}
        for pk in first:
            del self._waiting[pk]  # and goes last, should it not be read
            if infusion := found.get(pk):
                if told := just_read.take(infusion):
                    self._rooms[pk] = told
                else:
                    self._read_whole(infusion, turn).version = on_record[pk].version
                yield from self._told(clinic, self._rooms[pk], came[pk], turn)
            if time.monotonic() > until_s:
                return

    def _told(self, clinic: Clinic, told: ToldRoom, places: list[Place], turn: Turn) -> Iterator[News]:
        calls, is_now = self._calls[clinic.pk], self._watched[clinic.pk]
        told.calls_fail = self._calls_fail[clinic.pk]
        is_beat = self._is_beat_of(told.now.infusion_id)
        yield from told.tell(places, at=turn.at, is_beat=is_beat, calls=calls, is_watched=is_now)

    def _is_beat_of(self, infusion_id: UUID) -> bool:
        """Once in each `BEAT_EVERY_S`, each room at a time of its own."""
        beat = int(time.monotonic() / BEAT_EVERY_S + infusion_id.int % 1000 / 1000)
        is_due = self._beats.get(infusion_id) != beat
        self._beats[infusion_id] = beat
        return is_due

    def _read_whole(self, infusion: Infusion, turn: Turn) -> ToldRoom:
        told = self._rooms.get(infusion.pk)
        if told is None:
            href = reverse("bedside:room", args=[infusion.pk])
            told = self._rooms[infusion.pk] = ToldRoom.of(read_situation(infusion, at=turn.at), href)
        else:
            told.read_at = turn.at
            told.redraw(read_situation(infusion, at=turn.at))
        return told

    def _heard(self, rooms: set[UUID], turn: Turn) -> Heard:
        """Of all these rooms when it is time; else, what was measured in those whose monitors have sent since."""
        now_s = time.monotonic()
        sent = rooms & {self._room_of[monitor] for monitor in turn.sent & self._room_of.keys()}
        if not turn.is_reading:
            self._measured_s.update(dict.fromkeys(sent, now_s))
            return _measured(sent, turn.at)
        devices = devices_in(rooms, turn.at)
        self._room_of.update({each.id: each.room_id for each in devices})
        # What was read within the second, as its monitor had said so, is not read again.
        silent = {room for room in rooms if now_s - self._measured_s.get(room, 0.0) >= READINGS_EVERY_S}
        return _heard(rooms, devices, sent, silent | sent, turn.at)

    def _board(self, clinic: Clinic, turn: Turn) -> ToldBoard:
        told = self._boards.setdefault(clinic.pk, ToldBoard())
        if told.view is None or turn.is_reading:
            told.view, told.alarms = read_board(clinic.pk, at=turn.at)
        return told

    def _keep_only(self, places: frozenset[Place]) -> None:
        infusions, clinics = {place.topic.infusion for place in places}, {place.topic.clinic for place in places}
        self._rooms = {pk: told for pk, told in self._rooms.items() if pk in infusions}
        self._waiting = {pk: None for pk in self._waiting if pk in infusions}
        self._beats = {pk: beat for pk, beat in self._beats.items() if pk in infusions}
        self._boards = {pk: told for pk, told in self._boards.items() if pk in clinics}
        self._clinics = {pk: clinic for pk, clinic in self._clinics.items() if pk in clinics}
        self._letterheads = {pk: head for pk, head in self._letterheads.items() if pk in clinics}


def _heads(infusions: Iterable[UUID]) -> Iterable[tuple[UUID, int, UUID]]:
    """Of those that may be seen: the number of the last entry, and the room."""
    if not (wanted := list(infusions)):
        return ()
    asks = "SELECT id, last_seq, room_id FROM infusions_infusion WHERE id = ANY(%(wanted)b::uuid[])"
    return rows_of(asks, {"wanted": wanted})


def _with_rooms(infusions: Collection[UUID]) -> Iterable[Infusion]:
    """With what reading them whole asks of them."""
    return Infusion.objects.filter(pk__in=infusions).select_related("room", "clinic") if infusions else ()


def _heard(
    rooms: Collection[UUID],
    devices: Collection[DeviceHere],
    sent: Collection[UUID],
    to_measure: Collection[UUID],
    at: datetime,
) -> Heard:
    newest = newest_in(to_measure, at) if to_measure else {}
    alarms, sources, pumps = said_alarms_in(devices, at), sources_in(devices), pump_said_in(devices, at)
    return Heard(frozenset(rooms), sent, newest, alarms, sources, pumps)


def _measured(rooms: Collection[UUID], at: datetime) -> Heard:
    return Heard(frozenset(rooms), rooms, newest_in(rooms, at) if rooms else {}, {}, {}, {})


def _hear(told: ToldRoom, heard: Heard, room_id: UUID, turn: Turn) -> None:
    """What was measured, at once; what devices alarm of themselves and what pumps did, when every room is asked."""
    newest, said, pump = heard.newest.get(room_id, {}), told.now.said, told.now.pump
    if turn.is_reading:
        said, pump = heard.alarms.get(room_id, ()), heard.pumps.get(room_id)
    if told.is_old(turn.at) or not told.knows(newest, said, pump):
        told.hear(newest, said, turn.at, pump)


def _counts_another(told: ToldRoom, heard: Heard, room_id: UUID, turn: Turn) -> bool:
    """Then what the other measured is not gone on with: everything is read again, of the one that counts now."""
    monitor = told.now.monitor
    return turn.is_reading and monitor is not None and monitor.sources != heard.sources.get(room_id, {})


def _one_to_read(known: Mapping[UUID, ToldRoom], others: Collection[UUID], at: datetime) -> tuple[UUID, ...]:
    """One room to a look is read whole without a cause, so that reading them all never holds up what has happened."""
    waited_s = {pk: _waited_s(told, at) for pk, told in known.items() if pk not in others}
    longest = max(waited_s, key=lambda pk: waited_s[pk], default=None)
    return (longest,) if longest is not None and waited_s[longest] >= READ_ALL_EVERY_S else ()


def _waited_s(told: ToldRoom, at: datetime) -> float:
    """Since it was read; before the drip it waits only as long as for filling."""
    share = READ_ALL_EVERY_S / REDRAW_EVERY_S if told.room.status in BEFORE_INFUSING else 1.0
    return share * (at - told.read_at).total_seconds()


def _grouped(places: Iterable[Place], key: Callable[[Place], Any]) -> dict[Any, list[Place]]:
    groups: dict[Any, list[Place]] = {}
    for place in places:
        groups.setdefault(key(place), []).append(place)
    return groups
