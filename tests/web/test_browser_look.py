"""How the bedside's pages stand in a real browser: nothing clipped, too small, or against the policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from stillroom.bedside.fill.board import Call
from stillroom.bedside.room import RoomView
from stillroom.core.infusion import entries as e
from tests.web import invented
from tests.web.conftest import DESK, PHONE, LiveRoom, live_room
from tests.web.drawing import draw
from tests.web.stand import standing

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
ROOMS: tuple[Callable[[], RoomView], ...] = (
    invented.infusing,
    invented.before,
    invented.alarmed,
    invented.recovering,
)
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
ZOOMED = {"viewport": {"width": 640, "height": 450}}  # a desk's page at 200 %
SHAPES: dict[str, dict[str, Any]] = {"desk": DESK, "phone": PHONE, "zoomed": ZOOMED}

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const hidden_or_scrolled = "svg, dialog:not([open]), .unseen, .table-frame, .bar-top ul, ol.segments";
  return [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.right > wide + 1 && !e.closest(hidden_or_scrolled);
  }).map((e) => e.outerHTML.slice(0, 90));
}"""
SMALL = """() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen");
  const within = document.querySelector("dialog[open]") ?? document;
  const taps = "button, .button, select, textarea, summary, label.option, label.dot, label.check";
  const fields = "input:not([type=hidden], [type=radio], [type=checkbox])";
  return [...within.querySelectorAll(`${taps}, ${fields}`)].filter(shown)
    .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
    .map(([html, box]) => `${html} ${box.width} x ${box.height}`);
}"""
CLIPPED = """() => [...document.querySelectorAll("button, .figure, h1, h2, dd, dt, .pill, legend, label")]
  .filter((e) => e.checkVisibility() && !e.closest(".unseen") && getComputedStyle(e).display !== "inline")
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 90))"""


def sheets_of(page: Page) -> list[str]:
    return list(page.eval_on_selector_all("dialog[id^=act-]", "all => all.map((each) => each.id)"))


