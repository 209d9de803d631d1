"""`stillroom directory`: copies of the directory, to a folder or from elsewhere, and what a clinic's records say."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer

from stillroom.project.running import database

CLOSED = 0o600

directory = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="The directory of clinics: copies of it, and what a clinic's own records say (docs/directory.md).",
    epilog="Exit codes: 0 done. 1 there is nothing to export or to prove. 2 a file is refused. 3 no database.",
)


@directory.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")],
    address: Annotated[str, typer.Option(help="Where links lead that a folder cannot follow.")] = "",
) -> None:
    """Write the directory as files that open from a disk. Exit codes: 0 done. 1 none is shown here. 3 no database."""
    with database():
        from stillroom.directory.exporting import export as export_to
        from stillroom.directory.publishing import shown

        found = shown()
        if found is None:
            _stop("This install keeps no directory and shows no copy of one.", code=1)
        typer.echo(f"{export_to(found, folder, address=address)} files in {folder}; begin with index.html.")


@directory.command()
def mirror(
    file: Annotated[Path, typer.Argument(help="clinics.json of the install that keeps the directory.")],
) -> None:
    """Show another install's directory here. Exit codes: 0 shown. 2 the file is refused, and why. 3 no database."""
    text = _read(file)
    with database():
        from django.utils import timezone

        from stillroom.clinics.rows import clinic_scope
        from stillroom.directory.document import Unreadable
        from stillroom.directory.keeper import BY, is_run_here, keeper_id
        from stillroom.directory.mirroring import mirror as keep_copy

        keeper = keeper_id()
        try:
            with clinic_scope(keeper, by=BY):
                document = keep_copy(keeper, text, at=timezone.now())
        except Unreadable as refused:
            _stop(f"Not taken. {refused}", code=2)
        typer.echo(f"{len(document.clinics)} clinics, kept by {document.run_by}.")
        if is_run_here():
            typer.echo("This install keeps a directory of its own, so it goes on showing that.")


@directory.command()
def key(
    file: Annotated[Path, typer.Argument(help="Where the private key goes. Keep it, and show it to nobody.")],
) -> None:
    """Make the key that a clinic signs with, and print its public half. Exit codes: 0 made. 2 the file is there."""
    from stillroom.directory.records import new_key, public_key_of

    made = new_key()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, CLOSED), "wb") as opened:
            opened.write(made)
    except OSError as error:
        _stop(f"{file} cannot be made: {error.strerror}.", code=2)
    typer.echo(public_key_of(made))


@directory.command()
def prove(
    key: Annotated[Path, typer.Argument(help="The private key that `stillroom directory key` made.")],
    file: Annotated[Path, typer.Argument(help="Where the signed statement goes.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days are counted, up to yesterday.")] = 90,
    every_min: Annotated[int, typer.Option(min=1, max=60, help="No gap longer than this, in minutes.")] = 10,
    clinic: Annotated[str, typer.Option(help="The clinic's id, where the install has several.")] = "",
) -> None:
    """Sign what the clinic's own records say: counts only. Exit codes: 0 done. 1 too few. 2 refused. 3 no database."""
    pem = _read(key).encode()
    with database():
        from stillroom.clinics.models import Clinic
        from stillroom.clinics.rows import clinic_scope, real_clinic_ids
        from stillroom.directory.counting import TooFew, count
        from stillroom.directory.records import signed

        clinic_id = _one_of(real_clinic_ids(), clinic)
        try:
            with clinic_scope(clinic_id):
                counted = Clinic.objects.get(pk=clinic_id)
                until_day = counted.today() - timedelta(days=1)
                from_day = until_day - timedelta(days=days - 1)
                said = count(counted, from_day=from_day, until_day=until_day, every_min=every_min)
            file.write_text(signed(said, pem), encoding="utf-8")
        except TooFew as refused:
            _stop(str(refused), code=1)
        except (OSError, ValueError) as error:
            _stop(f"Not signed: {error}", code=2)
        typer.echo(f"{said.infusions} infusions counted, {said.from_day} to {said.until_day}, signed in {file}.")


def _one_of(ids: list[UUID], named: str) -> UUID:
    found = [each for each in ids if str(each) == named] if named else ids
    if len(found) != 1:
        _stop("Say with --clinic which clinic is meant: its id.", code=2)
    return found[0]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        _stop(f"{file} cannot be read: {error}", code=2)


def _stop(words: str, *, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(code)
