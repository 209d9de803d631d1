"""Every page of the directory that anybody may read, for searchers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from stillroom.directory.criteria import criteria
from stillroom.directory.publishing import shown


def public_pages() -> Iterator[tuple[str, date | None]]:
    now = shown()
    yield reverse("directory:criteria"), criteria().published_on
    yield reverse("directory:clinics"), now.document.published_at.date() if now else None
    for clinic in now.document.clinics if now else ():
        yield reverse("directory:clinic", args=[clinic.slug]), clinic.checked_on
