"""How much may anybody send at once? Known before it is read; what is too large is let run past, and nothing is kept.

Django reads all that comes, to a file on disk, before any view is asked: so the limit stands before Django. A browser
shows an answer only once it has sent what it had, and a line that is cut shows none: so what is too large is received a
piece at a time and dropped, and then answered in words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.decorators import sync_only_middleware

from stillroom.exchange.archive import MOST_PACKED_BYTES
from stillroom.intake.receiving import MOST_BYTES as MOST_SENT_BYTES
from stillroom.intake.self_referral import MOST_BYTES as MOST_HANDED_IN_BYTES
from stillroom.patients.file_rows import MOST_BYTES as MOST_TABLE_BYTES

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

TOO_LARGE = "stillroom.most_bytes"
A_FORM = 1024**2
"""What is typed, and what goes round it; Django itself takes no more of it than `DATA_UPLOAD_MAX_MEMORY_SIZE`."""
WITH_FILES = {
    "intake:send": MOST_SENT_BYTES + A_FORM,
    "intake:self_referral": MOST_HANDED_IN_BYTES + A_FORM,
    "journal:bring": MOST_PACKED_BYTES + A_FORM,
    "office:imports": MOST_TABLE_BYTES + A_FORM,
}
LETS_PAST_BYTES = 1024**3
"""More than that is hung up on, without words."""


def limit_bodies(application: Application) -> Application:
    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        body = _Body(receive, most_bytes=most_bytes(scope["path"]))
        if _announced_bytes(scope) <= body.most_bytes:
            await application(scope, body.receive, send)
            if not body.is_too_large:
                return None
        if await body.lets_past():
            await application({**scope, TOO_LARGE: body.most_bytes}, body.receive_nothing, send)
        return None

    return limited


def most_bytes(path: str) -> int:
    """By the address: a few take files, all others words."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        name = ""
    return WITH_FILES.get(name, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + A_FORM)


@sync_only_middleware
def say_what_is_too_large(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        most: int | None = getattr(request, "scope", {}).get(TOO_LARGE)
        if most is None:
            response: HttpResponseBase = get_response(request)
            return response
        words = render_to_string("project/too_large.html", {"request": request, "most_mb": most // 1024**2})
        return HttpResponse(words, status=413)

    return answer


class _Body:
    """What is sent with one request, counted as it comes."""

    def __init__(self, receive: Receive, *, most_bytes: int) -> None:
        self._receive, self.most_bytes = receive, most_bytes
        self._seen_bytes, self._is_whole, self._is_gone, self._said_nothing = 0, False, False, False

    @property
    def is_too_large(self) -> bool:
        return self._seen_bytes > self.most_bytes

    async def receive(self) -> Mapping[str, Any]:
        """As it comes; once it is too much, as if whoever sent it had gone."""
        message = await self._next()
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def lets_past(self) -> bool:
        """Whether all of it came and somebody is there to be answered."""
        while not self._is_whole and not self._is_gone and self._seen_bytes <= LETS_PAST_BYTES:
            await self._next()
        return self._is_whole and not self._is_gone

    async def receive_nothing(self) -> Mapping[str, Any]:
        if self._said_nothing:
            return await self._receive()
        self._said_nothing = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _next(self) -> Mapping[str, Any]:
        message = await self._receive()
        self._seen_bytes += len(message.get("body", b""))
        self._is_gone = message["type"] == "http.disconnect"
        self._is_whole = not self._is_gone and not message.get("more_body", False)
        return message


def _announced_bytes(scope: Scope) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0
