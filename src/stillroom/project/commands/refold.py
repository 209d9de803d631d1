"""`stillroom refold`: does every summary still say what its log says?"""

from __future__ import annotations

import typer
from rich.console import Console

from stillroom.project.running import database


def refold() -> None:
    """Fold every log anew and compare with the summary row that was written beside it. Changes nothing.

    Exit codes: 0 they all agree. 1 some differ, said on standard output. 3 no database.
    """
    with database():
        from stillroom.infusions.projections import refold_all

        with Console(stderr=True).status("Folding every log ..."):
            found = list(refold_all())
    for infusion_id, difference in found:
        typer.echo(f"{infusion_id} {difference}")
    if found:
        raise typer.Exit(1)
    typer.echo("Every summary says what its log says.")
