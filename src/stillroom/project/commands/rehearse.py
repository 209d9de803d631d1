"""`stillroom rehearse`: the process that plays the monitors of an invented clinic."""

from __future__ import annotations

import asyncio
import signal

import typer

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.running import database

REFUSED = 2


def rehearse() -> None:
    """Send what simulated patients' monitors would to the gateway, until SIGINT or SIGTERM.

    `stillroom demo` runs it already. It refuses anywhere else: an invented sign must never stand in a real room.

    Exit codes: 0 it was asked to end. 2 this is not the demo. 3 the database cannot be used.
    """
    from stillroom.project.settings.environment import flag  # the settings are read once the database is known

    if not flag("STILLROOM_DEMO"):
        typer.echo("This is not the demo: invented signs are sent nowhere else.", err=True)
        raise typer.Exit(REFUSED)
    log_to_stderr()
    with database():
        from django.conf import settings

        asyncio.run(_until_asked_to_end(settings.HL7_HOST, settings.HL7_PORT))


async def _until_asked_to_end(host: str, port: int) -> None:
    from stillroom.rehearsal.monitors import run_monitors

    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await run_monitors(host, port, until=asked)
