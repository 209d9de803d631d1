"""A scripted patient and a robot nurse: what goes wrong in a room, and that the real page carries it to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Locator, Page, Route, expect

from stillroom.core.infusion.state import Status
from tests.cast import Cast
from tests.e2e.hands import Hand
from tests.e2e.looking import look_at
from tests.e2e.nurse import Nurse
from tests.e2e.scripted import Played, playing, script_of
from tests.e2e.served import PARTS, Served
from tests.e2e.test_leaving import paper

Open = Callable[..., Page]
Beside = Callable[[Callable[[], Any]], Any]
Play = Callable[[str], tuple[Played, Nurse]]

LOW = """
title: Low
begin: minute 18
minute 19: saturation falls to 86 over 1 minute
end: minute 130
"""


@pytest.fixture
def play(cast: Cast, served: Served, beside: Beside, open_page: Open) -> Iterator[Play]:
    """Begins a script, and stands a nurse before the room's page with its sound on."""
    with ExitStack() as stack:

        def begin(name: str) -> tuple[Played, Nurse]:
            played = stack.enter_context(playing(script_of(name), cast, served, beside))
            ben = Nurse(Hand(open_page(cast.ben, played.house.href)), played.house)
            return played, ben

        yield begin


def alarm(page: Page, condition: str) -> Locator:
    return page.locator(f'#alarms [data-condition="{condition}"]')


def test_a_pressure_at_minute_38_is_seen_answered_and_passes(play: Play) -> None:
    played, ben = play("pressure-at-minute-38")
    expect(alarm(ben.page, "sbp_high")).to_contain_text("Upper pressure 1")
    look_at(ben.page, "scripted-pressure")
    ben.hand.press_on(alarm(ben.page, "sbp_high").get_by_role("button", name="Seen"))
    ben.sets_rate("90")
    ben.measures("158888097")
    expect(alarm(ben.page, "sbp_high")).to_have_count(0)
    ben.sees("Passed: Upper pressure high")
    played.is_answered()


def test_vomiting_is_scored_treated_and_looked_at_again(play: Play) -> None:
    played, ben = play("vomiting")
    played.until(lambda now: now.shown.nauseous >= 8)
    ben.says_how_the_patient_is(nauseous=played.shown.nauseous)
    expect(alarm(ben.page, "nausea_high")).to_contain_text("Very sick: nausea")
    ben.gives_medicine()
    played.until(lambda now: now.shown.nauseous <= 2)
    ben.says_how_the_patient_is(nauseous=played.shown.nauseous)
    expect(alarm(ben.page, "nausea_high")).to_have_class("alarm is-medium is-over")
    played.is_answered()


def test_fright_is_answered_by_words_and_less(play: Play) -> None:
    played, ben = play("fright")
    played.until(lambda now: now.shown.anxious >= 8)
    ben.says_how_the_patient_is(anxious=played.shown.anxious)
    expect(alarm(ben.page, "distress_high")).to_contain_text("Very distressed")
    ben.calms("eyes", "Frightened: eyes opened")
    ben.sets_rate("90")
    played.until(lambda now: now.shown.anxious <= 3)
    ben.says_how_the_patient_is(anxious=played.shown.anxious)
    expect(alarm(ben.page, "distress_high")).to_have_class("alarm is-medium is-over")
    played.is_answered()


def test_a_kinked_line_is_found_by_a_count_and_the_arm_is_straightened(play: Play) -> None:
    """The page says that it runs too slowly and where to look; nothing there says faster, whatever was scored."""
    played, ben = play("kinked-line")
    coach, advice, course = (ben.page.locator(each) for each in ("#coach", "#advice", "#course"))
    expect(coach).to_contain_text("On plan")
    played.until(lambda now: now.drops_per_min == 0)
    ben.writes_count(drops="0", seconds="30")
    expect(ben.page.locator("#drip .figure").first).to_have_text("0")
    expect(coach).to_contain_text("Too slow")
    expect(advice).to_contain_text("The drip runs too slowly")
    expect(advice).to_contain_text("Look at the chamber, the clamp, the line and the arm.")
    expect(coach.locator("button")).to_have_count(0)
    look_at(ben.page, "scripted-kink")
    ben.moves_arm()
    expect(coach).to_contain_text("arm, chair or bag was moved. Count again")
    expect(course).to_contain_text("Arm, chair or bag was moved: count the drops again, then the forecast is shown.")
    look_at(ben.page, "scripted-kink-moved")
    played.until(lambda now: now.drops_per_min == 40)
    ben.writes_count(drops="20", seconds="30")
    expect(ben.page.locator("#drip .figure").first).to_have_text("40")
    expect(coach).to_contain_text("On plan")
    expect(course).not_to_contain_text("then the forecast is shown")
    expect(advice).not_to_contain_text("too slowly")
    assert "RateIntended" not in played.kinds
    played.is_answered()


