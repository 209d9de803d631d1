"""Waits for what a page's own script makes so.

Playwright's `wait_for_function` asks again from within the page, where our policy for scripts forbids it: it serves
only where the first answer is yes.
"""

from __future__ import annotations

import time

from playwright.sync_api import Page

WITHIN_S = 30.0


def wait_until(page: Page, script: str) -> None:
    """Until the expression is true."""
    until_s = time.monotonic() + WITHIN_S
    while not page.evaluate(script):
        assert time.monotonic() < until_s, f"it never was so: {script}"
        page.wait_for_timeout(30)
