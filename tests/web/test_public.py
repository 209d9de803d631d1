"""The frame of public pages: the same for everyone, lastingly addressed, and free to keep."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings

from stillroom.web.public import lasting_address, same_for_all
from tests.web.drawing import draw


def test_the_frame_says_its_language_its_address_and_where_to_go() -> None:
    page = draw("public.html")
    assert '<html lang="en-gb"' in page
    assert '<link rel="canonical" href="http://testserver/">' in page
    assert 'href="/guide/"' in page
    assert 'href="/directory/"' in page
    assert "nobody gave" not in page


@pytest.mark.parametrize(
    ("setting", "found"), [("", "http://testserver/guide/"), ("https://a.test/", "https://a.test/guide/")]
)
def test_the_lasting_address_is_the_one_that_the_settings_say(setting: str, found: str) -> None:
    with override_settings(PUBLIC_ADDRESS=setting):
        assert lasting_address(RequestFactory().get("/guide/?x=1")) == found


@same_for_all
def leaf(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a leaf")


def test_a_page_for_all_may_be_kept_and_is_not_sent_twice() -> None:
    first = leaf(RequestFactory().get("/"))
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = leaf(RequestFactory().get("/", headers={"If-None-Match": first.headers["ETag"]}))
    assert (again.status_code, again.content) == (304, b"")
