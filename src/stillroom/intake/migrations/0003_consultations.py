"""Consultations, who signed them, and what was asked because an answer worried."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_rows_by_link


TABLES = ("intake_consultation", "intake_consultationtext", "intake_consultationsigned", "intake_riskform")

# Whoever writes, by whatever path: a signed consultation takes no further words.
SIGNED_IS_FROZEN = """
    CREATE FUNCTION intake_signed_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM intake_consultationsigned WHERE consultation_id = NEW.consultation_id) THEN
            RAISE EXCEPTION 'this consultation is signed: it takes no further words' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER signed_is_frozen BEFORE INSERT ON intake_consultationtext
        FOR EACH ROW EXECUTE FUNCTION intake_signed_is_frozen();
"""
THAWED = """
    DROP TRIGGER signed_is_frozen ON intake_consultationtext;
    DROP FUNCTION intake_signed_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("intake", "0002_rows"),
        ("outcomes", "0004_wording"),
        ("patients", "0008_history_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "begun_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at"],
            },
        ),
        migrations.CreateModel(
            name="ConsultationText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("set_aside", models.BooleanField(default=False)),
                ("review", models.TextField(blank=True, max_length=8000)),
                ("examination", models.TextField(blank=True, max_length=8000)),
                ("assessment", models.TextField(blank=True, max_length=8000)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Not decided yet"),
                            ("treat", "Treat with ketamine infusions"),
                            ("not_now", "Not now"),
                            ("not_here", "Not with ketamine"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("because", models.TextField(blank=True, max_length=2000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="intake.consultation"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.consultationtext",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at"],
            },
        ),
        migrations.CreateModel(
            name="ConsultationSigned",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="intake.consultation"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "text",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="intake.consultationtext"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RiskForm",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "thoughts",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "intent",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "attempt",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                ("keeps_safe", models.TextField(blank=True, max_length=2000)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asked_by",
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
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risk_forms", to="outcomes.concern"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="consultation_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="consultationtext",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="consultation_text_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="consultationtext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", True), ("set_aside", False)),
                fields=("consultation",),
                name="consultation_begins_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("set_aside", False), ("replaces__isnull", True), _connector="OR"),
                name="set_aside_replaces_nothing",
            ),
        ),
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in TABLES),
        keep_in_one_clinic("intake_consultation", "patient_id", "patients_patient"),
        keep_in_one_clinic("intake_consultationtext", "consultation_id", "intake_consultation"),
        keep_in_one_clinic("intake_consultationtext", "replaces_id", "intake_consultationtext"),
        keep_in_one_clinic("intake_consultationsigned", "consultation_id", "intake_consultation"),
        keep_in_one_clinic("intake_consultationsigned", "text_id", "intake_consultationtext"),
        keep_in_one_clinic("intake_riskform", "concern_id", "outcomes_concern"),
        migrations.RunSQL(SIGNED_IS_FROZEN, THAWED),
        show_rows_by_link("outcomes_wording", "clinic_id", of="clinic_id"),
    ]
