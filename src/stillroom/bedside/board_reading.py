"""Reads the board: every room of the clinic with whoever is in it, in a fixed number of queries however many rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from stillroom.bedside.board import BoardRoom, BoardView
from stillroom.bedside.book import Book
from stillroom.bedside.fill.board import Call, fill_board_room, free_room
from stillroom.bedside.reading import monitor_seen, names_of, open_infusions
from stillroom.bedside.situation import Folded, PatientSeen, Situation, situated
from stillroom.clinics.models import Room, Staff
from stillroom.core.infusion.state import Alarm
from stillroom.core.vitals import Sample, Signal
from stillroom.devices.assignments import assigned_at
from stillroom.devices.models import Monitor
from stillroom.devices.readings import newest_in
from stillroom.infusions.models import HERE, Infusion
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Around:
    """What all rooms share: names by author, monitors and newest readings by room."""

    names: Mapping[str, str]
    monitors: Mapping[UUID, Monitor]
    newest: Mapping[UUID, Mapping[Signal, Sample]]


def read_board(book: Book, *, at: datetime) -> tuple[BoardView, tuple[Alarm, ...]]:
    """The board, and every alarm that is open in one of its rooms."""
    rooms = list(Room.objects.all())
    infusions = list(open_infusions().select_related("patient"))
    pages = book.pages_of(infusions)
    around, in_rooms = _around(rooms, pages.values(), at), _by_room(infusions)
    drawn = tuple(_room(room, in_rooms.get(room.pk), pages, around, at) for room in rooms)
    keepers = tuple(dict.fromkeys(room.keeper for room in drawn if room.keeper))
    alarms = tuple(alarm for page in pages.values() for alarm in page.state.alarms)
    return BoardView(at=at, href=reverse("bedside:board"), rooms=drawn, keepers=keepers), alarms


def read_calls(book: Book) -> tuple[Call, ...]:
    """The rooms in which help was called and nobody has said that it is over."""
    infusions = {infusion.pk: infusion for infusion in open_infusions().select_related("room")}
    return tuple(
        Call(
            infusion_id=pk,
            room=infusions[pk].room.name,
            since=page.state.help_called_at,
            href=reverse("bedside:room", args=[pk]),
        )
        for pk, page in book.pages_of(infusions.values()).items()
        if page.state.help_called_at is not None
    )


def _by_room(infusions: Iterable[Infusion]) -> dict[UUID, Infusion]:
    """Who is in each room; where nobody is, who is expected there first."""
    found: dict[UUID, Infusion] = {}
    for infusion in sorted(infusions, key=lambda each: (each.status not in HERE, each.created_at)):
        found.setdefault(infusion.room_id, infusion)
    return found


def _around(rooms: Iterable[Room], pages: Iterable[Folded], at: datetime) -> Around:
    authors = {page.state.taken_by for page in pages if page.state.taken_by}
    authors |= {alarm.acknowledged_by for page in pages for alarm in page.state.alarms if alarm.acknowledged_by}
    standing = {each.room_id: each.monitor for each in assigned_at(at)}
    return Around(names_of(authors, Staff.objects.all()), standing, newest_in([room.pk for room in rooms], at))


def _room(
    room: Room, infusion: Infusion | None, pages: Mapping[UUID, Folded], around: Around, at: datetime
) -> BoardRoom:
    page = pages.get(infusion.pk) if infusion else None
    if infusion is None or page is None:
        return free_room(room_id=room.pk, name=room.name, at=at)
    now = _situation(room, infusion, page, around, at)
    return fill_board_room(now, room_id=room.pk, href=reverse("bedside:room", args=[infusion.pk]))


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
