"""Who comes of their own accord: by the clinic's address, kept like records from elsewhere and read the same way.

Whoever sends is nobody here: what they send opens no record, is joined to none, and shows nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection

from stillroom.clinics.rows import desk_scope
from stillroom.intake.receiving import Said, keep

MOST_BYTES = 20 * 1024**2


def clinic_open_at(address: str) -> UUID | None:
    """The clinic whose page is at this address, while it is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_open_self_referral(%s)", [address])
        found: UUID | None = cursor.fetchone()[0]
    return found


def at_the_door(clinic_id: UUID) -> AbstractContextManager[None]:
    """A transaction in which somebody hands something in, and nobody's rows are open."""
    return desk_scope(clinic_id, by="public:self-referral")


def hand_in(clinic_id: UUID, said: Said, files: Sequence[UploadedFile[Any]]) -> None:
    with at_the_door(clinic_id):
        keep(clinic_id, said, files)
