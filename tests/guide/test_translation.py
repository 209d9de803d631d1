"""A translation is a file: pages in a folder, words in a catalogue. Nothing else is asked of a translator."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

import stillroom
from stillroom.guide import packaged, shelf

SOURCE = Path(stillroom.__file__).parent
CATALOGUES = [SOURCE / room / "locale/en/LC_MESSAGES/django.po" for room in ("directory", "guide", "web")]
PAGE = """---
title: Wie die Stunde ist
lead: Du liegst in einem stillen Raum.
order: 3
changed: 2026-11-25
---
Der Tropf beginnt.[^1]

[^1]: Jemand, 2020.
"""
WORDS = {"Sources": "Quellen", "Send": "Senden", "Guide": "Leitfaden", "Last changed %(day)s.": "Stand: %(day)s."}


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    page = tmp_path / "pages/de/hour.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    catalogue = tmp_path / "locale/de/LC_MESSAGES/django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(compiled(WORDS))
    pages = (*packaged.packaged_pages(), *packaged.packaged_pages(tmp_path / "pages"))
    monkeypatch.setattr(shelf, "packaged_pages", lambda: pages)
    monkeypatch.setattr(trans_real, "_translations", {})
    shelf.look_again()
    with override_settings(LOCALE_PATHS=[str(tmp_path / "locale")]):
        yield
    shelf.look_again()


def test_a_page_in_another_language_is_all_in_that_language(german: None, db: None) -> None:
    page = Client().get("/guide/de/hour/").content.decode()
    assert '<html lang="de"' in page
    assert "<h2>Quellen</h2>" in page
    assert ">Leitfaden</a>" in page
    assert "Stand: 25 November 2026." in page


def test_each_language_leads_to_the_other(german: None, db: None) -> None:
    english = Client().get("/guide/hour/").content.decode()
    assert 'hreflang="de" href="http://testserver/guide/de/hour/"' in english
    assert '<link rel="canonical" href="http://testserver/guide/hour/">' in english
    assert "/guide/de/hour/" in Client().get("/sitemap.xml").content.decode()
    assert 'lang="en"' in english


def test_every_word_of_the_public_templates_stands_in_a_catalogue() -> None:
    """`make words` takes up new ones."""
    known = "".join(path.read_text() for path in CATALOGUES)
    rooms = [path for room in ("guide", "directory") for path in (SOURCE / room / "templates").rglob("*.html")]
    templates = [*rooms, SOURCE / "web/templates/public.html"]
    said = {words for path in templates for words in _translatable(path)}
    assert len(said) > 40
    assert sorted(words for words in said if f'msgid "{words}"' not in known) == []


def _translatable(path: Path) -> Iterator[str]:
    for match in re.finditer(
        r"gettext\((u?'((?:[^'\\]|\\.)*)'|u?\"((?:[^\"\\]|\\.)*)\")\)", templatize(path.read_text())
    ):
        words = match[2] or match[3]
        yield words.replace("\\'", "'").replace('"', '\\"')


def compiled(words: dict[str, str]) -> bytes:
    """A catalogue as msgfmt makes it (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **words}.items())
    texts = [[text.encode() for text in column] for column in zip(*pairs, strict=True)]
    count, at = len(pairs), 28 + 16 * len(pairs)
    tables, data = b"", b""
    for column in texts:
        for text in column:
            tables += struct.pack("<II", len(text), at + len(data))
            data += text + b"\0"
    return struct.pack("<IIIIIII", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + data
