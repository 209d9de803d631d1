"""So many pages come at once: who waits for a connection to the database, and who never does?

Each process has a few connections. Pages take turns for some of them, and whoever waits too long is asked to come
again; the others are left for acts, which never wait behind pages, and for the streams' own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_PAGES = 1 / 3
"""Of the connections: a choice of ours. A process draws no more pages a second when it draws many at once."""

WAITS_FOR_S = 10.0
"""A browser asks again by itself, and a process that ends waits for those who wait."""

Answering = Callable[[HttpRequest], HttpResponseBase]


def pages_take_turns(get_response: Answering) -> Answering:
    """Each request that comes over the network has a thread of its own; it is that which waits."""
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool")
    turns = Semaphore(at_once(pool["max_size"])) if pool else None

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not isinstance(request, ASGIRequest):
            return get_response(request)
        turn = turns if request.method in LOOKS else None
        if turn is not None and not turn.acquire(timeout=WAITS_FOR_S):
            words = "Too many pages at once. Try again in a few seconds."
            return HttpResponse(words, content_type="text/plain", status=503)
        try:
            return get_response(request)
        finally:
            # Django would do it when the last byte has gone out: a slow telephone would hold a connection until then.
            close_old_connections()
            if turn is not None:
                turn.release()

    return answer


def at_once(connections: int) -> int:
    """How many pages are drawn at once with so many connections."""
    return max(1, round(connections * FOR_PAGES))
