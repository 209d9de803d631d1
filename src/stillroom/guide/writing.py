"""Pages from draft to public. A version never changes; publishing says which one is shown from now on."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from stillroom.clinics.actor import Actor
from stillroom.guide.contents import SLUG as CONTENTS
from stillroom.guide.models import PageVersion, Publication
from stillroom.guide.packaged import packaged_pages
from stillroom.guide.pagefile import Page
from stillroom.guide.shelf import look_again

RESERVED = ("desk", "thanks", CONTENTS)  # slugs that are addresses already


class WrittenMeanwhile(Exception):
    """Somebody else kept a version of the same page since this one was begun."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A page on the editors' list: its newest text, the number of that, and which number the public reads."""

    page: Page
    number: int
    shown_number: int | None


def packaged(language: str, slug: str) -> Page | None:
    return next((page for page in packaged_pages() if (page.language, page.slug) == (language, slug)), None)


def versions_of(language: str, slug: str) -> list[PageVersion]:
    """Newest first. The clinic's rows are open."""
    return list(PageVersion.objects.filter(language=language, slug=slug).select_related("written_by"))


def newest(language: str, slug: str) -> tuple[Page | None, int]:
    """The text to go on from, and its number: 0 for a packaged one, or for none."""
    version = PageVersion.objects.filter(language=language, slug=slug).first()
    return (version.page, version.number) if version else (packaged(language, slug), 0)


def keep(page: Page, *, after_number: int, what_changed: str, actor: Actor) -> PageVersion:
    """A new version, if `after_number` is still the newest."""
    _, number = newest(page.language, page.slug)
    if number != after_number:
        raise WrittenMeanwhile
    try:
        with transaction.atomic():
            return PageVersion.objects.create(
                clinic=actor.the_clinic,
                language=page.language,
                slug=page.slug,
                number=number + 1,
                text=page.text,
                what_changed=what_changed,
                written_by=actor.the_person,
            )
    except IntegrityError:
        raise WrittenMeanwhile from None


def publish(version: PageVersion, actor: Actor) -> None:
    _say(version, actor, is_shown=True)


def take_down(version: PageVersion, actor: Actor) -> None:
    """The page is as packaged again, or gone from the guide if it never was packaged."""
    _say(version, actor, is_shown=False)


def shown_version_id(language: str, slug: str) -> UUID | None:
    last = Publication.objects.filter(version__language=language, version__slug=slug).last()
    return last.version_id if last and last.is_shown else None


def every_page() -> list[Standing]:
    """Packaged pages and the clinic's own, newest texts, in the order of the contents."""
    places = {(page.language, page.slug) for page in packaged_pages()}
    places |= set(PageVersion.objects.order_by().values_list("language", "slug"))
    return sorted((_standing(*place) for place in places), key=lambda each: (each.page.language, each.page.order))


def difference(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Lines with what became of them: `same`, `gone` or `new`."""
    what = {"  ": "same", "- ": "gone", "+ ": "new"}
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return ((what[line[:2]], line[2:]) for line in lines if line[:2] in what)


def _say(version: PageVersion, actor: Actor, *, is_shown: bool) -> None:
    Publication.objects.create(clinic=actor.the_clinic, version=version, is_shown=is_shown, by=actor.the_person)
    transaction.on_commit(look_again)


def _standing(language: str, slug: str) -> Standing:
    page, number = newest(language, slug)
    assert page is not None  # every place on the list has a text
    shown = shown_version_id(language, slug)
    shown_number = PageVersion.objects.get(pk=shown).number if shown else None
    return Standing(page, number, shown_number if shown else (0 if packaged(language, slug) else None))
