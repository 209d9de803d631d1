"""Which screens can somebody see, and who is watching? Signs of life of pages and of watch processes.

They are written without waiting for the disk: one that a crash takes is written again within seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Max, Q
from django.db.models.functions import Greatest

from stillroom.core.infusion.watching import ScreensSeen
from stillroom.devices.models import Screen, Watcher
from stillroom.infusions.models import Infusion

ALIVE_FOR = timedelta(seconds=6)
"""Pages say every two seconds that they are seen: after three that did not come, what was paused there is heard."""
KEPT_FOR = timedelta(days=1)
WATCHED_WITHIN = timedelta(seconds=5)
FIRST_WITHIN = timedelta(seconds=2)


SEEN = """
    INSERT INTO devices_screen (id, clinic_id, infusion_id, can_sound, is_hidden, seen_at)
    SELECT id, %s, infusion_id, can_sound, false, seen_at
    FROM unnest(%s::uuid[], %s::uuid[], %s::bool[], %s::timestamptz[]) AS said (id, infusion_id, can_sound, seen_at)
    ON CONFLICT (id) DO UPDATE SET
        infusion_id = EXCLUDED.infusion_id, can_sound = EXCLUDED.can_sound,
        is_hidden = false, seen_at = EXCLUDED.seen_at
    WHERE devices_screen.seen_at <= EXCLUDED.seen_at
        OR devices_screen.seen_at > EXCLUDED.seen_at + interval '1 minute'
"""
"""What a page said before, and is written late, undoes nothing of what it has said since, as that it is hidden or can
be heard; unless the clock was set back.
"""


@dataclass(frozen=True, slots=True)
class Sign:
    """A page said at `at` that somebody can see it, and whether it can be heard. It shows a room, or with None the
    board.
    """

    screen: UUID
    infusion_id: UUID | None
    can_sound: bool
    at: datetime


def screens_are_seen(clinic_id: UUID, signs: Collection[Sign]) -> None:
    """What pages of one clinic said, each of them once."""
    _without_waiting()
    columns = zip(*((each.screen, each.infusion_id, each.can_sound, each.at) for each in signs), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [clinic_id, *map(list, columns)])


def screen_is_hidden(screen: UUID, *, at: datetime) -> None:
    """It was left, locked, or another tab lies over it."""
    _without_waiting()
    Screen.objects.filter(pk=screen).update(is_hidden=True, seen_at=Greatest("seen_at", at))


@dataclass(frozen=True, slots=True)
class Screens:
    """Of one clinic: when a screen last showed each room's own page, or with None the board; when one did that can be
    heard; and which screens are there now.
    """

    seen: dict[UUID | None, datetime]
    heard: dict[UUID | None, datetime]
    alive: frozenset[UUID]

    def of(self, infusion_id: UUID) -> ScreensSeen:
        """By the room's own page, or by the board, which has no infusion."""
        return ScreensSeen(
            shown_at=_newest(self.seen, infusion_id), heard_at=_newest(self.heard, infusion_id), alive=self.alive
        )


def _newest(times: Mapping[UUID | None, datetime], infusion_id: UUID) -> datetime | None:
    return max((times[each] for each in (None, infusion_id) if each in times), default=None)


def screens_now(at: datetime) -> Screens:
    """The screens of the clinic whose rows are open, in one question."""
    found = list(Screen.objects.all())
    return Screens(
        seen=_latest(found),
        heard=_latest(each for each in found if each.can_sound),
        alive=frozenset(each.pk for each in found if not each.is_hidden and at - each.seen_at <= ALIVE_FOR),
    )


def _latest(screens: Iterable[Screen]) -> dict[UUID | None, datetime]:
    latest: dict[UUID | None, datetime] = {}
    for each in screens:
        latest[each.infusion_id] = max(each.seen_at, latest.get(each.infusion_id, each.seen_at))
    return latest


def can_be_heard(infusion: Infusion, *, at: datetime) -> bool:
    """Is there a screen now, of this room or the board, whose sound was turned on and heard?"""
    shows_it = Q(infusion=infusion) | Q(infusion=None)
    return Screen.objects.filter(shows_it, can_sound=True, is_hidden=False, seen_at__gte=at - ALIVE_FOR).exists()


def forget_screens(at: datetime) -> None:
    """Rows of pages that were closed long ago."""
    Screen.objects.filter(seen_at__lt=at - KEPT_FOR).delete()
    Watcher.objects.filter(looked_at__lt=at - KEPT_FOR).delete()


def watcher_looked(process: UUID, *, clinic_id: UUID, at: datetime) -> None:
    """This watch process has looked at every room of the clinic."""
    _without_waiting()
    pk = uuid5(process, str(clinic_id))
    Watcher.objects.update_or_create(pk=pk, defaults={"clinic_id": clinic_id, "process": process, "looked_at": at})


def is_first_watcher(process: UUID, *, at: datetime) -> bool:
    """Whether no other looks at this clinic in time that comes before this one, by their ids: of several, one is."""
    return not Watcher.objects.filter(process__lt=process, looked_at__gt=at - FIRST_WITHIN).exists()


def is_watched(at: datetime) -> bool:
    """Has any watch process looked at this clinic within the last seconds?"""
    return was_watched(at) is True


def was_watched(at: datetime) -> bool | None:
    """The same; None where no watch process has ever looked."""
    last = last_looked_at()
    return None if last is None else at - last <= WATCHED_WITHIN


def last_looked_at() -> datetime | None:
    """When any watch process last had looked at this clinic."""
    last: datetime | None = Watcher.objects.aggregate(last=Max("looked_at"))["last"]
    return last


def _without_waiting() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
