"""Two records of one patient become one, and two again: what was done, and the functions that do it."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models
from pathlib import Path

from stillroom.clinics.rows import APP_ROLE, THIS_CLINIC, THIS_PERSON, guard_clinic_rows, keep_in_one_clinic

MERGE, MOVED, PATIENT = "patients_recordmerge", "patients_movedrow", "patients_patient"
CALLED = ("patients_kept(uuid)", "patients_merge(uuid)", "patients_unmerge(uuid, uuid, text)")
INSIDE = ("patients_children()", "patients_join_days(uuid, regclass, uuid, uuid)", "patients_follow(uuid, uuid)")


def functions() -> str:
    # The file belongs to this migration: a later change of a function is a new file and a new migration.
    made = (Path(__file__).parent.parent / "merging.sql").read_text()
    closed = "".join(f"REVOKE ALL ON FUNCTION {each} FROM PUBLIC, {APP_ROLE};" for each in (*CALLED, *INSIDE))
    return made + closed + "".join(f"GRANT EXECUTE ON FUNCTION {each} TO {APP_ROLE};" for each in CALLED)


# Who looked at a record that is part of theirs now, a patient reads as before.
SHOWN = f"""
    CREATE POLICY this_person ON {MERGE} FOR SELECT USING ({THIS_CLINIC} IS NULL
        AND kept_id IN (SELECT id FROM patients_patient WHERE person_id = {THIS_PERSON}));
    CREATE POLICY this_person_merged ON patients_look FOR SELECT USING ({THIS_CLINIC} IS NULL
        AND patient_id IN (SELECT other_id FROM {MERGE} WHERE undone_at IS NULL));
"""  # noqa: S608
HIDDEN = f"DROP POLICY this_person_merged ON patients_look; DROP POLICY this_person ON {MERGE};"
GONE = "".join(f"DROP FUNCTION {each};" for each in (*CALLED, *reversed(INSIDE)))


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("patients", "0010_consent_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordMerge",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=200)),
                ("chosen", models.JSONField(default=dict)),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_reason", models.CharField(blank=True, max_length=200)),
                (
                    "allergies",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.allergystatement",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="patients.patient"
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_away", to="patients.patient"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-merged_at"],
            },
        ),
        migrations.CreateModel(
            name="MovedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table_name", models.CharField(max_length=80)),
                ("row_id", models.CharField(max_length=40)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("moved", "moved"),
                            ("changed", "put after what the other record says of the same day"),
                            ("stayed", "in both records, so it stayed"),
                            ("followed", "written since, and went back with what it hangs on"),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="patients.recordmerge"
                    ),
                ),
            ],
            options={
                "ordering": ["table_name", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="recordmerge",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="record_merge_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="recordmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("other",),
                name="record_merged_into_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("other")), _negated=True), name="record_merged_into_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="record_merge_says_why"
            ),
        ),
        migrations.AddIndex(
            model_name="movedrow",
            index=models.Index(fields=["merge", "table_name", "row_id"], name="moved_row_of_merge"),
        ),
        guard_clinic_rows(MERGE, may="SELECT, INSERT"),
        guard_clinic_rows(MOVED, may="SELECT"),
        keep_in_one_clinic(MERGE, "kept_id", PATIENT),
        keep_in_one_clinic(MERGE, "other_id", PATIENT),
        keep_in_one_clinic(MOVED, "merge_id", MERGE),
        migrations.RunSQL(SHOWN, HIDDEN),
        migrations.RunSQL(functions(), GONE),
    ]
