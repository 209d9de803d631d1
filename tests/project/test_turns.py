"""However many pages are asked for at once, each waits for its turn, and an act waits behind none of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event, Lock

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse

from stillroom.project import turns
from stillroom.project.turns import at_once, pages_take_turns

CONNECTIONS = 6
PAGES = 30


@pytest.mark.parametrize(("connections", "pages"), [(1, 1), (2, 1), (3, 1), (6, 2), (12, 4)])
def test_some_connections_are_left_for_acts(connections: int, pages: int) -> None:
    assert at_once(connections) == pages


def test_pages_beyond_the_connections_wait_and_none_is_lost_while_an_act_goes_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "pool", {"max_size": CONNECTIONS})
    may_go_on, counting, now, most = Event(), Lock(), 0, 0

    def view(request: HttpRequest) -> HttpResponse:
        nonlocal now, most
        if request.method == "POST":
            return HttpResponse("done")
        with counting:
            now, most = now + 1, max(most, now + 1)
        assert may_go_on.wait(20)
        with counting:
            now -= 1
        return HttpResponse("page")

    answer = pages_take_turns(view)
    with ThreadPoolExecutor(PAGES + 1) as threads:
        pages = [threads.submit(answer, _asked("GET")) for _ in range(PAGES)]
        assert threads.submit(answer, _asked("POST")).result(20).status_code == 200
        assert not any(each.done() for each in pages)
        may_go_on.set()
        assert [each.result(20).status_code for each in pages] == [200] * PAGES
    assert most == at_once(CONNECTIONS)


def test_whoever_waits_too_long_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "pool", {"max_size": 1})
    monkeypatch.setattr(turns, "WAITS_FOR_S", 0.01)
    came, may_go_on = Event(), Event()

    def view(request: HttpRequest) -> HttpResponse:
        came.set()
        assert may_go_on.wait(20)
        return HttpResponse("page")

    answer = pages_take_turns(view)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(answer, _asked("GET"))
        assert came.wait(20)
        assert answer(_asked("GET")).status_code == 503
        may_go_on.set()
        assert first.result(20).status_code == 200


def _asked(method: str) -> HttpRequest:
    return ASGIRequest({"type": "http", "method": method, "path": "/", "headers": []}, BytesIO())
