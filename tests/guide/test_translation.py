"""A translation is a file: pages in a folder, words in a catalogue. Nothing else is asked of a translator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from stillroom.guide import packaged, shelf
from tests.translated import translated

PAGE = """---
title: Wie die Stunde ist
lead: Du liegst in einem stillen Raum.
order: 3
changed: 2026-11-25
---
Der Tropf beginnt.[^1]

[^1]: Jemand, 2020.
"""
WORDS = {
    "What an infusion is like": "Wie eine Infusion ist",
    "Sources": "Quellen",
    "Send": "Senden",
    "Guide": "Leitfaden",
    "Last changed %(day)s.": "Stand: %(day)s.",
}


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    page = tmp_path / "pages/de/hour.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    pages = (*packaged.packaged_pages(), *packaged.packaged_pages(tmp_path / "pages"))
    monkeypatch.setattr(shelf, "packaged_pages", lambda: pages)
    shelf.look_again()
    with translated(tmp_path / "locale", "de", WORDS):
        yield
    shelf.look_again()


def test_a_page_in_another_language_is_all_in_that_language(german: None, db: None) -> None:
    page = Client().get("/guide/de/hour/").content.decode()
    assert '<html lang="de"' in page
    assert "<h2>Quellen</h2>" in page
    assert ">Leitfaden</a>" in page
    assert "Stand: 25 November 2026." in page


def test_the_list_of_pages_is_in_that_language_and_leads_to_them(german: None, db: None) -> None:
    page = Client().get("/guide/de/").content.decode()
    assert "<h1>Wie eine Infusion ist</h1>" in page
    assert 'href="/guide/de/hour/">Wie die Stunde ist</a>' in page
    assert 'hreflang="en" href="http://testserver/guide/"' in page


def test_each_language_leads_to_the_other(german: None, db: None) -> None:
    english = Client().get("/guide/hour/").content.decode()
    assert 'hreflang="de" href="http://testserver/guide/de/hour/"' in english
    assert '<link rel="canonical" href="http://testserver/guide/hour/">' in english
    assert "/guide/de/hour/" in Client().get("/sitemap.xml").content.decode()
    assert 'lang="en"' in english


@pytest.mark.parametrize("path", ["", "hour/"])
def test_the_houses_own_language_has_one_lasting_address(db: None, path: str) -> None:
    lasting = f'<link rel="canonical" href="http://testserver/guide/{path}">'
    assert lasting in Client().get(f"/guide/{path}").content.decode()
    assert lasting in Client().get(f"/guide/en/{path}").content.decode()
