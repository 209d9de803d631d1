"""A whole infusion at the bedside, from arrival to recovery, as a nurse works through it: by finger, by keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bedside.house import House
from tests.e2e.hands import HANDS, Finger
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse

Open = Callable[..., Page]


@pytest.mark.parametrize(("hand", "on"), [("finger", "phone"), ("keyboard", "desk")])
def test_a_nurse_runs_an_infusion(room: House, open_page: Open, hand: str, on: str) -> None:
    cast = room.cast
    ben = Nurse(HANDS[hand](open_page(cast.ben, room.href, on=on)), room)
    nan = Nurse(HANDS["mouse"](open_page(cast.nan, room.href)), room)
    before_the_drip(ben, nan)
    during_the_drip(ben)
    corrected_and_handed_over(ben, nan)
    help_is_called(ben, open_page)
    stopped_and_ended(ben)
    coming_back(ben)


def before_the_drip(ben: Nurse, nan: Nurse) -> None:
    page = ben.page
    expect(page.get_by_text("You control the drip. Stillroom only records.")).to_be_visible()
    expect(page.locator("#who")).to_contain_text("allergies not asked")
    look_at(page, "room-planned")
    ben.lets_in()
    ben.asks_everything()
    expect(page.locator("#who")).to_contain_text("no known allergies")
    ben.measures(opener="Measure")
    ben.places_line()
    ben.makes_bag()
    nan.checks_bag()
    ben.hangs_bag()
    ben.makes_ready()
    look_at(page, "room-ready")


def during_the_drip(ben: Nurse) -> None:
    ben.starts()
    ben.watches()
    ben.counts_drops()
    ben.reads_bag("87")
    ben.sets_rate("120")
    ben.pauses()
    ben.resumes()
    ben.notes("Asks for the blanket")
    ben.gives_medicine()
    measures_in_three_taps(ben)
    expect(ben.page.locator("#tile-pressure [data-figure]")).to_have_text("131/82")
    look_at(ben.page, "room-infusing")


def measures_in_three_taps(ben: Nurse) -> None:
    """Taps besides the figures themselves, which are what has been measured: open, and record. The time is printed."""
    taps, began_s = getattr(ben.hand, "taps", 0), time.monotonic()
    ben.measures("131827897")
    took_s = time.monotonic() - began_s
    if isinstance(ben.hand, Finger):
        taps = ben.hand.taps - taps
        assert taps <= 3
        print(f"a set of vital signs by finger: {taps} taps and nine figures, {took_s:.1f} s until it stood in the log")  # noqa: T201


def corrected_and_handed_over(ben: Nurse, nan: Nurse) -> None:
    ben.corrects_bag_reading("87", "78")
    nan.takes_room()
    expect(ben.page.locator("#who")).to_contain_text("N. Lindqvist")


def help_is_called(ben: Nurse, open_page: Open) -> None:
    """On the page where it was called a checklist; on the display of another room, a call."""
    wall = open_page(ben.house.cast, "/board/")
    elsewhere = open_page(ben.house.cast, ben.house.href)
    ben.hand.press("Call for help")
    words = f"Help called: {ben.house.cast.room.name}"
    expect(wall.locator("#calls")).to_contain_text(words)
    expect(elsewhere.locator("#help")).to_contain_text("Help was called at")
    look_at(wall, "board-help-called")
    look_at(ben.page, "room-help-called")
    ben.hand.press_on(ben.page.locator(".help-step").first)
    expect(elsewhere.locator(".help-done")).to_have_count(1)
    ben.hand.press("Help is no longer needed")
    ben.sees("Help no longer needed")
    expect(wall.locator("#calls")).not_to_contain_text(words)


def stopped_and_ended(ben: Nurse) -> None:
    ben.stops()
    expect(ben.page.locator("#drip .figure").first).not_to_have_text("Stopped")
    look_at(ben.page, "room-stop-in-doubt")
    ben.closes_clamp()
    ben.ends("20")


def coming_back(ben: Nurse) -> None:
    ben.checks_recovery(effects_gone=False)
    ben.prepares_for_home()
    expect(ben.step("Time of observation over").locator(".is-open")).to_be_visible()
    look_at(ben.page, "room-recovering")
