"""One room of the board, from the same situation as its page; and the calls for help that every display shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from stillroom.bedside.board import BoardRoom
from stillroom.bedside.fill.alarms import fill_alarms
from stillroom.bedside.fill.coming import fill_due
from stillroom.bedside.fill.drip import elapsed_s
from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.situation import Situation
from stillroom.core.drip.exact import exact
from stillroom.core.drip.pace import LATE_SHARE
from stillroom.core.drip.progress import Progress
from stillroom.core.infusion.coach import volume_to_run_ml
from stillroom.core.infusion.state import AFTER
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority

WORTH_SAYING_ML = 2
"""A drip that is less behind or ahead than this is where it should be: a count says no more than one drop in forty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What concerns every screen of the clinic: help was called in a room, or nobody there has answered an alarm.

    Without a `condition` it is help. `has_left`: the patient is no longer in the room. `called` is who is meant besides
    the screens, `names` by their short names.
    """

    infusion_id: UUID
    room: str
    since: datetime
    href: str
    priority: Priority = Priority.HIGH
    condition: str = ""
    value: str | None = None
    limit: str | None = None
    called: Called | None = None
    names: tuple[str, ...] = ()
    paused_until: datetime | None = None
    has_left: bool = False


def fill_board_room(now: Situation, *, room_id: UUID, href: str, progress: Progress | None) -> BoardRoom:
    """`progress` is of a while ago, as it takes long to reckon; what is said of it is coarser than that."""
    state, alarms, due = now.state, fill_alarms(now), fill_due(now)
    room = BoardRoom(
        id=str(room_id),
        number=number_of(now.room),
        at=now.at,
        href=href,
        initials=now.patient.initials,
        status=state.status,
        minutes=_minutes(now),
        of_min=int(now.planned.order.duration_min),
        tiles=fill_tiles(now, sparks={}),
        alarm=alarms[0] if alarms else None,
        alarms_more=max(0, len(alarms) - 1),
        more_unseen=next((each.priority for each in alarms[1:] if each.is_unseen), None),
        is_in_doubt=state.is_in_doubt,
        restored_to=state.restored_to,
        help_since=state.help_called_at,
        awake=state.roused.fact.awake if state.roused else None,
        next=due[0] if due else None,
        keeper=now.name_of(state.taken_by) if state.taken_by else None,
        kept_by=state.taken_by,
        offered_to=now.name_of(f"person:{state.offered.fact.to}") if state.offered else None,
        monitor_says=now.said[0] if now.said else None,
        monitor_says_more=max(0, len(now.said) - 1),
    )
    return _with_progress(now, room, progress) if progress and state.may_be_running else room


def free_room(*, room_id: UUID, name: str, at: datetime) -> BoardRoom:
    return BoardRoom(id=str(room_id), number=number_of(name), at=at)


def number_of(name: str) -> str:
    """The board says "2" where the clinic calls it Room 2: the heading has said that these are rooms."""
    return name.removeprefix("Room ")


def _with_progress(now: Situation, room: BoardRoom, progress: Progress) -> BoardRoom:
    volume_ml = exact(volume_to_run_ml(now.drip) or 1) if now.drip else exact(0)
    worth_saying_ml = max(exact(WORTH_SAYING_ML), volume_ml * exact(LATE_SHARE))  # as late as the room calls too slow
    behind_ml = progress.behind_ml if abs(exact(progress.behind_ml)) >= worth_saying_ml else None
    percent = min(100, int(exact(progress.run_ml) * 100 / volume_ml)) if volume_ml else 0
    return replace(room, percent=percent, behind_ml=behind_ml)


def _minutes(now: Situation) -> int:
    """Of the drip, or of recovery since the drip ended."""
    if now.state.status in AFTER and now.state.ended_at is not None:
        return int((now.at - now.state.ended_at) / timedelta(minutes=1))
    return elapsed_s(now) // 60
