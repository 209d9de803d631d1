"""What searchers are told."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.test.utils import override_settings

from stillroom.guide.packaged import packaged_pages

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_sitemap_lists_every_public_page_under_its_lasting_address(db: None) -> None:
    with override_settings(PUBLIC_ADDRESS="https://clinic.example"):
        answer = Client().get("/sitemap.xml")
    tree = ET.fromstring(answer.content)  # noqa: S314  # our own
    found = {each.text for each in tree.iter(f"{SITEMAP}loc")}
    assert {f"https://clinic.example/guide/{page.slug}/" for page in packaged_pages()} <= found
    assert "https://clinic.example/guide/" in found
    assert all(
        Client().get(str(address).removeprefix("https://clinic.example")).status_code == 200 for address in found
    )
    assert answer.headers["Content-Type"] == "application/xml"


@pytest.mark.parametrize("path", ["/nothing-here/", "/guide/nothing-here/", "/directory/xx/", "/office/nothing/"])
def test_an_address_that_leads_nowhere_says_where_to_go(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert 'href="/guide/"' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_more_than_a_server_reads_is_refused_in_words(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/accounts/login/")
    answer = browser.post("/accounts/login/", {"login": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "what you wrote is still there" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "Go back with your browser" in answer.content.decode()


def test_what_cannot_be_read_is_refused_in_words(db: None) -> None:
    answer = Client().get("/guide/", headers={"host": "elsewhere.test"})
    assert answer.status_code == 400
    assert "That could not be read" in answer.content.decode()


def test_searchers_are_let_into_the_public_rooms_only(db: None) -> None:
    answer = Client().get("/robots.txt")
    rules = answer.content.decode().splitlines()
    assert "Allow: /guide/" in rules
    assert "Disallow: /guide/desk/" in rules
    assert "Disallow: /" in rules
    assert "Sitemap: http://testserver/sitemap.xml" in rules
    assert answer.headers["Content-Type"] == "text/plain"
