"""Asking at the bedside: one act however often it is tapped, never "saved" unless it is, stop without a connection."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from stillroom.bedside import parts as p
from stillroom.bedside.fill.what_if import fill_what_if
from stillroom.bedside.sheets import Act
from stillroom.core.errors import Finding, Severity
from tests.bedside.rooms import seen
from tests.examples import infusing
from tests.web import invented
from tests.web.conftest import DESK, PATIENCE_S, LiveRoom, live_room
from tests.web.drawing import draw
from tests.web.waiting import wait_until

Posted = tuple[str, dict[str, list[str]]]


def wait_for_posts(room: LiveRoom, number: int, within_s: float = PATIENCE_S) -> list[Posted]:
    deadline = time.monotonic() + within_s
    while len(room.stand.posted) < number and time.monotonic() < deadline:
        room.page.wait_for_timeout(30)
    return room.stand.posted


def read_the_bag(page: Page, left_ml: str) -> None:
    page.get_by_role("button", name="Read the bag").click()
    page.keyboard.type(left_ml)
    page.get_by_role("button", name="Record the reading").click()


def test_an_act_carries_its_own_id_and_what_its_author_had_in_view(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Read the bag").click()
    room.entry(42, draw("bedside/_drip.html", room=room.view))
    room.page.wait_for_timeout(200)
    room.page.keyboard.type("45")
    room.page.get_by_role("button", name="Record the reading").click()
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/read-bag")
    assert UUID(said["act_id"][0]).version == 4
    assert said["seen_seq"] == ["41"]  # when the sheet was opened, not when it was sent
    assert said["left_in_bag_ml"] == ["45"]
    expect(room.page.locator("#told")).to_have_text("Recorded")
    expect(room.page.locator("#act-read-bag")).to_be_hidden()


def test_an_act_of_one_tap_carries_the_newest_number(room: LiveRoom) -> None:
    room.entry(42, draw("bedside/_log_line.html", line=replace(invented.log()[0], seq=42), room=room.view))
    room.page.locator("#entry-42").wait_for()
    room.page.get_by_role("button", name="Record pause").click()
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/pause")
    assert said["seen_seq"] == ["42"]


def test_a_double_tap_is_one_act(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Call for help").dblclick()
    wait_for_posts(room, 1)
    room.page.wait_for_timeout(300)
    assert len({said["act_id"][0] for _, said in room.stand.posted}) == 1


def test_each_opening_of_a_sheet_is_a_new_act_with_nothing_left_over(room: LiveRoom) -> None:
    read_the_bag(room.page, "45")
    wait_for_posts(room, 1)
    expect(room.page.locator("#act-read-bag")).to_be_hidden()
    room.page.get_by_role("button", name="Read the bag").click()
    assert room.page.locator("#act-read-bag [name=left_in_bag_ml]").input_value() == ""
    room.page.keyboard.type("44")
    room.page.get_by_role("button", name="Record the reading").click()
    posted = wait_for_posts(room, 2)
    assert posted[0][1]["act_id"] != posted[1][1]["act_id"]


def test_what_was_refused_comes_back_with_why(room: LiveRoom) -> None:
    sheet = next(each for each in room.view.sheets if each.act == "read-bag")
    findings = [Finding("more_than_the_bag_held", Severity.HARD, {"left_in_bag_ml": "450", "final_volume_ml": "100"})]
    html = draw(sheet.template, room=room.view, act=sheet.act, form=sheet.form, findings=findings)
    room.stand.answers["read-bag"] = {"outcome": "refused", "html": html}
    read_the_bag(room.page, "450")
    expect(room.page.locator("#act-read-bag")).to_contain_text("450 mL left, and the bag held 100 mL. Read it again.")
    expect(room.page.locator("#act-read-bag")).to_be_visible()


def test_a_sheet_that_was_refused_is_empty_when_it_is_opened_again(room: LiveRoom) -> None:
    sheet = next(each for each in room.view.sheets if each.act == "read-bag")
    form = type(sheet.form)({"left_in_bag_ml": "45,5", "seen_seq": "41"})
    html = draw(sheet.template, room=room.view, act=sheet.act, form=form)
    room.stand.answers["read-bag"] = {"outcome": "refused", "html": html}
    read_the_bag(room.page, "45,5")
    expect(room.page.locator("#act-read-bag")).to_contain_text("Use a point, not a comma")
    room.page.keyboard.press("Escape")
    expect(room.page.locator("#act-read-bag [name=left_in_bag_ml]")).to_have_value("45,5")
    room.page.get_by_role("button", name="Leave it").click()
    room.page.get_by_role("button", name="Read the bag").click()
    expect(room.page.locator("#act-read-bag [name=left_in_bag_ml]")).to_have_value("")
    expect(room.page.locator("#act-read-bag")).not_to_contain_text("Use a point, not a comma")


def test_without_an_answer_nobody_says_saved_and_nobody_says_failed(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    read_the_bag(room.page, "45")
    sheet = room.page.locator("#act-read-bag")
    expect(sheet.get_by_text("It is not known whether this was recorded")).to_be_visible(timeout=60_000)
    assert room.page.locator("#act-read-bag [name=left_in_bag_ml]").input_value() == "45"
    room.stand.is_deaf = False
    tried = room.page.eval_on_selector("#act-read-bag form", "form => form.act.id")
    room.page.get_by_role("button", name="Record the reading").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert said["act_id"] == [tried]


def test_stop_is_one_press_and_says_at_once_what_the_hand_does(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Stop: close the clamp now").click()
    expect(room.page.get_by_text("Close the clamp now.", exact=True)).to_be_visible()
    room.stand.is_deaf = False
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/stop")
    pressed_at = datetime.fromisoformat(said["pressed_at"][0])
    assert abs((pressed_at - room.now()).total_seconds()) < 60  # by the server's clock, not the browser's


def test_what_a_stop_asks_for_stays_while_the_room_is_drawn_anew_until_the_room_asks_it_itself(room: LiveRoom) -> None:
    """The stream may go on though no act goes through, and bring the part of the page in which it stands."""
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Stop: close the clamp now").click()
    here = room.page.locator("[data-stop-here]")
    closed = here.get_by_role("button", name="Clamp closed")
    expect(closed).to_be_focused()
    room.page.evaluate("document.getElementById('doubt').dataset.old = ''")
    room.stand.say("samples", {"fragments": [draw("bedside/_doubt.html", room=replace(room.view, doubt=None))]})
    expect(room.page.locator("#doubt")).not_to_have_attribute("data-old", "")
    expect(closed).to_be_visible()
    expect(closed).to_be_focused()
    asks = p.Doubt(
        seq=43, kind="StopIntended", since=room.now(), by="B. Osei", rate_ml_per_h=Decimal(0), drops_per_min=0,
        from_rate_ml_per_h=Decimal(150),
    )  # fmt: skip
    room.stand.say("samples", {"fragments": [draw("bedside/_doubt.html", room=replace(room.view, doubt=asks))]})
    expect(room.page.locator("[data-clamp-asked] button")).to_be_visible()
    expect(here).to_be_hidden()


def test_stop_without_a_connection_is_kept_and_sent_when_it_is_back(room: LiveRoom) -> None:
    room.stand.is_deaf = True
    room.page.get_by_role("button", name="Stop: close the clamp now").click()
    room.page.get_by_role("button", name="Clamp closed").click()
    expect(room.page.get_by_text("Stop is kept on this screen")).to_be_visible()
    kept = room.page.evaluate("localStorage.getItem('stillroom.stops')")
    assert "Alder" not in kept
    room.stand.is_deaf = False
    deadline = time.monotonic() + 15
    while len(room.stand.posted) < 2 and time.monotonic() < deadline:
        room.beat()
        room.page.wait_for_timeout(250)
    assert [path.rsplit("/", 1)[-1] for path, _ in room.stand.posted] == ["stop", "clamp-closed"]
    expect(room.page.get_by_text("Stop is kept on this screen")).to_be_hidden()
    assert room.page.evaluate("localStorage.getItem('stillroom.stops')") == "[]"


@pytest.mark.parametrize(
    "refusal",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
    ],
    ids=["full", "refused"],
)
def test_stop_is_sent_where_the_device_keeps_nothing_and_is_not_said_to_be_kept(room: LiveRoom, refusal: str) -> None:
    page = room.page
    page.add_init_script(refusal)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    room.stand.is_deaf = True
    page.get_by_role("button", name="Stop: close the clamp now").click()
    expect(page.get_by_text("Close the clamp now.")).to_be_visible()
    expect(page.get_by_text("this device does not keep it: close the clamp by hand now.")).to_be_visible()
    expect(page.get_by_text("Stop is kept on this screen")).to_be_hidden()
    expect(page.get_by_text("is kept until the connection is back")).to_be_hidden()
    room.stand.is_deaf = False
    deadline = time.monotonic() + 15
    while not room.stand.posted and time.monotonic() < deadline:
        room.beat()
        page.wait_for_timeout(250)
    assert [path.rsplit("/", 1)[-1] for path, _ in room.stand.posted] == ["stop"]
    expect(page.get_by_text("this device does not keep it")).to_be_hidden()


def test_vital_signs_by_hand_are_two_taps_and_their_figures(phone: LiveRoom) -> None:
    """The promise is three taps and eight seconds; figures run on by themselves."""
    page = phone.page
    since = time.monotonic()
    page.get_by_role("button", name="Vital signs").tap()
    for figure in "131827897":
        page.locator(f"#act-vitals [data-key='{figure}']").tap()
    page.locator("#act-vitals .primary").tap()
    ((path, said),) = wait_for_posts(phone, 1)
    assert time.monotonic() - since < 8
    assert path.endswith("/acts/vitals")
    figures = {name: said[name] for name in ("sbp_mmhg", "dbp_mmhg", "pulse_per_min", "spo2_percent")}
    assert figures == {"sbp_mmhg": ["131"], "dbp_mmhg": ["82"], "pulse_per_min": ["78"], "spo2_percent": ["97"]}
    assert said["resp_per_min"] == [""]


def test_vital_signs_are_never_filled_in_beforehand(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Vital signs").click()
    fields = room.page.locator("#act-vitals input:not([type=hidden])")
    assert {field.input_value() for field in fields.all()} == {""}


def test_vital_signs_by_keyboard(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Vital signs").focus()
    room.page.keyboard.press("Enter")
    room.page.keyboard.type("1318278100")
    assert room.page.evaluate("document.activeElement.textContent") == "Record"
    room.page.keyboard.press("Enter")
    ((_, said),) = wait_for_posts(room, 1)
    assert said["spo2_percent"] == ["100"]


def test_drops_are_counted_by_tapping_and_say_how_sure_they_are(room: LiveRoom) -> None:
    page = room.page
    page.get_by_role("button", name="Count drops").last.click()
    pad = page.locator("[data-tap-drop]")
    for _ in range(6):
        pad.dispatch_event("pointerdown")
        page.wait_for_timeout(400)
    expect(page.locator("[data-tap-count]")).to_have_text("5 drops")
    expect(page.locator("[data-drop-doubt]")).to_contain_text("between")
    page.get_by_role("button", name="Record the count").click()
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/count-drops")
    assert said["drops"] == ["5"]
    assert 1.8 <= float(said["seconds"][0]) <= 4


def test_a_stream_is_recorded_as_a_stream(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Count drops").last.click()
    room.page.get_by_role("button", name="A stream, not drops").click()
    ((path, _),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/stream-seen")


def test_a_usual_rate_is_one_tap_and_is_still_asked_for(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Record new rate").click()
    room.page.get_by_role("button", name="120 mL/h").click()
    assert room.page.locator("#act-new-rate [name=rate_ml_per_h]").input_value() == "120"
    assert room.stand.posted == []
    room.page.get_by_role("button", name="I set it now").click()
    ((_, said),) = wait_for_posts(room, 1)
    assert said["rate_ml_per_h"] == ["120"]


def test_a_line_is_corrected_from_where_it_stands(room: LiveRoom) -> None:
    line = invented.log()[0]
    room.stand.page(
        f"{invented.HREF}acts/correct",
        draw(
            "bedside/acts/correct.html",
            room=room.view,
            act="correct",
            form=invented.form_for(Act.CORRECT),
            line=line,
            wrong={"may_be_struck": True, "is_of_a_set_rate": False},
            fields_template="bedside/fields/read-bag.html",
            replacement=invented.form_for(Act.READ_BAG),
        ),
    )
    room.page.locator("#entry-41").hover()
    room.page.locator("#entry-41 .log-correct").click()
    expect(room.page.locator("#act-correct")).to_contain_text("Bag reads 45 mL")
    room.page.get_by_text("What I write here").click()
    room.page.locator("#act-correct [name=left_in_bag_ml]").fill("54")
    room.page.locator("#act-correct [name=reason]").fill("read again at eye level")
    room.page.get_by_role("button", name="Record the correction").click()
    ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/correct")
    assert said["corrects_seq"] == ["41"]
    assert said["left_in_bag_ml"] == ["54"]


def test_enter_after_words_never_gives_the_answer_that_nothing_is_wrong(glass: Browser) -> None:
    with live_room(glass, DESK, invented.before()) as room:
        room.open()
        room.page.locator("#before").get_by_role("button", name="Ask").click()
        room.page.locator("#question-allergies [name=words]").fill("latex")
        room.page.keyboard.press("Enter")
        ((path, said),) = wait_for_posts(room, 1)
    assert path.endswith("/acts/preflight")
    assert (said["item"], said["reply"], said["words"]) == (["allergies"], ["problem"], ["latex"])


def test_the_steps_of_a_call_for_help_come_into_view(room: LiveRoom) -> None:
    room.page.mouse.wheel(0, 900)
    wait_until(room.page, "scrollY > 300")
    room.entry(42, draw("bedside/_help.html", room=invented.alarmed()))
    expect(room.page.locator("#help-title")).to_be_in_viewport()


def test_a_step_that_may_not_be_ticked_here_is_no_button() -> None:
    room = invented.alarmed()
    ticked, read = (draw("bedside/_help.html", room=each) for each in (room, replace(room, acts=frozenset())))
    assert room.help is not None
    assert ticked.count('data-act="help-step"') == len(room.help.steps) - len(room.help.done)
    assert "help-step" not in read
    assert "Oxygen given" in read


# --- what if


def what_if_at(room: LiveRoom) -> None:
    """The stand answers as the server does: a course for a rate; the number asked for stands in it."""
    found = fill_what_if(seen(infusing()), Act.NEW_RATE, Decimal(99))
    room.stand.page(f"{invented.HREF}what-if/new-rate", draw("bedside/_what_if.html", what_if=found))


@pytest.mark.parametrize("how", ["typed", "tapped"])
def test_a_course_is_drawn_beside_the_present_one_as_a_rate_is_typed_or_tapped(room: LiveRoom, how: str) -> None:
    what_if_at(room)
    room.page.get_by_role("button", name="Record new rate").click()
    place = room.page.locator("#act-new-rate [data-what-if]")
    if how == "typed":
        room.page.keyboard.type("99")
    else:
        room.page.locator("#act-new-rate [data-fills]").last.click()
    expect(place.locator(".band")).to_have_count(1)
    expect(place.locator(".band-edge")).to_have_count(1)
    expect(place).to_contain_text("Estimated, not measured")
    assert room.stand.posted == []
    room.page.locator("#act-new-rate").get_by_role("button", name="Leave it").click()
    room.stand.page(f"{invented.HREF}what-if/new-rate", "")
    room.page.get_by_role("button", name="Record new rate").click()
    expect(place).to_be_empty()  # nothing left over from the last time


def test_when_nobody_answers_no_course_of_another_rate_is_left_standing(room: LiveRoom) -> None:
    what_if_at(room)
    room.page.get_by_role("button", name="Record new rate").click()
    room.page.keyboard.type("99")
    place = room.page.locator("#act-new-rate [data-what-if]")
    expect(place.locator(".band")).to_have_count(1)
    del room.stand.pages[f"{invented.HREF}what-if/new-rate"]
    room.page.keyboard.type("0")
    expect(place).to_be_empty()


def test_what_is_being_typed_stays_while_others_act_and_is_gone_once_it_was_sent(glass: Browser) -> None:
    """Litres of oxygen, while somebody else taps a step of the list of what to do: the panel is drawn anew."""
    called = replace(invented.infusing(), help=p.Help(since=invented.NOW))
    step_done = replace(called, help=p.Help(since=invented.NOW, done=("clamp",)))
    with live_room(glass, DESK, called) as live:
        page = live.open().page
        oxygen = page.get_by_label("Oxygen", exact=True)
        oxygen.click()
        page.keyboard.type("1")
        live.entry(42, draw("bedside/_help.html", room=step_done))
        page.locator(".help-done").wait_for()
        expect(oxygen).to_be_focused()
        page.keyboard.type("5")
        expect(oxygen).to_have_value("15")
        page.get_by_role("button", name="Given", exact=True).click()
        ((path, said),) = wait_for_posts(live, 1)
        assert (path.rsplit("/", 1)[-1], said["name"], said["amount"]) == ("medicine", ["oxygen"], ["15"])
        expect(oxygen).to_have_value("")
