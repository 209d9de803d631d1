"""What a page has just read of a room: its stream goes on from there, in the same process, and reads it no second time.

When a whole house comes back at once, as after a restart, its rooms would else wait for one another to be read again.
"""

from __future__ import annotations

import time
from threading import Lock
from uuid import UUID

from django.urls import reverse

from stillroom.bedside.fill.offered import Roles
from stillroom.bedside.fill.room import for_roles
from stillroom.bedside.on_record import on_record_of
from stillroom.bedside.reading import read_situation
from stillroom.bedside.room import RoomView
from stillroom.bedside.situation import Situation
from stillroom.bedside.told import ToldRoom
from stillroom.clinics import clock
from stillroom.infusions.models import Infusion

GOOD_FOR_S = 30.0
"""A browser asks for the stream within a second; in a house that comes back at once, the stream is late to begin."""


class JustRead:
    """Rooms by their infusion, each taken once at most."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rooms: dict[UUID, tuple[float, ToldRoom]] = {}

    def keep(self, told: ToldRoom) -> None:
        now_s = time.monotonic()
        with self._lock:
            self._rooms = {pk: each for pk, each in self._rooms.items() if now_s - each[0] < GOOD_FOR_S}
            self._rooms[told.now.infusion_id] = now_s, told

    def take(self, infusion: Infusion) -> ToldRoom | None:
        """None when nobody read it lately, or its log has grown since."""
        with self._lock:
            read_at_s, told = self._rooms.pop(infusion.pk, (0.0, None))
        if told is None or time.monotonic() - read_at_s >= GOOD_FOR_S or told.room.seq != infusion.last_seq:
            return None
        return told


just_read = JustRead()


def read_for_page(infusion: Infusion, roles: Roles) -> tuple[Situation, RoomView]:
    """The room as it stands, for somebody with these roles. What changes on record while it is read is noticed by the
    stream.
    """
    at = clock.now()
    on_record = on_record_of([infusion.pk], at)[infusion.pk]
    told = ToldRoom.of(read_situation(infusion, at=at), reverse("bedside:room", args=[infusion.pk]))
    told.version = on_record.version
    now, room = told.now, told.room
    just_read.keep(told)
    return now, for_roles(room, now, roles)
