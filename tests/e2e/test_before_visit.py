"""Before the visit: a patient on a phone writes their own part by a link, and a nurse at the desk takes it in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.looking import look_at

Open = Callable[..., Page]
REST = ("Your health", "Medicines and allergies", "What you wish for on the day", "How the last two weeks were")


def test_a_patient_writes_on_a_phone_and_a_nurse_takes_it_in(cast: Cast, open_page: Open) -> None:
    ben = open_page(cast.ben, f"/intake/patients/{cast.patient.pk}/invite/")
    ben.get_by_role("button", name="Make the link").click()
    link = ben.locator(".own-link").inner_text()
    look_at(ben, "intake-invite")
    pat = open_page(None, link[link.index("/intake/") :], on="phone")
    writes_own_part(pat)
    takes_it_in(ben, str(cast.patient.pk))


def writes_own_part(pat: Page) -> None:
    look_at(pat, "own-when-born")
    pat.get_by_label("Your birth date").fill("17 May 1984")
    pat.get_by_role("button", name="Open my page").click()
    look_at(pat, "own-overview")
    pat.get_by_role("link", name="Feeling sick, and needles").click()
    look_at(pat, "own-sick")
    pat.get_by_role("group", name="Do you get sick in a car").get_by_text("Yes").click()
    pat.get_by_role("group", name="Do needles worry you?").get_by_text("Don't know").click()
    pat.get_by_role("button", name="Save and go on", exact=True).click()
    look_at(pat, "own-worries")
    pat.get_by_label("What worries you about the infusion?").fill("Being alone.")
    pat.get_by_role("button", name="Save, and go on another time").click()
    expect(pat.locator("main")).to_contain_text("2 of 4 answered")
    for name in REST:
        pat.get_by_role("link", name=name).click()
        look_at(pat, f"own-{name.split()[-1].lower()}")
        pat.get_by_role("link", name="All pages").click()


def takes_it_in(ben: Page, patient: str) -> None:
    ben.goto(ben.url.split("/intake/")[0] + f"/intake/patients/{patient}/")
    look_at(ben, "intake-before-visit")
    ben.get_by_role("group", name="Motion sickness").get_by_text("Take into the record").click()
    ben.get_by_role("button", name="Keep these decisions").click()
    expect(ben.locator("main")).to_contain_text("Taken into the record, Ben Osei")
    look_at(ben, "intake-before-visit-read")
