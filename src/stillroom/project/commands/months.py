"""`stillroom months`: readings of whole months, out to Parquet files, and dropped by no other command than this."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import psycopg
import typer
from rich.console import Console
from rich.progress import track

from stillroom.project.places import places
from stillroom.project.postgres import url_of_running
from stillroom.project.running import database

if TYPE_CHECKING:
    from stillroom.devices.months import Month

months = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="What monitors sent, month by month: which there are, out to files, and dropped (docs/operations.md).",
    epilog="Exit codes: 0 done. 1 nothing there, or not dropped, and why. 2 wrongly called. 3 no database.",
)
NamedMonth = Annotated[str, typer.Argument(metavar="MONTH", help="As 2026-05, by UTC.")]
Folder = Annotated[Path, typer.Argument(help="The folder of exported months, best on another disk.")]


@months.callback()
def with_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        _stop("This needs pyarrow, which comes with the extra `parquet`: pip install 'stillroom[parquet]'.", code=3)


@months.command("list")
def list_months() -> None:
    """Which months there are, with how many readings. Exit codes: 0 there are some. 1 none. 3 no database."""
    with _asking() as conn:
        from stillroom.devices.months import clinics, count
        from stillroom.devices.months import months as known

        there = {month: sum(count(conn, month, clinic) for clinic in clinics(conn)) for month in known(conn)}
        for month, readings in there.items():
            typer.echo(f"{month.name}  {readings:>12,} readings")
    raise typer.Exit(0 if there else 1)


@months.command()
def export(month: NamedMonth, folder: Folder) -> None:
    """Write a month to Parquet files, one for each clinic; nothing is dropped.

    Exit codes: 0 written. 1 no reading of that month is here. 2 no such month. 3 no database.
    """
    named = _named(month)
    with _asking() as conn:
        from stillroom.devices.months import clinics
        from stillroom.devices.months import export as export_to

        every = track(clinics(conn), "Writing ...", console=Console(stderr=True), transient=True)
        written = sum(export_to(conn, named, clinic, folder.absolute()) for clinic in every)
    if not written:
        _stop(f"There are no readings of {named.name} here.", code=1)
    typer.echo(f"{written:,} readings of {named.name} are in {folder}.")


@months.command()
def drop(
    month: NamedMonth,
    folder: Folder,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking once more.")] = False,
) -> None:
    """Drop a month of readings from the database, once its files hold every one of them. Charts then lack its curves.

    Exit codes: 0 dropped. 1 it stays, and why. 2 no such month, or not confirmed. 3 no database, or not its owner.
    """
    named = _named(month)
    with _asking(), _owning() as owner:
        from stillroom.devices.months import NotDropped
        from stillroom.devices.months import drop as drop_from

        question = f"Drop every reading of {named.name} from the database? The files in {folder} are then all there is."
        if not yes and not typer.confirm(question):
            _stop("Nothing was dropped.", code=2)
        try:
            with Console(stderr=True).status("Comparing the files with the database ..."):
                gone = drop_from(owner, named, folder.absolute(), at=datetime.now(UTC))
        except NotDropped as why:
            _stop(str(why), code=1)
        except psycopg.errors.LockNotAvailable:
            _stop("Readings are being written to that month just now. It stays; try again.", code=1)
    typer.echo(f"{gone:,} readings of {named.name} were dropped. Keep {folder}, and a copy of it.")


@contextmanager
def _asking() -> Iterator[psycopg.Connection[Any]]:
    """As the application, whom row security binds."""
    with database():
        from stillroom.devices.ingest import conninfo_of_django

        with psycopg.connect(conninfo_of_django(), autocommit=True) as conn:
            yield conn


@contextmanager
def _owning() -> Iterator[psycopg.Connection[Any]]:
    """As the owner of the tables, who alone may drop one."""
    url = os.environ.get("STILLROOM_OWNER_URL") or url_of_running(places().postgres, role="stillroom_owner")
    if not url:
        _stop("Only the tables' owner can drop a month: set STILLROOM_OWNER_URL.", code=3)
    with psycopg.connect(url, autocommit=True) as conn:
        yield conn


def _named(words: str) -> Month:
    from stillroom.devices.months import Month

    try:
        return Month.named(words)
    except ValueError as error:
        _stop(str(error), code=2)


def _stop(words: str, *, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(code)
