"""What the board on the wall shows: every room at a glance, names as initials only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from stillroom.bedside import parts as p
from stillroom.core.infusion.entries import Awake
from stillroom.core.infusion.state import Status
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import MonitorAlarm


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRoom:
    """One room, with its page's tiles. Free while `status` is None; then `next_at` is when somebody is expected.

    `more_unseen` is the gravest of the further alarms that last and that nobody has seen.
    """

    id: str
    number: str
    at: datetime
    href: str | None = None
    initials: str | None = None
    status: Status | None = None
    minutes: int | None = None
    of_min: int | None = None
    percent: int | None = None
    tiles: tuple[p.Tile, ...] = ()
    alarm: p.OpenAlarm | None = None
    alarms_more: int = 0
    more_unseen: Priority | None = None
    monitor_says: MonitorAlarm | None = None
    monitor_says_more: int = 0
    is_in_doubt: bool = False
    restored_to: datetime | None = None
    help_since: datetime | None = None
    awake: Awake | None = None
    behind_ml: Decimal | None = None
    next: p.NextThing | None = None
    keeper: str | None = None
    kept_by: str | None = None
    offered_to: str | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """All rooms at one moment, in the order of their numbers."""

    at: datetime
    href: str
    rooms: tuple[BoardRoom, ...]
    keepers: tuple[str, ...] = ()

    @property
    def fits(self) -> str:
        """How large the cards may be, so that a wall shows all of them without moving: by how many there are."""
        sizes = ((4, "fits-4"), (9, "fits-9"), (12, "fits-12"))
        return next((name for at_most, name in sizes if len(self.rooms) <= at_most), "fits-20")

    @property
    def in_use(self) -> int:
        return sum(room.status is not None for room in self.rooms)
