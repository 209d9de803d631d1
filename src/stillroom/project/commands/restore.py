"""`stillroom restore`: a backup takes the place of the embedded database, and the archive is replayed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillroom.project import backups
from stillroom.project.places import places


def restore(
    backup: Annotated[Path, typer.Argument(help="One base backup, as `stillroom backup` printed it.", exists=True)],
    archive: Annotated[Path | None, typer.Option(help="The archive to replay; else the one of this machine.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="Replay to this moment only: 2026-11-23T14:05:00+0000."),
    ] = None,
) -> None:
    """Put a backup in the place of the database, and replay the archive to its end or to a moment.

    Stillroom must not run. The data there were are moved aside and kept. Afterwards, `stillroom verify` and
    `stillroom refold` say whether every record is whole.

    Exit codes: 0 restored. 3 it runs, the backup is damaged, or the archive cannot be replayed; nothing was changed.
    """
    where = places()
    source = (archive or where.archive).absolute()
    with Console(stderr=True).status("Verifying the backup and replaying the archive ..."):
        aside = backups.restore(
            backup.absolute(), where.postgres, archive=source if source.exists() else None, until=until
        )
    if aside is not None:
        typer.echo(f"The data there were are now in {aside}.")
    typer.echo("Restored. Start with `stillroom serve`; check with `stillroom verify`.")
