"""What this process knows of a clinic's open infusions: each log read and folded once for each time it grew.

A log is only ever appended to, so what was folded at a number stays right for that number; `Infusion.last_seq` says
whether there is more. Words are not kept here: nothing that is drawn from the book shows any.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from stillroom.bedside.fill.drip import progress_now
from stillroom.bedside.situation import Folded, Situation, fold_log
from stillroom.core.drip.progress import Progress
from stillroom.core.infusion import entries as e
from stillroom.infusions.codec import decode
from stillroom.infusions.models import Entry

COLUMNS = ("infusion", "seq", "act", "kind", "version", "occurred_at", "recorded_at", "by", "payload")

RECKONED_EVERY = timedelta(seconds=30)
"""How far a drip has come is reckoned anew this often, and whenever its log has grown."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How far a drip had come at a time, by a log of so many entries."""

    at: datetime
    last_seq: int
    progress: Progress | None


class Book:
    """The open infusions of one clinic, by id. Whoever asks has read their rows, so row security has let them."""

    def __init__(self) -> None:
        self._pages: dict[UUID, Folded] = {}
        self._reckoned: dict[UUID, Reckoned] = {}

    def pages_of(self, wanted: Mapping[UUID, int]) -> dict[UUID, Folded]:
        """The log of each infusion, folded, by the number of its last entry; reads those that have grown, in one query,
        and forgets those not asked for.
        """
        known = {pk: page for pk, page in self._pages.items() if page.state.last_seq >= wanted.get(pk, math.inf)}
        grown = [pk for pk, last_seq in wanted.items() if last_seq and pk not in known]
        self._pages = known | {pk: fold_log(log) for pk, log in _read(grown).items()}
        self._reckoned = {pk: each for pk, each in self._reckoned.items() if pk in self._pages}
        return dict(self._pages)

    def progress_of(self, now: Situation) -> Progress | None:
        """How far the drip has come: now, or as it was reckoned shortly before."""
        last = self._reckoned.get(now.infusion_id)
        if last is None or last.last_seq != now.state.last_seq or now.at - last.at >= RECKONED_EVERY:
            last = self._reckoned[now.infusion_id] = Reckoned(now.at, now.state.last_seq, progress_now(now))
        return last.progress


_books: defaultdict[UUID, Book] = defaultdict(Book)


def book_of(clinic_id: UUID) -> Book:
    return _books[clinic_id]


def _read(infusions: list[UUID]) -> dict[UUID, list[e.Logged]]:
    logs: dict[UUID, list[e.Logged]] = {}
    if infusions:
        for entry in Entry.objects.filter(infusion__in=infusions).order_by("seq").only(*COLUMNS):
            logs.setdefault(entry.infusion_id, []).append(_logged(entry))
    return logs


def _logged(entry: Entry) -> e.Logged:
    return e.Logged(
        seq=entry.seq,
        act=entry.act_id,
        kind=entry.kind,
        version=entry.version,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=entry.by,
        fact=decode(entry.kind, entry.version, entry.payload, {}),
    )
