import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("patients", "0005_weight_reason"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=200)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="patients.patient"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="clinics.room"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "room__name"],
            },
        ),
        migrations.CreateModel(
            name="AppointmentHistory",
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
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=200)),
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
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="schedule.appointment",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinics.room",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["clinic", "starts_at"], name="appointment_by_time"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="appointment_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="appointment_ends_after_it_starts"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "schedule_appointmenthistory" ("cancelled_at", "cancelled_because", "clinic_id", "ends_at", "id", "made_at", "made_by_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "starts_at") VALUES (NEW."cancelled_at", NEW."cancelled_because", NEW."clinic_id", NEW."ends_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."patient_id", NOW(), \'insert\', NEW."id", NEW."room_id", NEW."starts_at"); RETURN NULL;',
                    hash="1db4d29afb8080f66f00ea83ca0cb659af53dd18",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f1bcc",
                    table="schedule_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "schedule_appointmenthistory" ("cancelled_at", "cancelled_because", "clinic_id", "ends_at", "id", "made_at", "made_by_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "starts_at") VALUES (NEW."cancelled_at", NEW."cancelled_because", NEW."clinic_id", NEW."ends_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."patient_id", NOW(), \'update\', NEW."id", NEW."room_id", NEW."starts_at"); RETURN NULL;',
                    hash="241ae44a8bf595f09bcd79c527a69616dc05d794",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_468c5",
                    table="schedule_appointment",
                    when="AFTER",
                ),
            ),
        ),
    ]
