"""Every state a row had is kept, with its author, and nobody who runs the application can change or prevent it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from stillroom.clinics.models import Room, RoomHistory, StaffHistory
from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Patient, PatientHistory
from tests.cast import Cast

HISTORIES = """
    SELECT c.relname, has_table_privilege('stillroom_app', c.oid, 'INSERT')
        OR has_table_privilege('stillroom_app', c.oid, 'UPDATE')
        OR has_table_privilege('stillroom_app', c.oid, 'DELETE')
        OR has_table_privilege('stillroom_app', c.oid, 'TRUNCATE')
    FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE '%history' AND c.relnamespace = 'public'::regnamespace
"""
TRIGGERS = """
    SELECT t.tgrelid::regclass::text, p.proname, p.prosecdef
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname LIKE 'pgtrigger%'
"""


def test_a_change_keeps_what_was_and_who_changed_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk, by=f"person:{cast.fay.pk}"):
        Patient.objects.filter(pk=cast.patient.pk).update(family_name="Married")
        states = list(PatientHistory.objects.filter(pgh_obj=cast.patient).order_by("pgh_id"))
    assert [(state.family_name, state.changed_by) for state in states] == [
        ("Example", ""),
        ("Married", f"person:{cast.fay.pk}"),
    ]


def test_raw_sql_is_kept_too(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE clinics_room SET is_private = false WHERE id = %s", [cast.room.pk])
        assert RoomHistory.objects.filter(pgh_obj=cast.room, is_private=False).exists()


def test_a_session_cannot_switch_history_off(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_agg(tgname::text)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", cursor.fetchone())
        Room.objects.filter(pk=cast.room.pk).update(name="Room 9")
        assert RoomHistory.objects.filter(name="Room 9").count() == 1


def test_history_belongs_to_its_clinic(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        assert set(PatientHistory.objects.values_list("clinic_id", flat=True)) == {cast.other_clinic.pk}
    assert not PatientHistory.objects.exists()


def test_history_holds_no_secret() -> None:
    assert "pin_digest" not in {field.name for field in StaffHistory._meta.get_fields()}


def test_the_application_cannot_write_history(cast: Cast) -> None:
    for statement in ("DELETE FROM clinics_roomhistory", "UPDATE clinics_roomhistory SET name = 'x'"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db
def test_every_history_is_closed_and_every_trigger_writes_as_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HISTORIES)
        histories = cursor.fetchall()
        cursor.execute(TRIGGERS)
        triggers = cursor.fetchall()
    assert histories
    assert [name for name, may_write in histories if may_write] == []
    assert len(triggers) == 2 * len(histories)
    assert [(table, name) for table, name, is_safe in triggers if not is_safe] == []
