"""`stillroom verify`: is every log whole and unchanged?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console

from stillroom.infusions.standalone_verify import Verdict, read_rows
from stillroom.project.running import database


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A log that was exported. Without it, all logs of the database.")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option(help="What an earlier run printed: finds logs that were cut short or written anew.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Also write all logs of the database to this file, an entry a line.")
    ] = None,
) -> None:
    """Follow the chain of hashes through every log, and print the head of each: keep those lines somewhere else.

    Exit codes: 0 all is whole. 1 something is wrong, said on standard error. 2 a file cannot be read. 3 no database.
    """
    try:
        earlier = read_rows(heads, columns=3)
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
    with database():
        from stillroom.infusions.export import heads_of_all, lines_of_all

        stated = heads_of_all()
        with Console(stderr=True).status("Following every log ..."), _written(export) as file:
            verdict = Verdict(_copied(lines_of_all(), file))
        verdict.hold_to_heads(stated)
        return verdict


def _written(export: Path | None) -> IO[str] | nullcontext[None]:
    return export.open("x", encoding="utf-8") if export else nullcontext()


def _copied(lines: Iterable[str], file: IO[str] | None) -> Iterator[str]:
    for line in lines:
        if file is not None:
            file.write(f"{line}\n")
        yield line
