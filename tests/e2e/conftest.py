"""A browser before a whole clinic: `stillroom serve` with its own database, web, gateway, and Chromium.

    served     the running clinic; one for all tests here, as it takes seconds to start
    cast       tests/cast.py, committed in it
    beside     does in another thread what asks the database: while Playwright runs, this thread may not
    room       a new infusion in a room of its own, planned, with a patient of its own
    open_page  a page of somebody's own browser: `open_page(cast.ben, "/board/", hand="touch")`

What a page complains of (a script that fails, anything against the policy) fails the test that opened it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.http.cookie import SimpleCookie
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from stillroom.clinics.models import Person
from tests import chromium
from tests.bedside.house import House
from tests.cast import Cast, at_display, make_cast, signed_in
from tests.conftest import using
from tests.e2e.rooms import a_room, has_come_back
from tests.e2e.served import Served, serving
from tests.web.conftest import DESK, PHONE, QUIET, STILL

Found = TypeVar("Found")
Beside = Callable[[Callable[[], Found]], Found]
SHAPES: dict[str, dict[str, Any]] = {"desk": DESK, "phone": PHONE}


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with serving() as clinic:
        yield clinic


@pytest.fixture(scope="session")
def cast(served: Served, django_db_blocker: DjangoDbBlocker) -> Cast:
    with using(served.database_url), django_db_blocker.unblock():
        return make_cast()


@pytest.fixture(scope="module")
def beside(served: Served, django_db_blocker: DjangoDbBlocker) -> Iterator[Beside[Any]]:
    """Runs a function in a thread that may ask the clinic's database, and gives what it gives."""
    with using(served.database_url), django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        yield lambda ask: thread.submit(ask).result()
        thread.submit(connections.close_all).result()


@pytest.fixture(scope="module")
def chrome(beside: Beside[Any]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program, how = chromium.path(), [*chromium.arguments(), *QUIET, *STILL]
        browser = playwright.chromium.launch(executable_path=program, args=how)
        yield browser
        browser.close()


@pytest.fixture
def room(cast: Cast, beside: Beside[House]) -> House:
    return beside(lambda: a_room(cast))


@pytest.fixture
def recovering(cast: Cast, beside: Beside[House]) -> House:
    """Somebody whose drip ended over an hour ago, and who was clear at a check half an hour ago."""
    return beside(lambda: has_come_back(a_room(cast, ago=timedelta(minutes=120))))


@pytest.fixture
def open_page(chrome: Browser, served: Served, beside: Beside[Any]) -> Iterator[Callable[..., Page]]:
    complaints: list[str] = []
    with ExitStack() as stack:

        def opened(
            who: Person | Cast | None, path: str, *, on: str = "desk", through: str | None = None, **more: Any
        ) -> Page:
            """`who` signed in, the display of the cast's room, or nobody; `through` is another address than its own."""
            url = through or served.url
            context = chrome.new_context(**SHAPES[on], timezone_id="Europe/Dublin", **more)
            stack.callback(context.close)
            cookies = beside(lambda: cookies_of(who))
            context.add_cookies([{"name": name, "value": morsel.value, "url": url} for name, morsel in cookies.items()])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
            page.on("console", lambda said: _hear(said, complaints))
            page.goto(url + path)
            return page

        yield opened
    assert complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Beside a failure stands what the clinic said of it."""
    report = yield
    served = getattr(item, "funcargs", {}).get("served")
    if report.when == "call" and report.failed and served is not None:
        report.sections.append(("stillroom serve said", served.said[-4000:]))
    return report


def cookies_of(who: Person | Cast | None) -> SimpleCookie[str]:
    if who is None:
        return SimpleCookie()
    return (at_display(who) if isinstance(who, Cast) else signed_in(who)).cookies


def _hear(said: ConsoleMessage, complaints: list[str]) -> None:
    """Not that a server was away or answered a question with no: some tests make it do so."""
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        complaints.append(said.text)
