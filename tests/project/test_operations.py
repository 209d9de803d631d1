"""docs/operations.md is complete: every setting, check and command is there, and none that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from stillroom.project.cli import app

TOP = Path(__file__).resolve().parent.parent.parent
SOURCE = TOP / "src" / "stillroom"
PAGE = (TOP / "docs" / "operations.md").read_text()
SETTING = r"\bSTILLROOM_[A-Z0-9_]+\b"
CHECK = r"\bstillroom\.[EW]\d{3}\b"


def written_in_source(pattern: str) -> set[str]:
    return {found for path in SOURCE.rglob("*.py") for found in re.findall(pattern, path.read_text())}


def first_cells() -> Iterator[str]:
    """The left column of every table of the page."""
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            yield line.split("|")[1]


def test_every_setting_is_documented_and_none_that_does_not_exist() -> None:
    documented = {name for cell in first_cells() for name in re.findall(SETTING, cell)}
    assert documented == written_in_source(SETTING)
    assert {"`PORT`", "`DATABASE_URL`"} <= {cell.strip() for cell in first_cells()}


def test_every_check_is_documented_and_none_that_does_not_exist() -> None:
    assert {name for cell in first_cells() for name in re.findall(CHECK, cell)} == written_in_source(CHECK)


def test_every_command_is_documented_and_none_that_does_not_exist() -> None:
    documented = {name for cell in first_cells() for name in re.findall(r"`stillroom (\w+)`", cell)}
    assert documented == set(commands())


def test_every_command_helps_and_says_its_exit_codes() -> None:
    for name in commands():
        answer = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        assert answer.exit_code == 0
        assert re.search(r"[Ee]xit codes?", answer.output), f"stillroom {name} --help says no exit code"


def commands() -> list[str]:
    return list(getattr(get_command(app), "commands"))  # noqa: B009  # typer's type does not show that it is a group
