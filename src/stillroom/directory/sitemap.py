"""Every page of the directory that anybody may read, for searchers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils import translation

from stillroom.directory.criteria import criteria
from stillroom.directory.languages import address, languages
from stillroom.directory.publishing import shown


def public_pages() -> Iterator[tuple[str, date | None]]:
    now = shown()
    for language in languages():
        with translation.override(language):
            yield address("criteria"), criteria().published_on
            yield address("clinics"), now.document.published_at.date() if now else None
            for clinic in now.document.clinics if now else ():
                yield address("clinic", clinic.slug), clinic.checked_on
