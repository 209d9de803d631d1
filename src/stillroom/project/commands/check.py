"""`stillroom check`: what is wrong, before anything starts."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.markup import escape

from stillroom.project.running import set_up_django


def check() -> None:
    """Judge every setting, the database and the disk, and say what is wrong and what to do about it.

    Exit codes: 0 nothing stands in the way (there can be warnings). 1 something does. 3 a setting cannot be read.
    """
    set_up_django()
    from stillroom.project.checks import findings

    found = findings()
    for message in found:
        rank = "[bold red]error[/]" if message.is_serious() else "[bold yellow]warning[/]"
        Console().print(f"{rank} {message.id}: {escape(message.msg)}\n    {escape(message.hint or '')}")
    if any(message.is_serious() for message in found):
        raise typer.Exit(1)
    typer.echo("Nothing stands in the way.")
