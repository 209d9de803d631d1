"""The list of a language's pages, as a page itself: what is read, and may be criticised, at the door of the guide."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext

from stillroom.guide.pagefile import Page

SLUG = "contents"


def contents_page(pages: Sequence[Page]) -> Page:
    """Its text is the titles and leads of these, so that its digest says which list somebody read."""
    language = pages[0].language
    with translation.override(language):
        title = gettext("What an infusion is like")
        lead = gettext("For people who think about a ketamine infusion for depression, and for those who love them.")
    return Page(
        language=language,
        slug=SLUG,
        title=title,
        lead=lead,
        order=0,
        changed=max(page.changed for page in pages),
        body="\n\n".join(f"{page.title}\n{page.lead}" for page in pages),
    )
