"""A patient reads who opened their record, and the database keeps every line."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.patients.access import note_look
from stillroom.patients.models import Look
from tests.cast import Cast, make_cast, signed_in


def looked(cast: Cast, page: str, times: int = 1) -> None:
    with clinic_scope(cast.clinic.pk):
        for _ in range(times):
            note_look(Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({"nurse"}), page=page), cast.patient.pk)


def test_a_patient_sees_who_opened_their_record_and_what(cast: Cast) -> None:
    looked(cast, "bedside:room", 2)
    looked(cast, "bedside:chart")
    page = " ".join(signed_in(cast.pat).get("/journal/looks/").content.decode().split())
    assert "Ben Osei" in page
    assert "the printed chart, the live room" in page
    assert "3 times" in page


def test_a_neighbour_sees_none_of_it(cast: Cast) -> None:
    looked(cast, "bedside:room")
    page = signed_in(cast.kim).get("/journal/looks/").content.decode()
    assert "Nobody has opened your record yet" in page
    assert "Ben Osei" not in page


def test_a_screen_on_the_wall_is_named_as_one(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        note_look(Actor(Proof.DISPLAY, clinic=cast.clinic, display=cast.display), cast.patient.pk)
    assert "A screen of the clinic" in signed_in(cast.pat).get("/journal/looks/").content.decode()


@pytest.mark.parametrize("statement", ["UPDATE patients_look SET by = 'person:x'", "DELETE FROM patients_look"])
def test_nobody_takes_a_look_back(cast: Cast, statement: str) -> None:
    looked(cast, "bedside:room")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), clinic_scope(cast.clinic.pk):
        connection.cursor().execute(statement)
    with person_scope(cast.pat.pk):
        assert Look.objects.count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE patients_look SET by = 'person:x'", "DELETE FROM patients_look", "TRUNCATE patients_look"]
)
def test_the_owner_of_the_tables_cannot_either(
    committed_db: object, owner_connection: psycopg.Connection[object], statement: str
) -> None:
    cast = make_cast()
    looked(cast, "bedside:room")
    owner_connection.execute("SELECT set_config('app.clinic', %s, false)", [str(cast.clinic.pk)])
    with pytest.raises(psycopg.Error, match="only ever added"):
        owner_connection.execute(statement)
