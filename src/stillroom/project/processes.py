"""Which processes make a clinic, besides the database: one line each. The supervisor keeps them running."""

from __future__ import annotations

import sys
from pathlib import Path

from stillroom.project.supervisor import Process

# An open stream never ends by itself; a page that lost it comes back. The supervisor waits a little longer than this.
TIME_TO_ANSWER_S = 3
# Pages answer first: on two cores, five programs that begin at once each take five times as long.
HEAD_START_S = 2.5
# What falls due within the day can wait until a clinic stands.
STANDS_AFTER_S = 60.0


def processes() -> tuple[Process, ...]:
    from django.conf import settings

    # Two watch, and each judges for itself: one may die.
    always = _web(), _ours("gateway"), _ours("watch", "watch 1"), _ours("watch", "watch 2")
    # Nobody who is invented gets a letter.
    last = _ours("rehearse") if settings.DEMO else _ours("housekeeping", after_s=STANDS_AFTER_S)
    return (*always, last)


def _web() -> Process:
    from django.conf import settings

    how = ["--interface", "asginl", "--loop", "uvloop", "--no-ws", "--log-level", "warning"]
    how += ["--host", settings.HOST, "--port", str(settings.PORT), "--workers", str(settings.WEB_PROCESSES)]
    how += ["--workers-kill-timeout", str(TIME_TO_ANSWER_S), "--respawn-failed-workers"]
    if settings.TLS_CERTIFICATE:
        how += ["--ssl-certificate", settings.TLS_CERTIFICATE, "--ssl-keyfile", settings.TLS_KEY]
    return Process("web", (_program("granian"), *how, "stillroom.project.asgi:application"))


def _ours(command: str, name: str = "", *, after_s: float = HEAD_START_S) -> Process:
    return Process(name or command, (_program("stillroom"), command), after_s=after_s)


def _program(name: str) -> str:
    """A program of this installation, whatever PATH says."""
    return str(Path(sys.executable).with_name(name))
