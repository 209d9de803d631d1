"""Alarms at the bedside: what pages say of themselves, what every screen is told, limits, and the history."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from stillroom.bedside import sse
from stillroom.bedside.board_reading import read_board, read_calls
from stillroom.bedside.book import book_of
from stillroom.bedside.fill.board import Call
from stillroom.bedside.fragments import board_fragments, calls_fragment
from stillroom.bedside.told import heard_of
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from stillroom.devices.assignments import assign
from stillroom.devices.models import Counting, Screen
from stillroom.devices.screens import watcher_looked
from tests.bedside.house import BY_METER, House, elsewhere, planned
from tests.cast import Cast, at_display, signed_in
from tests.devices.premises import make_monitor
from tests.examples import WATCH


def alarmed(house: House, condition: str = "spo2_grave", priority: Priority = Priority.HIGH) -> House:
    raised = e.AlarmRaised(condition=condition, priority=priority, value="85", limit="90")
    house.ask(c.Record(fact=raised), WATCH)
    return house


def escalate(house: House, step: int, called: Called, condition: str = "spo2_grave") -> None:
    house.ask(c.Record(fact=e.AlarmEscalated(condition=condition, step=step, called=called)), WATCH)


def screens(cast: Cast) -> list[tuple[UUID, UUID | None, bool, bool]]:
    with clinic_scope(cast.clinic.pk):
        return list(Screen.objects.values_list("pk", "infusion_id", "can_sound", "is_hidden"))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- screens ---------------------------------------------------------------------------------------------------------


def test_a_page_says_that_it_is_seen_and_when_it_is_not(cast: Cast) -> None:
    house, screen = planned(cast), uuid4()
    for client in (signed_in(cast.ben), at_display(cast)):
        assert client.post(f"{house.href}shown", {"screen": screen, "can_sound": "on"}).status_code == 204
        assert screens(cast) == [(screen, house.infusion_id, True, False)]
    assert signed_in(cast.ben).post(f"{house.href}shown", {"screen": screen, "is_hidden": "on"}).status_code == 204
    assert screens(cast) == [(screen, house.infusion_id, True, True)]
    assert signed_in(cast.ben).post("/board/shown", {"screen": screen}).status_code == 204
    assert screens(cast) == [(screen, None, False, False)]
    assert signed_in(cast.ben).post("/board/shown", {"screen": "mine"}).status_code == 422


def test_a_display_of_the_staff_is_to_be_heard_as_a_phone_is(cast: Cast) -> None:
    href = planned(cast).start().href
    assert "data-sounds" in signed_in(cast.ben).get(href).content.decode()
    assert "data-sounds" in at_display(cast).get(href).content.decode()


def test_a_start_that_nobody_would_hear_takes_a_word_of_how_they_will_be_called(cast: Cast) -> None:
    house, ben = planned(cast).make_ready(), signed_in(cast.ben)
    house.let_it_be_watched()
    refused = house.post(ben, "start")
    assert refused.status_code == 422
    words = text_of(json.loads(refused.content)["html"])
    assert "Turn it on and hear it, or say how staff will be called" in words
    assert "No monitor sends saturation here: it is due with each look. Put the probe on" in words
    house.done(ben, "start", reason="I stay with her")
    assert house.state.pending[-1].kind == "StartIntended"


def test_no_start_where_nothing_that_calls_staff_was_ever_there(cast: Cast) -> None:
    house, ben = planned(cast).make_ready(), signed_in(cast.ben)
    house.let_it_be_heard()
    refused = house.post(ben, "start", reason="I watch her myself")
    assert refused.status_code == 422
    assert "that calls staff does not answer" in text_of(json.loads(refused.content)["html"])


def test_no_start_while_what_calls_staff_has_stopped_and_stop_all_the_same(cast: Cast) -> None:
    house, ben = planned(cast).make_ready(), signed_in(cast.ben)
    house.let_it_be_heard()
    with clinic_scope(cast.clinic.pk):
        watcher_looked(uuid4(), clinic_id=cast.clinic.pk, at=timezone.now() - timedelta(minutes=1))
    refused = house.post(ben, "start", reason="I watch her myself")
    assert refused.status_code == 422
    assert "that calls staff does not answer" in text_of(json.loads(refused.content)["html"])
    house.done(ben, "stop")
    with clinic_scope(cast.clinic.pk):
        watcher_looked(uuid4(), clinic_id=cast.clinic.pk, at=timezone.now())
    house.done(ben, "start", reason=BY_METER)


def test_a_start_by_a_monitor_slower_than_the_orders_delay_is_refused(cast: Cast) -> None:
    house = planned(cast).make_ready()
    house.let_it_be_heard()
    monitor = make_monitor(cast.clinic, interval_s=60)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, house.row.room, at=timezone.now() - timedelta(minutes=1), by=None)
    refused = house.post(signed_in(cast.ada), "start", reason="all the same")
    assert refused.status_code == 422
    assert "sends only every 60 s" in text_of(json.loads(refused.content)["html"])


def test_a_start_beside_a_device_slower_than_the_orders_delay_that_counts_there_is_refused(cast: Cast) -> None:
    house = planned(cast).make_ready()
    house.let_it_be_heard()
    oximeter = make_monitor(cast.clinic, interval_s=60, bed="OXIMETER", is_beside=True)
    with clinic_scope(cast.clinic.pk):
        at = timezone.now() - timedelta(minutes=1)
        for each in (make_monitor(cast.clinic, interval_s=5), oximeter):
            assign(each, house.row.room, at=at, by=None)
        Counting.objects.create(clinic=cast.clinic, room=house.row.room, monitor=oximeter, signal="spo2_percent")
    refused = house.post(signed_in(cast.ada), "start", reason="all the same")
    assert "sends only every 60 s" in text_of(json.loads(refused.content)["html"])


# --- sound -----------------------------------------------------------------------------------------------------------


def test_a_pause_is_an_act_in_the_log_and_is_seen_on_every_screen(cast: Cast) -> None:
    house, ben = alarmed(planned(cast).start()), signed_in(cast.ben)
    screen = uuid4()
    house.done(ben, "pause-sound", condition="spo2_grave", screen=str(screen))
    paused = house.log[-1]
    assert (paused.fact, paused.by) == (
        e.SoundPaused(condition="spo2_grave", for_s=120, screen=screen),
        f"person:{cast.ben.pk}",
    )
    room = text_of(at_display(cast).get(house.href).content.decode())
    assert "Sound paused by B. Osei" in room
    board = signed_in(cast.ada).get("/board/").content.decode()
    assert 'aria-label="sound off"' in board
    assert "data-counts-down-to" in board
    house.done(ben, "sound-back", condition="spo2_grave")
    assert isinstance(house.log[-1].fact, e.SoundResumed)


def test_what_is_tapped_for_an_alarm_that_is_heard_anew_is_no_act_of_before(cast: Cast) -> None:
    """A tap without an answer has its id until there is one: that of what was heard then, and of nothing later."""
    house, ben = alarmed(planned(cast).start()), signed_in(cast.ben)
    offered = [occurrence_offered(house, ben)]
    house.done(ben, "pause-sound", condition="spo2_grave")
    house.done(ben, "sound-back", condition="spo2_grave")
    offered.append(occurrence_offered(house, ben))
    house.done(ben, "acknowledge", condition="spo2_grave", of=offered[-1])
    alarmed(house)
    offered.append(occurrence_offered(house, ben))
    assert len(set(offered)) == 3


def occurrence_offered(house: House, client: Client) -> str:
    """As Seen and Pause sound send it, both the same."""
    html = client.get(house.href).content.decode()
    (of,) = set(re.findall(r'name="of" value="([^"]+)"', html))
    return of


def test_nobody_silences_a_room_or_an_alarm_for_longer(cast: Cast) -> None:
    house, ben = alarmed(planned(cast).start()), signed_in(cast.ben)
    before = house.row.last_seq
    assert house.post(ben, "pause-sound").status_code == 422
    assert house.post(ben, "pause-sound", condition="").status_code == 422
    assert house.post(ben, "pause-sound", condition="spo2_grave", for_s="3600").status_code == 422
    assert house.row.last_seq == before


def test_a_heartbeat_says_what_is_heard_by_the_clock(cast: Cast) -> None:
    house = alarmed(planned(cast).start())
    house.ask(c.PauseSound(condition="spo2_grave"), house.ben)
    now = timezone.now()
    alarms = house.state.alarms
    assert sse.alarms_in_short(alarms, at=now) == {"open": 1, "paused": 1, "sounds": None}
    later = now + timedelta(seconds=121)
    assert sse.alarms_in_short(alarms, at=later) == {"open": 1, "paused": 0, "sounds": "high"}
    assert sse.alarms_in_short((), at=now, calls=[Priority.MEDIUM])["sounds"] == "medium"


# --- who is called ---------------------------------------------------------------------------------------------------


def test_what_nobody_answers_is_called_out_on_every_screen_and_then_by_name(cast: Cast) -> None:
    house = alarmed(planned(cast).start())
    other = planned(elsewhere(cast)).start()
    ben = signed_in(cast.ben)

    def seen_elsewhere(client: Client = ben) -> str:
        return text_of(client.get(other.href).content.decode())

    assert "nobody has answered" not in seen_elsewhere()
    escalate(house, 1, Called.SCREENS)
    called = "Room 1: Oxygen saturation 85%, under 90% · nobody has answered since"
    assert called in seen_elsewhere()
    assert called in text_of(ben.get("/board/").content.decode())
    assert "nobody has answered, all screens called" in text_of(ben.get(house.href).content.decode())
    escalate(house, 2, Called.PRESCRIBERS)
    assert "A. Okafor: please come" in seen_elsewhere()
    escalate(house, 3, Called.EVERYBODY)
    assert "everybody: please come" in seen_elsewhere()
    house.done(ben, "acknowledge", condition="spo2_grave")
    assert "nobody has answered" not in seen_elsewhere()


def test_a_call_is_heard_elsewhere_unless_somebody_there_has_paused_it(cast: Cast) -> None:
    house = alarmed(planned(cast).start())
    escalate(house, 1, Called.SCREENS)
    with clinic_scope(cast.clinic.pk):
        assert heard_of(read_calls(book_of(cast.clinic.pk)), timezone.now()) == [Priority.HIGH]
    house.ask(c.PauseSound(condition="spo2_grave"), house.ben)
    with clinic_scope(cast.clinic.pk):
        calls = read_calls(book_of(cast.clinic.pk))
        assert heard_of(calls, timezone.now()) == []
        assert heard_of(calls, timezone.now() + timedelta(seconds=121)) == [Priority.HIGH]
        assert "nobody has answered" in calls_fragment(calls)
        view, alarms = read_board(cast.clinic.pk, at=timezone.now())
    assert len(alarms) == 1
    assert any("nobody has answered" in fragment for fragment in board_fragments(view))


def test_of_many_calls_a_screen_shows_the_gravest_and_says_how_many_there_are_besides() -> None:
    def call(room: int) -> Call:
        return Call(infusion_id=uuid4(), room=f"Room {room}", since=timezone.now(), href=f"/bedside/{room}/")

    few, many = (text_of(calls_fragment([call(room) for room in range(1, rooms + 1)])) for rooms in (4, 9))
    assert "Room 4" in few
    assert "more call" not in few
    assert "Room 4" in many
    assert "Room 5" not in many
    assert "and 5 more calls from the rooms: the board has them all" in many


def test_a_call_names_the_room_of_who_is_there_and_for_who_has_left_says_where_they_were() -> None:
    def words(**of: Any) -> str:
        return text_of(calls_fragment([Call(infusion_id=uuid4(), room="Room 2", since=now, href="/", **of)]))

    now = timezone.now()
    assert "Help called: Room 2" in words()
    assert "Help called for somebody who has left (was in Room 2)" in words(has_left=True)
    assert "Has left (was in Room 2): " in words(has_left=True, condition="spo2_grave", value="85", limit="90")


def test_the_pages_of_the_day_are_told_too_and_whoever_does_not_treat_only_at_the_last_step(cast: Cast) -> None:
    house = alarmed(planned(cast).start())
    ben, fay = signed_in(cast.ben), signed_in(cast.fay)
    for client in (ben, fay):
        assert 'data-calls="/board/calls"' in client.get("/office/").content.decode()
    escalate(house, 1, Called.SCREENS)
    assert f'href="{house.href}"' in ben.get("/board/calls").content.decode()
    assert "nobody has answered" not in fay.get("/board/calls").content.decode()
    escalate(house, 2, Called.PRESCRIBERS)
    escalate(house, 3, Called.EVERYBODY)
    told = fay.get("/board/calls").content.decode()
    assert "everybody: please come" in told
    assert "href" not in told
    assert cast.patient.family_name not in told


# --- limits, and what there was --------------------------------------------------------------------------------------


def test_a_limit_is_changed_with_a_reason_and_every_tile_says_so(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    assert house.post(ben, "change-limit", limit="spo2_low_percent", value="94").status_code == 422
    house.done(ben, "change-limit", limit="spo2_low_percent", value="94", reason="asthma")
    page = text_of(ben.get(house.href).content.decode())
    assert "Limit changed, oxygen saturation, low: 94 (was 92). asthma" in page
    assert "94%, ordered 92%" in page
    wider = house.post(ben, "change-limit", limit="sbp_high_mmhg", value="190", reason="as at home")
    assert wider.status_code == 422
    assert "190 is wider than the order, which says 180" in text_of(json.loads(wider.content)["html"])
    named = {"limit": "sbp_high_mmhg", "value": "190", "reason": "as at home", "prescriber": str(cast.ada.pk)}
    house.done(ben, "change-limit", **named)
    assert "A. Okafor said the limit may be wider" in text_of(ben.get(house.href).content.decode())


def test_the_history_says_of_every_alarm_who_answered_and_after_how_long(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    assert "No alarm so far" in text_of(ben.get(f"{house.href}alarms/").content.decode())
    alarmed(house)
    house.done(ben, "pause-sound", condition="spo2_grave", for_s="30")
    escalate(house, 1, Called.SCREENS)
    house.done(ben, "acknowledge", condition="spo2_grave")
    alarmed(house, "pressure_overdue", Priority.LOW)
    history = text_of(ben.get(f"{house.href}alarms/").content.decode())
    assert "High Oxygen saturation 85%, under 90%" in history
    assert "Seen B. Osei, after 0:00" in history
    assert "Sound paused" in history
    assert "all screens" in history
    assert history.index("Blood pressure not measured when due") < history.index("Oxygen saturation 85%")
    assert "by nobody yet" in history


def test_two_alarms_of_one_second_are_not_two_landmarks_of_one_name(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    alarmed(house)
    alarmed(house, "pressure_overdue", Priority.LOW)
    page = ben.get(f"{house.href}alarms/").content.decode()
    assert page.count('<article class="sheet past-alarm') == 2
    names = re.findall(r'<(?:section|nav|aside|form)[^>]* aria-label="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_log_chart_and_history_say_how_long_nobody_watched(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    alarmed(house, "pressure_overdue", Priority.LOW)
    back = datetime(2026, 3, 2, 9, 42, 10, tzinfo=UTC).astimezone(ZoneInfo(cast.clinic.time_zone))
    since = back - timedelta(seconds=65)
    house.ask(c.Record(fact=e.WatchResumed(since=since, until=back)), WATCH)
    words = f"Nobody watched for alarms from {since:%H:%M:%S} to {back:%H:%M:%S}"
    for page in ("", "alarms/"):
        assert words in text_of(ben.get(f"{house.href}{page}").content.decode()), page
    chart = PdfReader(io.BytesIO(ben.get(f"{house.href}chart/").content))
    assert words in " ".join(" ".join(page.extract_text() for page in chart.pages).split())
