"""Before the visit: a patient on a phone writes their own part by a link, and a nurse at the desk takes it in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.looking import look_at
from tests.intake.test_records import SUMMARY

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


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_two_write_one_consultation_and_both_are_shown(cast: Cast, open_page: Open, on: str) -> None:
    who = cast.patient if on == "desk" else cast.neighbour
    path = f"/intake/patients/{who.pk}/consultation/"
    ada, ben = (open_page(each, path, on=on) for each in (cast.ada, cast.ben))
    look_at(ada, "intake-consult")
    ben.get_by_label("Assessment").fill("Moderate, by what he says.")
    ben.get_by_role("button", name="Keep it").click()
    ada.get_by_label("Assessment").fill("Severe, by what his sister says.")
    ada.get_by_role("group", name="Heart disease").get_by_text("No", exact=True).click()
    ada.get_by_role("button", name="Keep it").click()
    expect(ada.get_by_role("alert")).to_contain_text("Ben Osei wrote while you did")
    expect(ada.get_by_role("alert")).to_contain_text("Moderate, by what he says.")
    look_at(ada, "intake-consult-both")
    ada.get_by_text("Not with ketamine").click()
    ada.get_by_role("button", name="Keep it").click()
    ada.get_by_role("button", name="Sign as it was kept").click()
    expect(ada.locator("main")).to_contain_text("Signed by Ada Okafor")
    look_at(ada, "intake-consultation")
    asks_about_a_worry(ben, str(who.pk))


def test_somebody_refers_themself_on_a_phone_and_at_a_desk(cast: Cast, open_page: Open) -> None:
    ann = open_page(cast.ann, "/intake/self-referral/")
    ann.get_by_label("The page is open").check()
    look_at(ann, "self-referral-page")
    ann.get_by_role("button", name="Keep this").click()
    where = ann.locator(".own-link").inner_text()
    for on in ("phone", "desk"):
        refers_themself(open_page(None, where[where.index("/intake/") :], on=on), on)
    ben = open_page(cast.ben, "/intake/sent/")
    expect(ben.get_by_text("by themself").first).to_be_visible()
    ben.get_by_role("link", name="From Robin Sallow").first.click()
    ben.get_by_label("Is it somebody else here?").fill("Kim")
    ben.get_by_role("button", name="Look for them").click()
    look_at(ben, "self-referral-read")
    expect(ben.get_by_role("radio", checked=True)).to_have_count(0)
    expect(ben.locator("main")).to_contain_text("Also sent, about the same name and birth date")


def refers_themself(robin: Page, on: str) -> None:
    robin.get_by_label("Your name").fill("Robin Sallow")
    robin.get_by_label("Your birth date").fill("14 February 1991")
    large = {"name": "scan.bin", "mimeType": "application/pdf", "buffer": b"x" * (21 * 1024**2)}
    robin.get_by_label("Files").set_input_files(large)
    expect(robin.get_by_role("alert")).to_contain_text("more than 20 files or 20 MB")
    robin.get_by_label("Files").set_input_files([])
    expect(robin.get_by_label("Leave this empty")).not_to_be_in_viewport()
    look_at(robin, f"self-referral-{on}")
    robin.wait_for_timeout(3500)  # a form that comes within three seconds is taken for a machine's
    robin.get_by_role("button", name="Send it to").click()
    expect(robin.get_by_role("alert")).to_contain_text("Nothing you wrote is lost")
    look_at(robin, f"self-referral-asked-again-{on}")
    robin.get_by_label("Telephone or e-mail").fill("555-0177")
    robin.wait_for_timeout(3500)
    robin.get_by_role("button", name="Send it to").click()
    expect(robin.get_by_role("heading", level=1)).to_have_text("Received, thank you")
    look_at(robin, f"self-referral-received-{on}")


@pytest.mark.parametrize("on", ["phone", "desk"])
def test_a_referrer_sends_records_and_a_nurse_takes_them_in(cast: Cast, open_page: Open, on: str) -> None:
    fay = open_page(cast.fay, "/intake/sent/")
    if on == "phone":
        look_at(fay, "records-none")
    fay.get_by_role("link", name="Ask for records").click()
    fay.get_by_label("Who sends them").fill("Dr Weber")
    fay.get_by_role("button", name="Make the link").click()
    link = fay.locator(".own-link").inner_text()
    look_at(fay, "records-ask")
    weber = open_page(None, link[link.index("/intake/") :], on=on)
    weber.get_by_label("Your name").fill("Dr Weber, Quay Street")
    weber.get_by_label("The patient's name").fill("Pat Example")
    weber.get_by_label("The patient's birth date").fill("17 May 1984")
    summary = {"name": "summary.json", "mimeType": "application/json", "buffer": SUMMARY}
    liar = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"<html>no letter</html>"}
    weber.get_by_label("Files").set_input_files([summary, liar])
    look_at(weber, f"records-send-{on}")
    weber.get_by_role("button", name="Send").click()
    expect(weber.get_by_role("heading", level=1)).to_have_text("Received, thank you")
    look_at(weber, f"records-received-{on}")
    ben = open_page(cast.ben, "/intake/sent/", on=on)
    ben.get_by_role("link", name="From Dr Weber").first.click()
    look_at(ben, f"records-read-{on}")
    ben.get_by_role("group", name="Medicine").get_by_text("Take in").click()
    ben.get_by_role("radio", name="Pat Example, born").check()
    ben.get_by_role("button", name="I have read it").click()
    expect(ben.locator("main")).to_contain_text("Read by Ben Osei")
    look_at(ben, f"records-decided-{on}")


def asks_about_a_worry(ben: Page, patient: str) -> None:
    ben.goto(ben.url.split("/intake/")[0] + f"/intake/patients/{patient}/ask/phq9/")
    look_at(ben, "intake-ask")
    for question in ben.get_by_role("group").all():
        question.get_by_text("Several days").click()
    ben.get_by_role("button", name="Keep it", exact=True).click()
    expect(ben.get_by_role("heading", level=1)).to_have_text("Asking about it, now")
    look_at(ben, "intake-risk")
    ben.get_by_text("Spoke: safe, as things stand").click()
    ben.get_by_role("button", name="Write it under my name").click()
    expect(ben.locator("main")).to_contain_text("9, mild")


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


@pytest.mark.parametrize("on", ["desk", "phone"])
def test_the_front_desk_and_a_patient_before_the_day(cast: Cast, open_page: Open, on: str) -> None:
    """The clinic's own page and consent are written and approved; the patient reads, signs, takes back; a course."""
    who, first = (cast.patient, "6 May 2030") if on == "desk" else (cast.neighbour, "5 May 2031")
    ann = open_page(cast.ann, "/office/before-you-come/", on=on)
    ann.get_by_label("Price of one infusion").fill("450 €")
    ann.get_by_label("What it covers").fill("The drug, the room and the nurse.")
    look_at(ann, "before-you-come-write")
    ann.get_by_role("button", name="Let patients read this").click()
    expect(ann.locator("main")).to_contain_text("As patients read it now")
    look_at(ann, "before-you-come-written")
    approves_a_consent(cast, open_page, on)
    fay = open_page(cast.fay, f"/intake/patients/{who.pk}/invite/", on=on)
    fay.get_by_role("button", name="Make the link").click()
    link = fay.locator(".own-link").inner_text()
    signs_and_takes_back(open_page(None, link[link.index("/intake/") :], on=on))
    fay.goto(fay.url.split("/intake/")[0] + f"/office/patients/{who.pk}/consent/")
    expect(fay.locator("main")).to_contain_text("Consent was taken back")
    look_at(fay, "consent-taken-back")
    fay.get_by_role("link", name="read and sign here").click()
    look_at(fay, "consent-on-screen")
    fay.get_by_label("Your name, in full").fill("Pat Example")
    fay.get_by_role("button", name="I have read it, and I agree").click()
    look_at(fay, "consent-signed-on-screen")
    books_a_course(fay, str(who.pk), first)


