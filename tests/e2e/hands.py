"""How somebody works at a page: with a mouse, with a finger, or with the keyboard alone.

All three find a control as a person does, by its name; where a sheet is open, in the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 200
SHOWS_FOCUS = """e => {
  const shown = getComputedStyle(e.matches(":is([type=radio], [type=checkbox])") ? e.nextElementSibling ?? e : e);
  return (shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2) || shown.boxShadow !== "none";
}"""
IS_FOCUSED = "e => e === document.activeElement"
COMES_BEFORE = """e => Boolean(document.activeElement.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING)"""


class Hand:
    """A mouse; what others do in their own way they say below."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def sheet(self) -> Locator:
        return self.page.locator("dialog[open]")

    def press(self, name: str) -> None:
        self._press(self._named(name))

    def record(self, name: str) -> None:
        """Sends the sheet that is open; back when it has closed, which it does once the server has said so."""
        self.press(name)
        expect(self.sheet).to_have_count(0)

    def choose(self, words: str, *, under: str | None = None) -> None:
        """One of a few: the option of that name, of the question `under`."""
        within = self._within()
        group = within.get_by_role("group", name=under, exact=True) if under else within
        self._choose(group.get_by_role("radio", name=_beginning(words)).first)

    def tick(self, words: str) -> None:
        self._choose(self._within().get_by_role("checkbox", name=words, exact=True))

    def write(self, label: str, words: str) -> None:
        field = self._within().get_by_label(label, exact=True)
        self._into(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        expect(field).to_have_value(words)

    def write_reason(self, words: str) -> None:
        """Why, where the sheet says that it may be left out."""
        self.write("Why (optional)", words)

    def pick(self, label: str, option: str) -> None:
        """From a list; the list itself is the browser's."""
        self._within().get_by_label(label).select_option(label=option)

    def unfold(self, summary: str) -> None:
        """It may be unfolded already, as it was left."""
        control = self._within().locator("summary", has_text=summary)
        if control.locator("xpath=..").get_attribute("open") is None:
            self._press(control)

    def press_on(self, control: Locator) -> None:
        self._press(control)

    def _within(self) -> Locator:
        return self.sheet if self.sheet.count() else self.page.locator("body")

    def _named(self, name: str) -> Locator:
        by_name = self._within().get_by_role("button", name=name, exact=True)
        return by_name.or_(self._within().get_by_role("link", name=name, exact=True)).locator("visible=true").first

    def _press(self, control: Locator) -> None:
        control.click()

    def _choose(self, control: Locator) -> None:
        label = control.locator("xpath=ancestor::label[1]")
        self._press(label)
        expect(control).to_be_checked()

    def _into(self, field: Locator) -> None:
        field.click()


class Finger(Hand):
    """Taps; and counts them."""

    taps = 0

    def _press(self, control: Locator) -> None:
        self.taps += 1
        control.tap()

    def _into(self, field: Locator) -> None:
        self.taps += 1
        field.tap()


class Keyboard(Hand):
    """Tab, the arrows, space and enter. Whatever it comes to must be seen to have the focus."""

    def _press(self, control: Locator) -> None:
        self._reach(control)
        self.page.keyboard.press("Enter")

    def _into(self, field: Locator) -> None:
        self._reach(field)

    def _choose(self, control: Locator) -> None:
        """A group of radio buttons is one stop; the arrows go from one to the next and choose it."""
        if control.get_attribute("type") == "checkbox":
            self._reach(control)
            self.page.keyboard.press("Space")
        else:
            self._choose_radio(control)
        expect(control).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        field = self._within().get_by_label(label)
        self._reach(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(option)

    def _choose_radio(self, control: Locator) -> None:
        name = control.get_attribute("name")
        form = control.locator("xpath=ancestor::form[1]")
        group = form.locator(f"input[name='{name}']")
        self._tab_until(lambda: bool(group.evaluate_all("all => all.includes(document.activeElement)")), control)
        for _ in range(group.count()):
            if control.evaluate(IS_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        if not control.is_checked():
            self.page.keyboard.press("Space")

    def _reach(self, control: Locator) -> None:
        control.wait_for()
        self._tab_until(lambda: bool(control.evaluate(IS_FOCUSED)), control)
        assert control.evaluate(SHOWS_FOCUS), f"nobody sees that this has the focus: {control}"

    def _tab_until(self, is_there: Callable[[], bool], control: Locator) -> None:
        key = "Shift+Tab" if control.evaluate(COMES_BEFORE) else "Tab"
        for _ in range(MOST_TABS):
            if is_there():
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not come to {control}")


def _beginning(words: str) -> re.Pattern[str]:
    """An option's name may go on with small words that say more."""
    return re.compile(f"^{re.escape(words).replace('/', '[/]')}\\b")


HANDS: dict[str, type[Hand]] = {"mouse": Hand, "finger": Finger, "keyboard": Keyboard}
