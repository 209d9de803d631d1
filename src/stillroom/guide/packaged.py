"""The pages that come with Stillroom: pages/<language>/<slug>.md. A translation is one more folder of such files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stillroom.guide.pagefile import Page, read_page

FOLDER = Path(__file__).parent / "pages"


@cache
def packaged_pages(folder: Path = FOLDER) -> tuple[Page, ...]:
    """Every page of every language, in the order of the contents."""
    files = sorted(folder.glob("*/*.md"))
    pages = (read_page(file.read_text("utf-8"), slug=file.stem, language=file.parent.name) for file in files)
    return tuple(sorted(pages, key=lambda page: (page.language, page.order, page.slug)))