def approves_a_consent(cast: Cast, open_page: Open, on: str) -> None:
    ada = open_page(cast.ada, "/office/consents/new/", on=on)
    look_at(ada, "consent-write")
    ada.get_by_role("button", name="Keep it, to be approved").click()
    text = ada.url
    ann = open_page(cast.ann, "/office/consents/", on=on)
    look_at(ann, "consent-texts")
    ann.goto(text)
    look_at(ann, "consent-text")
    ann.get_by_role("button", name="I have read all of it").click()
    expect(ann.locator("main")).to_contain_text("in force")


def signs_and_takes_back(pat: Page) -> None:
    pat.get_by_label("Your birth date").fill("17 May 1984")
    pat.get_by_role("button", name="Open my page").click()
    look_at(pat, "own-overview-to-sign")
    pat.get_by_role("link", name="Before you come").click()
    look_at(pat, "own-coming")
    pat.get_by_role("link", name="All pages").click()
    pat.get_by_role("link", name="Your consent").click()
    look_at(pat, "own-consent")
    pat.get_by_label("Your name, in full").fill("Pat Example")
    pat.get_by_role("button", name="I have read it, and I agree").click()
    look_at(pat, "own-consent-signed")
    pat.get_by_role("button", name="I take my consent back").click()
    expect(pat.locator("main")).to_contain_text("You took your consent back")
    look_at(pat, "own-consent-back")


def books_a_course(fay: Page, patient: str, first: str) -> None:
    house = fay.url.split("/office/")[0]
    fay.goto(f"{house}/office/patients/{patient}/course/")
    look_at(fay, "course-rule")
    fay.get_by_label("From").fill(first)
    fay.get_by_label("Time").fill("09:30")
    fay.get_by_text("Room 1", exact=True).click()
    fay.get_by_role("button", name="Show the times").click()
    expect(fay.locator("main")).to_contain_text("All 6 can be booked")
    fay.get_by_role("textbox", name="Day").nth(1).fill(first)
    fay.get_by_role("button", name="Look again").click()
    expect(fay.get_by_role("alert").first).to_contain_text("1 of 6 cannot be booked")
    look_at(fay, "course-clash")
    fay.get_by_role("checkbox", name="Leave this one out").nth(1).check()
    fay.get_by_role("button", name="Book them").click()
    expect(fay.locator("main")).to_contain_text("5 appointments made")
    look_at(fay, "course-booked")
    for page in ("coming/", ""):
        fay.goto(f"{house}/office/{page}")
        look_at(fay, "desk-coming" if page else "desk-today")
    fay.goto(f"{house}/office/coming/calendar/")
    fay.get_by_role("button", name="Make a").click()  # a new one, or the first
    look_at(fay, "calendar-address")
