"""The guide as anybody reads it: every page there, the same for everyone, kept by browsers, and small."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from django.test.utils import override_settings

from stillroom.guide import shelf
from stillroom.guide.packaged import packaged_pages
from tests.cast import Cast, signed_in
from tests.weighing import weight_with_all_it_needs

PAGES = [page.slug for page in packaged_pages()]
MOST_BYTES = 60_000


@pytest.fixture(autouse=True)
def _looked_at_anew() -> None:
    shelf.look_again()


@pytest.fixture
def reader(cast: Cast) -> Client:
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield Client()


def test_the_contents_lead_to_every_page(reader: Client) -> None:
    html = reader.get("/guide/").content.decode()
    found = re.findall(r'<li><a href="(/guide/[a-z-]+/)">', html)
    assert found == [f"/guide/{slug}/" for slug in PAGES]
    assert all(reader.get(path).status_code == 200 for path in found)


@pytest.mark.parametrize("path", ["", "thanks/", *(f"{slug}/" for slug in PAGES)])
def test_a_page_is_small_with_everything_it_needs_and_nothing_holds_it_up(reader: Client, path: str) -> None:
    html = reader.get(f"/guide/{path}").content.decode()
    assert weight_with_all_it_needs(html) < MOST_BYTES
    assert re.findall(r"<script(?! type=\"module\" src=)[^>]*>", html) == []


@pytest.mark.parametrize("path", ["", *(f"{slug}/" for slug in PAGES)])
def test_a_page_may_be_kept_and_needs_no_cookie(reader: Client, path: str) -> None:
    answer = reader.get(f"/guide/{path}")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "Vary" not in answer.headers


def test_a_page_is_not_sent_twice_in_a_day_and_again_when_its_text_changes(reader: Client) -> None:
    with time_machine.travel("2026-11-25 10:00:00Z", tick=False) as clock:
        first = reader.get("/guide/hour/")
        clock.shift(600)
        assert reader.get("/guide/hour/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        clock.shift(24 * 3600)
        assert reader.get("/guide/hour/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert reader.get("/guide/room/").headers["ETag"] != first.headers["ETag"]


def test_who_is_signed_in_reads_the_same_bytes(reader: Client, cast: Cast) -> None:
    with time_machine.travel("2026-11-25 10:00:00Z", tick=False):
        assert signed_in(cast.ada).get("/guide/hour/").content == reader.get("/guide/hour/").content


@pytest.mark.parametrize(
    "path", ["/guide/nothing-here/", "/guide/contents/", "/guide/xx/", "/guide/xx/hour/", "/guide/Hour/", "/guide/../"]
)
def test_what_is_not_there_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_server_without_a_clinic_still_has_a_guide_and_asks_for_no_critique(db: None) -> None:
    answer = Client().get("/guide/hour/")
    assert answer.status_code == 200
    assert b'name="comments"' not in answer.content
    assert Client().post("/guide/hour/", {"name": "a"}).status_code == 404
