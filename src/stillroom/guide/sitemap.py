"""Every page of the guide that anybody may read, in every language, for searchers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stillroom.guide.shelf import shelf
from stillroom.guide.views.reading import contents_address, page_address


def public_pages() -> Iterator[tuple[str, date | None]]:
    now = shelf()
    for language in now.languages():
        pages = now.contents(language)
        yield contents_address(language), max(page.changed for page in pages)
        yield from ((page_address(page), page.changed) for page in pages)
