"""Another install's directory, shown here: judged as it is brought, and kept whole or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from stillroom.directory.document import Document, Unreadable, read
from stillroom.directory.models import Publication
from stillroom.directory.publishing import keep

CLOCKS_APART = timedelta(minutes=10)


def mirror(clinic_id: UUID, text: str, *, at: datetime) -> Document:
    """The copy that is shown from now on. Unreadable: it is none, older than the one there is, or not yet made."""
    document = read(text)
    if document.published_at > at + CLOCKS_APART:
        raise Unreadable("It says that it was published in the future. Look at both clocks.")
    before = Publication.objects.filter(clinic_id=clinic_id, is_mirror=True).first()
    if before and read(before.text).published_at > document.published_at:
        raise Unreadable("It is older than the copy that is shown here already.")
    keep(clinic_id, text, is_mirror=True, at=at)
    return document
