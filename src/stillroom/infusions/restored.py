"""A database that came back from a backup has lost what was done after it. Every infusion that was open is in doubt.

Nothing is taken for granted of the minutes that are missing: a drip that hung may have run as fast as was ever meant,
and counts so, until somebody at the bedside has said what is. Nothing begins or goes on by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion.commands import Author, NoteRestored
from stillroom.infusions.acts import perform
from stillroom.infusions.models import HERE, Entry, Infusion

RESTORE = Author(by="system:restore", role="system")
ACTS_OF_RESTORE = UUID("5f0d8f0e-6a57-4b53-9f0c-0f5f5a3c8a10")
"""The name space of its acts: what is noted twice for one restore is noted once."""


def note_restored(to: datetime) -> int:
    """Writes into the log of every patient who was in the clinic at `to` that what came after is missing; how many."""
    noted = 0
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id, by=RESTORE.by):
            for infusion in Infusion.objects.filter(status__in=HERE):
                noted += _note(infusion, to)
    return noted


def _note(infusion: Infusion, to: datetime) -> bool:
    """From `to`, or from the last entry there is: some are committed while a backup is still being taken."""
    last = Entry.objects.filter(infusion=infusion).order_by("-seq").values_list("recorded_at", flat=True)[:1]
    answer = perform(
        act_id=uuid5(ACTS_OF_RESTORE, f"{infusion.pk} {to.isoformat()}"),
        infusion_id=infusion.pk,
        command=NoteRestored(occurred_at=max((to, *last))),
        author=RESTORE,
        seen_seq=infusion.last_seq,
        received_at=clock.now(),
    )
    return answer.outcome == "done"
