"""A prescriber at the bedside: over a soft limit with a reason, never over a hard one, on after a stop, and signing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bedside.house import House
from tests.e2e.hands import HANDS, Hand
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]


@pytest.mark.parametrize(("hand", "on"), [("mouse", "desk"), ("finger", "phone")])
def test_a_prescriber_decides(room: House, open_page: Open, beside: Beside, hand: str, on: str) -> None:
    beside(room.start)
    ada = Nurse(HANDS[hand](open_page(room.cast.ada, room.href, on=on)), room)
    is_refused_whatever_is_said(ada)
    raises_over_a_soft_limit(ada)
    stopped_and_let_go_on(ada, open_page)
    ada.stops()
    ada.closes_clamp()
    ada.ends("40")
    signs(ada)


def is_refused_whatever_is_said(ada: Nurse) -> None:
    """1.6 mg/kg/h, above the library's hard limit of 1.5."""
    asks_for_rate(ada, "320", reason="quicker")
    expect(ada.hand.sheet).to_contain_text("Not recorded")
    look_at(ada.page, "sheet-rate-refused")
    ada.hand.record("Leave it")
    expect(ada.page.locator("#log")).not_to_contain_text("320")


def raises_over_a_soft_limit(ada: Nurse) -> None:
    """1.1 mg/kg/h, between the library's soft limit of 1.0 and its hard one: with a reason, and not without."""
    asks_for_rate(ada, "220")
    expect(ada.hand.sheet).to_contain_text("Not recorded")
    ada.hand.write_reason("Asked to be done by noon, pressure steady")
    ada.hand.record("I set it now")
    ada.hand.press("Done: it runs so")
    ada.sees("New rate, to be set: 219 mL/h, 73 drops/min")
    ada.sees("Asked to be done by noon, pressure steady")


def asks_for_rate(ada: Nurse, rate_ml_per_h: str, reason: str | None = None) -> None:
    ada.hand.press("Record new rate")
    ada.hand.write("New rate", rate_ml_per_h)
    if reason:
        ada.hand.unfold("Faster than the order allows a nurse")
        ada.hand.write_reason(reason)
    ada.hand.press("I set it now")


def stopped_and_let_go_on(ada: Nurse, open_page: Open) -> None:
    """Who may let a stopped drip go on is the prescriber; a nurse's page does not offer it."""
    ada.stops()
    ada.closes_clamp()
    ben = Nurse(Hand(open_page(ada.house.cast.ben, ada.house.href)), ada.house)
    ben.sees("Stopped, clamp closed")
    expect(ben.page.get_by_role("button", name="Resume", exact=True)).to_have_count(0)
    ada.resumes()


def signs(ada: Nurse) -> None:
    ada.hand.unfold("More")
    ada.hand.press("Sign the chart")
    ada.hand.write("What your signature means", "Reviewed and agreed")
    look_at(ada.page, "sheet-sign")
    ada.hand.record("Sign")
    ada.sees("Chart signed (prescriber): Reviewed and agreed")
