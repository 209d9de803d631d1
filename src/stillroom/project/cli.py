"""The one command line, `stillroom`. A command is a function named as its module, in commands/.

Exit codes, of all commands: 0 done; 1 something is wrong, and it was said; 2 refused, or wrongly called; 3 Stillroom
cannot run here (a setting, the database).
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import typer
from django.core.exceptions import ImproperlyConfigured

from stillroom import __version__
from stillroom.project.server_account import PostgresError

COMMANDS = (
    "init",
    "serve",
    "demo",
    "check",
    "backup",
    "restore",
    "gateway",
    "call",
    "watch",
    "housekeeping",
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
    "wording",
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
GROUPS = ("directory", "months")


def _wanted(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of these, the one that this program was called for; all of them when it was called for none, or by a test.

    Importing the others takes a second, which five processes of a clinic would each spend.
    """
    is_our_program = Path(sys.argv[0]).name in ("stillroom", "cli.py")
    called = sys.argv[1] if is_our_program and len(sys.argv) > 1 else ""
    return tuple(name for name in names if called not in (*COMMANDS, *GROUPS) or name == called)


for _name in _wanted(COMMANDS):
    app.command(_name)(getattr(import_module(f"stillroom.project.commands.{_name}"), _name))
for _name in _wanted(GROUPS):
    app.add_typer(getattr(import_module(f"stillroom.project.commands.{_name}"), _name), name=_name)


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