def test_a_faint_is_met_by_a_closed_clamp_and_a_look(play: Play) -> None:
    """The page calls the pressure; stopped and measured again, it has passed, and stays listed until it is seen."""
    played, ben = play("vasovagal-slump")
    low = ben.page.locator("#alarms").get_by_text("Upper pressure").first
    expect(low).to_be_visible()
    look_at(ben.page, "scripted-faint")
    ben.stops()
    ben.closes_clamp()
    ben.says_how_the_patient_is(nauseous=3)
    ben.measures("102666494")
    played.until(lambda now: now.shown.signs.sbp_mmhg > 105)
    expect(low).to_contain_text("has passed")
    played.is_answered()


def test_a_stream_is_called_out_until_the_clamp_is_closed(play: Play) -> None:
    played, ben = play("free-flow")
    played.until(lambda now: now.drops_per_min > 240)
    ben.sees_stream()
    expect(alarm(ben.page, "stream_running")).to_contain_text("It runs in a stream. Close the clamp")
    look_at(ben.page, "scripted-stream")
    ben.stops()
    ben.closes_clamp()
    expect(alarm(ben.page, "stream_running")).to_have_class("alarm is-high is-over")
    played.until(lambda now: now.drops_per_min == 0)
    ben.reads_bag(played.left_in_bag_ml)
    ben.says_how_the_patient_is()
    played.is_answered()


def test_a_probe_that_is_off_is_missed_and_clears_nothing(play: Play) -> None:
    """What is missing is not good: the alarm of before stays open while nothing is measured."""
    played, ben = play(LOW)
    low = alarm(ben.page, "spo2_grave")
    expect(low).to_be_visible()
    played.happens_now("the probe comes off for 3 minutes")
    expect(alarm(ben.page, "spo2_missing")).to_contain_text("No oxygen saturation")
    expect(ben.page.locator("#tile-oxygen [data-figure]")).to_have_text("–")
    look_at(ben.page, "scripted-probe-off")
    expect(low).not_to_have_class("alarm is-high is-over")
    ben.hand.press_on(alarm(ben.page, "spo2_missing").get_by_role("button", name="Seen"))
    expect(alarm(ben.page, "spo2_missing")).to_contain_text("seen by")
    expect(low).not_to_have_class("alarm is-high is-over")


def test_a_companion_who_talks_is_asked_to_be_quiet_and_it_is_noted(play: Play) -> None:
    played, ben = play("companion-who-talks")
    played.until(lambda now: len(now.scored) > 0)
    ben.sets_comfort("companion_talks", "quiet", "Quiet unless spoken to")
    expect(ben.page.locator("#comfort")).to_contain_text("Quiet unless spoken to")
    played.is_answered()


def test_two_nurses_slow_at_once_and_both_are_kept(play: Play, open_page: Open, cast: Cast) -> None:
    """Neither is asked anything, as slower never is, though Ben's page has heard nothing of what Nan did."""
    played, ben = play("two-nurses")
    nan = Nurse(Hand(open_page(cast.nan, played.house.href)), played.house)
    ben.page.route("**/stream?**", lambda route: route.abort())
    ben.page.reload()
    played.until(lambda now: len(now.scored) > 1)
    nan.sets_rate("100")
    ben.hand.press("Record new rate")
    ben.hand.write("New rate", "90")
    ben.hand.record("I set it now")
    nan.sees("New rate, to be set: 90 mL/h")
    nan.sees("New rate, to be set: 99 mL/h, 33 drops/min")
    nan.takes_room()
    assert played.kinds.count("RateIntended") == 2
    played.is_answered()


