"""Nothing missed, nothing false: what a live page shows when the server is silent, asleep, late, or ahead of it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, expect

from stillroom.adverse.reading import Kept
from stillroom.bedside.templatetags.tiles import drawn
from tests.web import invented
from tests.web.conftest import DESK, LiveRoom, live_room
from tests.web.drawing import draw

SAYS_SO_WITHIN_MS = 6000
# For how long the page had heard nothing when it first said so, by its own clock.
WATCH_LINK = """() => {
  let heardAt = performance.now();
  new MutationObserver(() => { heardAt = performance.now() }).observe(document.body, { attributeFilter: ["data-at"] });
  new MutationObserver(() => {
    if (document.documentElement.dataset.link === "lost") window.silentForMs ??= performance.now() - heardAt;
  }).observe(document.documentElement, { attributeFilter: ["data-link"] });
}"""
# Each frame, after the page's own look at its ages: which figures are about to be painted, and how old they are then.
WATCH_FRAMES = """() => {
  window.painted = [];
  const seen = (reading) => {
    const figure = reading.querySelector("[data-figure]");
    const shown = figure.textContent !== "–" && getComputedStyle(figure).visibility === "visible";
    return shown ? Date.now() / 1000 - Number(reading.dataset.trueAt) : null;
  };
  const frame = () => {
    for (const reading of document.querySelectorAll("[data-true-at]")) {
      const age = seen(reading);
      if (age !== null) window.painted.push([age, Number(reading.dataset.goodForS)]);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
ALLOWED_S = 0.1  # between the page's reckoning and this test's, on two clocks


def pulse_measured_now(live: LiveRoom, good_for_s: int) -> str:
    """A pulse tile whose reading is of this moment, marked with the browser's own time so that frames can be judged."""
    tile = replace(invented.tiles()[1], measured_at=live.now(), good_for_s=good_for_s, figure="81")
    html = drawn(tile, live.now())
    return html.replace("data-reading", f'data-reading data-true-at="{time.time()}"', 1)


def test_a_figure_is_gone_in_the_first_frame_after_its_limit(room: LiveRoom) -> None:
    room.page.evaluate(WATCH_FRAMES)
    room.stand.say("samples", {"fragments": [pulse_measured_now(room, good_for_s=1)]})
    pulse = room.page.locator("#tile-pulse")
    expect(pulse.locator("[data-figure]")).to_have_text("81")
    expect(pulse.locator("[data-figure]")).to_have_text("–")
    expect(pulse).to_contain_text("Nothing since")
    ages = room.page.evaluate("painted")
    assert len(ages) > 10
    assert [age for age, good_for_s in ages if age > good_for_s + ALLOWED_S] == []


def test_a_page_that_was_frozen_wakes_without_an_old_figure(room: LiveRoom) -> None:
    """As a laptop whose lid was shut: nothing runs for a while, and then the first frame is already honest."""
    room.page.evaluate(WATCH_FRAMES)
    room.stand.say("samples", {"fragments": [pulse_measured_now(room, good_for_s=2)]})
    expect(room.page.locator("#tile-pulse [data-figure]")).to_have_text("81")
    session = room.page.context.new_cdp_session(room.page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    expect(room.page.locator("#tile-pulse [data-figure]")).to_have_text("–")
    ages = room.page.evaluate("painted")
    assert [age for age, good_for_s in ages if age > good_for_s + ALLOWED_S] == []


@pytest.mark.parametrize(
    "leaving", ["window.dispatchEvent(new Event('pagehide'))", "document.dispatchEvent(new Event('freeze'))"]
)
def test_a_page_that_is_left_or_put_to_sleep_is_blank_at_once(room: LiveRoom, leaving: str) -> None:
    shown = "getComputedStyle(document.querySelector('#tile-pulse [data-figure]')).visibility"
    assert room.page.evaluate(f"(() => {{ {leaving}; return {shown} }})()") == "hidden"


def test_silence_is_said_within_six_seconds_and_every_figure_is_hidden(room: LiveRoom) -> None:
    """The line stays open and nobody closes it, and a new one gets no answer, as behind a proxy that swallows all."""
    room.page.evaluate(WATCH_LINK)
    room.beat()
    room.stand.is_deaf = True
    room.wait_for_link("lost")
    assert room.page.evaluate("silentForMs") < SAYS_SO_WITHIN_MS
    expect(room.page.get_by_text("No connection since")).to_be_visible()
    for figure in room.page.locator(".tile [data-figure]").all():
        expect(figure).not_to_be_visible()
    expect(room.page.locator("#course-chart")).not_to_be_visible()
    for moving in room.page.locator("#coach, #coach + .facts, [data-given], [data-elapsed-s]").all():
        expect(moving).not_to_be_visible()
    expect(room.page.get_by_role("button", name="Stop: close the clamp now")).to_be_visible()


def test_it_comes_back_by_itself_and_asks_for_what_it_missed(room: LiveRoom) -> None:
    room.entry(42, draw("bedside/_log_line.html", line=replace(invented.log()[0], seq=42), room=room.view))
    room.page.locator("#entry-42").wait_for()
    room.stand.hang_up()
    room.wait_for_link("live")
    deadline = time.monotonic() + 5
    while len(room.stand.stream_queries) < 2 and time.monotonic() < deadline:
        room.page.wait_for_timeout(50)
    asked = [parse_qs(query) for query in room.stand.stream_queries]
    assert [each["after"] for each in asked] == [["41"], ["42"]]
    assert asked[0]["screen"] == asked[1]["screen"] == [room.page.evaluate("document.body.dataset.screen")]


def test_an_entry_is_shown_once_though_it_comes_twice(room: LiveRoom) -> None:
    line = draw("bedside/_log_line.html", line=replace(invented.log()[0], seq=42), room=room.view)
    for _ in range(3):
        room.entry(42, line)
    room.page.locator("#entry-42").wait_for()
    assert room.page.locator("#log > li").count() == len(invented.log()) + 1
    assert room.page.locator("#log > li").first.get_attribute("id") == "entry-42"


def test_a_hole_is_filled_by_a_snapshot(room: LiveRoom) -> None:
    lines = [replace(invented.log()[0], seq=seq) for seq in (42, 43)]
    fragments = [draw("bedside/_log_line.html", line=line, room=room.view) for line in lines]
    room.stand.json(
        f"{invented.HREF}snapshot",
        lambda: {"seq": 43, "server_time": room.now().isoformat(), "fragments": fragments},
    )
    room.entry(43, fragments[1])
    room.page.locator("#entry-43").wait_for()
    assert room.page.locator("#entry-42").count() == 1
    assert room.page.locator("#log > li").count() == len(invented.log()) + 2


def test_a_heartbeat_ahead_of_the_entries_fetches_what_was_lost(room: LiveRoom) -> None:
    fragment = draw("bedside/_log_line.html", line=replace(invented.log()[0], seq=42), room=room.view)
    room.stand.json(
        f"{invented.HREF}snapshot",
        lambda: {"seq": 42, "server_time": room.now().isoformat(), "fragments": [fragment]},
    )
    room.seq = 42
    room.beat()
    room.page.locator("#entry-42").wait_for()


def test_an_open_sheet_is_left_alone_and_renewed_when_it_closes(room: LiveRoom) -> None:
    page = room.page
    page.get_by_role("button", name="Record new rate").click()
    page.keyboard.type("120")
    slower = replace(room.view, drip=replace(invented.drip(), rate_ml_per_h=invented.D(120)))
    sheet = next(each for each in slower.sheets if each.act == "new-rate")
    room.entry(42, draw(sheet.template, room=slower, act=sheet.act, form=sheet.form))
    room.entry(43, draw("bedside/_drip.html", room=slower))
    expect(page.locator("#drip")).to_contain_text("Set now")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("#act-new-rate [name=rate_ml_per_h]").input_value() == "120"
    page.locator("#act-new-rate").get_by_role("button", name="Leave it").click()
    expect(page.locator("#act-new-rate")).to_contain_text("It runs at 120 mL/h")


def test_focus_stays_where_it_was_when_the_part_under_it_is_renewed(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Count drops").last.focus()
    room.entry(42, draw("bedside/_drip.html", room=room.view))
    room.entry(43, draw("bedside/_next.html", room=room.view))
    expect(room.page.locator(":focus")).to_have_text("Count drops")


def test_stop_keeps_the_focus_while_the_drip_is_drawn_anew(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Stop: close the clamp now").focus()
    room.entry(42, draw("bedside/_drip.html", room=room.view).replace("<section", "<section data-new", 1))
    room.page.locator("#drip[data-new]").wait_for()
    room.page.keyboard.press("Enter")
    expect(room.page.get_by_text("Stop was pressed here at")).to_be_visible()


def test_focus_never_lands_on_the_medicine_beside(room: LiveRoom) -> None:
    names = ("ephedrine", "glycopyrrolate", "ondansetron")
    kept = tuple(Kept(name=name, amount=Decimal(4), unit="mg", route="iv") for name in names)
    helped = invented.alarmed()
    assert helped.help is not None
    panel = draw("bedside/_help.html", room=replace(helped, help=replace(helped.help, kept=kept)))
    room.entry(42, panel)
    room.page.get_by_role("button", name="glycopyrrolate").focus()
    room.entry(43, panel.replace("<div", "<div data-new", 1))
    room.page.locator("#help[data-new]").wait_for()
    expect(room.page.locator(":focus")).to_contain_text("glycopyrrolate")


def test_focus_stays_in_the_row_of_comfort_that_was_tapped(room: LiveRoom) -> None:
    """Rows share their codes: a keyboard must not be thrown to the first that has the same."""
    page, touch = room.page, next(row for row in room.view.comfort if row.item == "touch")
    page.locator('[data-opens="act-comfort"]').first.click()
    page.locator("#comfort-touch [value=yes]").focus()
    tapped = replace(touch, choice="yes", at=invented.NOW, by="R. Osei", seq=42)
    room.entry(42, draw("bedside/_comfort_row.html", room=room.view, row=tapped))
    expect(page.locator("#comfort-touch [value=yes]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#comfort-touch :focus")).to_have_text("Yes")


@pytest.mark.parametrize("ahead_s", [3600, -3600])
def test_a_browser_whose_clock_is_wrong_shows_no_wrong_age(glass: Browser, ahead_s: int) -> None:
    with live_room(glass, DESK, invented.infusing()) as live:
        live.page.clock.install(time=invented.NOW + timedelta(seconds=ahead_s))
        live.open()
        live.page.clock.run_for(2000)
        expect(live.page.locator("#tile-pressure time[data-ago]")).to_have_text("2 min ago")
        expect(live.page.locator("[data-clock]").first).to_have_text("10:41")


@pytest.mark.parametrize("ahead_s", [0, 3600])
def test_the_clock_of_a_call_for_help_counts_each_second_from_the_call(glass: Browser, ahead_s: int) -> None:
    """By the clinic's clock, whatever the browser's says. Nobody at the patient works it out from a time of day."""
    room = invented.alarmed()
    assert room.help is not None
    called = replace(room, help=replace(room.help, since=invented.NOW - timedelta(seconds=58)))
    with live_room(glass, DESK, called) as live:
        live.page.clock.install(time=invented.NOW + timedelta(seconds=ahead_s))
        live.open()
        live.beat()
        counted_s = [_counted_s(live)]
        while len(counted_s) < 4:
            live.page.wait_for_timeout(100)
            if (now_s := _counted_s(live)) != counted_s[-1]:
                counted_s.append(now_s)
        assert 58 <= counted_s[0] <= 58 + live_s(live)
        assert sorted(counted_s) == counted_s
        assert counted_s[-1] <= 58 + live_s(live)


def _counted_s(live: LiveRoom) -> int:
    minutes, seconds = map(int, live.page.locator("#help [data-running-since]").inner_text().split(":"))
    return 60 * minutes + seconds


def live_s(live: LiveRoom) -> float:
    """For how long the room stands, and a second for two clocks."""
    return (live.now() - invented.NOW).total_seconds() + 1


def test_a_wall_that_may_not_sound_says_so_until_somebody_hears_it(glass: Browser) -> None:
    with live_room(glass, DESK, invented.infusing()) as live:
        page = live.open("/board/").page
        expect(page.get_by_text("Sound is off on this screen.")).to_be_visible()
        page.get_by_role("button", name="Turn sound on and hear it").click()
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_text("Turn up the volume of this device")).to_be_visible()
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("button", name="Yes, I heard them").click()
        expect(page.get_by_text("Sound is off on this screen.")).to_be_hidden()


def test_what_was_unfolded_stays_unfolded_when_it_is_drawn_anew(room: LiveRoom) -> None:
    more = room.page.locator("#course-chart-more")
    more.locator("summary").click()
    expect(more).to_have_attribute("open", "")
    course = replace(room.view, course=invented.a_fan(dose_mg=70))
    room.entry(42, draw("bedside/_course.html", room=course))
    expect(room.page.locator("#course-chart-words")).to_contain_text("506 ng/mL")
    expect(more).to_have_attribute("open", "")
    expect(more.locator("#course-chart-site")).to_be_visible()
