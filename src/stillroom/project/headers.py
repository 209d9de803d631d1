"""What every answer says to browsers and proxies: nothing that a page shows may be kept by anyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@sync_and_async_middleware
def private_by_default(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """A view that has set one of these headers keeps its own."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return _with_headers(get_response(request))

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        return _with_headers(await get_response(request))

    return answer_later if iscoroutinefunction(get_response) else answer


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    for name, words in HEADERS.items():
        response.headers.setdefault(name, words)
    return response
