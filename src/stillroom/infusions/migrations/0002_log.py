"""The functions that write the log, who may call them, and everything that refuses all else."""

from pathlib import Path

from django.db import migrations

from stillroom.clinics.rows import (
    APP_ROLE,
    THIS_CLINIC,
    THIS_PERSON,
    guard_clinic_rows,
    keep_in_one_clinic,
    show_rows_to_person,
)

FUNCTIONS = {
    "infusions_utc": "timestamptz",
    "infusions_hash": "uuid, int, bytea, uuid, text, smallint, timestamptz, timestamptz, text, text",
    "open_infusion": "uuid, uuid, uuid, uuid",
    "append_entries": (
        "uuid, int, uuid, text, text, uuid, int, text, timestamptz, timestamptz, text, jsonb, jsonb, jsonb"
    ),
    "erase_text": "uuid, int, text, text, text",
}
NEVER_CHANGED = ("infusions_act", "infusions_entry", "infusions_texterasure")
LOGGED = ("infusions_act", "infusions_entry", "infusions_entrytext", "infusions_texterasure")


def functions() -> str:
    # The file belongs to this migration: a later change of a function is a new file and a new migration.
    return (Path(__file__).parent.parent / "append.sql").read_text()


def only_callable() -> str:
    callable_ones = "".join(
        f"REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name}({types}) TO {APP_ROLE};"
        for name, types in FUNCTIONS.items()
    )
    return f"{callable_ones} REVOKE ALL ON infusions_rehearsal FROM {APP_ROLE};"


TRIGGERS = (
    *(("only_grows", "UPDATE OR DELETE", table, "ROW", "infusions_refuse") for table in NEVER_CHANGED),
    ("only_erased", "UPDATE", "infusions_entrytext", "ROW", "infusions_refuse"),
    ("leaves_a_trace", "DELETE", "infusions_entrytext", "ROW", "infusions_keep_words"),
    ("never_gone", "DELETE", "infusions_infusion", "ROW", "infusions_refuse"),
    *(
        ("never_emptied", "TRUNCATE", table, "STATEMENT", "infusions_refuse")
        for table in (*LOGGED, "infusions_infusion")
    ),
)


def only_growing() -> str:
    """Always: not even a session that replays another server's changes goes past these triggers."""
    return "".join(
        f"""
        CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
        """
        for name, what, table, each, function in TRIGGERS
    )


def shown_to_person(table: str) -> str:
    """A patient reads the log of their own infusions."""
    return f"""
        CREATE POLICY this_person ON {table} FOR SELECT USING (
            {THIS_CLINIC} IS NULL AND infusion_id IN (
                SELECT i.id FROM infusions_infusion i JOIN patients_patient p ON p.id = i.patient_id
                WHERE p.person_id = {THIS_PERSON}));
    """  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("infusions", "0001_initial"), ("patients", "0002_row_security"), ("clinics", "0002_row_security")]

    operations = [
        guard_clinic_rows("infusions_infusion", may="SELECT"),
        *(guard_clinic_rows(table, may="SELECT") for table in LOGGED),
        keep_in_one_clinic("infusions_infusion", "patient_id", "patients_patient"),
        keep_in_one_clinic("infusions_infusion", "room_id", "clinics_room"),
        show_rows_to_person("infusions_infusion", through="patient_id"),
        migrations.RunSQL("".join(shown_to_person(table) for table in ("infusions_entry", "infusions_entrytext"))),
        # Room on each page for the next version of a summary: it is written anew with every entry.
        migrations.RunSQL("ALTER TABLE infusions_infusion SET (fillfactor = 70)", migrations.RunSQL.noop),
        migrations.RunSQL(functions()),
        migrations.RunSQL(only_callable()),
        migrations.RunSQL(only_growing()),
    ]
