"""The live stream over a real server: nothing missed, nothing twice, nothing false, and it ends when it must."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Display, Person
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.devices.models import Screen
from stillroom.devices.screens import Sign, screen_is_hidden, screens_are_seen
from tests.bedside.house import House, elsewhere, planned
from tests.bedside.live import Ear, Server, serving
from tests.cast import Cast, at_display, signed_in
from tests.conftest import Clone

BEN = c.Author(by="system:test", role="nurse")


@pytest.fixture
def cast(everybody: Cast) -> Cast:
    return elsewhere(everybody)


@pytest.fixture(scope="module")
def server(database: Clone) -> Iterator[Server]:
    with serving(database) as started:
        yield started


def note(house: House, words: str = "x") -> int:
    return house.ask(c.Record(fact=e.NoteAdded(words=words)), BEN).last_seq


def test_the_first_word_is_a_heartbeat_and_then_one_every_two_seconds(cast: Cast, server: Server) -> None:
    house = planned(cast).start()
    seq = house.row.last_seq
    ear = Ear(server, f"{house.href}stream?after={seq}", signed_in(cast.ben))
    ear.wait_for(lambda each: sum(event.name == "heartbeat" for event in each.events) >= 5, at_most_s=12)
    beats = [event for event in ear.events if event.name == "heartbeat"]
    assert ear.events[0] is beats[0]
    assert all(late.heard_at_s - early.heard_at_s < 2.6 for early, late in pairwise(beats))
    assert all(event.id is None for event in beats)
    said_at = datetime.fromisoformat(beats[-1].data["server_time"])
    assert said_at.utcoffset() is not None
    assert abs(datetime.now(UTC) - said_at) < timedelta(seconds=2.6)
    assert beats[-1].data["head_seq"] == seq
    assert beats[-1].data["alarms"] == {"open": 0, "paused": 0, "sounds": None}
    ear.hang_up()


def test_no_proxy_may_keep_or_change_it(cast: Cast, server: Server) -> None:
    house = planned(cast)
    ear = Ear(server, f"{house.href}stream?after=1", signed_in(cast.ben))
    ear.wait_for(lambda each: each.events)
    assert ear.headers["content-type"].startswith("text/event-stream")
    assert ear.headers["x-accel-buffering"] == "no"
    assert {"no-store", "no-transform"} <= set(ear.headers["cache-control"].split(", "))
    ear.hang_up()


def test_entries_between_page_and_connection_and_after_it_come_once_and_in_order(cast: Cast, server: Server) -> None:
    house = planned(cast).arrive()
    drawn_at = house.row.last_seq
    note(house)
    note(house)
    ear = Ear(server, f"{house.href}stream?after={drawn_at}", signed_in(cast.ben))
    ear.wait_for(lambda each: len(each.entries) >= 2)
    last = note(house, "later")
    ear.wait_for(lambda each: each.entries[-1:] == [last])
    assert ear.entries == list(range(drawn_at + 1, last + 1))
    assert [event.id for event in ear.events if event.name == "entry"] == ear.entries
    [written] = [event for event in ear.events if event.name == "entry" and event.id == last]
    assert any("later" in fragment for fragment in written.data["fragments"])
    ear.hang_up()


def test_over_reconnects_none_is_lost_and_none_comes_twice(cast: Cast, server: Server) -> None:
    """Two colleagues write while a page loses its connection again and again, each time without a word."""
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    first, each_writes = house.row.last_seq, 30
    last = first + 2 * each_writes
    writers = [threading.Thread(target=_write, args=(house, each_writes)) for _ in range(2)]
    for writer in writers:
        writer.start()
    heard = [first]
    while heard[-1] < last:
        ear = Ear(server, f"{house.href}stream?after={heard[-1]}", ben)
        ear.wait_for_entry(min(heard[-1] + 7, last))
        ear.hang_up()
        heard.extend(ear.entries)
    for writer in writers:
        writer.join()
    assert heard == list(range(first, last + 1))


def _write(house: House, times: int) -> None:
    try:
        for _ in range(times):
            note(house)
            time.sleep(0.02)
    finally:
        connection.close()


def test_entries_of_one_act_come_in_order_and_the_last_carries_what_follows(cast: Cast, server: Server) -> None:
    house = planned(cast).start()
    ear = Ear(server, f"{house.href}stream?after={house.row.last_seq}", signed_in(cast.ben))
    ear.wait_for(lambda each: each.events)
    house.ask(c.StopInfusion(), BEN)
    first = house.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), BEN).first_seq
    ear.wait_for(lambda each: each.entries[-1:] == [first + 1])
    stopped, ended = [event for event in ear.events if event.name == "entry"][-2:]
    assert len(stopped.data["fragments"]) <= 1
    drawn = " ".join(ended.data["fragments"])
    assert 'id="way-home"' in drawn
    assert 'id="drip"' in drawn
    ear.hang_up()


def test_another_role_sees_the_same_and_is_offered_its_own(cast: Cast, server: Server) -> None:
    house = planned(cast).start()
    after = house.row.last_seq
    ears = [Ear(server, f"{house.href}stream?after={after}", who) for who in (signed_in(cast.ben), at_display(cast))]
    for ear in ears:
        ear.wait_for(lambda each: len(each.events) >= 2)
    house.ask(c.SetRate(rate_ml_per_h=Decimal(100)), BEN)
    for ear in ears:
        ear.wait_for(lambda each: each.entries)
    last = [[event for event in ear.events if event.name == "entry"][-1] for ear in ears]
    nurse, display = (" ".join(entry.data["fragments"]) for entry in last)
    assert "Done: it runs so" in nurse
    assert "In doubt" in display
    assert "Done: it runs so" not in display
    for ear in ears:
        ear.hang_up()


def test_a_disabled_persons_stream_ends_within_five_seconds_and_the_others_go_on(cast: Cast, server: Server) -> None:
    house = planned(cast)
    bens, nans = (Ear(server, f"{house.href}stream?after=1", signed_in(who)) for who in (cast.ben, cast.nan))
    for ear in (bens, nans):
        ear.wait_for(lambda each: each.events)
    Person.objects.filter(pk=cast.ben.pk).update(is_active=False)
    bens.wait_for(lambda each: each.has_ended, at_most_s=5)
    Person.objects.filter(pk=cast.ben.pk).update(is_active=True)
    time.sleep(2.5)
    assert not nans.has_ended
    nans.hang_up()


@pytest.mark.parametrize("how", ["session ended", "display revoked"])
def test_a_stream_ends_with_the_right_it_was_opened_by(cast: Cast, server: Server, how: str) -> None:
    house = planned(cast)
    client = signed_in(cast.ben) if how == "session ended" else at_display(cast)
    ear = Ear(server, f"{house.href}stream?after=1", client)
    ear.wait_for(lambda each: each.events)
    if how == "session ended":
        client.session.delete()
    else:
        with clinic_scope(cast.clinic.pk):
            Display.objects.update(revoked_at=timezone.now())
    ear.wait_for(lambda each: each.has_ended, at_most_s=5)
    with clinic_scope(cast.clinic.pk):
        Display.objects.update(revoked_at=None)


def test_streams_end_when_the_server_is_asked_to(cast: Cast, database: Clone) -> None:
    house = planned(cast)
    with serving(database) as server:
        ears = [Ear(server, f"{house.href}stream?after=1", signed_in(cast.ben)) for _ in range(5)]
        ears.append(Ear(server, "/board/stream", signed_in(cast.nan)))
        for ear in ears:
            ear.wait_for(lambda each: each.events)
        server.end()
        for ear in ears:
            ear.wait_for(lambda each: each.has_ended)


def test_over_a_restart_of_the_server_none_is_lost(cast: Cast, database: Clone) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    first = house.row.last_seq
    with serving(database) as server:
        before = Ear(server, f"{house.href}stream?after={first}", ben)
        note(house)
        before.wait_for(lambda each: each.entries)
        server.kill()
        before.wait_for(lambda each: each.has_ended)
    note(house)
    note(house)
    with serving(database) as server:
        after = Ear(server, f"{house.href}stream?after={before.entries[-1]}", ben)
        after.wait_for(lambda each: len(each.entries) >= 2)
        after.hang_up()
    assert before.entries + after.entries == [first + 1, first + 2, first + 3]


def test_a_page_that_is_ahead_of_the_log_is_not_told_that_all_is_well(cast: Cast, server: Server) -> None:
    house = planned(cast)
    for after in ("99", "-1", "x", ""):
        ear = Ear(server, f"{house.href}stream?after={after}", signed_in(cast.ben))
        ear.wait_for(lambda each: each.has_ended)
        assert ear.status == 409


def test_a_call_for_help_is_on_every_other_display_and_not_on_its_own(cast: Cast, server: Server) -> None:
    house, neighbour = planned(cast).start(), planned(elsewhere(cast)).arrive()
    ben, nan = signed_in(cast.ben), signed_in(cast.nan)
    own = Ear(server, f"{house.href}stream?after={house.row.last_seq}", ben)
    other = Ear(server, f"{neighbour.href}stream?after={neighbour.row.last_seq}", nan)
    board = Ear(server, "/board/stream", at_display(cast))
    for ear in (own, other, board):
        ear.wait_for(lambda each: len(each.events) >= 3)
    house.done(ben, "help")
    for ear in (other, board):
        ear.wait_for(lambda each: "Help called" in _last_calls(each), at_most_s=3)
        said = [event.data["alarms"]["sounds"] for event in ear.events if event.name == "heartbeat"]
        assert said[-1] == "high" or ear is board
    assert "Help called" not in _last_calls(own)
    house.done(ben, "help-over")
    for ear in (other, board):
        ear.wait_for(lambda each: "Help called" not in _last_calls(each), at_most_s=3)
    for ear in (own, other, board):
        ear.hang_up()


def _last_calls(ear: Ear) -> str:
    calls = [each for event in ear.events for each in event.data.get("fragments", []) if 'id="calls"' in each]
    return calls[-1] if calls else ""


def test_the_board_tells_what_changed_in_one_room(cast: Cast, server: Server) -> None:
    house = planned(cast)
    ear = Ear(server, "/board/stream", signed_in(cast.ben))
    ear.wait_for(lambda each: any(event.name == "board" for event in each.events))
    assert 'id="board-top"' in " ".join(next(event for event in ear.events if event.name == "board").data["fragments"])
    heard = len(ear.events)
    house.arrive()
    ear.wait_for(lambda each: any(event.name == "board" for event in each.events[heard:]), at_most_s=3)
    changed = next(event for event in ear.events[heard:] if event.name == "board").data["fragments"]
    assert f'id="room-{cast.room.pk}"' in " ".join(changed)
    assert all(event.id is None for event in ear.events)
    ear.hang_up()


# --- a page says that it is seen (signs.py) -------------------------------------------------------------------------


def says(server: Server, house: House, client: Client, screen: UUID, **more: str) -> int:
    """Without the token against forged requests, so that whatever is asked for its right is refused."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    head = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(connection):
        connection.request("POST", f"{house.href}shown", urlencode({"screen": screen, **more}), head)
        return connection.getresponse().status


