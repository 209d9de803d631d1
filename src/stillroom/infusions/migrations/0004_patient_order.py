"""Orders for one patient: drafted, signed, then frozen."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

KEEP_SIGNED = """
    CREATE FUNCTION infusions_keep_signed_order() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'order % is signed and never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER keep_signed BEFORE UPDATE OR DELETE ON infusions_patientorder
        FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION infusions_keep_signed_order();
"""
LET_GO = "DROP TRIGGER keep_signed ON infusions_patientorder; DROP FUNCTION infusions_keep_signed_order();"


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("infusions", "0003_erasures_shown"),
        ("patients", "0006_look_what"),
        ("protocols", "0003_why"),
        ("schedule", "0002_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientOrder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("document", models.TextField()),
                ("reasons", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("second_at", models.DateTimeField(blank=True, null=True)),
                ("second_digest", models.CharField(blank=True, max_length=64)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_name", models.CharField(blank=True, max_length=120)),
                ("signed_meaning", models.CharField(blank=True, max_length=120)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="schedule.appointment"
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "infusion",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient_order",
                        to="infusions.infusion",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="patients.patient"
                    ),
                ),
                (
                    "protocol_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.protocolversion"
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weight",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.weight"
                    ),
                ),
            ],
            options={
                "ordering": ["patient", "-number"],
            },
        ),
        migrations.CreateModel(
            name="PatientOrderHistory",
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
                ("number", models.PositiveIntegerField()),
                ("document", models.TextField()),
                ("reasons", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("second_at", models.DateTimeField(blank=True, null=True)),
                ("second_digest", models.CharField(blank=True, max_length=64)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_name", models.CharField(blank=True, max_length=120)),
                ("signed_meaning", models.CharField(blank=True, max_length=120)),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="schedule.appointment",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinics.clinic",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "infusion",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="infusions.infusion",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="infusions.patientorder",
                    ),
                ),
                (
                    "protocol_version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="protocols.protocolversion",
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weight",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.weight",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="patientorder",
            constraint=models.UniqueConstraint(fields=("patient", "number"), name="patient_order_number_once"),
        ),
        migrations.AddConstraint(
            model_name="patientorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("signed_at__isnull", True)), fields=("patient",), name="patient_order_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="patientorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("infusion", None),
                        ("signed_at", None),
                        ("signed_by", None),
                        ("signed_meaning", ""),
                        ("signed_name", ""),
                    ),
                    models.Q(
                        ("infusion__isnull", False),
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        models.Q(("signed_name", ""), _negated=True),
                        models.Q(("signed_meaning", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="patient_order_signature_is_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientorder",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "infusions_patientorderhistory" ("appointment_id", "clinic_id", "digest", "document", "drafted_at", "drafted_by_id", "id", "infusion_id", "number", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "protocol_version_id", "reasons", "second_at", "second_by_id", "second_digest", "signed_at", "signed_by_id", "signed_meaning", "signed_name", "weight_id") VALUES (NEW."appointment_id", NEW."clinic_id", NEW."digest", NEW."document", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."infusion_id", NEW."number", NEW."patient_id", NOW(), \'insert\', NEW."id", NEW."protocol_version_id", NEW."reasons", NEW."second_at", NEW."second_by_id", NEW."second_digest", NEW."signed_at", NEW."signed_by_id", NEW."signed_meaning", NEW."signed_name", NEW."weight_id"); RETURN NULL;',
                    hash="2ef439becb290434c9b13a4fc53dce74c4ba860d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ed7f6",
                    table="infusions_patientorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientorder",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "infusions_patientorderhistory" ("appointment_id", "clinic_id", "digest", "document", "drafted_at", "drafted_by_id", "id", "infusion_id", "number", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "protocol_version_id", "reasons", "second_at", "second_by_id", "second_digest", "signed_at", "signed_by_id", "signed_meaning", "signed_name", "weight_id") VALUES (NEW."appointment_id", NEW."clinic_id", NEW."digest", NEW."document", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."infusion_id", NEW."number", NEW."patient_id", NOW(), \'update\', NEW."id", NEW."protocol_version_id", NEW."reasons", NEW."second_at", NEW."second_by_id", NEW."second_digest", NEW."signed_at", NEW."signed_by_id", NEW."signed_meaning", NEW."signed_name", NEW."weight_id"); RETURN NULL;',
                    hash="49c868536ee903ac7e5fa327dbc0d6706d73f533",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8c801",
                    table="infusions_patientorder",
                    when="AFTER",
                ),
            ),
        ),
        guard_clinic_rows("infusions_patientorder"),
        keep_in_one_clinic("infusions_patientorder", "patient_id", "patients_patient"),
        keep_in_one_clinic("infusions_patientorder", "protocol_version_id", "protocols_protocolversion"),
        keep_in_one_clinic("infusions_patientorder", "appointment_id", "schedule_appointment"),
        keep_in_one_clinic("infusions_patientorder", "infusion_id", "infusions_infusion"),
        *close_history("infusions_patientorder"),
        migrations.RunSQL(KEEP_SIGNED, LET_GO),
    ]
