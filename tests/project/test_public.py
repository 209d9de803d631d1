"""What searchers are told."""

from __future__ import annotations

from xml.etree import ElementTree as ET

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


def test_searchers_are_let_into_the_public_rooms_only(db: None) -> None:
    answer = Client().get("/robots.txt")
    rules = answer.content.decode().splitlines()
    assert "Allow: /guide/" in rules
    assert "Disallow: /guide/desk/" in rules
    assert "Disallow: /" in rules
    assert "Sitemap: http://testserver/sitemap.xml" in rules
    assert answer.headers["Content-Type"] == "text/plain"
