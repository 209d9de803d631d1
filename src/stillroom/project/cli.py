"""The one command line, `stillroom`. A command is a function named as its module, in commands/.

Exit codes, of all commands: 0 done; 1 something is wrong, and it was said; 2 refused, or wrongly called; 3 Stillroom
cannot run here (a setting, the database).
"""

from __future__ import annotations

import sys
from importlib import import_module

import typer
from django.core.exceptions import ImproperlyConfigured

from stillroom import __version__
from stillroom.project.commands.directory import directory
from stillroom.project.server_account import PostgresError

COMMANDS = (
    "init",
    "serve",
    "demo",
    "check",
    "backup",
    "restore",
    "gateway",
    "watch",
    "replay",
    "rehearse",
    "predict",
    "study",
    "remind",
    "simulate",
    "verify",
    "keys",
    "refold",
    "forget",
)
CANNOT_RUN = 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Stillroom: intravenous ketamine infusion therapy for depression.",
    epilog="Exit codes: 0 done. 1 something is wrong. 2 refused, or wrongly called. 3 Stillroom cannot run here.",
)

# What one part of the house can do by itself, each with commands of its own.
app.add_typer(directory, name="directory")

for _name in COMMANDS:
    app.command(_name)(getattr(import_module(f"stillroom.project.commands.{_name}"), _name))


def main() -> None:
    try:
        app()
    except (PostgresError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_RUN)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def stillroom(version: bool = typer.Option(False, "--version", callback=_say_version, is_eager=True)) -> None:
    pass


if __name__ == "__main__":
    main()
