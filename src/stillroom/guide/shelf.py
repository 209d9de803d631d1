"""Which pages does the public read now? Those that an editor published, and the packaged ones in their places.

The public guide of a server is written by the editors of one clinic: the only one, or the one that
STILLROOM_PUBLIC_CLINIC names. A web process looks for new pages every two seconds at most, so that reading costs no
look at the database (bench/bench_guide.py says what that saves).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings

from stillroom.clinics.rows import clinic_scope, real_clinic_ids
from stillroom.guide.contents import SLUG, contents_page
from stillroom.guide.models import Publication
from stillroom.guide.packaged import packaged_pages
from stillroom.guide.pagefile import Page

LOOK_AGAIN_AFTER_S = 2.0
BY = "system:guide"

Place = tuple[str, str]  # language, slug


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the public reads it; `version_number` is 0 where it is as packaged."""

    page: Page
    version_number: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    clinic_id: UUID | None
    shown: Mapping[Place, Shown]
    looked_at_s: float = field(default=0.0, compare=False)
    # HTML of these pages, drawn once: it holds for as long as the shelf is the same.
    drawn: dict[tuple[str, ...], bytes] = field(default_factory=dict, compare=False, repr=False)

    def at(self, language: str, slug: str) -> Shown | None:
        """What stands there, the list of pages being one too."""
        if slug != SLUG:
            return self.shown.get((language, slug))
        pages = self.contents(language)
        return Shown(contents_page(pages)) if pages else None

    def contents(self, language: str) -> list[Page]:
        pages = (each.page for (spoken, _), each in self.shown.items() if spoken == language)
        return sorted(pages, key=lambda page: (page.order, page.slug))

    def languages(self) -> list[str]:
        return sorted({language for language, _ in self.shown})

    def neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        pages = self.contents(page.language)
        here = pages.index(page)
        return (pages[here - 1] if here else None, pages[here + 1] if here + 1 < len(pages) else None)


def public_clinic() -> UUID | None:
    """Whose editors write the guide; None while no clinic, or more than one and none named."""
    if settings.PUBLIC_CLINIC:
        return UUID(settings.PUBLIC_CLINIC)
    ids = real_clinic_ids()
    return ids[0] if len(ids) == 1 else None


def shelf() -> Shelf:
    """As it was at most two seconds ago."""
    global _kept  # noqa: PLW0603  # the one thing a process remembers of the guide
    if _kept is None or time.monotonic() - _kept.looked_at_s > LOOK_AGAIN_AFTER_S:
        fresh = fresh_shelf()
        _kept = replace(fresh, drawn=_kept.drawn) if _kept == fresh and _kept else fresh
    return _kept


def look_again() -> None:
    """The next reader of this process sees what has just been published."""
    global _kept  # noqa: PLW0603
    _kept = None


_kept: Shelf | None = None


def fresh_shelf() -> Shelf:
    clinic_id = public_clinic()
    shown = {(page.language, page.slug): Shown(page) for page in packaged_pages()}
    return Shelf(clinic_id, {**shown, **(published(clinic_id) if clinic_id else {})}, time.monotonic())


def published(clinic_id: UUID) -> dict[Place, Shown]:
    """What the clinic's editors show; a page that was taken down is as packaged again, if it was ever packaged."""
    with clinic_scope(clinic_id, by=BY):
        last = Publication.objects.order_by("version__language", "version__slug", "-id")
        rows = last.distinct("version__language", "version__slug").select_related("version")
        versions = [row.version for row in rows if row.is_shown]
    return {(each.language, each.slug): Shown(each.page, each.number) for each in versions}
