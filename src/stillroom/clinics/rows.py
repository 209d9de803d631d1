"""Which rows may a database session see? Migration operations for row security, and the scope that opens rows.

Two settings say for whom a transaction speaks: `app.clinic` for one clinic, or `app.person` for one person's own rows.
`app.desk` names the clinic whose desk to the public is served: of that clinic it opens what anybody may hand in there,
and no patient, no member of staff (`show_rows_at_desk`). `app.link` names the link by which somebody without an account
came: it opens what was handed in by that link (`show_rows_by_link`). `app.by` is the author that the history names.
They are set for the transaction only (`set_config(..., true)`). With none, no row of a clinic is visible but what it
published (`show_rows_to_all`). A person's own rows open only while no clinic is set: a nurse who is a patient elsewhere
sees her own record in the journal, never in the middle of the list of patients she works with.

Row security is both enabled and *forced*. Enabling it alone would leave out the tables' owner, and every SECURITY
DEFINER function runs as the owner: each would be a door past the fence. Forced, such a function writes only within the
clinic of the transaction that called it. The price is small: a data migration opens the scope it works in, and a
function that must see past clinics (`clinics_ids`) needs a policy that names the owner. Foreign keys are checked by
PostgreSQL outside row security, so `keep_in_one_clinic` binds a row and its parent to one clinic by a composite key.

In a migration:

    guard_clinic_rows("patients_weight"),
    keep_in_one_clinic("patients_weight", "patient_id", "patients_patient"),
    show_rows_to_person("patients_weight", through="patient_id"),
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction
from django.db.migrations import RunSQL

APP_ROLE = "stillroom_app"
SETTINGS = ("app.clinic", "app.person", "app.desk", "app.by", "app.link")


def _set_for_transaction(name: str) -> str:
    """As a query of its own, which PostgreSQL asks once a statement; written plainly it reads the text at every row."""
    return f"(SELECT nullif(current_setting('{name}', true), '')::uuid)"


THIS_CLINIC = _set_for_transaction("app.clinic")
THIS_PERSON = _set_for_transaction("app.person")
THIS_DESK = _set_for_transaction("app.desk")
THIS_LINK = _set_for_transaction("app.link")


def guard_clinic_rows(table: str, *, column: str = "clinic_id", may: str = "SELECT, INSERT, UPDATE") -> RunSQL:
    """Rows of `table` exist only for the clinic of the transaction; the application may do what `may` lists."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY this_clinic ON {table}
            USING ({column} = {THIS_CLINIC}) WITH CHECK ({column} = {THIS_CLINIC});
        REVOKE ALL ON {table} FROM {APP_ROLE};
        GRANT {may} ON {table} TO {APP_ROLE};
        """,
        f"""
        DROP POLICY this_clinic ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def guard_person_rows(table: str, *, may: str) -> RunSQL:
    """Rows of `table` belong to the person in `person_id`, whatever clinics they go to, and to no clinic."""
    own = f"{THIS_CLINIC} IS NULL AND person_id = {THIS_PERSON}"
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON {table} USING ({own}) WITH CHECK ({own});
        REVOKE ALL ON {table} FROM {APP_ROLE};
        GRANT {may} ON {table} TO {APP_ROLE};
        """,
        f"""
        DROP POLICY own_rows ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def show_rows_to_person(table: str, *, through: str) -> RunSQL:
    """A person reads rows that are theirs: `through` is `person_id`, or `patient_id` for rows of their patients.

    Through `clinic_id` they read what the clinics say to their patients.
    """
    theirs = f"{through} = {THIS_PERSON}"
    if through in ("patient_id", "clinic_id"):
        column = {"patient_id": "id", "clinic_id": "clinic_id"}[through]
        theirs = f"{through} IN (SELECT {column} FROM patients_patient WHERE person_id = {THIS_PERSON})"  # noqa: S608
    return RunSQL(
        f"CREATE POLICY this_person ON {table} FOR SELECT USING ({THIS_CLINIC} IS NULL AND {theirs});",
        f"DROP POLICY this_person ON {table};",
    )


def let_person_add(table: str) -> RunSQL:
    """A person adds rows about themselves: `table` has a `patient_id`. A composite key keeps them in that clinic."""
    theirs = f"patient_id IN (SELECT id FROM patients_patient WHERE person_id = {THIS_PERSON})"  # noqa: S608
    return RunSQL(
        f"CREATE POLICY this_person_adds ON {table} FOR INSERT WITH CHECK ({THIS_CLINIC} IS NULL AND {theirs});",
        f"DROP POLICY this_person_adds ON {table};",
    )


def show_clinics_of(table: str) -> RunSQL:
    """A person reads the clinics they have a row in, where `table` has both a `clinic_id` and a `person_id`."""
    theirs = f"id IN (SELECT clinic_id FROM {table} WHERE person_id = {THIS_PERSON})"  # noqa: S608
    name = f"this_person_by_{table}"
    return RunSQL(
        f"CREATE POLICY {name} ON clinics_clinic FOR SELECT USING ({THIS_CLINIC} IS NULL AND {theirs});",
        f"DROP POLICY {name} ON clinics_clinic;",
    )