def test_after_a_power_cut_a_stop_pressed_meanwhile_arrives_and_nothing_begins_again(
    play: Play, served: Served, beside: Beside
) -> None:
    """Everything dies at once, the database too. The page keeps the stop, says so, and has paper to work from."""
    played, ben = play("power-cut")
    expect(ben.page.locator("#paper")).to_contain_text("120 mL/h")
    ben.page.route("**/bedside/**", _nobody)
    for part in PARTS:
        served.kill(part)
    expect(ben.page.locator("html")).to_have_attribute("data-link", "lost")
    ben.hand.press("Stop: close the clamp now")
    expect(ben.page.get_by_text("Stop is kept on this screen and not yet in the record.")).to_be_visible()
    expect(ben.page.get_by_role("button", name="Print what was known at")).to_be_visible()
    look_at(ben.page, "scripted-power-cut", full=False)
    served.wait_until_it_answers()
    beside(connections.close_all)
    ben.page.unroute("**/bedside/**")
    ben.sees("Stop pressed")
    ben.closes_clamp()
    ben.measures()
    state = beside(lambda: played.house.state)
    assert state.status is Status.STOPPED
    assert not state.may_be_running
    assert played.kinds.count("StopIntended") == 1
    assert "ResumeIntended" not in played.kinds


def test_who_has_nobody_to_go_with_stays_until_clear(play: Play, open_page: Open, cast: Cast) -> None:
    """Both doors say what is missing, and they stay. What two of the staff then lift stands on their slip and chart."""
    played, ben = play("no-driver")
    played.until(lambda now: len(now.scored) > 1)
    ben.notes("Jo has rung: the car broke down. Nobody can come today")
    ben.prepares_for_home()
    ben.checks_recovery(effects_gone=False)
    expect(door(ben.page, "When clear, alone")).to_contain_text("Not yet")
    expect(door(ben.page, "When clear, alone")).to_contain_text("effects")
    ben.hand.press("Goes home, clear")
    ben.hand.choose("Driving themselves")
    ben.hand.press("They have left")
    expect(ben.hand.sheet).to_contain_text("Not recorded")
    expect(ben.hand.sheet).to_contain_text("Nobody drives home today")
    ben.hand.record("Leave it")
    ben.hand.press("Goes home with an adult")
    ben.hand.press("They have signed and left")
    for label in ("Name", "Who they are to the patient", "Who of the staff saw them sign"):
        expect(ben.hand.sheet.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")
    look_at(ben.page, "scripted-nobody-signs")
    ben.hand.record("Leave it")
    assert "WentHome" not in played.kinds
    assert played.status is Status.RECOVERING
    played.is_answered()
    two_of_the_staff_let_them_go(ben, Nurse(Hand(open_page(cast.ada, played.house.href)), played.house))
    assert "WentHome" in played.kinds


def two_of_the_staff_let_them_go(ben: Nurse, ada: Nurse) -> None:
    why = "steady for an hour, lives next door"
    ada.hand.press("Let them go all the same")
    ada.hand.choose("Alone")
    ada.hand.tick("Effects not seen gone, and all else well, at two checks")
    ada.hand.write("Why it is right to let them go, or what they said", why)
    ada.hand.pick("Second of the staff", "B. Osei")
    ada.hand.record("Record it, and ask the second")
    expect(ben.page.locator("#way-home")).to_contain_text("has not agreed yet. Nothing is lifted before.")
    expect(door(ben.page, "When clear, alone")).to_contain_text("Not yet")
    look_at(ben.page, "scripted-override-asked")
    ben.hand.press("B. Osei agrees")
    expect(door(ben.page, "When clear, alone")).to_contain_text("Open by two of the staff, although not all is met.")
    ben.hand.press("Goes home, clear")
    ben.hand.choose("Driving themselves")
    ben.hand.press("They have left")
    expect(ben.hand.sheet).to_contain_text("Nobody drives home today")
    ben.hand.choose("On foot")
    ben.hand.record("They have left")
    ben.sees("Went home")
    ben.hand.unfold("More")
    for link in ("Slip for the patient", "Chart, to print"):
        words = paper(ben, link)
        for said in ("Let go although not all was met", why, "B. Osei", "A. Okafor"):
            assert said in words, (link, said)


def door(page: Page, name: str) -> Locator:
    return page.locator(".door", has_text=name)


def _nobody(route: Route) -> None:
    route.abort()
