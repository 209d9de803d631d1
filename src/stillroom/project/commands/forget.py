"""`stillroom forget`: what has been kept long enough goes."""

from __future__ import annotations

import typer

from stillroom.project.running import database


def forget() -> None:
    """Delete the names, usernames and e-mail addresses of readers' critiques that have been kept long enough.

    What they said of the guide stays. `stillroom serve` does this by itself. Exit codes: 0 done. 3 no database.
    """
    with database():
        from stillroom.guide.critique.forgetting import forget_everywhere

        gone = forget_everywhere()
    typer.echo(f"Names that went: {gone}.")
