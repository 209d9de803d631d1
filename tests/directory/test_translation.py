"""A translation of the directory is a catalogue: the pages are there in that language, and lead to each other."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from tests.cast import Cast
from tests.directory.listed import listed, posted
from tests.directory.test_apply import fresh_stamp
from tests.translated import translated

WORDS = {
    "Find a clinic": "Klinik finden",
    "A room of your own": "Ein Zimmer für sich",
    "By an infusion pump": "Mit einer Infusionspumpe",
    "Every %s min": "Alle %s Minuten",
    "Name of the clinic": "Name der Klinik",
    "Fill this in.": "Bitte ausfüllen.",
    "Your clinic in the directory": "Ihre Klinik im Verzeichnis",
    "Within %(km)s km of %(town)s.": "Höchstens %(km)s km von %(town)s.",
}


@pytest.fixture
def german(cast: Cast, tmp_path: Path) -> Iterator[str]:
    cache.clear()
    with (
        override_settings(DIRECTORY_RUN_BY="Test Network", PUBLIC_CLINIC=str(cast.clinic.pk)),
        translated(tmp_path, "de", WORDS),
    ):
        with clinic_scope(cast.clinic.pk):
            slug = listed(cast).slug
        yield slug


def read(path: str) -> str:
    return html.unescape(Client().get(path).content.decode())


def test_every_page_is_there_in_a_language_that_has_a_catalogue(german: str) -> None:
    assert '<html lang="de"' in read("/directory/de/")
    assert "<h1>Klinik finden</h1>" in read("/directory/de/")
    assert "Höchstens 100 km von Dublin" in read("/directory/de/?near=Dublin")
    assert "Ein Zimmer für sich" in read("/directory/de/criteria/")
    assert "Mit einer Infusionspumpe" in read(f"/directory/de/clinics/{german}/")
    assert "Alle 5 Minuten" in read(f"/directory/de/clinics/{german}/")
    assert f'href="/directory/de/clinics/{german}/"' in read("/directory/de/")
    assert "Klinik finden" not in read("/directory/")


def test_the_form_asks_and_answers_in_that_language_and_loses_nothing(german: str) -> None:
    assert "Name der Klinik" in read("/directory/de/apply/")
    sent = {"stamp": fresh_stamp()} | posted(name="", street="Nirgendweg 1")
    answer = Client().post("/directory/de/apply/", sent)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Bitte ausfüllen." in page
    assert 'value="Nirgendweg 1"' in page
    Client().post("/directory/de/apply/", {"stamp": fresh_stamp()} | posted())
    assert mail.outbox[0].subject == "Ihre Klinik im Verzeichnis"
    assert "http://testserver/directory/de/apply/" in mail.outbox[0].body


def test_each_language_leads_to_the_other_and_searchers_to_both(german: str) -> None:
    english, other = read(f"/directory/clinics/{german}/"), read(f"/directory/de/clinics/{german}/")
    for page in (english, other):
        assert f'hreflang="en" href="http://testserver/directory/clinics/{german}/"' in page
        assert f'hreflang="de" href="http://testserver/directory/de/clinics/{german}/"' in page
    assert f'rel="canonical" href="http://testserver/directory/de/clinics/{german}/"' in other
    assert f"<loc>http://testserver/directory/de/clinics/{german}/</loc>" in read("/sitemap.xml")


@pytest.mark.parametrize("path", ["xx/", "fr/", "en/", "xx/criteria/"])
def test_a_language_without_a_catalogue_is_not_there(german: str, path: str) -> None:
    assert Client().get(f"/directory/{path}").status_code == 404
