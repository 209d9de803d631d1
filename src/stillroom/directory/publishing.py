"""From the rows of the directory to its public document, and back out of the database for whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stillroom.directory.criteria import CURRENT, criteria
from stillroom.directory.document import FORMAT, Document, digest, read, written
from stillroom.directory.keeper import is_run_here
from stillroom.directory.models import Publication
from stillroom.directory.standing import standings


def publish(clinic_id: UUID, *, at: datetime | None = None) -> Publication:
    """Writes the public document anew, with the rows of this clinic open. Called at the end of every act.

    What could not be read back is not published: the act fails, and what is shown stays.
    """
    at = at or timezone.now()
    by = criteria()
    listed = [each for each in standings(by) if each.is_listed_on(today(at), by)]
    text = written(
        Document(
            format=FORMAT,
            criteria_version=CURRENT,
            run_by=settings.DIRECTORY_RUN_BY or "nobody yet",
            published_at=at,
            clinics=tuple(each.published() for each in sorted(listed, key=lambda each: each.listing.slug)),
        )
    )
    read(text)
    return keep(clinic_id, text, is_mirror=False, at=at)


def keep(clinic_id: UUID, text: str, *, is_mirror: bool, at: datetime) -> Publication:
    values = {"text": text, "digest": digest(text), "published_at": at}
    kept, _ = Publication.objects.update_or_create(clinic_id=clinic_id, is_mirror=is_mirror, defaults=values)
    return kept


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown on a day. Two that have one digest and one day are the same, so pages of them are."""

    document: Document
    digest: str
    day: date


def shown(day: date | None = None) -> Shown | None:
    """The directory that this install shows, as it is on a day: its own, else the one it mirrors, else none.

    Publications are public rows: no scope is needed, and in none of a clinic's pages would there be any.
    """
    day = day or today()
    wanted = Publication.objects.filter(is_mirror=not is_run_here())
    if settings.PUBLIC_CLINIC:
        wanted = wanted.filter(clinic_id=settings.PUBLIC_CLINIC)
    found = wanted.values_list("pk", "digest").first()
    if found is None:
        return None
    try:
        return _on(*found, day)
    except Publication.DoesNotExist:  # published anew between the two questions
        text, text_digest = wanted.values_list("text", "digest")[0]
        return Shown(read(text).on(day), text_digest, day)


def today(at: datetime | None = None) -> date:
    """The directory's day: that of the install, as its clinics are anywhere."""
    return timezone.localdate(at, timezone.get_default_timezone())


@lru_cache(maxsize=8)
def _on(publication: UUID, text_digest: str, day: date) -> Shown:
    """Read once for each text and day. The text is looked for by its digest, so that one is never taken for another."""
    text = Publication.objects.values_list("text", flat=True).get(pk=publication, digest=text_digest)
    return Shown(read(text).on(day), text_digest, day)
