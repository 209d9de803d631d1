"""Tables of patients from elsewhere, and what became of each row; once done, neither changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

FILE, ROW = "patients_importedfile", "patients_importedrow"
FREEZE = f"""
    CREATE FUNCTION patients_keep_imported() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'the file % was taken in and never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER keep_done BEFORE UPDATE ON {FILE}
        FOR EACH ROW WHEN (OLD.done_at IS NOT NULL OR OLD.content IS DISTINCT FROM NEW.content)
        EXECUTE FUNCTION patients_keep_imported();
"""
THAW = f"DROP TRIGGER keep_done ON {FILE}; DROP FUNCTION patients_keep_imported();"


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("patients", "0012_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("encoding", models.CharField(blank=True, max_length=12)),
                ("separator", models.CharField(blank=True, max_length=1)),
                ("days", models.CharField(blank=True, max_length=4)),
                ("letters", models.CharField(blank=True, max_length=4)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("brought_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-brought_at"],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("made", "made a record"),
                            ("here", "was here already"),
                            ("left", "left out, as it may be somebody who is here"),
                            ("refused", "not understood"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="patients.importedfile"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_rows",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
            },
        ),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="imported_file_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.UniqueConstraint(fields=("clinic", "digest"), name="imported_file_once"),
        ),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="imported_file_done_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(fields=("file", "line"), name="imported_row_once"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what__in", ["made", "here"]), _negated=True), ("patient__isnull", False), _connector="OR"
                ),
                name="imported_row_names_its_patient",
            ),
        ),
        guard_clinic_rows(FILE),
        guard_clinic_rows(ROW, may="SELECT, INSERT"),
        keep_in_one_clinic(ROW, "file_id", FILE),
        keep_in_one_clinic(ROW, "patient_id", "patients_patient"),
        migrations.RunSQL(FREEZE, THAW),
    ]