def show_rows_at_desk(table: str, *, may: str = "SELECT") -> RunSQL:
    """The desk to the public of a clinic reads these rows, adds to them (INSERT), or both and changes them (ALL)."""
    theirs = f"{THIS_CLINIC} IS NULL AND clinic_id = {THIS_DESK}"
    may_see, may_leave = f"USING ({theirs})", f"WITH CHECK ({theirs})"
    clause = {"SELECT": may_see, "INSERT": may_leave, "ALL": f"{may_see} {may_leave}"}
    return RunSQL(
        f"CREATE POLICY this_desk ON {table} FOR {may} {clause[may]};",
        f"DROP POLICY this_desk ON {table};",
    )


def show_rows_by_link(table: str, column: str, *, of: str = "", may: str = "SELECT") -> RunSQL:
    """Whoever came by a link reads rows of `table`, adds to them (INSERT) or changes them (UPDATE), where `column` is
    the id of the link.

    `of` names a column of the link instead: `patient_id` for rows of the patient it is for, `clinic_id` of its clinic.
    """
    theirs = f"{column} = {THIS_LINK}"
    if of:
        theirs = f"{column} IN (SELECT {of} FROM intake_link WHERE id = {THIS_LINK})"  # noqa: S608
    mine = f"({THIS_CLINIC} IS NULL AND {theirs})"
    clause = {"SELECT": f"USING {mine}", "INSERT": f"WITH CHECK {mine}", "UPDATE": f"USING {mine} WITH CHECK {mine}"}
    name = f"this_link_{may.lower()}"
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {may} {clause[may]};",
        f"DROP POLICY {name} ON {table};",
    )


def show_rows_to_all(table: str) -> RunSQL:
    """Published rows: anybody reads them where no clinic is open; a clinic's own pages see its own only."""
    return RunSQL(
        f"CREATE POLICY published ON {table} FOR SELECT USING ({THIS_CLINIC} IS NULL);",
        f"DROP POLICY published ON {table};",
    )


def keep_in_one_clinic(table: str, column: str, parent: str) -> RunSQL:
    """A row and the parent that `column` names belong to the same clinic; `parent` is unique on (clinic_id, id)."""
    name = f"{table}_{column}_same_clinic"
    return RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (clinic_id, {column}) REFERENCES {parent} (clinic_id, id);
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def grant(table: str, may: str) -> RunSQL:
    """What the application may do with a table that belongs to no clinic."""
    return RunSQL(
        f"REVOKE ALL ON {table} FROM {APP_ROLE}; GRANT {may} ON {table} TO {APP_ROLE};",
        f"REVOKE ALL ON {table} FROM {APP_ROLE};",
    )


@contextmanager
def row_transaction() -> Iterator[None]:
    """A transaction that begins with no row open; `open_clinic` or `open_person` say whose. After, it is as before."""
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        before = _opened() if is_nested else ()
        if is_nested:
            close_rows()
        yield
        # When the transaction is lost, so are the settings made in it.
        if is_nested and not connection.needs_rollback:
            _open(*before)


@contextmanager
def clinic_scope(clinic_id: UUID, *, by: str = "") -> Iterator[None]:
    """A transaction that sees and writes the rows of one clinic: for processes, streams and tests."""
    with row_transaction():
        open_clinic(clinic_id, by=by)
        yield


@contextmanager
def person_scope(person_id: UUID) -> Iterator[None]:
    """A transaction that sees one person's own rows, across clinics, and changes none of them."""
    with row_transaction():
        open_person(person_id)
        yield


@contextmanager
def desk_scope(clinic_id: UUID, *, by: str) -> Iterator[None]:
    """A transaction that serves the public for one clinic: what is handed in at its desk, and nobody's record."""
    with row_transaction():
        _open(desk=str(clinic_id), by=by)
        yield


def open_clinic(clinic_id: UUID, *, by: str = "") -> None:
    """From here to the end of the transaction, the rows of this clinic exist and no others.

    `by` is whom the history of rows names: "person:<uuid>", "device:<uuid>" or "system:<name>".
    """
    _open(clinic=str(clinic_id), by=by)


def open_person(person_id: UUID) -> None:
    """From here to the end of the transaction, this person's own rows exist, to be read."""
    _open(person=str(person_id), by=f"person:{person_id}")


def open_link(link_id: UUID) -> None:
    """From here to the end of the transaction, what this link is for exists. Whether it stands was asked before."""
    _open(link=str(link_id), by=f"link:{link_id}")


def close_rows() -> None:
    """From here to the end of the transaction, no row of any clinic exists."""
    _open()


def clinic_ids() -> list[UUID]:
    """The ids of all clinics, and nothing else about them: for processes that serve every clinic in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM clinics_ids() AS id")
        return [row[0] for row in cursor.fetchall()]


def real_clinic_ids() -> list[UUID]:
    """The same without those that only rehearse another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM clinics_real_ids() AS id")
        return [row[0] for row in cursor.fetchall()]


def _opened() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS))
        return tuple(value or "" for value in cursor.fetchone())


def _open(clinic: str = "", person: str = "", desk: str = "", by: str = "", link: str = "") -> None:
    values = (clinic, person, desk, by, link)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS), values)
