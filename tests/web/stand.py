"""A stand for pages in a browser: it serves what a test gives it, with the product's own static files and its own
Content-Security-Policy, and lets the test speak, fall silent or hang up on a stream.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

Answer = tuple[str, bytes]  # content type, body
HANG_UP, SILENT_S = None, 0.05


class Stand(ThreadingHTTPServer):
    """`pages`: path -> what it answers. `posted`: every form that came. `shown`: what pages said of
    being in view. `streams`: one queue for each open stream."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Callable[[], Answer]] = {}
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        self.shown: list[dict[str, list[str]]] = []
        self.answers: dict[str, Any] = {}
        self.streams: list[queue.Queue[str | None]] = []
        self.stream_queries: list[str] = []
        self.greeting: Callable[[], tuple[str, dict[str, Any]]] | None = None
        self.is_deaf = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that has gone waits for no answer; all else is said."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def page(self, path: str, html: str | Callable[[], str]) -> None:
        draw = html if callable(html) else lambda: html
        self.pages[path] = lambda: ("text/html; charset=utf-8", draw().encode())

    def json(self, path: str, make: Callable[[], Any]) -> None:
        self.pages[path] = lambda: ("application/json", json.dumps(make()).encode())

    def say(self, event: str, data: dict[str, Any], seq: int | None = None) -> None:
        """One event on every open stream."""
        for stream in self.streams:
            stream.put(event_words(event, data, seq))

    def hang_up(self) -> None:
        for stream in self.streams:
            stream.put(HANG_UP)


class Handler(BaseHTTPRequestHandler):
    server: Stand

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            return self._static(address.path.removeprefix("/static/"))
        if address.path.endswith("/stream"):
            return self._stream(address.query)
        make = self.server.pages.get(address.path)
        return self._answer(*make()) if make else self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.server.is_deaf:
            self.close_connection = True
            return
        if self.path.endswith("/shown"):
            self.server.shown.append(parse_qs(body))
            self._answer("text/plain", b"")
            return
        self.server.posted.append((self.path, parse_qs(body, keep_blank_values=True)))
        answer = self.server.answers.get(self.path.rsplit("/", 1)[-1], {"outcome": "done"})
        self._answer("application/json", json.dumps(answer).encode())

    def _static(self, path: str) -> None:
        found = finders.find(path)
        if not found:
            return self.send_error(404)
        return self._answer(guess_type(path)[0] or "text/plain", Path(found).read_bytes())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy())
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, query: str) -> None:
        if self.server.is_deaf:
            self.send_error(503)
            return
        mine: queue.Queue[str | None] = queue.Queue()
        self.server.stream_queries.append(query)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if self.server.greeting:
            mine.put(event_words(*self.server.greeting()))
        self.server.streams.append(mine)
        try:
            for words in iter(mine.get, HANG_UP):
                self.wfile.write(words.encode())
                self.wfile.flush()
        except OSError:
            pass
        self.server.streams.remove(mine)
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def event_words(event: str, data: dict[str, Any], seq: int | None = None) -> str:
    """One server-sent event as it goes over the wire."""
    number = f"id: {seq}\n" if seq is not None else ""
    return f"event: {event}\n{number}data: {json.dumps(data)}\n\n"


def policy() -> str:
    """The product's policy, from its settings; a nonce is no use to pages that have nothing inline."""
    directives: dict[str, Iterable[object]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[assignment]
    kept = {name: [s for s in sources if isinstance(s, str)] for name, sources in directives.items()}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in kept.items())


@contextmanager
def standing() -> Iterator[Stand]:
    stand = Stand()
    threading.Thread(target=stand.serve_forever, kwargs={"poll_interval": SILENT_S}, daemon=True).start()
    try:
        yield stand
    finally:
        stand.hang_up()
        stand.shutdown()
        stand.server_close()
