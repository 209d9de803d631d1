"""A walk in memory (tests/examples.py) put into the database, entry for entry, through the one way in."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID, uuid4

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold
from stillroom.infusions.append import ActMade, append_entries, open_infusion
from stillroom.infusions.projections import as_json
from tests.examples import Walk


def store(walk: Walk, *, clinic_id: UUID) -> UUID:
    """Store `walk`, planned for a patient and a room that exist; call it inside a clinic_scope. Returns its id."""
    planned = walk.log[0].fact
    assert isinstance(planned, e.InfusionPlanned)
    infusion_id = uuid4()
    open_infusion(infusion_id=infusion_id, clinic_id=clinic_id, patient_id=planned.patient, room_id=planned.room)
    for _, group in groupby(walk.log, key=lambda entry: entry.act):
        entries = tuple(group)
        append_entries(
            _act(infusion_id, entries[0]),
            [e.Dated(occurred_at=entry.occurred_at, fact=entry.fact) for entry in entries],
            expected_seq=entries[0].seq - 1,
            summary=as_json(fold(walk.log[: entries[-1].seq])),
        )
    return infusion_id


def _act(infusion_id: UUID, entry: e.Logged) -> ActMade:
    return ActMade(
        id=uuid4(),
        infusion_id=infusion_id,
        command=entry.kind,
        by=entry.by,
        device=None,
        seen_seq=entry.seq - 1,
        received_at=entry.recorded_at,
        answer='{"outcome": "done", "first_seq": 0, "last_seq": 0, "findings": [], "conflicting": []}',
    )
