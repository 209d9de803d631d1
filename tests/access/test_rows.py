"""Row security, asked of PostgreSQL itself: what a crafted statement of `stillroom_app` sees, in every table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from stillroom.clinics.rows import clinic_ids, clinic_scope, person_scope
from stillroom.patients.models import Patient, Weight
from tests.cast import Cast
from tests.conftest import Clone

# Tables that belong to no clinic, and why.
SHARED = {
    "clinics_person": "a person signs in once and may work in several clinics",
    "clinics_cache": "counts tries to sign in",
    "account_emailaddress": "a person's own address",
    "account_emailconfirmation": "unused: nobody signs up",
    "mfa_authenticator": "a person's own second factors",
    "usersessions_usersession": "where a person is signed in",
    "django_session": "sign-ins; no patient is ever in one",
    "infusions_rehearsal": "whether its owner declared this database to be a rehearsal",
    "django_migrations": "which migrations were run",
    "django_content_type": "Django's list of models",
    "auth_group": "unused: roles are rows of staff",
    "auth_group_permissions": "unused: roles are rows of staff",
    "auth_permission": "unused: roles are rows of staff",
    "pghistory_context": "unused: histories name their author themselves",
}
# Tables whose rows belong to a person and to no clinic: no clinic sees any.
PERSONAL = {"exchange_broughtpart", "journal_share", "journal_shareuse"}
# Tables whose policy reads another column than clinic_id.
OWNED_BY_ID = {"clinics_clinic": "id", "clinics_clinichistory": "id"}

TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'clinic_id'),
           has_table_privilege(current_user, c.oid, 'SELECT')
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
POLICIES = """
    SELECT tablename || ': ' || policyname, coalesce(qual, '') || coalesce(with_check, ''), roles::text[]
    FROM pg_policies WHERE schemaname = 'public'
