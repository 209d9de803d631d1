"""The handover: what is open in each room, on one sheet; and nothing is somebody's who has not taken it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.devices.assignments import assign
from stillroom.devices.models import Monitor, SaidAlarm
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in

WATCH = c.Author(by="system:watch", role="system")
ADDRESS = "/board/handover/"


def sheet(cast: Cast) -> str:
    page = signed_in(cast.nan).get(ADDRESS)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def raised(house: House, condition: str, priority: e.Priority) -> None:
    house.ask(c.Record(fact=e.AlarmRaised(condition=condition, priority=priority)), WATCH)


def test_it_says_of_each_room_what_is_open(cast: Cast) -> None:
    house = planned(cast).start()
    ben = signed_in(cast.ben)
    house.done(ben, "take-room")
    house.done(ben, "watch", awake="drowsy_answers")
    house.done(ben, "medicine", name="ondansetron", amount="4", unit="mg", route="iv", reason="sick")
    raised(house, "resp_low", e.Priority.MEDIUM)
    raised(house, "monitor_lost", e.Priority.MEDIUM)
    house.done(ben, "acknowledge", condition="monitor_lost")
    house.done(ben, "pause")
    found = sheet(cast)
    for words in (
        cast.patient.family_name,
        f"born {cast.patient.birth_date:%-d %B %Y}",
        "drowsy, answers",
        "ondansetron 4 mg",
        "In doubt since",
        "Medium:</strong> Breathing slow",
        "nobody has seen it",
        "seen by ",
        "Blood pressure",
    ):
        assert words in found, words
    assert found.index("nobody has seen it") < found.index("Stands")


def test_a_room_is_with_whoever_keeps_it_until_the_named_colleague_has_taken_it(cast: Cast) -> None:
    house = planned(cast).start()
    ben, nan = signed_in(cast.ben), signed_in(cast.nan)
    house.done(ben, "take-room")
    assert f'href="{house.href}acts/hand-over"' in sheet(cast)
    assert "To whom" in ben.get(f"{house.href}acts/hand-over").content.decode()
    house.done(ben, "hand-over", colleague=str(cast.nan.pk), words="likes the window open")
    assert house.state.taken_by == f"person:{cast.ben.pk}"
    assert "not taken yet: likes the window open" in sheet(cast)
    board = signed_in(cast.ben).get("/board/").content.decode()
    assert "not taken yet" in board
    assert "window" not in board
    assert f'data-kept-by="person:{cast.ben.pk}"' in board
    assert house.post(ben, "hand-over", colleague=str(cast.ben.pk)).status_code == 422
    house.done(nan, "take-room")
    assert house.state.taken_by == f"person:{cast.nan.pk}"
    assert house.state.offered is None
    assert "not taken yet" not in sheet(cast)
    assert [entry.kind for entry in house.log[-2:]] == ["RoomOffered", "RoomTaken"]


def test_an_empty_clinic_says_what_will_stand_there(cast: Cast) -> None:
    assert "No patient is in a room." in sheet(cast)


def test_a_display_with_nobody_signed_in_shows_no_names(cast: Cast) -> None:
    planned(cast).start()
    assert cast.patient.family_name not in at_display(cast).get(ADDRESS, follow=True).content.decode()


def test_the_board_says_what_the_monitor_says_as_the_monitors(cast: Cast) -> None:
    planned(cast).start()
    now = timezone.now()
    with clinic_scope(cast.clinic.pk):
        monitor = Monitor.objects.create(clinic=cast.clinic, name="Monitor 1", peers=["192.0.2.1"])
        assign(monitor, cast.room, at=now - timedelta(minutes=1), by=None)
        SaidAlarm.objects.create(
            monitor=monitor,
            clinic=cast.clinic,
            key="1",
            words="SpO2 low",
            standing="active",
            silenced="no",
            urgency="medium",
            kind="",
            said_at=now,
            received_at=now,
            frame_digest=b"1",
        )
    board = " ".join(signed_in(cast.ben).get("/board/").content.decode().split())
    assert "The monitor alarms:</span> SpO2 low" in board
    assert "is-alarmed" not in board


def test_help_stands_before_everything_on_the_board(cast: Cast) -> None:
    house = planned(cast).start()
    house.done(signed_in(cast.ben), "help")
    raised(house, "resp_low", e.Priority.MEDIUM)
    assert "is-alarmed is-high is-help" in signed_in(cast.ben).get("/board/").content.decode()


def test_it_names_the_medicine_whose_effect_is_asked_for(cast: Cast) -> None:
    house = planned(cast).start()
    house.done(signed_in(cast.ben), "medicine", name="ondansetron", amount="4", unit="mg", route="iv", reason="sick")
    assert "Did ondansetron help?" in sheet(cast)
