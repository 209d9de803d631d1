"""Reading the log: entries with their words, and the state they fold to. Row security decides which are there."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.state import InfusionState
from stillroom.infusions.codec import decode
from stillroom.infusions.models import Entry, EntryText

COLUMNS = ("seq", "act_id", "kind", "version", "occurred_at", "recorded_at", "by", "payload")


def entries_of(infusion_id: UUID, *, after: int = 0) -> tuple[Logged, ...]:
    """The entries of one infusion with numbers above `after`, in order; erased words are marked as such."""
    rows = Entry.objects.filter(infusion=infusion_id, seq__gt=after).order_by("seq").values_list(*COLUMNS)
    words: dict[int, dict[str, str]] = defaultdict(dict)
    texts = EntryText.objects.filter(infusion=infusion_id, seq__gt=after).values_list("seq", "field", "text")
    for seq, field, text in texts:
        words[seq][field] = text
    return tuple(
        Logged(
            seq=seq,
            act=act,
            kind=kind,
            version=version,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            by=by,
            fact=decode(kind, version, payload, words.get(seq, {})),
        )
        for seq, act, kind, version, occurred_at, recorded_at, by, payload in rows
    )


def state_of(infusion_id: UUID) -> InfusionState:
    """Where an infusion stands, from its log."""
    return fold(entries_of(infusion_id))
