"""The browser's modules by themselves: clock, order, stream, counting, stop. Together: test_browser_*.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.javascript import run_tests

FILES = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_modules(path: Path) -> None:
    run_tests(path)
