"""A patient's weeks: a check-in by finger on a phone and by keyboard at a desk, without scripts too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.hands import HANDS, Finger
from tests.e2e.looking import look_at

Open = Callable[..., Page]


@pytest.mark.parametrize(("hand", "on"), [("finger", "phone"), ("keyboard", "desk")])
def test_a_day_is_written_down_and_put_right(cast: Cast, open_page: Open, hand: str, on: str) -> None:
    person = cast.pat if on == "phone" else cast.kim
    patient = HANDS[hand](open_page(person, "/journal/", on=on))
    patient.press("Check in")
    look_at(patient.page, "journal-check-in")
    patient.choose("0", under="How low have you felt?")
    patient.choose("7", under="How many hours did you sleep last night?")
    patient.press("Write it down")
    assert not isinstance(patient, Finger) or patient.taps == 4  # about half a minute, for anybody
    expect(patient.page.get_by_role("heading", level=1)).to_have_text("Written down")
    expect(patient.page.locator("main")).to_contain_text("0 of 10")
    look_at(patient.page, "journal-checked-in")
    patient.press("Change today")
    patient.choose("10", under="How low have you felt?")
    patient.press("Write it down")
    expect(patient.page.locator("main")).to_contain_text("on the clinic's list")
    look_at(patient.page, "journal-checked-in-worried")


def test_without_scripts_a_day_is_written_down_as_well(cast: Cast, open_page: Open) -> None:
    page = open_page(cast.kim, "/journal/check-in/", on="phone", java_script_enabled=False)
    page.get_by_label("In your own words").fill("by hand")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("main")).to_contain_text("by hand")
