"""Nothing missed: whatever happens to the line or the server, a page shows every entry, once, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.bedside.house import House
from tests.e2e.hands import Hand
from tests.e2e.nurse import Nurse
from tests.e2e.proxy import proxied
from tests.e2e.served import Served
from tests.examples import BEN

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]


def write_notes(house: House, beside: Beside, number: int) -> None:
    """By somebody elsewhere, one act each."""
    for each in range(number):
        beside(lambda words=f"note {each}": house.ask(c.Record(fact=e.NoteAdded(words=words)), BEN))


def shows_every_entry_once(page: Page, house: House, beside: Beside) -> None:
    last = beside(lambda: house.row.last_seq)
    expect(page.locator(f"#entry-{last}")).to_be_visible()
    shown = page.locator("#log > li").evaluate_all("all => all.map((each) => each.id)")
    assert shown == [f"entry-{seq}" for seq in range(last, 0, -1)]


def test_what_happens_while_the_page_is_on_its_way(room: House, open_page: Open, beside: Beside) -> None:
    """Between the drawing of the page and its connection others write."""

    def hold(route: Route) -> None:
        write_notes(room, beside, 3)
        route.continue_()

    page = open_page(room.cast.ben, "/health")
    page.route("**/stream?**", hold, times=1)
    page.goto(page.url.replace("/health", room.href))
    expect(page.locator("#entry-4")).to_be_visible()
    shows_every_entry_once(page, room, beside)


def test_a_line_that_is_cut_again_and_again(room: House, open_page: Open, beside: Beside, served: Served) -> None:
    with proxied(served.port) as proxy:
        page = open_page(room.cast.ben, room.href, through=proxy.url)
        for _ in range(5):
            write_notes(room, beside, 2)
            proxy.hang_up()
            write_notes(room, beside, 2)
            page.wait_for_timeout(150)
        shows_every_entry_once(page, room, beside)


def test_a_server_that_is_killed_and_started_again(
    room: House, open_page: Open, beside: Beside, served: Served
) -> None:
    page = open_page(room.cast.ben, room.href)
    write_notes(room, beside, 2)
    served.kill("web")
    write_notes(room, beside, 3)
    shows_every_entry_once(page, room, beside)
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    write_notes(room, beside, 2)
    shows_every_entry_once(page, room, beside)


def test_an_act_whose_answer_was_lost_counts_once(room: House, open_page: Open, beside: Beside, served: Served) -> None:
    """The server has it and dies before the page hears so; the page asks again with the same id."""
    page = open_page(room.cast.ben, room.href)
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        lost.append(route.request.post_data or "")
        route.abort()

    page.route("**/acts/note", lose_the_answer, times=1)
    Nurse(Hand(page), room).notes("said once")
    assert len(lost) == 1
    lines = page.locator("#log > li", has_text="said once")
    expect(lines).to_have_count(1)
    kinds = [entry.kind for entry in beside(lambda: room.log)]
    assert kinds.count("NoteAdded") == 1


def test_what_was_changed_after_no_answer_is_shown_what_was_recorded(
    room: House, open_page: Open, beside: Beside, served: Served
) -> None:
    """The server has it, and no answer reaches the page, however often it asks."""
    beside(room.start)
    page = open_page(room.cast.ben, room.href)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/acts/read-bag", lose_the_answer)
    page.get_by_role("button", name="Read the bag").first.click()
    page.keyboard.type("45")
    page.get_by_role("button", name="Record the reading").click()
    sheet = page.locator("#act-read-bag")
    expect(sheet.get_by_text("There was no answer. Sending it again is harmless")).to_be_visible(timeout=60_000)
    page.unroute("**/acts/read-bag")
    sheet.locator("[name=left_in_bag_ml]").fill("54")
    page.get_by_role("button", name="Record the reading").click()
    expect(sheet.get_by_role("alert").first).to_contain_text("What you sent before was recorded")
    expect(sheet.get_by_role("alert").first).to_contain_text("45 mL")
    expect(sheet.locator("[name=left_in_bag_ml]")).to_have_value("54")
    kinds = [entry.kind for entry in beside(lambda: room.log)]
    assert kinds.count("BagRead") == 1
