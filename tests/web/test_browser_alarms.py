"""Alarms on the glass: sound that was heard, a pause that is seen and ends, a screen that says if it is in view."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from stillroom.bedside.fill.board import Call
from stillroom.core.safety.priority import Priority
from tests.web import invented
from tests.web.conftest import DESK, PHONE, LiveRoom, live_room
from tests.web.drawing import draw
from tests.web.waiting import wait_until

TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
OFF = "Sound is off on this screen."
COUNTS_TONES = """
  window.tones = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.tones.push(this.frequency.value); start.call(this, at) };
"""
HOW_MANY_WHEN_LOST = """
  document.addEventListener("DOMContentLoaded", () => {
    const root = document.documentElement;
    new MutationObserver(() => {
      if (root.dataset.link === "lost") window.tonesWhenLost ??= window.tones.filter((each) => each === 740).length;
    }).observe(root, { attributeFilter: ["data-link"] });
  });
"""
KEEPS_THE_SOUND = """
  const made = AudioContext;
  window.AudioContext = class extends made { constructor() { super(); window.heard = this } };
"""
LISTENS = """
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) {
      const ear = (this.context.ear ??= new AnalyserNode(this.context));
      connect.call(this, ear);
      window.loudness = () => {
        const wave = new Float32Array(ear.fftSize);
        ear.getFloatTimeDomainData(wave);
        return Math.max(...wave.map(Math.abs));
      };
    }
    return connect.call(this, to, ...more);
  };
"""
HIGH_HZ, MEDIUM_HZ = 740, 587


def opened(live: LiveRoom, path: str = invented.HREF) -> Page:
    live.page.add_init_script(COUNTS_TONES)
    return live.open(path).page


def tones(page: Page, hz: int) -> int:
    return int(page.evaluate("(hz) => window.tones.filter((each) => each === hz).length", hz))


def turn_sound_on(page: Page) -> None:
    """By a tap, three tones, and the word of whoever heard them."""
    page.get_by_role("button", name="Turn sound on and hear it").click()
    page.get_by_role("button", name="Yes, I heard them").click()
    expect(page.get_by_text(OFF)).to_be_hidden()


def sounds(live: LiveRoom, priority: str | None, **more: Any) -> None:
    live.beat(alarms={"open": 1, "paused": 0, "sounds": priority}, **more)


def another_room_calls() -> str:
    """To see by it that the page has heard what was said with it."""
    call = Call(infusion_id=invented.ID, room="Room 4", href="/bedside/4/", since=invented.NOW)
    return draw("bedside/_calls.html", calls=[call])


@pytest.mark.parametrize(
    ("shape", "path"),
    [(TABLET, invented.HREF), (PHONE, invented.HREF), (WALL, "/board/")],
    ids=["tablet", "phone", "wall"],
)
def test_a_screen_is_red_until_its_sound_was_heard_and_then_sounds_by_urgency(
    glass: Browser, shape: dict[str, Any], path: str
) -> None:
    """IEC 60601-1-8: three pulses for medium, ten for high. The server is told that this screen can be heard."""
    with live_room(glass, shape, replace(invented.infusing(), sounds=True)) as live:
        page = opened(live, path)
        says = page.get_by_text(OFF)
        expect(says).to_be_visible()
        red = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--high').trim()")
        assert red == "#ff8278"
        expect(says).to_have_css("color", "rgb(255, 130, 120)")
        turn_sound_on(page)
        assert tones(page, MEDIUM_HZ) == 3
        sounds(live, "high")
        wait_until(page, f"() => window.tones.filter((each) => each === {HIGH_HZ}).length === 10")
        said = [each for each in live.stand.shown if "can_sound" in each]
        assert said
        assert len({each["screen"][0] for each in live.stand.shown}) == 1
        assert live.complaints == []


def test_what_has_begun_to_sound_ends_with_the_alarm_and_not_two_seconds_later(glass: Browser) -> None:
    """The second group of five tones begins 1.4 s after the first: whoever has pressed "Seen" does not hear it."""
    with live_room(glass, DESK, replace(invented.infusing(), sounds=True)) as live:
        live.page.add_init_script(LISTENS)
        page = opened(live)
        turn_sound_on(page)
        sounds(live, "high")
        wait_until(page, "() => window.loudness() > .1")
        sounds(live, None, fragments=[another_room_calls()])
        expect(page.locator("#calls .alarm")).to_be_visible()
        page.wait_for_timeout(700)
        loudest = page.evaluate("""async () => {
          let most = 0;
          for (const until = performance.now() + 2000; performance.now() < until; ) {
            most = Math.max(most, window.loudness());
            await new Promise(requestAnimationFrame);
          }
          return most;
        }""")
        assert loudest < 0.001


def test_a_new_grave_alarm_does_not_wait_because_another_was_heard_a_moment_ago(glass: Browser) -> None:
    """What is left in between is medium, so it is never quiet. The page's clock stands: nothing is heard by waiting."""
    with live_room(glass, DESK, replace(invented.infusing(), sounds=True)) as live:
        page = opened(live)
        turn_sound_on(page)
        page.evaluate("const at = performance.now(); performance.now = () => at")
        sounds(live, "high")
        wait_until(page, f"() => window.tones.filter((each) => each === {HIGH_HZ}).length === 10")
        sounds(live, "medium")
        sounds(live, "high", fragments=[another_room_calls()])
        expect(page.locator("#calls .alarm")).to_be_visible()
        assert (tones(page, HIGH_HZ), tones(page, MEDIUM_HZ)) == (20, 3)


