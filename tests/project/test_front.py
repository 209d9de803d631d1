from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, signed_in


@pytest.mark.parametrize(
    ("who", "leads_to"),
    [
        ("ben", "/board/"),
        ("ada", "/board/"),
        ("tom", "/devices/"),
        ("pia", "/office/library/"),
        ("pat", "/journal/"),
        ("fay", "/office/"),
        ("edi", "/guide/desk/"),
    ],
)
def test_everybody_is_taken_to_where_they_work(cast: Cast, who: str, leads_to: str) -> None:
    answer = signed_in(getattr(cast, who)).get("/")
    assert (answer.status_code, answer["Location"]) == (302, leads_to)


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get("/")["Location"].startswith("/accounts/login/")


def test_the_bar_offers_only_what_would_open(cast: Cast) -> None:
    client = signed_in(cast.ann)
    page = client.get("/office/staff/")
    offered = [place.href for place in page.context["places"]]
    assert "/office/staff/" in offered
    assert "/board/" not in offered
    assert all(client.get(href).status_code == 200 for href in offered)


@pytest.mark.parametrize(("path", "stands_in"), [("/office/", ["/office/"]), ("/office/consents/", [])])
def test_the_bar_calls_a_page_of_the_office_today_only_if_it_is(cast: Cast, path: str, stands_in: list[str]) -> None:
    places = signed_in(cast.ada).get(path).context["places"]
    assert [place.href for place in places if place.is_here] == stands_in
