"""The pages of the bedside, drawn: what can be asked for has its button, and nothing is said that is not so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from stillroom.bedside import parts as p
from stillroom.bedside.board import BoardView
from stillroom.bedside.parts import Step
from stillroom.bedside.room import RoomView
from stillroom.bedside.sheets import ONE_TAP, Act
from stillroom.bedside.templatetags.tiles import drawn
from stillroom.core.errors import Finding, Severity
from stillroom.core.infusion.coach import Unforeseen
from stillroom.core.infusion.state import OVER, Status
from stillroom.core.order import WatchLimits
from stillroom.core.vitals.freshness import Freshness
from stillroom.core.vitals.signals import Signal
from tests.web import invented
from tests.web.drawing import draw
from tests.web.test_charts import points

ROOMS: dict[str, Callable[[], RoomView]] = {
    room.__name__: room for room in (invented.infusing, invented.before, invented.alarmed, invented.recovering)
}
NOT_ON_THE_PAGE_ITSELF = {
    Act.CORRECT,
    Act.CLAMP_CLOSED,
    Act.CONFIRM,
    Act.NOT_DONE,
    *(Act.ACKNOWLEDGE, Act.PAUSE_SOUND, Act.SOUND_BACK),  # beside an alarm
    Act.HELP_STEP,
    Act.HELP_OVER,
}


def test_beside_an_alarm_its_sound_is_paused_and_brought_back() -> None:
    asked_by_tap = set(re.findall(r'acts/([a-z-]+)"', room_page(invented.alarmed())))
    assert {Act.ACKNOWLEDGE, Act.PAUSE_SOUND, Act.SOUND_BACK} <= asked_by_tap


def room_page(room: RoomView) -> str:
    return draw("bedside/room.html", room=room, sheet=invented.a_paper())


def said(html: str) -> str:
    """What can be read, without the sheets, which are closed."""
    page = re.sub(r"<dialog.*?</dialog>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("name", ROOMS)
def test_a_page_gives_every_name_its_value_and_every_id_once(name: str) -> None:
    html = room_page(ROOMS[name]())
    assert "nobody gave" not in html
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert [each for each, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("name", ROOMS)
def test_every_act_that_is_open_has_its_button_and_its_sheet(name: str) -> None:
    room = ROOMS[name]()
    html = room_page(room)
    asked_by_sheet = set(re.findall(r'data-opens="act-([a-z-]+)"', html))
    asked_by_tap = set(re.findall(r'acts/([a-z-]+)"', html))
    open_acts = room.acts - NOT_ON_THE_PAGE_ITSELF
    assert [act for act in open_acts if act not in asked_by_sheet | asked_by_tap] == []
    assert [act for act in open_acts - ONE_TAP if f'<dialog id="act-{act}"' not in html] == []


@pytest.mark.parametrize("name", ROOMS)
def test_no_button_leads_nowhere(name: str) -> None:
    html = room_page(ROOMS[name]())
    sheets = set(re.findall(r'<dialog id="act-([a-z-]+)"', html))
    assert set(re.findall(r'data-opens="act-([a-z-]+)"', html)) - sheets == set()


@pytest.mark.parametrize("name", ROOMS)
def test_one_line_is_always_there(name: str) -> None:
    assert "You control the drip. Stillroom only records." in said(room_page(ROOMS[name]()))


def test_what_is_in_doubt_is_asked_for_with_its_number() -> None:
    html = room_page(invented.alarmed())
    assert "Set the clamp to 40 drops/min, then confirm." in said(html)
    for act in ("confirm", "not-done"):
        form = re.search(rf'<form[^>]*acts/{act}".*?</form>', html, re.S)
        assert form is not None
        assert 'name="intent_seq" value="41"' in form[0]


def test_arriving_is_one_tap() -> None:
    room = replace(
        invented.before(), acts=frozenset({Act.ARRIVE}), before=(Step(code="arrived", is_met=False, act=Act.ARRIVE),)
    )
    assert re.search(r'<form[^>]*acts/arrive".*?Has arrived</button>', room_page(room), re.S)


def test_stop_is_one_press_and_no_sheet() -> None:
    html = room_page(invented.infusing())
    assert re.search(r'<form class="stop"[^>]*acts/stop"[^>]*data-stop>.*?<button type="submit"', html, re.S)
    assert 'id="act-stop"' not in html


def test_nobody_asked_is_not_no_allergies() -> None:
    assert "allergies not asked" in said(room_page(invented.before()))
    assert "no known allergies" in said(room_page(invented.infusing()))
    room = invented.infusing()
    assert "allergic to latex, eggs" in said(
        room_page(replace(room, who=replace(room.who, allergies=("latex", "eggs"))))
    )


@pytest.mark.parametrize("state", [Freshness.STALE, Freshness.LOST])
def test_a_figure_that_is_too_old_is_nowhere_on_the_tile(state: Freshness) -> None:
    tile = replace(invented.tiles()[0], state=state, figure="177/99", mean_mmhg=125, since_arrival=61)
    html = drawn(tile, invented.infusing().at)
    figure = re.search(r"data-figure>(.*?)<", html)
    assert figure is not None
    assert figure[1] == "–"
    assert "177/99" not in html
    assert "125" not in html


def test_a_figure_has_its_age_and_until_when_it_is_good() -> None:
    html = drawn(invented.tiles()[1], invented.infusing().at)
    assert 'data-good-for-s="12"' in html
    assert 'data-measured-at="2026-11-23T10:41:11+00:00"' in html


@pytest.mark.parametrize(
    ("number", "changes", "wanted"),
    [
        (0, {}, "mean 98 · 2 min ago, next in 3 min +14 since arrival · limit 180"),
        (0, {"is_by_hand": True}, "2 min ago, by hand, next in 3 min"),
        (1, {}, "now · +9 since arrival"),
        (1, {"signal": Signal.HEART_RATE_PER_MIN, "other_rate": 71}, "now, by ECG · finger 71 · +9 since arrival"),
        (1, {"signal": Signal.PULSE_PER_MIN, "other_rate": 71}, "now · ECG 71 · +9 since arrival"),
        (1, {"signal": Signal.CUFF_PULSE_PER_MIN, "source": "Monitor A"}, "now, by cuff, from Monitor A"),
        (2, {}, "now · room air · limit 92%"),
        (1, {"etco2": p.Etco2(mmhg=38)}, "now · EtCO\N{SUBSCRIPT TWO} 38 mmHg · +9 since arrival"),
        (1, {"etco2": p.Etco2(mmhg=38, source="Cap")}, "now · EtCO\N{SUBSCRIPT TWO} 38 mmHg, from Cap · +9"),
        (
            1,
            {"etco2": p.Etco2(mmhg=0, is_doubted=True), "source": "Monitor A"},
            "now, from Monitor A · EtCO\N{SUBSCRIPT TWO} 0 mmHg?",
        ),
        (2, {"oxygen_l_per_min": Decimal("2.50")}, "now · oxygen 2.5 L/min · limit 92%"),
        (2, {"state": Freshness.LOST}, "Nothing since 10:41. Look at the patient."),
        (2, {"state": Freshness.LOST, "measured_at": None}, "Not measured yet."),
        (2, {"impossible": "400"}, "The monitor sent 400, which cannot be true. It counts for nothing."),
    ],
)
def test_what_a_tile_says_beside_its_figure(number: int, changes: dict[str, Any], wanted: str) -> None:
    html = drawn(replace(invented.tiles()[number], **changes), invented.infusing().at)
    assert wanted in said(html).replace(" ,", ",")


def test_what_a_device_calls_itself_is_words_and_nothing_else() -> None:
    """Neither markup, nor a place for another word of the tile, nor left over on the next tile."""
    tile = replace(invented.tiles()[0], figure="177/99", impossible="\ue000figure\ue001", source="<b>\ue000ago\ue001")
    html = drawn(tile, invented.infusing().at)
    assert html.count("177/99") == 1
    assert "<b>" not in html
    assert "from &lt;b&gt;\ue000ago\ue001" in html
    other = drawn(replace(tile, figure="120/80", source="Monitor B"), invented.infusing().at)
    assert "from Monitor B" in other
    assert "177/99" not in other


def test_a_range_is_not_parted_at_the_end_of_a_line() -> None:
    tile = replace(invented.tiles()[1], limit="45–130")
    html = drawn(tile, invented.infusing().at)
    assert "limit 45\N{WORD JOINER}–\N{WORD JOINER}130" in html


def test_an_alarm_has_colour_shape_and_word() -> None:
    html = draw("bedside/_alarms.html", room=invented.alarmed())
    for priority in ("high", "medium", "low"):
        alarm = re.search(rf'class="alarm is-{priority}.*?</svg>.*?{priority.capitalize()}<', html, re.S)
        assert alarm is not None, priority
    assert len(set(re.findall(r'viewBox="0 0 (\d+) 20"', html))) == 3


def test_the_drug_curve_says_that_it_is_estimated_and_opens_no_door() -> None:
    words = said(room_page(invented.infusing()))
    assert "estimated from the drip, not measured" in words
    assert "No level here says that somebody is clear-headed or may go home, or whether it will help." in words


@pytest.mark.parametrize("why", Unforeseen)
@pytest.mark.parametrize("drops_per_ml", [20, None], ids=["drops", "pump"])
def test_where_nobody_can_say_how_it_goes_on_the_curve_ends_now_and_it_says_what_to_do(
    why: Unforeseen, drops_per_ml: int | None
) -> None:
    room = invented.infusing()
    assert room.drip is not None
    room = replace(room, course=invented.a_fan(cut_by=why), drip=replace(room.drip, drops_per_ml=drops_per_ml))
    html = draw("bedside/_course.html", room=room)
    words = said(html)
    assert ", then the forecast is shown." in words
    assert "Drawn up to now only." in words
    assert "Minutes after the drip until" not in words
    assert "drops" not in words or drops_per_ml
    assert all(title in words for title in ("Kamp 2020", "Domino 1984", "Clements 1981"))
    drawn_to = [x for line in re.findall(r' d="([^"]+)"', html) for x, _ in points(line)]
    assert 0 < max(drawn_to) <= 1000 * 23.2 / 120 + 0.1
    if why is Unforeseen.MOVED and drops_per_ml:
        assert "Arm, chair or bag was moved: count the drops again, then the forecast is shown." in words


def test_a_curve_that_goes_on_says_nothing_of_being_cut() -> None:
    words = said(draw("bedside/_course.html", room=invented.infusing()))
    assert "then the forecast is shown" not in words
    assert "Drawn up to now" not in words


def test_a_struck_line_stays_readable_and_is_marked() -> None:
    html = room_page(invented.infusing())
    struck = re.search(r'<li id="entry-34"[^>]*is-struck.*?</li>', html, re.S)
    assert struck is not None
    assert "74" in struck[0]


def test_what_the_rules_found_comes_back_on_the_sheet() -> None:
    room = invented.before()
    sheet = next(each for each in room.sheets if each.act == Act.READY)
    findings = [Finding("preflight_not_asked", Severity.HARD, {"item": "consent"})]
    html = draw(sheet.template, room=room, act=sheet.act, form=sheet.form, findings=findings)
    assert "Not recorded" in html
    assert "Not asked: Consent stands" in html
    assert "nobody gave" not in html


def test_what_a_colleague_did_comes_back_on_the_sheet() -> None:
    room = invented.infusing()
    sheet = next(each for each in room.sheets if each.act == Act.NEW_RATE)
    html = draw(sheet.template, room=room, act=sheet.act, form=sheet.form, conflicting=invented.log()[:1])
    assert "Something has happened since" in html
    assert "Bag reads 45 mL" in html


def test_a_correction_shows_what_stood_and_its_own_fields() -> None:
    room, line = invented.infusing(), invented.log()[0]
    form = invented.form_for(Act.CORRECT)
    html = draw(
        "bedside/acts/correct.html",
        room=room,
        act=Act.CORRECT,
        form=form,
        line=line,
        wrong={"may_be_struck": True, "is_of_a_set_rate": False},
        fields_template="bedside/fields/read-bag.html",
        replacement=invented.form_for(Act.READ_BAG),
    )
    assert "Bag reads 45 mL" in html
    assert 'name="left_in_bag_ml"' in html
    assert 'name="corrects_seq" value="41"' in html
    assert "nobody gave" not in html


def test_the_board_shows_initials_and_never_a_name() -> None:
    board: BoardView = invented.board()
    html = draw("bedside/board.html", board=board)
    assert "nobody gave" not in html
    assert "M. A." in html
    assert "Alder" not in html


def test_the_board_says_what_is_so_in_each_state() -> None:
    room = invented.board().rooms[1]
    for status in set(Status) - {Status.NEW} - OVER:
        words = said(draw("bedside/_board_state.html", room=replace(room, status=status)))
        assert len(words.strip()) > 4, status


def test_the_label_of_the_bag_says_what_is_in_it_for_whom_and_by_whom() -> None:
    words = said(draw("bedside/label.html", label=invented.a_label(), infusion_id=invented.ID))
    for expected in ("M. Alder, born 4 May 1985", "35 mg in 100 mL", "0.35 mg/mL", "R. Osei", "Lot K-2210", "not yet"):
        assert expected in words


def test_a_page_reads_whole_without_styles_in_the_order_of_urgency() -> None:
    words = said(room_page(invented.alarmed()))
    order = [
        "Room 2",
        "Blood pressure",
        "Upper pressure 184",
        "Help was called",
        "Set the clamp",
        "Ketamine in the blood",
    ]
    assert [words.index(each) for each in order] == sorted(words.index(each) for each in order)


def test_a_call_by_mistake_is_taken_back_in_view_and_one_that_was_answered_at_its_end() -> None:
    """The same act, in one place at a time: nobody in a hurry meets it above the list of what to do."""
    called = replace(invented.infusing(), help=p.Help(since=invented.NOW))
    words = said(draw("bedside/_help.html", room=called))
    assert words.index("Called by mistake") < words.index("One person leads")
    assert "no longer needed" not in words
    answered = replace(called, help=p.Help(since=invented.NOW, done=("clamp",)))
    words = said(draw("bedside/_help.html", room=answered))
    assert "Called by mistake" not in words
    assert words.index("Help is no longer needed") > words.index("Ambulance called")


def test_who_may_not_end_a_call_is_told_who_may() -> None:
    called = replace(invented.infusing(), help=p.Help(since=invented.NOW), acts=frozenset({Act.STOP, Act.HELP}))
    assert "Whoever takes this screen over, or signs in" in said(draw("bedside/_help.html", room=called))


def test_every_limit_stands_with_its_unit() -> None:
    limits = tuple(p.LimitNow(limit=each.name, value=9, ordered=9) for each in fields(WatchLimits))
    form = invented.form_for(Act.CHANGE_LIMIT)
    html = draw(
        "bedside/fields/change-limit.html", room=replace(invented.infusing(), limits=limits), form=form, findings=()
    )
    units = re.findall(r'class="hint">9 ?([^<]+)</span>', html)
    names = {"%": "percent", "mmHg": "mmhg", "per min": "per_min"}
    assert [limits[place].limit.endswith(names[unit]) for place, unit in enumerate(units)] == [True] * len(limits)


def test_when_the_drip_is_stopped_one_act_is_the_next() -> None:
    """It ends; that it may also go on is a prescriber's, and never the louder of the two."""
    room = replace(invented.infusing(), status=Status.STOPPED, acts=frozenset({Act.END, Act.RESUME}))
    louder = re.findall(r'class="primary full"[^>]*>([^<]+)<', draw("bedside/_drip.html", room=room))
    assert louder == ["End: read what is left"]