def test_a_sound_that_the_browser_takes_away_is_said_in_red_again(glass: Browser) -> None:
    with live_room(glass, DESK, replace(invented.infusing(), sounds=True)) as live:
        live.page.add_init_script(KEEPS_THE_SOUND)
        page = opened(live)
        turn_sound_on(page)
        page.evaluate("window.heard.suspend()")
        expect(page.get_by_text(OFF)).to_be_visible()


def test_a_display_that_stands_with_the_patient_is_silent_and_asks_for_nothing(glass: Browser) -> None:
    with live_room(glass, DESK, invented.infusing()) as live:
        page = opened(live)
        sounds(live, "high")
        page.wait_for_timeout(1500)
        assert page.evaluate("window.tones.length") == 0
        expect(page.get_by_text(OFF)).to_be_hidden()


def test_a_pause_is_seen_with_what_is_left_and_can_be_ended(glass: Browser) -> None:
    with live_room(glass, PHONE, invented.alarmed()) as live:
        page = opened(live)
        paused = page.locator("[data-condition=spo2_low]")
        expect(paused).to_contain_text("Sound paused by R. Osei, back in 1:")
        expect(paused.get_by_role("img", name="sound off")).to_be_visible()
        paused.get_by_role("button", name="Sound on").click()
        page.locator("[data-condition=sbp_high]").get_by_role("button", name="Pause sound").click()
        expect(page.get_by_text("Recorded", exact=True)).to_be_visible()
        page.wait_for_timeout(300)
        (back, said), (pause, asked) = live.stand.posted
        assert (back, said["condition"]) == (f"{invented.HREF}acts/sound-back", ["spo2_low"])
        assert (pause, asked["condition"]) == (f"{invented.HREF}acts/pause-sound", ["sbp_high"])
        assert asked["screen"] == live.stand.shown[0]["screen"]


def test_a_pause_that_is_over_says_so_by_the_clock_alone(glass: Browser) -> None:
    view = invented.alarmed()
    ends = replace(view.alarms[2], paused_until=invented.NOW + timedelta(seconds=4))
    with live_room(glass, DESK, replace(view, alarms=(ends,))) as live:
        page = opened(live)
        paused = page.get_by_text("Sound paused by R. Osei")
        expect(paused).to_be_visible()
        expect(paused).to_be_hidden()


