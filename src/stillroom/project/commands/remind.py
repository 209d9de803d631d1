"""`stillroom remind`: sends the reminders to check in that are due."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from stillroom.project.running import database

CANNOT_RUN = 3


def remind() -> None:
    """Send a letter to every patient who asked for one by this hour and has not answered today.

    `stillroom serve` does this by itself; at most one letter a day leaves, however often it runs. Exit codes: 0 all
    were sent, or none was due. 1 some could not be sent, and the next run tries again. 3 no database, or
    STILLROOM_PUBLIC_ADDRESS does not say where links lead.
    """
    with database():
        from django.conf import settings

        from stillroom.outcomes.reminders import send_due

        if not settings.PUBLIC_ADDRESS:
            typer.echo("Set STILLROOM_PUBLIC_ADDRESS: the links in a letter must lead somewhere.", err=True)
            raise typer.Exit(CANNOT_RUN)
        sent, failed = send_due(at=datetime.now(UTC), origin=settings.PUBLIC_ADDRESS.rstrip("/"))
    typer.echo(f"{sent} sent.")
    if failed:
        typer.echo(f"{failed} could not be sent: the mail server refused, or did not answer.", err=True)
        raise typer.Exit(1)
