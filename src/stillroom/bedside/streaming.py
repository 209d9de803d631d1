"""One open stream over HTTP. What comes after its first event is told by the process's `Tail`, outside the request."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any
from weakref import WeakSet

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse

from stillroom.bedside.forms.shown import ShownForm
from stillroom.bedside.looking import Looking
from stillroom.bedside.tail import Listener, Standing, Tail, Topic, tail_of_this_loop
from stillroom.clinics.actor import Actor, Proof

HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
NEW_BOARD_SEQ = 0


def listen(request: HttpRequest, actor: Actor, topic: Topic, *, after: int, first: bytes) -> StreamingHttpResponse:
    """`first` goes out at once; then every entry after `after`, and whatever else there is to tell."""
    form = ShownForm(request.GET)
    screen = form.cleaned_data["screen"] if form.is_valid() else None
    cookies = request.headers.get("Cookie", "")
    told = _told(Listener(topic, after, standing_of(request, actor), screen, cookies), first)
    return StreamingHttpResponse(told, content_type="text/event-stream; charset=utf-8", headers=HEADERS)


def standing_of(request: HttpRequest, actor: Actor) -> Standing:
    """The right by which this request was admitted, to be looked at again while the stream is open."""
    return Standing(
        clinic=actor.the_clinic.pk,
        session=request.session.session_key if actor.proof is Proof.SIGN_IN else None,
        person=actor.person.pk if actor.person else None,
        display=actor.display.pk if actor.display else None,
    )


async def _told(listener: Listener, first: bytes) -> AsyncIterator[bytes]:
    tail = tail_of_this_loop(Looking)
    close_at_shutdown(tail)
    yield first
    await _give_back_what_the_view_used()
    with tail.joined(listener):
        async for said in listener.hear():
            yield said


async def _give_back_what_the_view_used() -> None:
    """The view's connection and its thread: an open stream would hold one of each for as long as it lasts.

    Django gives every request a thread for its synchronous parts, until the answer has been sent. What comes after the
    stream gets another.
    """

    def give_connection_back() -> None:
        connection.close()

    await sync_to_async(give_connection_back)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor is not None:
        executor.shutdown(wait=False)


_closing: WeakSet[Tail] = WeakSet()


def close_at_shutdown(tail: Tail) -> None:
    """Streams end when the process is asked to: a server waits for its open connections, and these never end alone.

    The server's own handler goes on doing what it did. Only the main thread of a process is told of signals.
    """
    if tail in _closing or threading.current_thread() is not threading.main_thread():
        return
    _closing.add(tail)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        _close_before(number, tail, loop)


def _close_before(number: signal.Signals, tail: Tail, loop: asyncio.AbstractEventLoop) -> None:
    handled = signal.getsignal(number)

    def close(received: int, frame: FrameType | None) -> Any:
        if not loop.is_closed():
            loop.call_soon_threadsafe(tail.close)
        return handled(received, frame) if callable(handled) else None

    if callable(handled):
        signal.signal(number, close)