def test_a_high_alarm_that_was_seen_says_when_it_is_heard_again_and_then_asks_anew(glass: Browser) -> None:
    """safety.md #17. `since` is when it began; the time of the raise is when it came back."""
    seen = replace(
        invented.alarmed().alarms[1], condition="spo2_missing", heard_again_at=invented.NOW + timedelta(seconds=100)
    )
    view = replace(invented.alarmed(), alarms=(seen,))
    with live_room(glass, PHONE, view) as live:
        page = opened(live)
        alarm = page.locator("[data-condition=spo2_missing]")
        expect(alarm).to_contain_text("seen by T. Lind, heard again in 1:")
        expect(alarm.get_by_role("button", name="Seen")).to_have_count(0)
    began = invented.NOW - timedelta(minutes=4)
    back = replace(seen, acknowledged_by=None, heard_again_at=None, seen_before_by="T. Lind", since=began)
    for is_worse, words in ((False, "seen by T. Lind, and it still stands"), (True, "worse since T. Lind saw it")):
        with live_room(glass, PHONE, replace(view, alarms=(replace(back, is_worse=is_worse),))) as live:
            page = opened(live)
            alarm = page.locator("[data-condition=spo2_missing]")
            expect(alarm).to_contain_text(f"{began:%H:%M} · {words}")
            expect(alarm.get_by_role("button", name="Seen")).to_be_visible()


def test_a_new_grave_alarm_is_heard_at_once_though_another_is_paused(glass: Browser) -> None:
    view = replace(invented.infusing(), sounds=True)
    with live_room(glass, DESK, view) as live:
        page = opened(live)
        turn_sound_on(page)
        sounds(live, None)
        grave = replace(
            invented.alarmed().alarms[0], condition="spo2_grave", priority=Priority.HIGH, value="85", limit="90"
        )
        fragment = draw("bedside/_alarms.html", room=replace(view, alarms=(grave,)))
        live.seq = 42
        alarms = {"open": 2, "paused": 0, "sounds": "high"}
        live.stand.say("entry", {"seq": 42, "fragments": [fragment], "alarms": alarms}, seq=42)
        expect(page.locator("[data-condition=spo2_grave]")).to_contain_text("High")
        wait_until(page, f"() => window.tones.filter((each) => each === {HIGH_HZ}).length === 10")


def test_a_page_whose_rooms_nobody_watches_says_so_and_sounds(glass: Browser) -> None:
    with live_room(glass, DESK, replace(invented.infusing(), sounds=True)) as live:
        page = opened(live)
        turn_sound_on(page)
        sounds(live, None, watched=False)
        expect(page.get_by_text("Nobody watches for alarms just now.")).to_be_visible()
        wait_until(page, f"() => window.tones.filter((each) => each === {HIGH_HZ}).length >= 10")
        sounds(live, None, watched=True)
        expect(page.get_by_text("Nobody watches for alarms just now.")).to_be_hidden()


def test_a_lost_line_is_heard_as_gravely_as_it_is_and_no_longer_than_it_lasts(glass: Browser) -> None:
    """SR-49: the page calls out by itself that it hears nothing any more."""
    with live_room(glass, DESK, replace(invented.infusing(), sounds=True)) as live:
        live.page.add_init_script(HOW_MANY_WHEN_LOST)
        page = opened(live)
        turn_sound_on(page)
        sounds(live, None)
        page.wait_for_timeout(1500)
        assert tones(page, HIGH_HZ) == 0
        live.stand.is_deaf = True
        live.wait_for_link("lost")
        assert page.evaluate("window.tonesWhenLost") == 10, "in the moment in which it is said"
        wait_until(page, f"() => window.tones.filter((each) => each === {HIGH_HZ}).length >= 10")
        live.stand.is_deaf = False
        live.wait_for_link("live")
        sounds(live, None)
        page.wait_for_timeout(1500)
        heard = tones(page, HIGH_HZ)
        for _ in range(4):  # for longer than from one group of tones to the next
            page.wait_for_timeout(1900)
            sounds(live, None)
        assert tones(page, HIGH_HZ) == heard


def test_a_page_tells_that_it_is_in_view_and_at_once_when_it_is_not(glass: Browser) -> None:
    """A locked phone, another tab over it, or its end: what is hidden shows nobody anything."""
    with live_room(glass, PHONE, invented.infusing()) as live:
        page = opened(live)
        sounds(live, None)
        page.wait_for_timeout(500)
        seen = len(live.stand.shown)
        assert seen >= 1
        assert all("is_hidden" not in each for each in live.stand.shown)
        page.evaluate(
            """() => {
              Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
        page.wait_for_timeout(300)
        assert "is_hidden" in live.stand.shown[-1]
        before = len(live.stand.shown)
        sounds(live, None)
        page.wait_for_timeout(500)
        assert len(live.stand.shown) == before