OPENED = """async (id) => (await import("/static/web/js/dialogs.js")).open(document.getElementById(id))"""
UNSAID = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const sheet = document.querySelector("dialog[open]");
  const foot = sheet.querySelector(".dialog-foot");
  const isSaid = getComputedStyle(foot, "::before").content.includes("More below");
  const isLonger = sheet.scrollHeight - sheet.clientHeight > 24;
  done(isSaid === isLonger ? [] : [`longer: ${isLonger}, said: ${isSaid}`]);
})))"""


def with_open_sheet(page: Page, sheet: str, look: str) -> Any:
    """What a look at the page finds while the sheet is open."""
    page.evaluate(OPENED, sheet)
    found = page.evaluate(look)
    page.evaluate("(id) => document.getElementById(id).close()", sheet)
    return found


@pytest.mark.parametrize("view", ROOMS, ids=lambda view: view.__name__)
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_runs_out_of_the_page_and_nothing_is_too_small(
    glass: Browser, shape: str, view: Callable[[], RoomView]
) -> None:
    with live_room(glass, SHAPES[shape], view()) as live:
        page = live.open().page
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(CLIPPED) == []
        if shape == "phone":
            assert page.evaluate(SMALL) == []
        for sheet in sheets_of(page):
            assert with_open_sheet(page, sheet, OVERFLOWING) == [], sheet
            assert with_open_sheet(page, sheet, CLIPPED) == [], sheet
            assert with_open_sheet(page, sheet, SMALL) == [], sheet
            assert with_open_sheet(page, sheet, UNSAID) == [], sheet
        assert live.complaints == []


AT_A_GLANCE = "#who, .tile .figure, .drip-figure, [data-stop] button, .help-act button, .only-records"


def test_what_counts_is_seen_at_once_on_a_small_desk(glass: Browser) -> None:
    """At 1280 by 800, without scrolling: who it is in one row, all vital signs, the drip, stop, and help."""
    with live_room(glass, {"viewport": {"width": 1280, "height": 800}}, invented.infusing()) as live:
        page = live.open().page
        below = page.eval_on_selector_all(AT_A_GLANCE, "all => all.map((e) => e.getBoundingClientRect().bottom)")
        assert len(below) == 8
        assert max(below) <= 800
        boxes = page.eval_on_selector_all("#who > *", "all => all.map((e) => e.getBoundingClientRect())")
        shown = [box for box in boxes if box["height"]]
        assert max(box["top"] for box in shown) < min(box["bottom"] for box in shown), "one row"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_board_stands_on_every_glass(glass: Browser, shape: str) -> None:
    with live_room(glass, SHAPES[shape], invented.infusing()) as live:
        page = live.open("/board/").page
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(CLIPPED) == []
        assert live.complaints == []


def test_a_figure_on_the_wall_can_be_read_from_four_metres(glass: Browser) -> None:
    """A capital of 1/200 of the distance is read with ease (DIN 1450): 20 mm at 4 m; 0.7 of the type's height, on a
    wall display of 0.5 mm a pixel (43 inches, 1920 wide)."""
    with live_room(glass, {"viewport": {"width": 1920, "height": 1080}}, invented.infusing()) as live:
        page = live.open("/board/").page
        heights = page.eval_on_selector_all(
            ".board-figure .figure", "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(heights) * 0.7 * 0.5 >= 20


AS_SEEN = """() => [...document.querySelectorAll(".board-room")]
  .map((e) => [e, e.getBoundingClientRect()])
  .sort(([, one], [, other]) => one.top - other.top || one.left - other.left)
  .map(([e, { bottom }]) => [e.id, bottom])"""


@pytest.mark.parametrize(("number", "fits"), [(4, True), (9, True), (12, True), (20, True), (26, False)])
def test_all_rooms_fit_a_wall_and_alarms_stand_first(glass: Browser, number: int, fits: bool) -> None:
    """The gravest first; beyond twenty rooms the wall says how many nobody can see, and alarms are none of them."""
    with live_room(glass, WALL, invented.infusing()) as live:
        live.stand.page(
            "/board/", lambda: draw("bedside/board.html", board=replace(invented.ward(number), at=live.now()))
        )
        page = live.open("/board/").page
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(CLIPPED) == []
        seen = page.evaluate(AS_SEEN)
        assert [name for name, _ in seen][:3] == [f"room-{number}", f"room-{number - 1}", "room-1"]
        assert (max(bottom for _, bottom in seen) <= 1080) is fits
        below = page.locator("[data-below]")
        if fits:
            expect(below).to_be_hidden()
        else:
            expect(below).to_have_text(re.compile(r"^\d more rooms are below\.$"))


def test_a_room_that_alarms_comes_first_at_once_and_goes_back_when_it_is_over(glass: Browser) -> None:
    with live_room(glass, WALL, invented.infusing()) as live:
        page = live.open("/board/").page
        rooms = [replace(room, at=live.now(), alarm=None) for room in invented.board().rooms]
        live.stand.say("board", {"fragments": [draw("bedside/_board_room.html", room=room) for room in rooms]})
        expect(page.locator(".is-alarmed")).to_have_count(0)
        assert [name for name, _ in page.evaluate(AS_SEEN)] == ["room-1", "room-2", "room-3", "room-4"]
        alarmed = replace(rooms[2], alarm=invented.board().rooms[0].alarm)
        live.stand.say("board", {"fragments": [draw("bedside/_board_room.html", room=alarmed)]})
        expect(page.locator(".is-alarmed")).to_have_count(1)
        assert page.evaluate(AS_SEEN)[0][0] == "room-3"


@pytest.mark.parametrize("view", ROOMS, ids=lambda view: view.__name__)
def test_axe_finds_nothing(glass: Browser, view: Callable[[], RoomView]) -> None:
    with live_room(glass, DESK, view()) as live:
        page = live.open().page
        page.evaluate(AXE.read_text())
        assert violations(page) == []
        for sheet in sheets_of(page):
            page.evaluate("(id) => document.getElementById(id).showModal()", sheet)
            assert violations(page, f"#{sheet}") == [], sheet
            page.evaluate("(id) => document.getElementById(id).close()", sheet)


def violations(page: Page, within: str = "body") -> list[str]:
    found = page.evaluate("(within) => axe.run(within)", within)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]


def test_a_sheet_takes_the_focus_and_gives_it_back(room: LiveRoom) -> None:
    page = room.page
    page.get_by_role("button", name="Read the bag").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "left_in_bag_ml"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Read the bag"


def test_a_sheet_without_a_first_field_is_read_from_its_title(room: LiveRoom) -> None:
    room.page.get_by_role("button", name="Watch").click()
    assert room.page.evaluate("document.activeElement.textContent") == "How the patient seems"


@pytest.mark.parametrize(
    ("view", "sheet", "fields"),
    [
        (invented.infusing, "act-watch", ["symptoms", "pulls_at_line", "awake"]),
        (invented.recovering, "act-check", ["symptoms", "awake"]),
    ],
    ids=["look", "check"],
)
def test_what_is_urgent_is_asked_first_and_seen_on_a_phone_without_a_scroll(
    glass: Browser, view: Callable[[], RoomView], sheet: str, fields: list[str]
) -> None:
    with live_room(glass, PHONE, view()) as live:
        page = live.open().page
        page.evaluate(OPENED, sheet)
        foot = page.locator(f"#{sheet} .dialog-foot").bounding_box()
        assert foot is not None
        for field in fields:
            for each in page.locator(f"#{sheet} label:has([name={field}])").all():
                box = each.bounding_box()
                assert box is not None
                assert box["y"] + box["height"] <= foot["y"], field
        reached = [page.evaluate(NEXT) for _ in range(7) if page.keyboard.press("Tab") is None]
        assert list(dict.fromkeys(filter(None, reached)))[: len(fields)] == fields


NEXT = "document.activeElement.name"


def test_a_tap_beside_a_sheet_closes_it_unless_something_was_typed(room: LiveRoom) -> None:
    page = room.page
    page.get_by_role("button", name="Write a note").click()
    page.mouse.click(20, 700)
    assert not page.locator("#act-note").is_visible()
    page.get_by_role("button", name="Write a note").click()
    page.keyboard.type("asks for the blanket")
    page.mouse.click(20, 700)
    assert page.locator("#act-note").is_visible()


@pytest.mark.parametrize(("shape", "height"), [(PHONE, 844), ({"viewport": {"width": 820, "height": 1180}}, 1180)])
def test_stop_and_help_stay_in_reach_however_far_one_scrolls(
    glass: Browser, shape: dict[str, Any], height: int
) -> None:
    with live_room(glass, shape, invented.infusing()) as live:
        page = live.open().page
        for words in ("Stop: close the clamp now", "Call for help"):
            for there in (0, "document.body.scrollHeight"):
                page.evaluate(f"window.scrollTo(0, {there})")
                box = page.get_by_role("button", name=words).bounding_box()
                assert box is not None
                assert box["y"] >= 0
                assert box["y"] + box["height"] <= height


def test_help_stands_apart_from_stop_where_both_are_under_one_thumb(glass: Browser) -> None:
    """Help pages everybody: no slip from Stop reaches it, and it has another shape."""
    with live_room(glass, PHONE, invented.infusing()) as live:
        page = live.open().page
        stop, help_ = (page.get_by_role("button", name=words) for words in ("Stop: close the clamp", "Call for help"))
        left, right = stop.bounding_box(), help_.bounding_box()
        assert left is not None
        assert right is not None
        assert right["x"] - (left["x"] + left["width"]) >= 16
        shapes = [each.evaluate("e => getComputedStyle(e).borderRadius") for each in (stop, help_)]
        assert shapes[0] != shapes[1]


@pytest.mark.parametrize("shape", [PHONE, DESK, WALL], ids=["phone", "desk", "wall"])
@pytest.mark.parametrize("path", [invented.HREF, "/board/"], ids=["room", "board"])
def test_a_call_from_another_room_stands_before_everything_else(
    glass: Browser, shape: dict[str, Any], path: str
) -> None:
    with live_room(glass, shape, invented.alarmed()) as live:
        call = Call(infusion_id=invented.ID, room="Room 4", href="/bedside/4/", since=invented.NOW)
        page = live.open(path).page
        live.beat(fragments=[draw("bedside/_calls.html", calls=[call])])
        expect(page.locator("#calls .alarm")).to_be_visible()
        top = page.locator("#calls .alarm").bounding_box()
        others = page.locator(".tile, .board-room, #alarms").all()
        boxes = [box for each in others if (box := each.bounding_box())]
        assert top is not None
        assert top["y"] < min(box["y"] for box in boxes)


def test_nothing_moves_for_somebody_who_asked_for_stillness(glass: Browser) -> None:
    with live_room(glass, {**DESK, "reduced_motion": "reduce"}, invented.alarmed()) as live:
        page = live.open().page
        assert page.evaluate("document.getAnimations().filter((each) => each.playState === 'running').length") == 0


FLASHES = """mark => {
  const [flash] = mark.getAnimations()
  if (!flash) return null
  const period_ms = parseFloat(getComputedStyle(mark).animationDuration) * 1000
  flash.pause()
  const lit = Array.from({ length: 200 }, (_, part) => {
    flash.currentTime = (part + .5) * period_ms / 200
    return parseFloat(getComputedStyle(mark).opacity) > .5
  })
  return { hz: 1000 / period_ms, lit: lit.filter(Boolean).length / lit.length }
}"""


@pytest.mark.parametrize("number", [4, 9, 12, 20])
def test_a_call_for_help_on_the_wall_hides_no_alarm_of_its_room(glass: Browser, number: int) -> None:
    """Who runs there knows what for; and every room still fits."""
    ward = invented.ward(number)
    helped = replace(ward.rooms[-2], help_since=invented.at("10:41"))
    view = replace(ward, rooms=(*ward.rooms[:-2], helped, ward.rooms[-1]))
    with live_room(glass, WALL, invented.infusing()) as live:
        live.stand.page("/board/", lambda: draw("bedside/board.html", board=replace(view, at=live.now())))
        page = live.open("/board/").page
        said = page.locator(f"#room-{number - 1} .board-say")
        expect(said).to_have_count(2)
        expect(said.first).to_contain_text("Help called · 10:41")
        expect(said.last).to_contain_text("Upper pressure 184, over 180")
        assert page.evaluate(AS_SEEN)[0][0] == f"room-{number - 1}"
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(CLIPPED) == []
        assert max(bottom for _, bottom in page.evaluate(AS_SEEN)) <= 1080


PLACES = [(invented.HREF, "#alarms .alarm", "alarm"), ("/board/", "#room-1", "sheet board-room is-alarmed")]


@pytest.mark.parametrize(("path", "holder", "classes"), PLACES, ids=["room", "board"])
@pytest.mark.parametrize(
    ("priority", "hz", "lit"), [("high", (1.4, 2.8), (0.2, 0.6)), ("medium", (0.4, 0.8), (0.2, 0.6))]
)
def test_alarms_flash_as_the_standard_says(
    glass: Browser,
    path: str,
    holder: str,
    classes: str,
    priority: str,
    hz: tuple[float, float],
    lit: tuple[float, float],
) -> None:
    """IEC 60601-1-8, table 2: high 1.4 to 2.8 Hz, medium 0.4 to 0.8 Hz, lit for 20 to 60 % of it; low is constant."""
    with live_room(glass, DESK, invented.alarmed()) as live:
        page = live.open(path).page
        assert path != invented.HREF or page.locator(f"{holder} .alarm-flash").count() > 0
        bear = "([holder, classes]) => { document.querySelector(holder).className = classes }"
        page.evaluate(bear, [holder, f"{classes} is-{priority}"])
        mark = page.locator(f"{holder} .alarm-flash .shape").first
        found = mark.evaluate(FLASHES)
        assert hz[0] <= found["hz"] <= hz[1]
        assert lit[0] <= found["lit"] <= lit[1]
        page.evaluate(bear, [holder, f"{classes} is-low"])
        assert mark.evaluate(FLASHES) is None
        assert mark.evaluate("mark => getComputedStyle(mark).opacity") == "1"


def test_what_was_seen_or_has_passed_does_not_flash(glass: Browser) -> None:
    """The colour, the shape and the word stay."""
    alarm = invented.alarmed().alarms[0]
    for quiet in (replace(alarm, acknowledged_by="B. Osei"), replace(alarm, is_over=True)):
        with live_room(glass, DESK, replace(invented.alarmed(), alarms=(quiet,))) as live:
            page = live.open().page
            expect(page.locator("#alarms .alarm-mark")).to_be_visible()
            assert (
                page.locator("#alarms .alarm-mark").evaluate("mark => mark.getAnimations({subtree: true}).length") == 0
            )


SEEN, OVER = {"acknowledged_by": "B. Osei"}, {"is_over": True}


@pytest.mark.parametrize(
    ("first", "more", "flashing"),
    [
        ({}, None, ["high"]),
        (SEEN, None, []),
        (OVER, None, []),
        (SEEN, e.Priority.MEDIUM, ["medium"]),
        (SEEN, e.Priority.LOW, []),
        ({}, e.Priority.MEDIUM, ["high", "medium"]),
    ],
    ids=["unseen", "seen", "over", "another unseen", "another low", "both unseen"],
)
def test_on_the_board_only_what_nobody_has_seen_flashes(
    glass: Browser, first: dict[str, Any], more: e.Priority | None, flashing: list[str]
) -> None:
    """The card stays in the colour of the gravest, with its shape and its words."""
    view = invented.board()
    assert view.rooms[0].alarm is not None
    alarm = replace(view.rooms[0].alarm, priority=e.Priority.HIGH, **first)
    card = replace(view.rooms[0], alarm=alarm, alarms_more=0 if more is None else 1, more_unseen=more)
    with standing() as stand, closing(glass.new_page()) as page:
        stand.page("/board/", draw("bedside/board.html", board=replace(view, rooms=(card,))))
        page.goto(f"{stand.url}/board/")
        expect(page.locator("#room-1.is-alarmed.is-high .board-say")).to_contain_text("184")
        marks = page.locator("#room-1 .shape").evaluate_all(MARKS)
        assert [mark["name"] for mark in marks][:1] == ["high"]
        assert [mark["name"] for mark in marks if mark["hz"]] == flashing
        assert [1.4 <= mark["hz"] <= 2.8 for mark in marks if mark["hz"]] == [name == "high" for name in flashing]


MARKS = """marks => marks.map((mark) => ({
  name: { 60: "high", 40: "medium", 20: "low" }[mark.viewBox.baseVal.width],
  hz: mark.getAnimations().length ? 1 / parseFloat(getComputedStyle(mark).animationDuration) : 0,
}))"""


def test_the_patients_dark_screen_has_nothing_that_moves(glass: Browser) -> None:
    with standing() as stand, closing(glass.new_page()) as page:
        stand.page("/clinics/quiet/", draw("clinics/quiet.html", room="Room 2"))
        page.goto(f"{stand.url}/clinics/quiet/")
        expect(page.get_by_text("If you want somebody, press your call button or say so.")).to_be_visible()
        assert page.evaluate("document.getAnimations().length") == 0
        moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
        assert page.evaluate(moving) == 0
        assert page.locator(".alarm, .alarm-flash, audio, video").count() == 0
