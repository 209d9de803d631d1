"""A page that somebody can see says so every two seconds: which of them is asked for its right each time?

With many rooms these are most of what a web process is asked, and each would cost as much as a small page. So what a
page says whose stream is open in this process, with the cookies that opened it, is noted here, before Django, and
written with the next second: whether it may still listen is looked at every two seconds anyway (standings.py).
Everything else goes the usual way, is asked for its right, and is written at once: the first word of a page, one that
its sound was turned on or that it is hidden, pages of another process, whoever else knocks.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

from django.http import QueryDict

from stillroom.bedside.forms.shown import ShownForm
from stillroom.bedside.tail import listener_on
from stillroom.clinics import clock
from stillroom.devices.screens import Sign

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ADDRESSES_END = "/shown"
LONGEST_BYTES = 1024
NOTED: tuple[Mapping[str, Any], ...] = (
    {"type": "http.response.start", "status": 204, "headers": [(b"cache-control", b"no-store")]},
    {"type": "http.response.body", "body": b""},
)


class SignsOfLife:
    """What pages have said since it was last written, by clinic: of each page the newest."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._noted: defaultdict[UUID, dict[UUID, Sign]] = defaultdict(dict)

    def note(self, clinic_id: UUID, sign: Sign) -> None:
        with self._lock:
            self._noted[clinic_id][sign.screen] = sign

    def take(self, clinic_id: UUID) -> Collection[Sign]:
        with self._lock:
            return self._noted.pop(clinic_id, {}).values()


signs_of_life = SignsOfLife()


def note_signs_of_life(application: Application) -> Application:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].endswith(ADDRESSES_END):
            return await application(scope, receive, send)
        pieces = await _received(receive)
        if _is_noted(b"".join(each.get("body", b"") for each in pieces), _cookies(scope)):
            for each in NOTED:
                await send(each)
            return None
        return await application(scope, _once_more(pieces, receive), send)

    return answering


def _is_noted(body: bytes, cookies: str) -> bool:
    if len(body) > LONGEST_BYTES:
        return False
    form = ShownForm(QueryDict(body))
    if not form.is_valid() or form.cleaned_data["is_hidden"]:
        return False
    screen, can_sound = form.cleaned_data["screen"], bool(form.cleaned_data["can_sound"])
    listener = listener_on(screen)
    if listener is None or listener.cookies != cookies:
        return False
    if listener.can_sound is not can_sound:
        listener.can_sound = can_sound
        return False
    signs_of_life.note(listener.topic.clinic, Sign(screen, listener.topic.infusion, can_sound, clock.now()))
    return True


def _cookies(scope: Scope) -> str:
    """As Django puts them together."""
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


async def _received(receive: Receive) -> list[Mapping[str, Any]]:
    """All that is sent, as far as it is no longer than a sign of life: a server gives even that in pieces."""
    pieces = [await receive()]
    while pieces[-1].get("more_body") and sum(len(each["body"]) for each in pieces) <= LONGEST_BYTES:
        pieces.append(await receive())
    return pieces


def _once_more(pieces: list[Mapping[str, Any]], receive: Receive) -> Receive:
    """What was received already, and then the rest."""
    waiting = deque(pieces)

    async def receive_from_the_start() -> Mapping[str, Any]:
        return waiting.popleft() if waiting else await receive()

    return receive_from_the_start
