"""Browsers of the campaign: real pages of a room, on which notes are written as by hand until each is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http.cookie import SimpleCookie
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import chromium
from tests.bedside.house import House
from tests.faults.promise import PromiseBroken
from tests.web.conftest import DESK, QUIET, STILL

ANSWERED_WITHIN_MS = 90_000

# What the page sends and is told, kept as it goes by: [act, status, seq], and how often nobody answered.
LISTEN = """
  window.answered = []; window.unanswered = 0;
  const really = window.fetch;
  window.fetch = async (url, how) => {
    if (!String(url).includes("/acts/")) return really(url, how);
    try {
      const response = await really(url, how);
      if (response.status >= 500) window.unanswered += 1;
      else window.answered.push([how.body.get("act_id"), response.status, (await response.clone().json()).seq]);
      return response;
    } catch (fault) {
      window.unanswered += 1;
      throw fault;
    }
  };
"""

# A nurse who writes note after note: opens the sheet, writes, records, and records again where no answer is known.
WRITE = """() => {
  const sheet = () => document.getElementById("act-note");
  const until = (isSo) => new Promise((done) => {
    const look = () => (isSo() ? done() : setTimeout(look, 20));
    look();
  });
  const tap = async () => {
    const form = sheet().querySelector("form");
    form.querySelector("[type=submit]").click();
    await until(() => !sheet().open || !form.dataset.sending);
  };
  window.isOver = false;
  window.writing = (async () => {
    for (let number = 1; !window.isOver; number += 1) {
      document.querySelector("[data-opens=act-note]").click();
      await until(() => sheet().open);
      sheet().querySelector("[name=words]").value = `note ${number}`;
      while (sheet().open) await tap();
    }
  })();
}"""


@dataclass
class Writer:
    """One browser at one room."""

    page: Page
    house: House

    def begin(self) -> None:
        self.page.evaluate(WRITE)

    def end(self) -> None:
        """It stops after the note that it is writing, which is answered first."""
        self.page.set_default_timeout(ANSWERED_WITHIN_MS)
        self.page.evaluate("() => { window.isOver = true; return window.writing }")

    @property
    def answers(self) -> dict[str, int]:
        """The number of each act's one entry, as the page was told."""
        told = self.page.evaluate("window.answered")
        wrong = [each for each in told if each[1] != 200]
        if wrong:
            raise PromiseBroken(f"a note was answered with {wrong[0]}")
        return {act: seq for act, _, seq in told}

    @property
    def unanswered(self) -> int:
        return int(self.page.evaluate("window.unanswered"))

    def must_show(self, last_seq: int) -> None:
        """Every entry of the log, each once, newest first: nothing was missed while the server was away."""
        expect(self.page.locator(f"#entry-{last_seq}")).to_be_visible(timeout=ANSWERED_WITHIN_MS)
        shown = self.page.locator("#log > li").evaluate_all("all => all.map((each) => each.id)")
        if shown != [f"entry-{seq}" for seq in range(last_seq, 0, -1)]:
            raise PromiseBroken(f"of {last_seq} entries a page shows {shown}")


@contextmanager
def a_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        how = [*chromium.arguments(), *QUIET, *STILL]
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=how)
        yield browser
        browser.close()


def open_room(browser: Browser, url: str, house: House, cookies: SimpleCookie[str]) -> Writer:
    """A browser of its own, signed in, whose page hears the room live."""
    context = browser.new_context(**DESK)
    context.add_cookies([{"name": name, "value": morsel.value, "url": url} for name, morsel in cookies.items()])
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(f"{url}{house.href}")
    expect(page.locator("html")).to_have_attribute("data-link", "live", timeout=ANSWERED_WITHIN_MS)
    return Writer(page, house)