def seen(house: House, screen: UUID) -> list[tuple[UUID | None, bool, bool]]:
    with clinic_scope(house.cast.clinic.pk):
        return list(Screen.objects.filter(pk=screen).values_list("infusion_id", "can_sound", "is_hidden"))


def test_a_page_in_view_counts_by_the_right_of_its_stream_and_by_no_other(cast: Cast, server: Server) -> None:
    house, client, screen = planned(cast).start(), signed_in(cast.ben), uuid4()
    assert says(server, house, client, screen) == 403
    ear = Ear(server, f"{house.href}stream?after=1&screen={screen}", client)
    ear.wait_for(lambda each: len(each.events) >= 2)
    assert says(server, house, client, screen, can_sound="on") == 403  # new: written at once, by the usual way
    assert says(server, house, client, screen, can_sound="on") == 204
    ear.wait_for(lambda _: seen(house, screen) == [(house.infusion_id, True, False)])
    assert says(server, house, client, uuid4()) == 403
    assert says(server, house, signed_in(cast.nan), screen) == 403
    assert says(server, house, client, screen) == 403
    assert says(server, house, client, screen) == 204
    assert says(server, house, client, screen, is_hidden="on") == 403
    assert says(server, house, client, screen, padding="x" * 5_000) == 403
    client.session.delete()
    ear.wait_for(lambda each: each.has_ended, at_most_s=5)
    assert says(server, house, client, screen) == 403


