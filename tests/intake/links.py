"""A patient's link, made at the desk, and a browser in which they said when they were born."""

from __future__ import annotations

import re

from django.test import Client

from tests.cast import Cast, signed_in

BORN = {"born": "17 May 1984"}  # as the cast has it


def link_of(cast: Cast, **said: str) -> str:
    """Ben makes one for Pat, and it is said this once."""
    page = signed_in(cast.ben).post(f"/intake/patients/{cast.patient.pk}/invite/", {"days": "14", **said})
    assert page.status_code == 200, page.content.decode()
    found = re.search(r"http://testserver(/intake/own/[\w-]{43}/)", page.content.decode())
    assert found is not None
    return found[1]


def opened(link: str) -> Client:
    """Pat's browser: no account, the birth date said."""
    pat = Client()
    assert pat.post(link, BORN).status_code == 302
    return pat
