"""`stillroom backup`: a verified copy of the whole embedded database, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillroom.project.backups import take_backup
from stillroom.project.places import places


def backup(
    into: Annotated[Path, typer.Argument(help="The folder of backups, best on another disk. Made when missing.")],
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep this many; remove older ones, and the archive only they needed.")
    ] = None,
) -> None:
    """Copy the whole database while it runs, and verify the copy. The archive then holds every change since.

    Exit codes: 0 the backup is whole. 3 the embedded database does not run here, or the copy failed; a server named by
    DATABASE_URL is backed up by its own means.
    """
    where = places()
    with Console(stderr=True).status("Copying and verifying the database ..."):
        made = take_backup(where.postgres, into.absolute(), keep=keep, archive=where.archive)
    typer.echo(str(made))
