"""A bare Starlette stream, to compare with: bytes that are posted go out as they are to the room's listeners."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

HOLDS = 64

listening: defaultdict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)


async def stream(request: Request) -> StreamingResponse:
    box: asyncio.Queue[bytes] = asyncio.Queue(HOLDS)
    room = listening[request.path_params["room"]]

    async def told() -> AsyncIterator[bytes]:
        room.add(box)
        try:
            yield b": here\n\n"
            while True:
                yield await box.get()
        finally:
            room.discard(box)

    return StreamingResponse(told(), media_type="text/event-stream")


async def say(request: Request) -> Response:
    """The time of the monotonic clock stands in front, so that the listener can tell how long it took."""
    words = await request.body()
    said = b"id: 1\nevent: entry\ndata: %.9f " % time.monotonic() + words + b"\n\n"
    for box in listening[request.path_params["room"]]:
        box.put_nowait(said)
    return Response(status_code=204)


application = Starlette(routes=[Route("/{room}/stream", stream), Route("/{room}/say", say, methods=["POST"])])
