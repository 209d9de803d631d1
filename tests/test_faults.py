"""docs/faults.md leaves no fault out, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
ROWS = [line for line in (TOP / "docs" / "faults.md").read_text().splitlines() if line.startswith("| F")]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`(tests/[\w/]+\.py::\w+)`", row)})


def test_every_fault_has_a_row_with_a_promise_and_a_test_or_says_that_none_holds_it() -> None:
    numbers = [int(number) for row in ROWS for number in re.findall(r"^\| F(\d+) ", row)]
    assert numbers == list(range(1, 24))
    for row in ROWS:
        _, _, promise, shown, _ = row.split("|")
        assert len(promise.strip()) > 10, row
        assert "`tests/" in shown or "not held" in shown, row


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_is_there(name: str) -> None:
    path, _, function = name.partition("::")
    written = ast.parse((TOP / path).read_text())
    assert function in {each.name for each in ast.walk(written) if isinstance(each, ast.FunctionDef)}
