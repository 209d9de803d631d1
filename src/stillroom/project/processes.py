"""Which processes make a clinic, besides the database: one line each. The supervisor keeps them running."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import typer

from stillroom.project.running import keep_connections_open, set_up_django
from stillroom.project.supervisor import Process

# An open stream never ends by itself; a page that lost it comes back. The supervisor waits a little longer than this.
TIME_TO_ANSWER_S = 3


def processes() -> tuple[Process, ...]:
    from django.conf import settings

    # Two watch, and each judges for itself: one may die.
    watching = _process(watch, "watch 1"), _process(watch, "watch 2")
    gateways = [
        _process(gateway, f"gateway {number}" if settings.HL7_PROCESSES > 1 else "", number)
        for number in range(1, settings.HL7_PROCESSES + 1)
    ]
    always = _process(web), *gateways, _process(call), *watching
    # Nobody who is invented gets a letter.
    return (*always, _process(rehearse if settings.DEMO else housekeeping))


def web() -> None:
    """Pages, streams and files, as the settings say."""
    set_up_django()
    keep_connections_open()
    from django.conf import settings
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    import stillroom.project.asgi  # noqa: F401  # here, so that each of its workers is a copy that has loaded it

    Server(
        "stillroom.project.asgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.ASGINL,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        workers=settings.WEB_PROCESSES,
        workers_kill_timeout=TIME_TO_ANSWER_S,
        respawn_failed_workers=True,
        ssl_cert=Path(settings.TLS_CERTIFICATE) if settings.TLS_CERTIFICATE else None,
        ssl_key=Path(settings.TLS_KEY) if settings.TLS_KEY else None,
    ).serve()


def gateway(number: int = 1) -> None:
    from stillroom.project.commands.gateway import gateway

    _command(partial(gateway, number=number))


def call() -> None:
    from stillroom.project.commands.call import call

    _command(call)


def watch() -> None:
    from stillroom.project.commands.watch import watch

    _command(watch)


def housekeeping() -> None:
    from stillroom.project.commands.housekeeping import housekeeping

    _command(housekeeping)


def rehearse() -> None:
    from stillroom.project.commands.rehearse import rehearse

    _command(rehearse)


def _command(command: Callable[[], None]) -> None:
    """As the command line would run it."""
    try:
        command()
    except typer.Exit as end:
        sys.exit(end.exit_code)


def _process(run: Callable[..., None], name: str = "", *numbers: int) -> Process:
    """Only Linux promises that a copy may go on with the system's libraries; elsewhere it begins as a fresh Python."""
    copied, afresh = partial(run, *numbers), partial(_afresh, run, *numbers)
    return Process(name or run.__name__, copied if sys.platform == "linux" else afresh)


def _afresh(run: Callable[..., None], *numbers: int) -> None:
    code = f"from {run.__module__} import {run.__name__}; {run.__name__}{numbers}"
    os.execv(sys.executable, [sys.executable, "-c", code])  # noqa: S606
