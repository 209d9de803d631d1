"""One patient to a room at a time, in private rooms only: said in words, and held by the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.errors import Refused
from stillroom.patients.models import Patient
from stillroom.schedule.booking import book, cancel
from stillroom.schedule.models import Appointment
from tests.cast import Cast

NINE = datetime(2031, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def fay(cast: Cast) -> Iterator[Actor]:
    with clinic_scope(cast.clinic.pk):
        yield Actor(Proof.SIGN_IN, cast.fay, cast.clinic, frozenset({"front_desk"}))


def at(fay: Actor, patient: Patient, room: Room, hour: float, hours: float = 2) -> Appointment:
    starts_at = NINE + timedelta(hours=hour - 9)
    return book(fay, patient=patient, room=room, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))


def another_room(cast: Cast, *, is_private: bool = True) -> Room:
    return Room.objects.create(clinic=cast.clinic, name="Room 2", is_private=is_private)


@pytest.mark.parametrize("hour", [8.5, 9, 9.5, 10.9, 7.1])
def test_a_room_holds_one_patient_at_a_time(cast: Cast, fay: Actor, hour: float) -> None:
    at(fay, cast.patient, cast.room, 9)
    with pytest.raises(Refused, match="room_taken_then"):
        at(fay, cast.neighbour, cast.room, hour)


@pytest.mark.parametrize("hour", [7, 11])
def test_one_may_follow_the_other_at_once(cast: Cast, fay: Actor, hour: float) -> None:
    at(fay, cast.patient, cast.room, 9)
    at(fay, cast.neighbour, cast.room, hour)


def test_a_patient_is_in_one_place_at_a_time(cast: Cast, fay: Actor) -> None:
    at(fay, cast.patient, cast.room, 9)
    with pytest.raises(Refused, match="patient_expected_then"):
        at(fay, cast.patient, another_room(cast), 10)


def test_a_room_that_is_not_private_holds_no_infusion_and_says_why(cast: Cast, fay: Actor) -> None:
    with pytest.raises(Refused) as refused:
        at(fay, cast.patient, another_room(cast, is_private=False), 9)
    assert [(each.code, each.facts) for each in refused.value.findings] == [("room_not_private", {"room": "Room 2"})]


def test_what_is_over_is_not_booked(cast: Cast, fay: Actor) -> None:
    with pytest.raises(Refused, match="time_is_over"):
        book(
            fay,
            patient=cast.patient,
            room=cast.room,
            starts_at=NINE.replace(year=2020),
            ends_at=NINE.replace(year=2021),
        )


def test_a_cancelled_time_is_free_again_and_stays_readable(cast: Cast, fay: Actor) -> None:
    first = at(fay, cast.patient, cast.room, 9)
    cancel(first, because="fever")
    at(fay, cast.neighbour, cast.room, 9)
    assert Appointment.objects.get(pk=first.pk).cancelled_because == "fever"


INSERT = """
    INSERT INTO schedule_appointment (id, clinic_id, patient_id, room_id, starts_at, ends_at, made_by_id, made_at,
                                      cancelled_because)
    VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, now(), '')
"""


def insert(cast: Cast, patient: Patient, room: Room) -> None:
    values = [cast.clinic.pk, patient.pk, room.pk, NINE, NINE + timedelta(hours=2), cast.fay.pk]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, values)


def test_the_database_holds_it_against_a_crafted_statement(cast: Cast, fay: Actor) -> None:
    insert(cast, cast.patient, cast.room)
    with pytest.raises(IntegrityError, match="appointment_one_per_room"):
        insert(cast, cast.neighbour, cast.room)
    with pytest.raises(IntegrityError, match="appointment_one_per_patient"):
        insert(cast, cast.patient, another_room(cast))


def test_the_database_refuses_a_room_that_is_not_private(cast: Cast, fay: Actor) -> None:
    with pytest.raises(IntegrityError, match="not private"):
        insert(cast, cast.patient, another_room(cast, is_private=False))
