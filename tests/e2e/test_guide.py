"""The guide in a browser: each page looked at, nothing asked of anybody else, no cookie; a critique sent and read."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from stillroom.guide.packaged import packaged_pages
from stillroom.web.guard import FASTEST_S
from tests.cast import Cast
from tests.e2e.looking import look_at
from tests.e2e.served import Served
from tests.web.waiting import wait_until

Open = Callable[..., Page]
PATHS = {
    "contents": "/guide/",
    "thanks": "/guide/thanks/",
    "nowhere": "/guide/nothing-here/",
    **{page.slug: f"/guide/{page.slug}/" for page in packaged_pages()},
}
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_every_page_stands_and_asks_nobody_else(open_page: Open, served: Served, cast: Cast, on: str) -> None:
    page = open_page(None, "/guide/thanks/", on=on)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, path in PATHS.items():
        page.goto(served.url + path)
        look_at(page, f"guide-{name}")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served.url).netloc}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_every_page_stands_on_the_narrowest_screen(open_page: Open, served: Served, cast: Cast) -> None:
    page = open_page(None, "/guide/")
    page.set_viewport_size(NARROW["viewport"])
    for name, path in PATHS.items():
        page.goto(served.url + path)
        look_at(page, f"guide-{name}")


def test_the_hour_is_moved_through_by_keys_and_read_without_scripts(open_page: Open, cast: Cast) -> None:
    page = open_page(None, "/guide/hour/")
    hour = page.get_by_label("Move through the hour")
    hour.focus()
    for _ in range(4):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    minute = hour.input_value()
    assert int(minute) > 40
    expect(page.locator(".scrub output")).to_contain_text(f"Minute {minute}. The drip has ended.")
    plain = open_page(None, "/guide/hour/", java_script_enabled=False)
    expect(plain.locator(".moments li")).to_have_count(4)
    expect(plain.locator(".scrub")).to_be_hidden()


def test_the_hour_is_moved_through_by_a_finger_and_a_page_still_scrolls(open_page: Open, cast: Cast) -> None:
    page = open_page(None, "/guide/hour/", on="phone")
    hour, said = page.get_by_label("Move through the hour"), page.locator(".scrub output")
    hour.scroll_into_view_if_needed()
    finger = Finger(page)
    place = hour.bounding_box()
    assert place is not None
    across, middle = place["width"], place["y"] + place["height"] / 2
    finger.drags([(place["x"] + share * across, middle) for share in (0.05, 0.2, 0.35, 0.45)])
    expect(said).to_contain_text("The drip has ended.")
    assert 42 <= int(hour.input_value()) <= 59
    moved = page.locator(".minute").get_attribute("transform")
    assert moved == f"translate({int(hour.input_value()) * 5.5:g} 0)"
    page.touchscreen.tap(place["x"] + 0.98 * across, middle)
    expect(said).to_contain_text("The time after.")
    before = page.evaluate("scrollY")
    finger.drags([(place["x"] + across / 2, middle - up) for up in (0, 60, 140, 220)])
    wait_until(page, f"scrollY > {before}")


class Finger:
    """Laid on the glass, moved, and lifted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.glass = page.context.new_cdp_session(page)

    def drags(self, places: list[tuple[float, float]]) -> None:
        for kind, (x, y) in zip(["touchStart", *["touchMove"] * len(places)], places, strict=False):
            self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        self.glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("scripts", [True, False])
def test_a_critique_is_written_mended_sent_and_read_by_an_editor(open_page: Open, cast: Cast, scripts: bool) -> None:
    words = f"What about a cold? {scripts} <i>"
    page = open_page(None, "/guide/nausea/", on="phone", java_script_enabled=scripts)
    page.get_by_label("Your comments").fill(words)
    page.get_by_label("E-mail (optional)").fill("write to me at home")
    page.wait_for_timeout(1000 * FASTEST_S)  # the signed time: a person takes longer
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Everything you wrote is still here.")
    expect(page.get_by_label("Your comments")).to_have_value(words)
    expect(page.get_by_label("E-mail (optional)")).to_have_value("write to me at home")
    if scripts:
        look_at(page, "guide-critique-wrong")
    page.get_by_label("E-mail (optional)").fill("")
    page.get_by_label("Your name").fill("Mara")
    page.wait_for_timeout(1000 * FASTEST_S)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    desk = open_page(cast.edi, "/guide/desk/")
    expect(desk.locator(".letters")).to_contain_text(words)


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_an_editor_looks_writes_and_publishes(open_page: Open, served: Served, cast: Cast, on: str) -> None:
    page = open_page(cast.edi, "/guide/desk/", on=on)
    look_at(page, "desk-inbox")
    page.get_by_role("link", name="Pages", exact=True).click()
    look_at(page, "desk-pages")
    page.get_by_role("link", name="Music and company").click()
    page.get_by_label("What changed").fill(f"A word about blankets, from the {on}.")
    text = page.get_by_label("Text", exact=True)
    text.fill(text.input_value() + f"\n\nBring a blanket from the {on}.")
    page.get_by_role("button", name="Show how it will look").click()
    expect(page.locator(".preview")).to_contain_text(f"Bring a blanket from the {on}.")
    look_at(page, "desk-write")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("shown to everybody")).to_be_visible()
    look_at(page, "desk-version")
    public = open_page(None, "/guide/music/")
    expect(public.locator("article")).to_contain_text(f"Bring a blanket from the {on}.")


def test_on_paper_stands_the_text_alone(open_page: Open, served: Served, cast: Cast) -> None:
    page = open_page(None, "/guide/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 at 96 dots an inch, between its margins
    for path in PATHS.values():
        page.goto(served.url + path)
        left = page.locator("form, .public-top, .onward, .scrub, .critique")
        assert left.evaluate_all("all => all.filter((e) => e.checkVisibility()).length") == 0, path
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 680, path


def test_on_paper_there_is_room_for_every_answer(open_page: Open, cast: Cast) -> None:
    page = open_page(None, "/guide/questions/")
    page.emulate_media(media="print")
    assert page.locator(".answer").evaluate_all("all => all.map((e) => e.offsetHeight >= 30)") == [True] * 12
