"""History of patients and consents, which the application can only read."""

import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.history import close_history


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0004_history_belongs"),
        ("patients", "0003_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "changed_by",
                    models.CharField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(
                                models.Value("app.by"),
                                models.Value(True),
                                function="current_setting",
                                output_field=models.CharField(),
                            ),
                            models.Value(""),
                        ),
                        max_length=60,
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("signed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PatientHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "changed_by",
                    models.CharField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(
                                models.Value("app.by"),
                                models.Value(True),
                                function="current_setting",
                                output_field=models.CharField(),
                            ),
                            models.Value(""),
                        ),
                        max_length=60,
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("identifier", models.CharField(max_length=40)),
                ("given_name", models.CharField(max_length=80)),
                ("family_name", models.CharField(max_length=80)),
                ("birth_date", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[("female", "female"), ("male", "male"), ("other", "other"), ("unknown", "unknown")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("height_cm", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                (
                    "motion_sickness",
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
                    "nausea_after_anaesthesia",
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
                    "smokes",
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
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_consenthistory" ("clinic_id", "id", "kind", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "version", "withdrawn_at", "witnessed_by_id") VALUES (NEW."clinic_id", NEW."id", NEW."kind", NEW."patient_id", NOW(), \'insert\', NEW."id", NEW."signed_at", NEW."version", NEW."withdrawn_at", NEW."witnessed_by_id"); RETURN NULL;',
                    hash="7d8ddd5d6d51af7897d2fafc2efba279892d22dd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f3c10",
                    table="patients_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "patients_consenthistory" ("clinic_id", "id", "kind", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "version", "withdrawn_at", "witnessed_by_id") VALUES (NEW."clinic_id", NEW."id", NEW."kind", NEW."patient_id", NOW(), \'update\', NEW."id", NEW."signed_at", NEW."version", NEW."withdrawn_at", NEW."witnessed_by_id"); RETURN NULL;',
                    hash="d39e971a83a98b17773988d52260573434252dc5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_06fdd",
                    table="patients_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_patienthistory" ("birth_date", "clinic_id", "family_name", "given_name", "height_cm", "id", "identifier", "motion_sickness", "nausea_after_anaesthesia", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "smokes") VALUES (NEW."birth_date", NEW."clinic_id", NEW."family_name", NEW."given_name", NEW."height_cm", NEW."id", NEW."identifier", NEW."motion_sickness", NEW."nausea_after_anaesthesia", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."sex", NEW."smokes"); RETURN NULL;',
                    hash="461eaa70adb127751186a23c894a3380a7bda71a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_62165",
                    table="patients_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "patients_patienthistory" ("birth_date", "clinic_id", "family_name", "given_name", "height_cm", "id", "identifier", "motion_sickness", "nausea_after_anaesthesia", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "smokes") VALUES (NEW."birth_date", NEW."clinic_id", NEW."family_name", NEW."given_name", NEW."height_cm", NEW."id", NEW."identifier", NEW."motion_sickness", NEW."nausea_after_anaesthesia", NEW."person_id", NOW(), \'update\', NEW."id", NEW."sex", NEW."smokes"); RETURN NULL;',
                    hash="57fae529de3d590ad6fd193bfe22469782eff555",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_546ce",
                    table="patients_patient",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="clinic",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="clinics.clinic",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="patients.consent",
            ),
        ),
        migrations.AddField(
            model_name="consenthistory",
            name="witnessed_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="patienthistory",
            name="clinic",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="clinics.clinic",
            ),
        ),
        migrations.AddField(
            model_name="patienthistory",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="patienthistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="patients.patient",
            ),
        ),
        *close_history("patients_patient"),
        *close_history("patients_consent"),
    ]
