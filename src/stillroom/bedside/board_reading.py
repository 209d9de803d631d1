"""Reads the board: every room of the clinic with whoever is in it, in a fixed number of queries however many rooms."""

from __future__ import annotations

import logging
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from stillroom.bedside.board import BoardRoom, BoardView
from stillroom.bedside.book import Book, book_of
from stillroom.bedside.fill.board import Call, fill_board_room, free_room
from stillroom.bedside.fragments import drawn_cards
from stillroom.bedside.reading import monitor_seen, names_of, open_infusions
from stillroom.bedside.situation import Folded, PatientSeen, Situation, situated
from stillroom.clinics import clock
from stillroom.clinics.models import Role, Room, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import OVER, Alarm
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import MonitorAlarm, Sample, Signal
from stillroom.devices.assignments import DeviceHere, devices_in, own_monitors
from stillroom.devices.monitor_alarms import said_alarms_in
from stillroom.devices.readings import newest_in
from stillroom.infusions.called import heads_called_after_leaving
from stillroom.infusions.models import HERE, Infusion
from stillroom.patients.models import Patient

log = logging.getLogger(__name__)

LOOKED_AT_EVERY = timedelta(seconds=1)
"""Readings on the board may be this much older than they are; an entry never is."""

STANDS_FOR = timedelta(seconds=3)
"""Whoever finds it older than that waits for a look; until then it is looked at anew behind the page."""

AGES_EVERY_S = 10
"""What time alone changes on a card is said anew this often; in a browser, ages go on by its own clock."""


@dataclass(frozen=True, slots=True)
class Around:
    """What all rooms share: the book, names by author; monitors, what they say, and newest readings by room."""

    book: Book
    names: Mapping[str, str]
    monitors: Mapping[UUID, DeviceHere]
    said: Mapping[UUID, tuple[MonitorAlarm, ...]]
    newest: Mapping[UUID, Mapping[Signal, Sample]]


@dataclass(frozen=True, slots=True)
class Card:
    """A room of the board, and all that it was made from."""

    made_from: tuple[object, ...]
    room: BoardRoom


@dataclass(frozen=True, slots=True)
class Looked:
    """The board as it was at a time, with every alarm that was open in one of its rooms."""

    at: datetime
    heads: Mapping[UUID, int]
    view: BoardView
    alarms: tuple[Alarm, ...]
    cards: Mapping[UUID, Card]

    def holds_for(self, heads: Mapping[UUID, int], at: datetime) -> bool:
        """Also for one who came a little before it, and waited while somebody else looked."""
        return heads == self.heads and abs(at - self.at) < LOOKED_AT_EVERY


_looked: dict[UUID, Looked] = {}
_one_at_a_time: defaultdict[UUID, Lock] = defaultdict(Lock)
_behind = ThreadPoolExecutor(max_workers=1, thread_name_prefix="board")
_asked_for: set[UUID] = set()


def read_board(
    clinic_id: UUID, *, at: datetime, heads: Mapping[UUID, int] | None = None
) -> tuple[BoardView, tuple[Alarm, ...]]:
    """The board at `at`, and the alarms on it. Who looks within a second of somebody else sees the same readings.

    `heads` spares a look for whoever has read them.
    """
    heads = read_heads() if heads is None else heads
    with _one_at_a_time[clinic_id]:
        looked = _looked.get(clinic_id)
        if looked is None or not looked.holds_for(heads, at):
            before = looked.cards if looked else {}
            looked = _looked[clinic_id] = _look(book_of(clinic_id), heads, before, at)
    return replace(looked.view, at=at), looked.alarms


