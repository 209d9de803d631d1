"""From a clinic with nothing but its people to a planned infusion in its room, by what the screen says, at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.looking import look_at

Open = Callable[..., Page]
IN_A_WEEK = timezone.localdate() + timedelta(days=7)


@pytest.mark.parametrize(("on", "name", "clock"), [("desk", "Alder", "09:00"), ("phone", "Birchwood", "13:00")])
def test_a_new_patient_comes_to_a_planned_infusion(cast: Cast, open_page: Open, on: str, name: str, clock: str) -> None:
    fay, ada = open_page(cast.fay, "/office/patients/", on=on), open_page(cast.ada, "/office/library/", on=on)
    patient = is_taken_in(fay, name)
    is_said_what_is_missing(ada, patient)
    library_is_approved(ada, open_page(cast.pia, "/office/library/", on=on))
    protocol_is_signed(ada, f"Usual for {name}")
    is_weighed_and_expected(fay, patient, clock)
    is_asked_what_speaks_against_it(ada, patient)
    order_is_written_and_signed(ada, patient)
    expect(ada).to_have_url(re.compile(r"/bedside/"))
    expect(ada.locator("#who")).to_contain_text("Room 1")


def goes_to(page: Page, path: str) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1", page.url) + path)


def is_taken_in(fay: Page, name: str) -> str:
    look_at(fay, "office-patients")
    fay.get_by_role("link", name="New patient").first.click()
    fay.get_by_label("Given name").fill("Marta")
    fay.get_by_label("Family name").fill(name)
    fay.get_by_label("Birth date").fill("4 May 1985")
    look_at(fay, "office-new-patient")
    fay.get_by_role("button", name="Make the record").click()
    if fay.get_by_text("No, this is another person").count():
        fay.get_by_text("No, this is another person").click()
        fay.get_by_role("button", name="Make the record").click()
    expect(fay.get_by_role("heading", level=1)).to_contain_text(name)
    look_at(fay, "office-patient")
    return re.sub(r"https?://[^/]+", "", fay.url)


def is_said_what_is_missing(ada: Page, patient: str) -> None:
    goes_to(ada, f"{patient}plan/")
    expect(ada.locator("main")).to_contain_text("No appointment.")
    look_at(ada, "office-before-an-order")


def library_is_approved(ada: Page, pia: Page) -> None:
    goes_to(ada, "/office/library/")
    if ada.get_by_text("In force: version").count():
        return
    ada.get_by_role("button", name="Draft a version from the template").click()
    pia.reload()
    pia.get_by_role("button", name="I have read every number").click()
    expect(pia.locator("main")).to_contain_text("In force")


def protocol_is_signed(ada: Page, name: str) -> None:
    goes_to(ada, "/office/protocols/")
    look_at(ada, "office-protocols")
    goes_to(ada, "/office/protocols/new/")
    ada.get_by_label("What the clinic calls it").fill(name)
    look_at(ada, "office-new-protocol")
    ada.get_by_role("button", name="Keep as a draft").click()
    look_at(ada, "office-sign-protocol")
    ada.get_by_role("button", name="I have read all of it").click()
    expect(ada.locator("main")).to_contain_text("signed by Ada Okafor")


def is_weighed_and_expected(fay: Page, patient: str, clock: str) -> None:
    goes_to(fay, f"{patient}weight/")
    fay.get_by_label("Weight", exact=False).first.fill("70.2")
    look_at(fay, "office-weight")
    fay.get_by_role("button", name="Keep this weight").click()
    fay.get_by_role("link", name="Make an appointment").click()
    fay.get_by_label("Day").fill(f"{IN_A_WEEK:%d.%m.%Y}")
    fay.get_by_label("Time").fill(clock)
    fay.get_by_text("Room 1", exact=True).click()
    look_at(fay, "office-appointment")
    fay.get_by_role("button", name="Make the appointment").click()
    goes_to(fay, "/office/coming/")
    expect(fay.locator("main")).to_contain_text(clock)
    look_at(fay, "office-coming")


def is_asked_what_speaks_against_it(ada: Page, patient: str) -> None:
    """The order says that nobody has asked, and leads to where it is asked."""
    goes_to(ada, f"{patient}plan/")
    ada.get_by_role("link", name="Ask in the consultation").click()
    for question in ada.locator(".consult-asked").all():
        question.get_by_text("No", exact=True).click()
    ada.get_by_role("button", name="Keep it").click()
    expect(ada.locator("main")).to_contain_text("All asked, and nothing speaks against it.")


def order_is_written_and_signed(ada: Page, patient: str) -> None:
    """70.2 kg at 0.6 mg/kg are 42.12 mg; to the tenth of a mL 0.8 mL, 40 mg, are drawn up."""
    goes_to(ada, f"{patient}plan/")
    ada.get_by_label("Dose", exact=True).fill("0.60")
    ada.get_by_label("Over", exact=True).fill("50")
    expect(ada.locator("#what-that-is")).to_contain_text("of 42.12")
    look_at(ada, "office-order")
    ada.get_by_role("button", name="Keep, and go on to sign").click()
    expect(ada.locator("main")).to_contain_text("0.6 mg/kg")
    look_at(ada, "office-sign-order")
    ada.get_by_role("button", name="Sign, and plan the infusion").click()
