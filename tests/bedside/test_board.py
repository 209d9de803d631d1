"""All rooms at a glance: initials only, the gravest alarm of each, and however many rooms, as many queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.bedside.house import planned
from tests.cast import Cast, at_display, signed_in

MOST_QUERIES = 12
WATCH = c.Author(by="system:watch", role="system")
NOT_READING = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")


def queries_of(client: Client) -> list[str]:
    """What is read for one board, signing in included; not what opens a transaction and says for which clinic."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/board/").status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith(NOT_READING)]


@pytest.mark.parametrize("rooms", [1, 24])
def test_it_takes_few_queries_however_many_rooms(cast: Cast, rooms: int) -> None:
    house = planned(cast).start()
    with clinic_scope(cast.clinic.pk):
        Room.objects.bulk_create(Room(clinic=cast.clinic, name=f"Room {n}") for n in range(2, 2 + rooms))
    ben = signed_in(cast.ben)
    ben.get("/board/")
    house.done(ben, "note", words="so that one log has grown")
    found = queries_of(ben)
    assert len(found) <= MOST_QUERIES, "\n".join(found)


def test_rooms_stand_in_the_order_of_their_numbers(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Room.objects.bulk_create(Room(clinic=cast.clinic, name=name) for name in ("Room 10", "Room 2", "Garden"))
    board = signed_in(cast.ben).get("/board/").content.decode()
    found = [board.index(f"</span>{name}</h2>") for name in ("Garden", "1", "2", "10")]
    assert found == sorted(found)


def test_a_room_whose_patient_is_not_here_yet_shows_no_figures(cast: Cast) -> None:
    house, ben = planned(cast), signed_in(cast.ben)
    assert "nothing yet" not in ben.get("/board/").content.decode()
    house.arrive()
    assert "nothing yet" in ben.get("/board/").content.decode()


def test_names_are_initials_and_nothing_else_of_the_patient_is_there(cast: Cast) -> None:
    planned(cast).start()
    board = at_display(cast).get("/board/").content.decode()
    assert f"{cast.patient.given_name[0]}. {cast.patient.family_name[0]}." in board
    for word in (cast.patient.family_name, "1984", "70 kg", cast.patient.identifier):
        assert word not in board


def test_a_room_shows_where_its_infusion_stands(cast: Cast) -> None:
    house = planned(cast)
    ben = signed_in(cast.ben)
    assert "not here yet" in ben.get("/board/").content.decode()
    house.start()
    board = ben.get("/board/").content.decode()
    assert "drip, 0 of 40 min" in board
    assert f'href="{house.href}"' in board


def test_the_gravest_alarm_is_said_and_the_others_are_counted(cast: Cast) -> None:
    house = planned(cast).start()
    for condition, priority in (("pressure_overdue", e.Priority.LOW), ("spo2_low", e.Priority.HIGH)):
        house.ask(c.Record(fact=e.AlarmRaised(condition=condition, priority=priority, value="88", limit="92")), WATCH)
    board = signed_in(cast.ben).get("/board/").content.decode()
    assert "is-alarmed is-high" in board
    assert "Oxygen saturation 88%, under 92%" in board
    assert "and 1 more" in board


def test_of_the_others_the_gravest_that_nobody_has_seen_is_marked(cast: Cast) -> None:
    house = planned(cast).start()
    for condition, priority in (("spo2_grave", "high"), ("sbp_high", "medium"), ("dbp_high", "medium")):
        raised = e.AlarmRaised(condition=condition, priority=e.Priority(priority), value="1", limit="2")
        house.ask(c.Record(fact=raised), WATCH)
    for seen, marked in (("spo2_grave", " toned is-medium"), ("sbp_high", " toned is-medium"), ("dbp_high", "")):
        house.record(e.AlarmAcknowledged(condition=seen))
        board = signed_in(cast.ben).get("/board/").content.decode()
        assert "is-alarmed is-high" in board
        assert re.findall(r'class="pill([^"]*)">(?:<span.*?</span> )?and 2 more</span>', board) == [marked], seen


def test_an_empty_room_is_free(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Room.objects.create(clinic=cast.clinic, name="Room 2")
    assert signed_in(cast.ben).get("/board/").content.decode().count("is-free") == 2


def test_rooms_of_another_clinic_are_not_there(cast: Cast) -> None:
    planned(cast).start()
    assert "drip" not in signed_in(cast.cleo).get("/board/").content.decode()