def test_what_a_page_said_before_and_is_written_late_undoes_nothing(cast: Cast) -> None:
    house, screen, now = planned(cast), uuid4(), timezone.now()

    def sign(at: datetime, *, can_sound: bool = False) -> Sign:
        return Sign(screen, house.infusion_id, can_sound, at)

    with clinic_scope(cast.clinic.pk):
        screens_are_seen(cast.clinic.pk, [sign(now)])
        screen_is_hidden(screen, at=now + timedelta(seconds=2))
        screens_are_seen(cast.clinic.pk, [sign(now + timedelta(seconds=1))])
    assert seen(house, screen) == [(house.infusion_id, False, True)]
    with clinic_scope(cast.clinic.pk):
        screens_are_seen(cast.clinic.pk, [sign(now + timedelta(seconds=3))])
        screens_are_seen(cast.clinic.pk, [sign(now + timedelta(seconds=5), can_sound=True)])
        screens_are_seen(cast.clinic.pk, [sign(now + timedelta(seconds=4))])
    assert seen(house, screen) == [(house.infusion_id, True, False)]
    with clinic_scope(cast.clinic.pk):
        screens_are_seen(cast.clinic.pk, [sign(now - timedelta(hours=1))])  # by a clock that was set back
    assert seen(house, screen) == [(house.infusion_id, False, False)]


def test_the_sheet_for_a_power_cut_comes_with_the_stream_and_soon_after_an_entry(cast: Cast, server: Server) -> None:
    house = planned(cast).start()
    ear = Ear(server, f"{house.href}stream?after={house.row.last_seq}", signed_in(cast.ben))

    def papers() -> list[str]:
        told = [each for event in ear.events for each in event.data.get("fragments", ())]
        return [each for each in told if 'id="paper"' in each]

    ear.wait_for(lambda _: len(papers()) == 1)
    assert "Ketamine into a vein" in papers()[0]
    assert "needs touch" not in papers()[0]
    house.ask(c.Record(fact=e.PatientWatched(awake=e.Awake.NEEDS_TOUCH)), BEN)
    ear.wait_for(lambda _: len(papers()) == 2)
    assert "needs touch" in papers()[1]
    ear.hang_up()
