"""What every answer says to browsers and proxies: nothing that a page shows may be kept by anyone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}

type_of_view = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def private_by_default(get_response: type_of_view) -> type_of_view:
    """A view that has set one of these headers keeps its own."""
    if iscoroutinefunction(get_response):

        async def answer(request: HttpRequest) -> HttpResponseBase:
            return _with_headers(await get_response(request))  # type: ignore[misc]

    else:

        def answer(request: HttpRequest) -> HttpResponseBase:  # type: ignore[misc]
            return _with_headers(get_response(request))  # type: ignore[arg-type]

    return answer


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    for name, words in HEADERS.items():
        response.headers.setdefault(name, words)
    return response
