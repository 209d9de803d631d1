"""What this process knows of the clinic's open infusions: each log read and folded once for each time it grew.

A log is only ever appended to, so what was folded at a number stays right for that number; `Infusion.last_seq` says
whether there is more. Words are not kept here: nothing that is drawn from the book shows any.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from stillroom.bedside.situation import Folded, fold_log
from stillroom.core.infusion import entries as e
from stillroom.infusions.codec import decode
from stillroom.infusions.models import Entry, Infusion

COLUMNS = ("infusion", "seq", "act", "kind", "version", "occurred_at", "recorded_at", "by", "payload")


class Book:
    """The open infusions of one clinic, by id. Whoever asks has read their rows, so row security has let them."""

    def __init__(self) -> None:
        self._pages: dict[UUID, Folded] = {}

    def pages_of(self, infusions: Iterable[Infusion]) -> dict[UUID, Folded]:
        """Each infusion's log, folded; reads those that have grown, in one query, and forgets those not asked for."""
        wanted = {infusion.pk: infusion.last_seq for infusion in infusions}
        known = {pk: page for pk, page in self._pages.items() if page.state.last_seq >= wanted.get(pk, math.inf)}
        grown = [pk for pk, last_seq in wanted.items() if last_seq and pk not in known]
        self._pages = known | {pk: fold_log(log) for pk, log in _read(grown).items()}
        return dict(self._pages)


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
