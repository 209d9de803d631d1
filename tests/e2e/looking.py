"""Looking at a page: that nothing is clipped, that axe finds nothing, and a picture of it in build/screens."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.web.test_browser_look import AXE, CLIPPED, OVERFLOWING

SCREENS = Path(__file__).parents[2] / "build" / "screens"
WITHIN = "document.querySelector('dialog[open]') ?? document"
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


def look_at(page: Page, name: str, *, full: bool = True) -> None:
    """Looked at as it stands, with the sheet that is open if there is one."""
    take_picture(page, name, full=full)
    found = {
        "runs out of the page": page.evaluate(OVERFLOWING),
        "clipped": page.evaluate(CLIPPED),
        "an id that stands twice": page.evaluate(TWICE),
        "axe": axe_finds(page),
    }
    assert not any(found.values()), f"{name}: {found}"


def axe_finds(page: Page) -> list[str]:
    """What axe complains of, a line each; asked from outside the page, so the policy stays as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run({WITHIN}, {{ resultTypes: ['violations'] }})")
    return [f"{each['id']}: {node['html'][:140]}" for each in found["violations"] for node in each["nodes"]]


def take_picture(page: Page, name: str, *, full: bool = True) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    is_sheet = page.locator("dialog[open]").count() > 0
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=SCREENS / f"{name}-{size['width']}.png", full_page=full and not is_sheet)
