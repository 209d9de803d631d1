"""The technician's pages: enrolling, placing, and what is said of each link. Who may ask is in tests/access."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.devices.assignments import monitor_in
from stillroom.devices.models import LinkState, Monitor, Stranger
from tests.bedside.house import planned
from tests.cast import Cast, signed_in
from tests.devices.premises import make_monitor

TYPED = {
    "name": "Monitor by the window",
    "peers": "192.0.2.17, 198.51.100.0/24",
    "sending_application": "VSP",
    "bed": "ICU^^BED 3",
    "interval_s": "10",
    "cuff_interval_s": "300",
    "time_zone": "Europe/Dublin",
    "is_enrolled": "on",
}


@pytest.fixture
def tom(cast: Cast) -> Client:
    return signed_in(cast.tom)


def heard(monitor: Monitor, at: datetime, **more: Any) -> LinkState:
    with clinic_scope(monitor.clinic_id):
        return LinkState.objects.create(
            monitor=monitor, clinic_id=monitor.clinic_id, last_heard_at=at, frames=9, samples=81, lines=1,
            peer="192.0.2.17", **more,
        )  # fmt: skip


def page(client: Client) -> str:
    return client.get("/devices/").content.decode()


def test_a_monitor_is_enrolled(cast: Cast, tom: Client) -> None:
    answer = tom.post("/devices/enrol/", TYPED, follow=True)
    assert "is enrolled" in answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        monitor = Monitor.objects.get()
    assert monitor.peers == ["192.0.2.17", "198.51.100.0/24"]
    assert (monitor.bed, monitor.interval_s, monitor.time_zone) == ("ICU^^BED 3", 10, "Europe/Dublin")
    assert monitor.clinic_id == cast.clinic.pk


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("peers", ""),
        ("peers", "everywhere"),
        ("peers", "192.0.2.300"),
        ("interval_s", "0"),
        ("interval_s", "4000"),
        ("cuff_interval_s", "5"),
        ("time_zone", "Mars/Base"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast: Cast, tom: Client, field: str, typed: str) -> None:
    answer = tom.post("/devices/enrol/", TYPED | {field: typed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with clinic_scope(cast.clinic.pk):
        assert not Monitor.objects.exists()


def test_a_name_is_given_once(cast: Cast, tom: Client) -> None:
    make_monitor(cast.clinic, name=TYPED["name"])
    assert "name" in tom.post("/devices/enrol/", TYPED).context["form"].errors


def test_two_monitors_named_alike_at_one_address_are_refused(cast: Cast, tom: Client) -> None:
    make_monitor(cast.clinic, peers=["192.0.2.0/24"], sending_application="VSP", bed="ICU^^BED 3")
    answer = tom.post("/devices/enrol/", TYPED)
    assert "named alike" in answer.content.decode()
    assert tom.post("/devices/enrol/", TYPED | {"bed": "ICU^^BED 4"}).status_code == 302


def test_a_monitor_is_changed_and_can_be_told_to_stop(cast: Cast, tom: Client) -> None:
    monitor = make_monitor(cast.clinic)
    changed = TYPED | {"interval_s": "60"}
    del changed["is_enrolled"]
    assert tom.post(f"/devices/{monitor.pk}/", changed).status_code == 302
    with clinic_scope(cast.clinic.pk):
        monitor.refresh_from_db()
    assert (monitor.interval_s, monitor.is_enrolled) == (60, False)
    assert "Not listened to" in page(tom)


def test_a_stranger_is_shown_and_can_be_enrolled_as_it_named_itself(cast: Cast, tom: Client) -> None:
    with clinic_scope(cast.clinic.pk):
        Stranger.objects.create(
            clinic=cast.clinic, peer="192.0.2.9", sending_application="VSP^08&1", bed="ICU^^BED 3",
            last_heard_at=timezone.now(),
        )  # fmt: skip
    shown = page(tom)
    assert "Heard, and not enrolled" in shown
    href = "peers=" + shown.split('href="/devices/enrol/?peers=')[1].split('"')[0].replace("&amp;", "&")
    form = tom.get(f"/devices/enrol/?{href}").context["form"]
    assert form["peers"].value() == "192.0.2.9"
    assert form["sending_application"].value() == "VSP^08&1"
    assert form["bed"].value() == "ICU^^BED 3"


@pytest.mark.parametrize(
    ("said", "hours", "is_shown"),
    [
        ({"sending_application": "VSP", "bed": "ICU^^BED 3"}, 0, False),
        ({"sending_application": "VSP", "bed": "ICU^^BED 4"}, 0, True),
        ({}, 0, False),
        ({"peer": "198.51.100.7"}, 0, True),
        ({"peer": "198.51.100.7"}, 25, False),
    ],
)
def test_a_stranger_is_one_who_would_not_be_taken_now(
    cast: Cast, tom: Client, said: dict[str, str], hours: int, is_shown: bool
) -> None:
    make_monitor(cast.clinic, peers=["192.0.2.9"], sending_application="VSP", bed="ICU^^BED 3")
    with clinic_scope(cast.clinic.pk):
        Stranger.objects.create(
            clinic=cast.clinic, last_heard_at=timezone.now() - timedelta(hours=hours), **{"peer": "192.0.2.9"} | said
        )
    assert ("Heard, and not enrolled" in page(tom)) is is_shown


def test_a_monitor_is_put_into_a_room_and_taken_away(cast: Cast, tom: Client) -> None:
    monitor = make_monitor(cast.clinic)
    tom.post(f"/devices/{monitor.pk}/place/", {"room": str(cast.room.pk)})
    with clinic_scope(cast.clinic.pk):
        assert monitor_in(cast.room.pk, timezone.now()) == monitor
    assert f'<option value="{cast.room.pk}" selected>' in page(tom)
    tom.post(f"/devices/{monitor.pk}/place/", {"room": ""})
    with clinic_scope(cast.clinic.pk):
        assert monitor_in(cast.room.pk, timezone.now()) is None


def test_whoever_places_a_monitor_slower_than_the_order_of_a_running_drip_is_told_and_may(
    cast: Cast, tom: Client
) -> None:
    """Of what is judged alone; nothing that runs is refused or stopped by it."""
    house = planned(cast).start()
    names = ("quick", {"interval_s": 5}), ("slow", {"interval_s": 60}), ("gas", {"interval_s": 60, "is_beside": True})
    quick, slow, gas = (make_monitor(cast.clinic, name=name, bed=name, **said) for name, said in names)
    for monitor, is_told in ((quick, False), (gas, False), (slow, True)):
        where = f"/devices/{monitor.pk}/place/"
        answer = tom.post(where, {"room": str(house.row.room_id)}, follow=True).content.decode()
        assert f"{monitor} stands in" in answer
        assert (f"{monitor} sends only every 60 s: in" in answer) is is_told
    with clinic_scope(cast.clinic.pk):
        assert monitor_in(house.row.room_id, timezone.now()) == slow


def test_a_room_of_another_clinic_takes_no_monitor_of_ours(cast: Cast, tom: Client) -> None:
    monitor = make_monitor(cast.clinic)
    answer = tom.post(f"/devices/{monitor.pk}/place/", {"room": str(cast.other_room.pk)}, follow=True)
    assert "not here any more" in answer.content.decode()


@pytest.mark.parametrize(
    ("interval_s", "ago_s", "words"),
    [(1, 3, "Heard now"), (1, 7, "Late"), (1, 60, "Silent"), (60, 60, "Heard 1 min ago"), (60, 600, "Silent")],
)
def test_a_link_is_judged_by_how_often_it_sends(
    cast: Cast, tom: Client, interval_s: int, ago_s: int, words: str
) -> None:
    monitor = make_monitor(cast.clinic, interval_s=interval_s)
    heard(monitor, timezone.now() - timedelta(seconds=ago_s))
    assert words in page(tom)


def test_a_link_that_was_never_heard_says_so(cast: Cast, tom: Client) -> None:
    make_monitor(cast.clinic)
    assert "Never heard" in page(tom)


def test_refusals_are_shown_with_their_reason_and_nothing_else_of_the_message(cast: Cast, tom: Client) -> None:
    refusal = {
        "reason": "unit_unknown", "sentence": "The unit in OBX-6 is not known here.", "where": "OBX 3",
        "what": "<percent>", "at": timezone.now().isoformat(), "times": 12,
    }  # fmt: skip
    heard(make_monitor(cast.clinic), timezone.now(), refusals=[refusal])
    shown = page(tom)
    assert "OBX 3: The unit in OBX-6 is not known here." in shown
    assert "&lt;percent&gt;" in shown
    assert "12 times" in shown


@pytest.mark.parametrize(
    ("offset_s", "words"), [(42.0, "42 s behind"), (-42.0, "42 s ahead of"), (3.0, None), (None, None)]
)
def test_a_clock_that_is_off_is_said(cast: Cast, tom: Client, offset_s: float | None, words: str | None) -> None:
    heard(make_monitor(cast.clinic), timezone.now(), clock_offset_s=offset_s)
    shown = page(tom)
    assert (words in shown) if words else ("Its clock is" not in shown)


def test_a_link_that_sends_less_often_than_set_is_said(cast: Cast, tom: Client) -> None:
    heard(make_monitor(cast.clinic, interval_s=1), timezone.now(), observed_interval_s=10.2)
    assert "really 10 s" in page(tom)


@pytest.mark.parametrize(
    ("per_s", "ago_s", "words"),
    [
        (1.0, 1, "1.0 messages a second"),
        (12.34, 1, "12.3 messages a second"),
        (1.0, 11, "0.0 messages a second"),
        (0.0, 1, "0.0 messages a second"),
        (None, 1, None),
    ],
)
def test_how_many_messages_a_second_a_link_brings_is_said_and_none_when_none_came_for_ten_seconds(
    cast: Cast, tom: Client, per_s: float | None, ago_s: int, words: str | None
) -> None:
    heard(make_monitor(cast.clinic), timezone.now() - timedelta(seconds=ago_s), messages_per_s=per_s)
    shown = page(tom)
    assert (words in shown) if words else ("messages a second" not in shown)


def test_the_links_alone_replace_those_on_an_open_page(cast: Cast, tom: Client) -> None:
    monitor = make_monitor(cast.clinic)
    fragments = tom.get("/devices/links/").content.decode()
    assert f'id="link-{monitor.pk}"' in fragments
    assert 'hx-swap-oob="true"' in fragments
    assert "hx-swap-oob" not in page(tom)


def test_a_clinic_without_monitors_is_told_that_rooms_run_without_one(cast: Cast, tom: Client) -> None:
    assert "written by hand" in page(tom)


def test_twelve_monitors_cost_no_more_questions_than_one(cast: Cast, tom: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(tom)
        return len(asked)

    place_one(cast, tom, 0)
    alone = questions()
    for number in range(1, 12):
        place_one(cast, tom, number)
    assert questions() == alone


def place_one(cast: Cast, tom: Client, number: int) -> None:
    with clinic_scope(cast.clinic.pk):
        room = Room.objects.create(clinic=cast.clinic, name=f"Room {number + 10}")
    monitor = make_monitor(cast.clinic)
    heard(monitor, timezone.now())
    tom.post(f"/devices/{monitor.pk}/place/", {"room": str(room.pk)})
