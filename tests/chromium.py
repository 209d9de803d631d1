"""Which Chromium the browser tests drive; run as a program, it gets one if there is none.

Debian's when we are root and may install it, else Playwright's own, else a clear word.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WORD = (
    "No Chromium for the browser tests, and none could be installed. Install one as root (Debian: apt-get install "
    "chromium), or let Playwright fetch its own (.venv/bin/playwright install --with-deps chromium), then try again."
)


def path() -> str:
    """The program to start; the system's before Playwright's."""
    found = find()
    if found is None:
        raise RuntimeError(WORD)
    return found


def find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights()


def arguments() -> list[str]:
    """Chromium's sandbox does not work for root; pages of the tests are our own."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def main() -> int:
    for get in (None, _get_debians, _get_playwrights):
        if get is not None:
            get()
        if find() is not None:
            return 0
    sys.stderr.write(WORD + "\n")
    return 1


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = playwright.chromium.executable_path
    return program if Path(program).exists() else None


def _get_debians() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "--quiet"], env=environment)
        subprocess.run(
            ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "chromium"], env=environment
        )


def _get_playwrights() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    sys.exit(main())
