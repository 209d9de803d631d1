"""`stillroom serve`: the whole clinic on this machine, until it is asked to end."""

from __future__ import annotations

import logging
import sys

import typer

from stillroom.project.places import places
from stillroom.project.saying import go_on_unheard
from stillroom.project.serving import CannotServe
from stillroom.project.serving import serve as serve_clinic


def serve() -> None:
    """Run the whole clinic: database, tables, checks, and every process; ends within 10 s of SIGINT or SIGTERM.

    Exit codes: 0 it was asked to end. 1 something must be put right first; it is said what. 3 a setting or the database
    forbids it.
    """
    log_to_stderr()
    where = places()
    try:
        serve_clinic(where, archive=where.archive, announce=lambda address: typer.echo(f"Stillroom runs at {address}/"))
    except CannotServe as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from None


def log_to_stderr() -> None:
    go_on_unheard()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="{asctime} {levelname} {message}", style="{")
