"""`stillroom watch`: one of the two processes that raise alarms."""

from __future__ import annotations

import typer

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.running import database, let_threads_take_turns, look_seldom_for_garbage
from stillroom.project.supervisor import asked_to_end


def watch() -> None:
    """Look at every running infusion each second and write down alarms, until SIGINT or SIGTERM.

    `stillroom serve` runs two of these already, so that one may die. More do no harm: what one has raised the others
    leave. What is watched for, and how urgent it is, stands in docs/clinical/alarms.md.

    Exit codes: 0 it was asked to end. 3 the database cannot be used.
    """
    log_to_stderr()
    with asked_to_end() as asked, database():
        from stillroom.devices.watch_loop import run_watch

        look_seldom_for_garbage()
        let_threads_take_turns()
        typer.echo("Watching")
        run_watch(until=asked)
