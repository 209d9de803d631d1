"""The first day: from `stillroom init` in an empty database to an infusion that has ended, by what the screen says.

Eve is the clinic's one doctor and its administrator; Ben is its nurse; Sig is the second signer she names, elsewhere.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from tests.bedside.house import House
from tests.e2e.hands import Hand
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse
from tests.e2e.served import Served, serving

PASSWORD = "a quiet room beside the river"
ZONES = ("Europe/Dublin", "Pacific/Auckland")
TIME_ZONE = next(zone for zone in ZONES if 1 <= timezone.localtime(timezone=ZoneInfo(zone)).hour < 22)
"""Of a clinic that is open now: who comes in five minutes comes today, at whatever hour this runs."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_STEPS = 150
"""Presses and fields until the drip runs. At ten seconds each, reading too, that is under half an hour."""


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving() as clinic:
        who = ["--email", "eve@elm.test", "--name", "Eve Marlow", "--short-name", "E. Marlow", "--role", "prescriber"]
        what = ["--clinic", "Elm House", "--time-zone", TIME_ZONE, "--room", "Room 1"]
        done = subprocess.run(
            [sys.executable, "-m", "stillroom.project.cli", "init", *who, *what],
            env=os.environ | {"STILLROOM_DATA": str(clinic.home), "STILLROOM_INIT_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "First day" in done.stdout
        yield clinic


@dataclass
class Somebody:
    """Who follows the screen: only what is seen is pressed, and each step is counted."""

    page: Page
    steps: list[str] = field(default_factory=list)

    def press(self, name: str) -> None:
        self.steps.append(f"press {name}")
        by_name = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        by_name.locator("visible=true").first.click()

    def press_place(self, name: str) -> None:
        """From a room back to the desk, whose bar has the places."""
        if self.page.get_by_role("link", name=name).count() == 0:
            self.page.goto(re.sub(r"(https?://[^/]+).*", r"\1/office/", self.page.url))
        self.press(name)

    def writes(self, label: str, words: str, *, within: str = "main") -> None:
        self.steps.append(f"write {label}")
        self.page.locator(within).get_by_label(label).locator("visible=true").first.fill(words)

    def chooses(self, words: str) -> None:
        self.steps.append(f"choose {words}")
        self.page.get_by_text(words, exact=True).locator("visible=true").first.click()

    def picks(self, label: str, option: str, *, within: str = "main") -> None:
        self.steps.append(f"pick {option}")
        self.page.locator(within).get_by_label(label).locator("visible=true").first.select_option(label=option)

    def is_at(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def signs_in(self, email: str) -> None:
        self.writes("Email", email)
        self.writes("Password", PASSWORD)
        self.press("Sign in")

    def takes_up(self, link: str, email: str) -> None:
        """By the link that the administrator was given: a password of their own, then in."""
        self.page.goto(link)
        fields = self.page.locator("input[type=password]")
        for place in range(fields.count()):
            self.steps.append("write a password")
            fields.nth(place).fill(PASSWORD)
        look(self.page, "first-day-password")
        self.press("Keep this password")
        self.is_at("Your password is kept")
        self.press("Sign in")
        self.signs_in(email)


class Counting(Hand):
    """A mouse whose presses are counted."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.taken: list[str] = []

    def _press(self, control: Locator) -> None:
        self.taken.append("press")
        super()._press(control)

    def _into(self, field: Locator) -> None:
        self.taken.append("write")
        super()._into(field)


wrong: list[str] = []


def look(page: Page, name: str) -> None:
    """At the desk and on a phone. What is wrong is told at the end, all of it."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        try:
            look_at(page, name)
        except AssertionError as found:
            wrong.append(f"{size['width']}: {found}")


def comes(chrome: Browser, clinic: Served) -> Somebody:
    context = chrome.new_context(viewport=WIDE, timezone_id=TIME_ZONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{clinic.url}/")
    return Somebody(page)


def test_from_an_empty_database_to_an_infusion_that_has_ended(empty: Served, chrome: Browser) -> None:
    eve, ben, sig = (comes(chrome, empty) for _ in range(3))
    eve.signs_in("eve@elm.test")
    eve.is_at("Elm House: the first day")
    look(eve.page, "first-day")
    colleagues_are_invited(eve, ben, sig)
    what_is_signed_is_signed(eve, sig)
    steps = trial_run(eve, ben)
    counted = len(steps) + len(sig.steps)
    sys.stdout.write(f"{counted} steps from the first sign-in to a drip that runs\n")
    assert counted <= MOST_STEPS
    assert wrong == []


def colleagues_are_invited(eve: Somebody, ben: Somebody, sig: Somebody) -> None:
    expect(eve.page.locator("#step-bedside")).to_contain_text("Next")
    eve.press("Who works here")
    form = "form[action$='/staff/invite/']"
    eve.writes("Email", "ben@elm.test", within=form)
    eve.writes("Name", "Ben Osei", within=form)
    eve.writes("As the bedside shows it", "B. Osei", within=form)
    eve.picks("Role", "nurse", within=form)
    look(eve.page, "first-day-staff")
    eve.press("Invite")
    ben.takes_up(link_shown(eve), "ben@elm.test")
    eve.press("First day")
    expect(eve.page.locator("#step-second")).to_contain_text("Next")
    eve.press("Who works here")
    form = "form[action$='/staff/second/']"
    eve.writes("Email", "sig@pharmacy.test", within=form)
    eve.writes("Name", "Sig Halloran", within=form)
    eve.picks("Who they are", "pharmacist", within=form)
    eve.press("Name as second signer")
    sig.takes_up(link_shown(eve), "sig@pharmacy.test")


def link_shown(eve: Somebody) -> str:
    return eve.page.locator("main code").inner_text().strip()


def what_is_signed_is_signed(eve: Somebody, sig: Somebody) -> None:
    eve.press("First day")
    expect(eve.page.locator("#step-library")).to_contain_text("the second signer signs in, reads every number")
    sig.press("Drug library")
    look(sig.page, "first-day-library")
    sig.press("I have read every number and approve this version")
    expect(sig.page.locator("main")).to_contain_text("In force")
    eve.press("First day")
    expect(eve.page.locator("#step-protocol")).to_contain_text("Next")
    eve.press("Protocols")
    eve.press("Write")
    eve.writes("What the clinic calls it", "Usual infusion")
    eve.press("Keep as a draft")
    eve.press("I have read all of it")
    eve.press("First day")
    expect(eve.page.locator("#step-consent")).to_contain_text("Next")
    eve.press("Consent")
    eve.press("Write the next version")
    eve.press("Keep it, to be approved")
    sig.press("Consent")
    sig.page.locator("main a[href*='/consents/']").first.click()
    sig.press("I have read all of it, and approve it")


def trial_run(eve: Somebody, ben: Somebody) -> list[str]:
    """Back with the steps taken until the drip runs."""
    eve.press("First day")
    expect(eve.page.locator("#step-trial")).to_contain_text("Next")
    look(eve.page, "first-day-nearly")
    eve.press("Rehearsal")
    look(eve.page, "rehearsal")
    eve.press("Go to the rehearsal")
    eve.press("Patients")
    expect(eve.page.locator("body")).to_contain_text("Rehearsal: nothing here is real")
    look(eve.page, "rehearsal-patients")
    order_is_signed(eve)
    ben.press("To the desk")
    ben.press("Rehearsal")
    ben.press("Go to the rehearsal")
    ben.press("Today")
    look(ben.page, "rehearsal-today")
    ben.press("Trial Run")
    steps = drip_runs(eve, ben)
    drip_ends(ben)
    eve.press_place("Rehearsal: nothing here is real")
    eve.press("Back to the clinic")
    eve.page.goto(re.sub(r"(https?://[^/]+).*", r"\1/office/first-day/", eve.page.url))
    expect(eve.page.locator("main")).to_contain_text("All is there for a first infusion")
    look(eve.page, "first-day-done")
    return steps


def order_is_signed(eve: Somebody) -> None:
    eve.press("Run, Trial")
    look(eve.page, "rehearsal-patient")
    eve.press("Make an appointment")
    soon = timezone.localtime(timezone.now() + timedelta(minutes=5), ZoneInfo(TIME_ZONE))
    eve.writes("Day", f"{soon:%d.%m.%Y}")
    eve.writes("Time", f"{soon:%H:%M}")
    eve.chooses("Room 1")
    eve.press("Make the appointment")
    eve.press("Plan an infusion")
    look(eve.page, "rehearsal-order")
    eve.press("Keep, and go on to sign")
    eve.press("Sign, and plan the infusion")
    expect(eve.page).to_have_url(re.compile("/bedside/"))


def drip_runs(eve: Somebody, ben: Somebody) -> list[str]:
    """Ben works at the bedside as tests/e2e/nurse.py words it; Eve checks the bag."""
    trial = cast(House, SimpleNamespace(cast=SimpleNamespace(patient=SimpleNamespace(family_name="Run"))))
    nurse, doctor = (Nurse(Counting(each.page), trial) for each in (ben, eve))
    expect(ben.page.locator(".demo-strip")).to_contain_text("Rehearsal: nothing here is real")
    look(ben.page, "rehearsal-room")
    nurse.lets_in()
    nurse.asks_everything()
    nurse.measures(opener="Measure")
    measured_at = timezone.now()
    nurse.looks_before_the_start()
    nurse.places_line()
    nurse.makes_bag()
    doctor.checks_bag()
    nurse.hangs_bag()
    ben.page.wait_for_timeout(1000 * (60 - measured_at.second))  # two sets of one minute are one
    nurse.measures(opener="Measure")
    nurse.makes_ready()
    nurse.starts()
    taken = [each.hand.taken for each in (nurse, doctor) if isinstance(each.hand, Counting)]
    return [*eve.steps, *ben.steps, *(step for each in taken for step in each)]


def drip_ends(ben: Somebody) -> None:
    trial = cast(House, SimpleNamespace())
    nurse = Nurse(Hand(ben.page), trial)
    nurse.stops()
    nurse.closes_clamp()
    nurse.ends("80")
    look(ben.page, "rehearsal-ended")
