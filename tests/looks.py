"""Photographs every screen of the room in dim light, to be looked at: as a tablet, a phone and a wall show it.

    python -m tests.looks                  all of them, into build/looks
    python -m tests.looks pump calm        those whose name has one of these words in it
    python -m tests.looks --on phone help
    python -m tests.looks around-ledger    a page around the room; `around` is all of them, `paper` what is printed

Each state is a walk through the core, drawn by the product's own templates, with the scripts and the policy of the
product; the pages around the room (`around`, and the papers of `paper`) are asked of a clinic of a minute:
tests/looks_around.py. Nothing is asserted here: tests/web does that.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stillroom.project.settings")
django.setup()

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from stillroom.bedside.fill.offered import Roles  # noqa: E402
from stillroom.bedside.fragments import sheets_of  # noqa: E402
from stillroom.bedside.people import People  # noqa: E402
from stillroom.bedside.room import RoomView  # noqa: E402
from stillroom.bedside.sheets import Act  # noqa: E402
from stillroom.core.infusion import commands as c  # noqa: E402
from stillroom.core.infusion import entries as e  # noqa: E402
from stillroom.core.order import UNSIGNED_OBSERVATION, Door  # noqa: E402
from stillroom.core.vitals import Signal  # noqa: E402
from tests import chromium, looks_around  # noqa: E402
from tests.bedside.rooms import EVERY_5_S, seen, sent, shown  # noqa: E402
from tests.examples import (  # noqa: E402
    ADA,
    BEN,
    BY_PUMP,
    DEE,
    PLAN,
    VITALS,
    WATCH,
    D,
    Walk,
    an_id,
    arrived,
    infusing,
    ready,
    recovering,
)  # fmt: skip
from tests.web import invented  # noqa: E402
from tests.web.conftest import QUIET, STILL  # noqa: E402
from tests.web.drawing import draw  # noqa: E402
from tests.web.stand import Stand, standing  # noqa: E402
from tests.web.test_browser_look import OPENED  # noqa: E402

SHAPES: dict[str, dict[str, Any]] = {
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "wall": {"viewport": {"width": 1920, "height": 1080}},
}
INTO = Path(__file__).parents[1] / "build" / "looks"
STAFF: Roles = frozenset({"nurse", "prescriber"})
HREF = "/bedside/1/"
NAMES = (("a1", "A. Okafor"), ("b2", "B. Osei"), ("c3", "D. Lind"))
PEOPLE = People(
    prescribers=NAMES[:1], colleagues=NAMES, patients=(("p1", "Tobias Quill, 12 Jan 1971"),), witnesses=NAMES,
    shelf=(("k1", "Ketamine 50 mg/mL, lot K-2210: 14 in the safe"),),
)  # fmt: skip
CHECKED = e.RecoveryChecked(
    awake=e.Awake.ALERT, oriented=True, breathing_steady=True, on_feet=e.OnFeet.STEADY, vomiting=False,
    on_room_air=True, effects_gone=True, sbp_mmhg=120, dbp_mmhg=76, pulse_per_min=66, spo2_percent=98,
)  # fmt: skip


# --- the states of a room


def planned() -> Walk:
    walk = Walk()
    walk.ask(PLAN, ADA)
    return walk


def under_way() -> Walk:
    """A quarter of an hour in: counted, read, looked at, something given, light and music set."""
    walk = infusing()
    walk.record(e.RoomTaken(), BEN)
    walk.record(e.ComfortSet(item="lights", choice="lowered"))
    walk.record(e.ComfortSet(item="music", choice="calm"))
    walk.record(e.DropsCounted(drops=25, seconds=D(30)), after_min=9)
    walk.record(e.BagRead(left_in_bag_ml=D(64)))
    walk.record(
        e.MedicineGiven(name="Ondansetron", amount=D(4), unit="mg", route="iv", before_start=False, reason="feels sick")
    )
    walk.record(e.PatientWatched(awake=e.Awake.DROWSY, detached=5, anxious=1, nauseous=2, line_site=e.LineSite.GOOD))
    return walk


def too_slow() -> Walk:
    """Counted at two thirds of what was set: the coach says so, and offers a rate."""
    walk = infusing()
    walk.record(e.DropsCounted(drops=33, seconds=D(60)), after_min=10)
    return walk


def too_fast() -> Walk:
    walk = infusing()
    walk.record(e.DropsCounted(drops=70, seconds=D(60)), after_min=10)
    return walk


def frightened() -> Walk:
    walk = under_way()
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, detached=8, anxious=8, nauseous=5), after_min=1)
    walk.record(e.CalmingTried(step="words"))
    return walk


def rate_in_doubt() -> Walk:
    walk = under_way()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)))
    return walk


def paused() -> Walk:
    walk = under_way()
    walk.ask(c.PauseInfusion())
    walk.confirm()
    return walk


def stop_in_doubt() -> Walk:
    walk = under_way()
    walk.ask(c.StopInfusion())
    return walk


def stopped() -> Walk:
    walk = stop_in_doubt()
    walk.confirm()
    return walk


def alarmed() -> Walk:
    walk = under_way()
    walk.record(e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="86", limit="92"), WATCH)
    walk.record(e.AlarmRaised(condition="sbp_high", priority=e.Priority.MEDIUM, value="184", limit="180"), WATCH)
    walk.record(e.AlarmRaised(condition="pressure_overdue", priority=e.Priority.LOW), WATCH)
    return walk


def help_called() -> Walk:
    walk = under_way()
    walk.record(e.HelpCalled())
    walk.record(e.HelpStepDone(step="clamp"))
    walk.record(
        e.MedicineGiven(
            name="oxygen", amount=D(6), unit="L/min", route="inhaled", before_start=False, reason="blue lips"
        )
    )
    return walk


def by_pump() -> Walk:
    walk = infusing(BY_PUMP)
    walk.record(e.PumpRateRead(rate_ml_per_h=D(110)), after_min=6)
    return walk


def two_doors() -> Walk:
    walk = recovering()
    walk.ask(c.CheckRecovery(check=CHECKED), after_min=50)
    walk.record(e.LineRemoved())
    return walk


def overridden() -> Walk:
    """One of the staff lifts a condition; the second has not agreed yet."""
    walk = recovering()
    walk.ask(c.CheckRecovery(check=replace(CHECKED, vomiting=True)), after_min=50)
    lift = c.OverrideDoor(door=Door.WITH_ADULT, conditions=("vomiting",), second=DEE.person, reason="used to it")
    walk.ask(lift, ADA)
    return walk


def risk_waits() -> Walk:
    """Somebody wrote down that the prescriber decided about a risk; she has not said so herself."""
    walk = two_doors()
    walk.record(e.RiskSettled(outcome=e.Risk.DECIDED, decided_by=ADA.person))
    return walk


def put_right() -> Walk:
    """The wrong patient had been opened, and the drip is paused; the second of the staff has not said so."""
    walk = paused()
    walk.ask(c.ReassignInfusion(patient=an_id("other"), second_person=an_id("dee"), reason="two of one name"))
    return walk


def second_check() -> Walk:
    """The order asks for a second look at the patient before the start."""
    return ready(replace(PLAN, order=replace(PLAN.order, second_patient_check=True)))


def baseline() -> Walk:
    """One set of vital signs, and nobody has looked yet: the order wants two, and a look."""
    return ready(replace(PLAN, order=replace(PLAN.order, observation=UNSIGNED_OBSERVATION)))


def glance() -> Walk:
    """What the monitor shows is worth a glance by this order, and nobody is called."""
    assert PLAN.order.observation is not None
    wary = replace(PLAN.order.observation, sbp_glance_high_mmhg=125, resp_glance_per_min=18, pressure_rise_percent=10)
    walk = infusing(replace(PLAN, order=replace(PLAN.order, observation=wary)))
    walk.record(replace(VITALS, resp_per_min=14), after_min=12)
    return walk


def symptom() -> Walk:
    """The same with chest pain is a high alarm; and the patient pulls at the line."""
    walk = glance()
    pain = (e.Symptom.CHEST_PAIN, e.Symptom.NERVE_SIGN)
    walk.record(e.PatientWatched(awake=e.Awake.ALERT, breaths_per_min=20, anxious=6, symptoms=pain, pulls_at_line=True))
    high = {"priority": e.Priority.HIGH}
    walk.record(e.AlarmRaised(condition="pressure_with_symptom", value="168", limit="160", **high), WATCH)
    walk.record(e.AlarmRaised(condition="line_endangered", **high), WATCH)
    walk.record(e.AlarmRaised(condition="detached_overdue", priority=e.Priority.LOW), WATCH)
    return walk


STATES: tuple[Callable[[], Walk], ...] = (
    *(frightened, under_way, planned, arrived, ready, second_check, infusing, too_slow, too_fast, by_pump),
    *(baseline, glance, symptom),
    *(rate_in_doubt, paused, stop_in_doubt, stopped, alarmed, help_called, recovering, two_doors, overridden),
    *(risk_waits, put_right),
)


def view_of(walk: Walk) -> RoomView:
    at = walk.at + timedelta(seconds=20)
    figures = {
        Signal.SBP_MMHG: 131, Signal.DBP_MMHG: 82, Signal.MBP_MMHG: 98, Signal.PULSE_PER_MIN: 78,
        Signal.SPO2_PERCENT: 97, Signal.RESP_PER_MIN: 14,
    }  # fmt: skip
    readings = [
        sent(signal, value + (back // 15) % 3, at - timedelta(seconds=back))
        for back in range(602, 0, -15)
        for signal, value in figures.items()
    ]
    now = seen(walk, at=at, monitor=replace(EVERY_5_S, last_heard_at=at), readings=readings)
    view = shown(now, STAFF)
    return replace(view, sheets=sheets_of(view, PEOPLE), sounds=True, patient_id=an_id("patient"))


# --- the board


AROUND = ("around", "paper")
UNHEARD = ("sound-asked", "sound-not-heard", "lost", "lost-printed")
BOARDS = {f"board-{number}": number for number in (4, 9, 12, 20, 26)}


# --- the camera


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("words", nargs="*", help="only screens whose name has one of these in it")
    asked.add_argument("--on", choices=SHAPES, action="append", help="only this glass")
    said = asked.parse_args()
    INTO.mkdir(parents=True, exist_ok=True)
    wants_around = not said.words or any(word.startswith(AROUND) for word in said.words)
    around = looks_around.asked() if wants_around else None
    for name, pages in around.papers.items() if around else ():
        for number, picture in enumerate(pages, start=1):
            (INTO / f"paper-{name}-{number}.png").write_bytes(picture)
    with sync_playwright() as playwright:
        program, how = chromium.path(), [*chromium.arguments(), *QUIET, *STILL]
        browser = playwright.chromium.launch(executable_path=program, args=how)
        with closing(browser):
            for shape in said.on or SHAPES:
                for name in photographed(browser, shape, said.words, around):
                    print(name)  # noqa: T201


def photographed(browser: Browser, shape: str, words: list[str], around: looks_around.Around | None) -> Iterator[str]:
    """The names of the pictures, as they are taken. A sheet is taken in the first state that offers it."""
    taken: set[str] = set()

    def wanted(name: str) -> bool:
        return name not in taken and (not words or any(word in name for word in words))

    with standing() as stand, closing(browser.new_context(**SHAPES[shape], timezone_id="UTC")) as context:
        page = context.new_page()
        for state in STATES:
            view = view_of(state())
            name = state.__name__.replace("_", "-")
            sheets = [f"sheet-{each.act.value}" for each in view.sheets]
            if not any(map(wanted, (name, *sheets))):
                continue
            open_at(page, stand, HREF, partial(room_page, view), view.at.isoformat())
            for each in filter(wanted, (name, *sheets)):
                photograph(page, each, shape)
                taken.add(each)
                yield f"{each}-{shape}"
        if any(map(wanted, UNHEARD)):
            yield from unheard(page, stand, shape)
        for name in filter(wanted, around.pages if around else ()):
            yield from around_the_room(page, stand, shape, around, name)
        if wanted("sheet-correct"):
            yield from correction(page, stand, shape)
        for name, number in BOARDS.items():
            if wanted(name):
                board = invented.ward(number)
                open_at(page, stand, "/board/", partial(draw, "bedside/board.html", board=board), board.at.isoformat())
                page.screenshot(path=INTO / f"{name}-{shape}.png", full_page=shape != "wall")
                yield f"{name}-{shape}"


def around_the_room(page: Page, stand: Stand, shape: str, around: looks_around.Around, name: str) -> Iterator[str]:
    href, html = around.pages[name]
    stand.page(href, html)
    stand.greeting = lambda: heartbeat(around.at.isoformat())
    page.goto(stand.url + href)
    page.screenshot(path=INTO / f"{name}-{shape}.png", full_page=True)
    yield f"{name}-{shape}"


def room_page(view: RoomView) -> str:
    return draw("bedside/room.html", room=view, sheet=invented.a_paper(), stop_key="")


def open_at(page: Page, stand: Stand, href: str, html: Callable[[], str], at: str) -> None:
    stand.page(href, html)
    stand.greeting = lambda: heartbeat(at)
    page.goto(stand.url + href)
    page.locator("html[data-link=live]").wait_for()


def heartbeat(at: str) -> tuple[str, dict[str, Any]]:
    return "heartbeat", {"server_time": at, "head_seq": 0, "alarms": {"open": 0, "sounds": None}}


def unheard(page: Page, stand: Stand, shape: str) -> Iterator[str]:
    """The sound's test, then the room without a connection, and the paper that its memory holds."""
    view = view_of(under_way())
    open_at(page, stand, HREF, partial(room_page, view), view.at.isoformat())
    page.locator("[data-sound-on]").first.click()
    page.locator("[data-sound-bar][data-state=asked]").wait_for()
    page.screenshot(path=INTO / f"sound-asked-{shape}.png")
    page.locator("[data-sound-not-heard]").click()
    page.screenshot(path=INTO / f"sound-not-heard-{shape}.png")
    stand.is_deaf = True
    stand.hang_up()
    page.locator("html[data-link=lost]").wait_for()
    page.locator("[data-lost-since]", has_text=":").wait_for()
    page.screenshot(path=INTO / f"lost-{shape}.png", full_page=True)
    page.emulate_media(media="print")
    page.screenshot(path=INTO / f"lost-printed-{shape}.png", full_page=True)
    page.emulate_media(media="screen")
    stand.is_deaf = False
    yield from (f"{name}-{shape}" for name in UNHEARD)