"""
DEFINERS = "SELECT proname, proconfig::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"


def asked(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def owned_tables() -> dict[str, str]:
    """Table -> the column that says whose it is."""
    found = {str(name): "clinic_id" for name, _, has_clinic, _ in asked(TABLES) if has_clinic}
    return found | OWNED_BY_ID


def readable_tables() -> dict[str, str]:
    """Those of them that the application may read at all; the others are reached through functions."""
    readable = {name for name, _, _, may_read in asked(TABLES) if may_read}
    return {table: column for table, column in owned_tables().items() if table in readable}


def test_every_table_belongs_to_a_clinic_or_is_known_to_be_shared(db: None) -> None:
    tables = {str(name) for name, *_ in asked(TABLES)}
    assert tables - set(owned_tables()) == set(SHARED) | PERSONAL


def test_every_table_of_a_clinic_is_fenced_for_its_owner_too(db: None) -> None:
    fenced = {str(name) for name, is_fenced, *_ in asked(TABLES) if is_fenced}
    assert (set(owned_tables()) | PERSONAL) - fenced == set()


def test_no_clinic_sees_a_row_that_is_a_persons_own(db: None) -> None:
    conditions = asked(
        "SELECT tablename, qual FROM pg_policies WHERE tablename = ANY (%s) AND roles <> '{stillroom_owner}'",
        list(PERSONAL),
    )
    assert {str(table) for table, _ in conditions} == PERSONAL
    for table, condition in conditions:
        assert "app.clinic'::text, true), ''::text))::uuid AS \"nullif\") IS NULL" in str(condition), table
        assert "person_id = " in str(condition), table


def test_every_policy_asks_for_whom_the_transaction_speaks(db: None) -> None:
    policies = asked(POLICIES)
    assert policies
    open_to_all = [
        name
        for name, condition, roles in policies
        if "current_setting('app.clinic'" not in str(condition) and roles != ["stillroom_owner"]
    ]
    assert open_to_all == []


def plain_policies(policies: Iterable[tuple[object, ...]]) -> set[str]:
    """Those that read the text of a setting at every row."""
    return {str(name) for name, condition, _ in policies if re.search(r"(?<!SELECT )\(NULLIF\(", str(condition))}


def test_every_policy_asks_that_once_a_statement(db: None) -> None:
    assert plain_policies(asked(POLICIES)) == set()


def test_policies_of_a_database_made_before_ask_once_too(
    committed_db: Clone, owner_connection: psycopg.Connection[Any]
) -> None:
    """As they were written before: two plain ones, one with a query inside, and one that adds rows alone."""
    clinic, person = (f"nullif(current_setting('app.{name}', true), '')::uuid" for name in ("clinic", "person"))
    own = f"{clinic} IS NULL AND patient_id IN (SELECT id FROM patients_patient WHERE person_id = {person})"  # noqa: S608
    before = policies_of(owner_connection)
    with owner_connection.transaction():
        for change in (
            f"this_clinic ON devices_sample USING (clinic_id = {clinic}) WITH CHECK (clinic_id = {clinic})",
            f"this_clinic ON patients_weight USING (clinic_id = {clinic}) WITH CHECK (clinic_id = {clinic})",
            f"this_person ON patients_weight USING ({own})",
            f"this_person_adds ON patients_consent WITH CHECK ({own})",
        ):
            owner_connection.execute(f"ALTER POLICY {change}")
    assert len(plain_policies(policies_of(owner_connection))) == 4
    owner_connection.execute(import_module("stillroom.clinics.migrations.0012_settings_once").ASK_ONCE)
    assert policies_of(owner_connection) == before


def policies_of(conn: psycopg.Connection[Any]) -> set[tuple[object, ...]]:
    return {(name, condition, tuple(roles)) for name, condition, roles in conn.execute(POLICIES).fetchall()}


def test_the_application_cannot_step_around_row_security(db: None) -> None:
    powers = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    (role,) = asked(f"SELECT rolname, {powers} FROM pg_roles WHERE rolname = current_user")  # noqa: S608
    assert role == ("stillroom_app", False, False, False, False)
    assert (
        asked("SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user")
        == []
    )


def test_every_function_that_runs_as_the_owner_has_a_fixed_search_path(db: None) -> None:
    definers = asked(DEFINERS)
    assert definers
    fixed = ('{"search_path=public, pg_temp"}', '{"search_path=pg_catalog, public, pg_temp"}')
    assert [name for name, settings in definers if settings not in fixed] == []


def test_with_no_clinic_nothing_is_seen(cast: Cast) -> None:
    seen = {table: asked(f"SELECT count(*) FROM {table}")[0][0] for table in readable_tables()}  # noqa: S608
    assert {table: count for table, count in seen.items() if count} == {}


def test_with_another_clinics_setting_nothing_of_ours_is_seen(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        filled = [table for table, column in readable_tables().items() if _rows_of(table, column, cast.clinic.pk)]
    with clinic_scope(cast.other_clinic.pk):
        seen = [table for table, column in readable_tables().items() if _rows_of(table, column, cast.clinic.pk)]
    assert {"patients_patient", "patients_patienthistory", "clinics_staff", "patients_weight"} <= set(filled)
    assert seen == []


def test_no_row_can_be_moved_or_added_to_another_clinic(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        for table, column in readable_tables().items():
            if _rows_of(table, column, cast.clinic.pk):
                with pytest.raises(DatabaseError, match=r"row-level security|permission denied"), transaction.atomic():
                    connection.cursor().execute(f"UPDATE {table} SET {column} = %s", [cast.other_clinic.pk])  # noqa: S608


def test_a_row_cannot_point_at_another_clinics_patient(cast: Cast) -> None:
    """PostgreSQL checks foreign keys outside row security; the composite key is what holds here."""
    with pytest.raises(DatabaseError, match="same_clinic"), clinic_scope(cast.clinic.pk):
        Weight.objects.create(clinic=cast.clinic, patient=cast.other_patient, weight_kg="70", measured_by=cast.ben)


def test_every_row_that_points_at_another_is_bound_to_its_clinic(db: None) -> None:
    """Each foreign key between two tables of clinics is part of a composite key with clinic_id."""
    keys = asked(
        """
        SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, a.attname::text
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND NOT EXISTS (
            SELECT FROM pg_constraint pair
            WHERE pair.contype = 'f' AND pair.conrelid = c.conrelid AND pair.confrelid = c.confrelid
              AND cardinality(pair.conkey) > 1 AND c.conkey[1] = ANY (pair.conkey)
        )
        """
    )
    owned = owned_tables()
    # A rehearsal is a clinic of its own that says which one it rehearses: the one pointer from a clinic to another.
    across = ("clinics_clinic", "clinics_clinic", "rehearses_id")
    found = [key for key in keys if key[0] in owned and key[1] in owned and key[2] != "clinic_id"]
    assert found == [across]


def test_a_person_reads_their_own_rows_across_clinics_and_changes_none(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        Patient.objects.filter(pk=cast.other_patient.pk).update(person=cast.pat)
    with person_scope(cast.pat.pk):
        assert set(Patient.objects.all()) == {cast.patient, cast.other_patient}
        assert set(Weight.objects.values_list("patient", flat=True)) == {cast.patient.pk}
        assert Patient.objects.update(given_name="X") == 0


def test_a_clinic_never_shows_what_its_staff_are_as_patients_elsewhere(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        Patient.objects.filter(pk=cast.other_patient.pk).update(person=cast.ben)
    with clinic_scope(cast.clinic.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.person', %s, true)", [str(cast.ben.pk)])
        assert cast.other_patient not in Patient.objects.all()


def test_a_scope_inside_a_scope_gives_back_what_was_open(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        with clinic_scope(cast.other_clinic.pk):
            assert set(Patient.objects.all()) == {cast.other_patient}
        assert set(Patient.objects.all()) == {cast.patient, cast.neighbour}
        with pytest.raises(ZeroDivisionError), clinic_scope(cast.other_clinic.pk):
            _ = 1 // 0
        assert set(Patient.objects.all()) == {cast.patient, cast.neighbour}


def test_processes_learn_the_ids_of_clinics_and_nothing_else(cast: Cast) -> None:
    assert set(clinic_ids()) == {cast.clinic.pk, cast.other_clinic.pk}
    assert asked("SELECT count(*) FROM clinics_clinic") == [(0,)]


def _rows_of(table: str, column: str, clinic_id: UUID) -> int:
    ((count,),) = asked(f"SELECT count(*) FROM {table} WHERE {column} = %s", clinic_id)  # noqa: S608
    assert isinstance(count, int)
    return count
