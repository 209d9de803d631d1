"""What was sent and has no answer stands until there is one, counts once, and says so when it was changed. Nothing that
was typed is lost by a stray key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.web import invented
from tests.web.conftest import DESK, LiveRoom, live_room
from tests.web.drawing import draw
from tests.web.test_browser_acts import read_the_bag, wait_for_posts

NO_ANSWER_MS = 60_000  # four tries, and the waits between them
UNKNOWN = "It is not known whether this was recorded"


def unanswered(page: Page) -> Locator:
    return page.locator("#unanswered .sent")


def test_a_sheet_that_is_changed_after_no_answer_keeps_its_id_and_says_that_the_first_may_stand(room: LiveRoom) -> None:
    """Under the same id the server takes nothing else; under another it would take both."""
    sent: list[str] = []
    room.page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    room.stand.is_deaf = True
    read_the_bag(room.page, "45")
    sheet = room.page.locator("#act-read-bag")
    expect(sheet.get_by_text("it counts once")).to_be_visible(timeout=NO_ANSWER_MS)
    sheet.locator("[name=left_in_bag_ml]").fill("54")
    expect(sheet.get_by_text("what was sent first may be in the log")).to_be_visible()
    expect(sheet.get_by_text("it counts once")).to_be_hidden()
    room.stand.is_deaf = False
    room.page.get_by_role("button", name="Record the reading").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert said["left_in_bag_ml"] == ["54"]
    tried = [each for each in sent if "left_in_bag_ml=45" in each]
    assert tried
    assert all(f"act_id={said['act_id'][0]}" in each for each in tried)


def test_what_was_recorded_before_the_sheet_was_changed_is_shown_and_what_was_typed_stays(room: LiveRoom) -> None:
    sheet = next(each for each in room.view.sheets if each.act == "read-bag")
    form = type(sheet.form)({"left_in_bag_ml": "54", "seen_seq": "41"})
    html = draw(
        sheet.template, room=room.view, act=sheet.act, form=form, is_taken=True, conflicting=[invented.log()[0]]
    )
    room.stand.answers["read-bag"] = {"outcome": "conflict", "html": html}
    read_the_bag(room.page, "54")
    shown = room.page.locator("#act-read-bag")
    expect(shown.get_by_role("alert")).to_contain_text("What you sent before was recorded")
    expect(shown.locator("[name=left_in_bag_ml]")).to_have_value("54")
    room.stand.answers.clear()
    room.page.get_by_role("button", name="Record the reading").click()
    first, second = wait_for_posts(room, 2)
    assert first[1]["act_id"] != second[1]["act_id"]


def test_what_is_changed_while_it_is_on_its_way_is_not_said_to_be_recorded(room: LiveRoom) -> None:
    let_it_go = held_back(room.page, "**/acts/read-bag")
    read_the_bag(room.page, "45")
    sheet = room.page.locator("#act-read-bag")
    sheet.locator("[name=left_in_bag_ml]").fill("54")
    let_it_go()
    expect(sheet.get_by_text("Recorded as it was when you sent it")).to_be_visible()
    expect(sheet.locator("[name=left_in_bag_ml]")).to_have_value("54")
    assert [said["left_in_bag_ml"] for _, said in wait_for_posts(room, 1)] == [["45"]]


def test_a_tap_without_an_answer_stands_until_it_is_sent_again_and_counts_once(room: LiveRoom) -> None:
    sent: list[str] = []
    room.page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Record pause").click()
    stands = unanswered(room.page)
    expect(stands).to_contain_text("Record pause · ", timeout=NO_ANSWER_MS)
    expect(stands).to_contain_text("No answer. It is not known whether this was recorded.")
    room.page.wait_for_timeout(5000)  # a word that passes was gone after four seconds
    expect(stands).to_be_visible()
    room.stand.is_deaf = False
    stands.get_by_role("button", name="Send again").click()
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/pause")
    expect(stands).to_have_count(0)
    expect(room.page.locator("#told")).to_have_text("Recorded")
    pauses = [each for each in sent if "pressed_at" not in each and "can_sound" not in each and "act_id" in each]
    assert len(set(pauses)) == 1
    assert said["act_id"][0] in pauses[0]


def test_the_same_button_drawn_anew_means_the_same_act_until_it_is_put_away(room: LiveRoom) -> None:
    page = room.page
    room.stand.is_deaf = True
    page.get_by_role("button", name="Record pause").click()
    expect(unanswered(page)).to_be_visible(timeout=NO_ANSWER_MS)
    page.locator("form[data-act=pause]", has_text="Record pause").evaluate(
        "form => form.replaceWith(form.cloneNode(true))"
    )
    tried = unanswered(page).get_attribute("data-act-id")
    room.stand.is_deaf = False
    page.get_by_role("button", name="Record pause").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert said["act_id"] == [tried]
    expect(unanswered(page)).to_have_count(0)
    page.get_by_role("button", name="Record pause").click()
    assert wait_for_posts(room, 2)[1][1]["act_id"] != [tried]


def test_what_has_no_answer_can_be_put_away_and_is_a_new_act_then(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Record pause").click()
    expect(unanswered(room.page)).to_be_visible(timeout=NO_ANSWER_MS)
    tried = unanswered(room.page).get_attribute("data-act-id")
    unanswered(room.page).get_by_role("button", name="Put away").click()
    expect(unanswered(room.page)).to_have_count(0)
    room.stand.is_deaf = False
    room.page.get_by_role("button", name="Record pause").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert said["act_id"] != [tried]


@pytest.mark.parametrize(("tap", "act"), [("Seen", "acknowledge"), ("Pause sound", "pause-sound")])
def test_what_is_heard_anew_is_answered_by_a_new_act_though_the_first_tap_had_no_answer(
    glass: Browser, tap: str, act: str
) -> None:
    """Under the id of the first the server would say "done" of what was done then, and the alarm would ring on."""
    alarm = replace(invented.alarmed().alarms[0], occurrence="41")
    with live_room(glass, DESK, replace(invented.infusing(), alarms=(alarm,))) as live:
        page = live.open().page
        page.route("**/acts/*", lambda route: route.abort())  # the stream goes on
        page.get_by_role("button", name=tap).click()
        expect(unanswered(page)).to_be_visible(timeout=NO_ANSWER_MS)
        tried = unanswered(page).get_attribute("data-act-id")
        live.view = replace(live.view, alarms=(replace(alarm, occurrence="47"),))
        page.unroute("**/acts/*")
        live.entry(42, draw("bedside/_alarms.html", room=live.view))
        expect(page.locator("#alarms [name=of][value='47']").first).to_be_attached()
        page.get_by_role("button", name=tap).click()
        ((path, said),) = wait_for_posts(live, 1)
        assert path.endswith(f"/acts/{act}")
        assert said["act_id"] != [tried]
        expect(page.locator("#told")).to_have_text("Recorded")
        expect(unanswered(page)).to_contain_text(f"{tap} · ")


def test_a_sheet_that_is_left_without_an_answer_stands_at_the_foot_and_can_be_sent_from_there(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    read_the_bag(room.page, "45")
    sheet = room.page.locator("#act-read-bag")
    expect(sheet.get_by_text(UNKNOWN)).to_be_visible(timeout=NO_ANSWER_MS)
    sheet.get_by_role("button", name="Leave it").click()
    expect(unanswered(room.page)).to_contain_text("Read the bag · ")
    tried = unanswered(room.page).get_attribute("data-act-id")
    room.stand.is_deaf = False
    unanswered(room.page).get_by_role("button", name="Send again").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert (said["act_id"], said["left_in_bag_ml"]) == ([tried], ["45"])
    expect(unanswered(room.page)).to_have_count(0)


def test_who_is_signed_out_by_then_is_not_told_that_the_first_was_not_recorded(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Record pause").click()
    expect(unanswered(room.page)).to_be_visible(timeout=NO_ANSWER_MS)
    room.page.route("**/acts/pause", lambda route: route.fulfill(status=200, content_type="text/html", body="sign in"))
    unanswered(room.page).get_by_role("button", name="Send again").click()
    expect(room.page.locator("#told")).to_have_text("You may not do this, or are no longer signed in here.")
    expect(unanswered(room.page)).to_be_visible()


@pytest.mark.parametrize("way", ["escape", "beside", "back"])
def test_nothing_typed_is_lost_by_a_stray_key_or_tap(room: LiveRoom, way: str) -> None:
    page, sheet = room.page, room.page.locator("#act-read-bag")
    page.get_by_role("button", name="Read the bag").click()
    page.keyboard.type("45")
    for _ in range(3):  # asked again without a touch in between, a browser closes a dialog whatever it is told
        close_by(way, page)
        expect(sheet.get_by_text("Not closed: something is written here.")).to_be_visible()
        expect(sheet.locator("[name=left_in_bag_ml]")).to_have_value("45")
    sheet.get_by_role("button", name="Close without recording").click()
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Read the bag").click()
    expect(sheet.locator("[name=left_in_bag_ml]")).to_have_value("")
    expect(sheet.get_by_text("Not closed")).to_be_hidden()
    close_by(way, page)
    expect(sheet).to_be_hidden()
    assert room.stand.posted == []


def test_a_count_of_drops_is_not_lost_by_a_stray_key_either(room: LiveRoom) -> None:
    page = room.page
    page.get_by_role("button", name="Count drops").last.click()
    for _ in range(4):
        page.locator("[data-tap-drop]").dispatch_event("pointerdown")
        page.wait_for_timeout(400)
    page.keyboard.press("Escape")
    expect(page.locator("[data-tap-count]")).to_have_text("3 drops")
    expect(page.locator("#act-count-drops").get_by_text("Not closed")).to_be_visible()


def close_by(way: str, page: Page) -> None:
    if way == "escape":
        page.keyboard.press("Escape")
    elif way == "beside":
        page.mouse.click(5, 400)
    else:  # as a phone's way back does it: asked of the dialog, by no key
        page.evaluate("document.querySelector('dialog[open]')?.requestClose()")


def held_back(page: Page, address: str) -> Callable[[], None]:
    """Requests for it wait, while the page goes on, until they are let go."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(address, keep)

    def let_go() -> None:
        while not waiting:
            page.wait_for_timeout(20)
        for route in waiting:
            route.continue_()

    return let_go
