"""`stillroom housekeeping`: the process that does what falls due each day."""

from __future__ import annotations

import typer

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.running import database
from stillroom.project.supervisor import asked_to_end


def housekeeping() -> None:
    """Send reminders at their hour and forget names that have been kept long enough, until SIGINT or SIGTERM.

    `stillroom serve` runs one already. A second one, here or on another server, does nothing twice.

    Exit codes: 0 it was asked to end. 3 the database cannot be used.
    """
    log_to_stderr()
    with asked_to_end() as asked, database():
        from stillroom.project.housekeeping import run_housekeeping

        typer.echo("Keeping house")
        run_housekeeping(until=asked)
