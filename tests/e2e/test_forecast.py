"""The forecast in a browser: a rate is looked at before it is recorded, by any hand; and what a patient shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from stillroom.core.infusion import entries as e
from tests.bedside.house import House
from tests.e2e.hands import HANDS
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]


def what_if(nurse: Nurse) -> Locator:
    return nurse.hand.sheet.locator("[data-what-if]")


@pytest.mark.parametrize(("hand", "on"), [("mouse", "desk"), ("finger", "phone"), ("keyboard", "desk")])
def test_a_rate_is_looked_at_before_it_is_recorded(
    room: House, open_page: Open, beside: Beside, hand: str, on: str
) -> None:
    beside(room.make_ready)
    ben = Nurse(HANDS[hand](open_page(room.cast.ben, room.href, on=on)), room)
    sees_the_whole_course_before_the_start(ben)
    looks_at_two_rates_and_leaves_it(ben, beside)


def sees_the_whole_course_before_the_start(ben: Nurse) -> None:
    ben.hand.press("Start the drip")
    expect(what_if(ben)).to_contain_text("150 mL/h, 50 drops/min, from now")
    expect(what_if(ben).locator("path.band")).to_have_count(1)
    look_at(ben.page, "sheet-start-what-if")
    ben.hand.press("Leave it")
    ben.turns_sound_on()
    ben.hand.press("Start the drip")
    ben.starts_without_a_monitor()
    ben.hand.press("Done: it runs so")
    ben.sees("Drip started")


def looks_at_two_rates_and_leaves_it(ben: Nurse, beside: Beside) -> None:
    before = beside(lambda: ben.house.row.last_seq)
    ben.hand.press("Record new rate")
    ben.hand.write("New rate", "99")
    expect(what_if(ben)).to_contain_text("At 99 mL/h, 33 drops/min, instead")
    expect(what_if(ben).locator("path.band-edge")).to_have_count(1)
    expect(what_if(ben)).to_contain_text("Estimated, not measured")
    look_at(ben.page, "sheet-rate-what-if")
    ben.hand.press_on(ben.hand.sheet.locator("[data-with='75']"))
    expect(what_if(ben)).to_contain_text("At 75 mL/h, 25 drops/min, instead")
    ben.hand.record("Leave it")
    assert beside(lambda: ben.house.row.last_seq) == before


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_the_fan_unfolds_and_what_a_patient_shows_can_be_read(
    room: House, open_page: Open, beside: Beside, on: str
) -> None:
    def watched() -> None:
        room.start()
        for score in (3, 5):
            room.record(e.PatientWatched(awake=e.Awake.ALERT, detached=score))

    beside(watched)
    page = open_page(room.cast.ben, room.href, on=on)
    page.locator("#course-chart-more summary").click()
    expect(page.locator("#course-chart-site")).to_be_visible()
    expect(page.locator("#course")).to_contain_text("Minutes after the drip until the blood stays below")
    look_at(page, "room-fan")
    page.goto(page.url.split("/bedside/")[0] + f"/office/patients/{room.cast.patient.pk}/forecast/")
    expect(page.locator("main")).to_contain_text("What the scores moved")
    look_at(page, "patient-shows")
