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


class House:
    """The cast's browsers and the ids they ask for, made once; every request leaves it as it was."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.browsers: Mapping[str, SimpleCookie] = callers(cast)
        self._made: dict[str, Ids] = {}

    def ask(self, method: str, address: Address, caller: str) -> str:
        """The cell of the table."""
        wanted = ids_for(address, self.cast, self._made)
        return " ".join(self._status(method, reverse(address.name, kwargs=ids), caller) for ids in wanted)

    def table(self) -> Table:
        return {(method, address.name): self.row(method, address) for method, address in rows()}

    def row(self, method: str, address: Address) -> dict[str, str]:
        return {caller: self.ask(method, address, caller) for caller in CALLERS}

    def _status(self, method: str, path: str, caller: str) -> str:
        browser = Client(raise_request_exception=False)
        browser.cookies = SimpleCookie(self.browsers[caller].output(header="", sep=";"))
        with transaction.atomic():
            answer = browser.generic(method, path)
            transaction.set_rollback(True)
        return _where_it_leads(answer.headers.get("Location", "")) or str(answer.status_code)


def rows() -> Iterator[tuple[str, Address]]:
    return ((method, address) for address in addresses() for method in METHODS)


def _where_it_leads(location: str) -> str:
    """The word for a redirect to a page that asks for more proof."""
    path = urlsplit(location).path
    return next((need.replace("_", "-") for need, name in WHERE_TO_GO.items() if path == reverse(name)), "")