def photograph(page: Page, name: str, shape: str) -> None:
    sheet = name.removeprefix("sheet-") if name.startswith("sheet-") else None
    if sheet:
        page.evaluate(OPENED, f"act-{sheet}")
        page.evaluate("document.querySelectorAll('dialog[open] details').forEach((each) => { each.open = true })")
    page.screenshot(path=INTO / f"{name}-{shape}.png", full_page=sheet is None)
    if sheet:
        page.evaluate("document.querySelectorAll('dialog[open]').forEach((each) => each.close())")


def correction(page: Page, stand: Stand, shape: str) -> Iterator[str]:
    """The sheet that corrects a line is drawn when it is wanted: here for a reading of the bag."""
    from stillroom.bedside.correcting import entry_to_correct, wrong_entry
    from stillroom.bedside.fill.log import line_of
    from stillroom.bedside.forms import FORMS

    walk = under_way()
    now, view = seen(walk), view_of(walk)
    read = next(entry for entry in reversed(walk.log) if entry.kind == "BagRead")
    entry = entry_to_correct(tuple(walk.log), read.seq)
    assert entry is not None
    wrong = wrong_entry(entry, PEOPLE)
    form = FORMS[Act.CORRECT]()
    PEOPLE.offer(form)
    html = draw(
        "bedside/acts/correct.html", room=view, act=Act.CORRECT, form=form, line=line_of(now, entry, None, True),
        wrong=wrong, fields_template=wrong.fields_template, replacement=wrong.form, again={},
    )  # fmt: skip
    open_at(
        page,
        stand,
        HREF,
        lambda: room_page(view).replace('<div id="sheets">', f'<div id="sheets">{html}'),
        view.at.isoformat(),
    )
    photograph(page, "sheet-correct", shape)
    yield f"sheet-correct-{shape}"


if __name__ == "__main__":
    main()
