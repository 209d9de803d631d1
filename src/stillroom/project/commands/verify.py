"""`stillroom verify`: is every log, or a record that somebody was handed, whole and unchanged?"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillroom.infusions.standalone_verify import Verdict, read_rows
from stillroom.project.commands.verify_record import record_in, verify_record
from stillroom.project.running import database


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(help="A log that was exported, or a portable record. Without it, all logs of the database."),
    ] = None,
    heads: Annotated[
        Path | None, typer.Option(help="What an earlier run printed: finds logs that were cut short or written anew.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Also write all logs of the database to this file, an entry a line.")
    ] = None,
) -> None:
    """Follow the chain of hashes through every log, and print the head of each: keep those lines somewhere else.

    Of a portable record also every file, the signature, and whose key: compare its fingerprint with the clinic's.

    Exit codes: 0 all is whole. 1 something is wrong, said on standard error. 2 a file cannot be read. 3 no database.
    """
    try:
        earlier = read_rows(heads, columns=3)
        if file and (content := record_in(file)):
            raise typer.Exit(verify_record(content))
        verdict = _verify_file(file) if file else _verify_database(export)
        verdict.hold_to_heads(earlier)
    except (OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for head in verdict.heads:
        typer.echo(head)
    for infusion, words in verdict.wrong.items():
        typer.echo(f"{infusion}: {words}", err=True)
    if verdict.wrong:
        raise typer.Exit(1)


def _verify_file(file: Path) -> Verdict:
    with file.open(encoding="utf-8") as lines:
        return Verdict(lines)


def _verify_database(export: Path | None) -> Verdict:
    with database(), ExitStack() as stack:
        from django.db import DatabaseError

        from stillroom.infusions.export import verify_all

        stack.enter_context(Console(stderr=True).status("Following every log ..."))
        file = stack.enter_context(export.open("x", encoding="utf-8")) if export else None
        try:
            return verify_all(copy=lambda line: file and file.write(f"{line}\n"))
        except DatabaseError as fault:
            typer.echo(f"The database cannot read all of its logs: {str(fault).strip()}", err=True)
            raise typer.Exit(1) from None
