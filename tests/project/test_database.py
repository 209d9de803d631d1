"""The database a test gets is the one a clinic gets: the application's role, and nothing a migration did not give."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.conftest import Clone

ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'stillroom%' AND (rolsuper OR rolcreatedb OR rolbypassrls)"


@pytest.mark.django_db
def test_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("stillroom_app",)


@pytest.mark.django_db
def test_neither_role_has_a_power_that_steps_past_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROLES)
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_the_application_cannot_make_a_table() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied for schema public"):
        cursor.execute("CREATE TABLE mine (id int)")


def test_a_committed_database_is_fresh_and_seen_by_other_connections(committed_db: Clone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        assert cursor.fetchone() == (committed_db.name, "stillroom_app")
    with psycopg.connect(committed_db.url) as other:
        assert other.execute("SELECT count(*) FROM clinics_person").fetchone() == (0,)


def test_the_owner_connects_to_the_same_database(
    committed_db: Clone, owner_connection: psycopg.Connection[Any]
) -> None:
    found = owner_connection.execute("SELECT current_database(), current_user").fetchone()
    assert found == (committed_db.name, "stillroom_owner")