def board_for_page(clinic_id: UUID, *, at: datetime, heads: Mapping[UUID, int]) -> BoardView:
    """The board for one page: as it was last looked at, if no log has grown; the page's stream soon brings the rest.

    So no page waits for a look while boards are opened often, and each of them keeps the next one fresh.
    """
    looked = _looked.get(clinic_id)
    if looked is None or heads != looked.heads or abs(at - looked.at) >= STANDS_FOR:
        return read_board(clinic_id, at=at, heads=heads)[0]
    if not looked.holds_for(heads, at) and clinic_id not in _asked_for:
        _asked_for.add(clinic_id)
        _behind.submit(_look_behind, clinic_id, timezone.get_current_timezone())
    return replace(looked.view, at=at)


def _look_behind(clinic_id: UUID, zone: tzinfo) -> None:
    """With the cards drawn too, as whoever comes next shows them."""
    try:
        with timezone.override(zone), clinic_scope(clinic_id):
            view, _ = read_board(clinic_id, at=clock.now())
            drawn_cards(view)
    except Exception:
        log.exception("the board could not be looked at behind its page")
    finally:
        _asked_for.discard(clinic_id)
        connection.close()


def read_heads() -> dict[UUID, int]:
    """The number of the last entry of every open infusion: whatever of them follows from their logs alone is as old."""
    return dict(open_infusions().values_list("pk", "last_seq"))


def _look(book: Book, heads: Mapping[UUID, int], before: Mapping[UUID, Card], at: datetime) -> Looked:
    infusions = list(Infusion.objects.filter(pk__in=heads).select_related("patient"))
    rooms = sorted(Room.objects.all(), key=lambda room: as_counted(room.name))
    pages = book.pages_of(heads)
    around, in_rooms = _around(book, rooms, pages.values(), at), _by_room(infusions)
    cards = {room.pk: _card(room, in_rooms.get(room.pk), pages, around, at, before.get(room.pk)) for room in rooms}
    drawn = tuple(card.room for card in cards.values())
    keepers = tuple(dict.fromkeys(room.keeper for room in drawn if room.keeper))
    alarms = tuple(alarm for page in pages.values() for alarm in page.state.alarms)
    view = BoardView(at=at, href=reverse("bedside:board"), rooms=drawn, keepers=keepers)
    return Looked(at, heads, view, alarms, cards)


def read_calls(book: Book, heads: Mapping[UUID, int] | None = None) -> tuple[Call, ...]:
    """Help that was called and is not over, then alarms that nobody has answered in time, the gravest first."""
    left = heads_called_after_leaving(at=clock.now())
    folded = book.pages_of({**(read_heads() if heads is None else heads), **left})
    pages = {pk: page for pk, page in folded.items() if _is_calling(page)}
    infusions = Infusion.objects.select_related("room").in_bulk(list(pages)) if pages else {}
    helped, unanswered = [], []
    for pk, page in pages.items():
        where: dict[str, Any] = {
            "infusion_id": pk,
            "room": infusions[pk].room.name,
            "href": reverse("bedside:room", args=[pk]),
            "has_left": page.state.status in OVER,
        }
        if page.state.help_called_at is not None:
            helped.append(Call(since=page.state.help_called_at, **where))
        unanswered += [_unanswered(alarm, where) for alarm in page.state.alarms if _is_called_out(alarm)]
    unanswered.sort(key=lambda call: (list(Priority).index(call.priority), call.since))
    return (*helped, *_with_names(unanswered))


def _is_calling(page: Folded) -> bool:
    return page.state.help_called_at is not None or any(map(_is_called_out, page.state.alarms))


def _is_called_out(alarm: Alarm) -> bool:
    return alarm.called is not None and alarm.acknowledged_by is None


def _unanswered(alarm: Alarm, where: dict[str, Any]) -> Call:
    return Call(
        since=alarm.since or alarm.raised_at,
        priority=alarm.priority,
        condition=alarm.condition,
        value=alarm.value,
        limit=alarm.limit,
        called=alarm.called,
        paused_until=alarm.paused_until,
        **where,
    )


