"""Asks one address for one caller, really, and says in a word what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse

from stillroom.clinics.requests import WHERE_TO_GO
from tests.access.addresses import Address, addresses
from tests.access.callers import CALLERS, callers
from tests.access.ids import Ids, ids_for
from tests.access.table import Table
from tests.cast import Cast

METHODS = ("GET", "POST")
FORBIDDEN = 403


class House:
    """The cast's browsers and the ids they ask for, made once; every request leaves it as it was."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.browsers: Mapping[str, SimpleCookie] = callers(cast)
        self._made: dict[str, Ids] = {}

    def ask(self, method: str, address: Address, caller: str) -> str:
        """The cell of the table. The rule of a view refuses before it looks at any id: who is refused is asked once."""
        wanted = ids_for(address, self.cast, self._made)
        first, is_refused = self._answer(method, reverse(address.name, kwargs=wanted[0]), caller)
        if is_refused:
            return " ".join([first] * len(wanted))
        others = (self._answer(method, reverse(address.name, kwargs=ids), caller)[0] for ids in wanted[1:])
        return " ".join([first, *others])

    def table(self) -> Table:
        return {(method, address.name): self.row(method, address) for method, address in rows()}

    def row(self, method: str, address: Address) -> dict[str, str]:
        return {caller: self.ask(method, address, caller) for caller in CALLERS}

    def _answer(self, method: str, path: str, caller: str) -> tuple[str, bool]:
        """The status or where it leads, and whether the rule of the view itself refused: then nobody is asking."""
        browser = Client(raise_request_exception=False)
        browser.cookies = SimpleCookie(self.browsers[caller].output(header="", sep=";"))
        with transaction.atomic():
            answer = browser.generic(method, path)
            transaction.set_rollback(True)
        leads_to = _where_it_leads(answer.headers.get("Location", ""))
        is_refused = not hasattr(answer.wsgi_request, "actor") and (bool(leads_to) or answer.status_code == FORBIDDEN)
        return leads_to or str(answer.status_code), is_refused


def rows() -> Iterator[tuple[str, Address]]:
    return ((method, address) for address in addresses() for method in METHODS)


def _where_it_leads(location: str) -> str:
    """The word for a redirect to a page that asks for more proof."""
    path = urlsplit(location).path
    return next((need.replace("_", "-") for need, name in WHERE_TO_GO.items() if path == reverse(name)), "")