def _with_names(calls: list[Call]) -> Iterator[Call]:
    """Those who prescribe are called by name; asked for only when somebody is."""
    if not any(call.called is Called.PRESCRIBERS for call in calls):
        yield from calls
        return
    staff = Staff.objects.filter(role=Role.PRESCRIBER).select_related("clinic").order_by("short_name")
    names = tuple(dict.fromkeys(each.short_name for each in staff if each.counts_on(each.clinic.today())))
    for call in calls:
        yield replace(call, names=names) if call.called is Called.PRESCRIBERS else call


def _by_room(infusions: Iterable[Infusion]) -> dict[UUID, Infusion]:
    """Who is in each room; where nobody is, who is expected there first."""
    found: dict[UUID, Infusion] = {}
    for infusion in sorted(infusions, key=lambda each: (each.status not in HERE, each.created_at)):
        found.setdefault(infusion.room_id, infusion)
    return found


def _around(book: Book, rooms: Iterable[Room], pages: Iterable[Folded], at: datetime) -> Around:
    authors = {page.state.taken_by for page in pages if page.state.taken_by}
    alarms = [alarm for page in pages for alarm in page.state.alarms]
    authors |= {by for alarm in alarms for by in (alarm.acknowledged_by, alarm.seen_before_by) if by}
    names = names_of(authors, Staff.objects.all())
    ids = [room.pk for room in rooms]
    devices = devices_in(ids, at)
    return Around(book, names, own_monitors(devices), said_alarms_in(devices, at), newest_in(ids, at))


def _card(
    room: Room,
    infusion: Infusion | None,
    pages: Mapping[UUID, Folded],
    around: Around,
    at: datetime,
    before: Card | None,
) -> Card:
    """As it was before, if nothing is new for it: no entry, no reading, and not the time that its ages are said by."""
    page = pages.get(infusion.pk) if infusion else None
    if infusion is None or page is None:
        return Card((), free_room(room_id=room.pk, name=room.name, at=said_at(at, room.pk)))
    now = _situation(room, infusion, page, around, at)
    made_from = (page, now.room, now.patient, now.names, now.monitor, now.readings, said_at(at, room.pk))
    return before if before and before.made_from == made_from else Card(made_from, _drawn(now, room, around))


def _drawn(now: Situation, room: Room, around: Around) -> BoardRoom:
    href, progress = reverse("bedside:room", args=[now.infusion_id]), around.book.progress_of(now)
    drawn = fill_board_room(now, room_id=room.pk, href=href, progress=progress)
    return replace(drawn, at=said_at(now.at, room.pk))


def said_at(at: datetime, room_id: UUID) -> datetime:
    """The time by which a room's ages are put into words: rounded up, so that an age is said too long, never too short.

    Cards that say the same are then the same card, drawn once. Rooms take turns, so that never all are drawn at once.
    """
    turn_s = room_id.int % AGES_EVERY_S
    return datetime.fromtimestamp(math.ceil((at.timestamp() - turn_s) / AGES_EVERY_S) * AGES_EVERY_S + turn_s, tz=UTC)


def _situation(room: Room, infusion: Infusion, page: Folded, around: Around, at: datetime) -> Situation:
    monitor = around.monitors.get(room.pk)
    return situated(
        page,
        infusion_id=infusion.pk,
        at=at,
        room=room.name,
        patient=_initials_only(infusion.patient),
        names=around.names,
        monitor=monitor_seen(monitor) if monitor else None,
        said=around.said.get(room.pk, ()),
        readings=around.newest.get(room.pk, {}).values(),
    )


def _initials_only(patient: Patient) -> PatientSeen:
    return PatientSeen(
        given_name=patient.given_name[:1],
        family_name=patient.family_name[:1],
        born=patient.birth_date,
        weight_kg=None,
        allergies=None,
    )


def as_counted(name: str) -> list[tuple[bool, int, str]]:
    """For sorting: Room 10 comes after Room 2."""
    parts = re.split(r"(\d+)", name)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
