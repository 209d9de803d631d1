import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import stillroom.clinics.models
import stillroom.devices.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0003_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "monitor_id",
                        "signal",
                        "measured_at",
                        "frame_digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "signal",
                    models.TextField(
                        choices=[
                            ("spo2_percent", "spo2_percent"),
                            ("pulse_per_min", "pulse_per_min"),
                            ("heart_rate_per_min", "heart_rate_per_min"),
                            ("sbp_mmhg", "sbp_mmhg"),
                            ("dbp_mmhg", "dbp_mmhg"),
                            ("mbp_mmhg", "mbp_mmhg"),
                            ("cuff_pulse_per_min", "cuff_pulse_per_min"),
                            ("resp_per_min", "resp_per_min"),
                            ("temperature_cel", "temperature_cel"),
                        ]
                    ),
                ),
                ("measured_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("value", models.DecimalField(decimal_places=6, max_digits=16)),
                (
                    "validity",
                    models.TextField(
                        choices=[("valid", "valid"), ("questionable", "questionable"), ("invalid", "invalid")]
                    ),
                ),
                ("frame_digest", models.BinaryField()),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Monitor",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "peers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=43, validators=[stillroom.devices.models.refuse_no_network]
                        ),
                        size=None,
                    ),
                ),
                ("sending_application", models.CharField(blank=True, max_length=227)),
                ("bed", models.CharField(blank=True, max_length=200)),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, max_length=64, validators=[stillroom.clinics.models.refuse_unknown_time_zone]
                    ),
                ),
                (
                    "interval_s",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3600),
                        ],
                    ),
                ),
                (
                    "cuff_interval_s",
                    models.PositiveSmallIntegerField(
                        default=600,
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(14400),
                        ],
                    ),
                ),
                ("is_enrolled", models.BooleanField(default=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("from_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="clinics.room"
                    ),
                ),
                (
                    "monitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="devices.monitor"
                    ),
                ),
            ],
            options={
                "ordering": ["from_at"],
            },
        ),
        migrations.CreateModel(
            name="AssignmentHistory",
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
                ("from_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="devices.assignment",
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
                (
                    "monitor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="devices.monitor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MonitorHistory",
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
                ("name", models.CharField(max_length=60)),
                (
                    "peers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=43, validators=[stillroom.devices.models.refuse_no_network]
                        ),
                        size=None,
                    ),
                ),
                ("sending_application", models.CharField(blank=True, max_length=227)),
                ("bed", models.CharField(blank=True, max_length=200)),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, max_length=64, validators=[stillroom.clinics.models.refuse_unknown_time_zone]
                    ),
                ),
                (
                    "interval_s",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3600),
                        ],
                    ),
                ),
                (
                    "cuff_interval_s",
                    models.PositiveSmallIntegerField(
                        default=600,
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(14400),
                        ],
                    ),
                ),
                ("is_enrolled", models.BooleanField(default=True)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="devices.monitor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Stranger",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("peer", models.CharField(max_length=45)),
                ("sending_application", models.CharField(blank=True, max_length=227)),
                ("bed", models.CharField(blank=True, max_length=200)),
                ("last_heard_at", models.DateTimeField()),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="clinics.clinic")),
            ],
            options={
                "ordering": ["-last_heard_at"],
            },
        ),
        migrations.CreateModel(
            name="LinkState",
            fields=[
                (
                    "monitor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="devices.monitor",
                    ),
                ),
                ("lines", models.PositiveSmallIntegerField(default=0)),
                ("peer", models.CharField(blank=True, max_length=45)),
                ("last_heard_at", models.DateTimeField(null=True)),
                ("last_sample_at", models.DateTimeField(null=True)),
                ("observed_interval_s", models.FloatField(null=True)),
                ("clock_offset_s", models.FloatField(null=True)),
                ("frames", models.BigIntegerField(default=0)),
                ("samples", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("refusals", models.JSONField(default=list)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
            ],
        ),
        migrations.AddConstraint(
            model_name="monitor",
            constraint=models.UniqueConstraint(fields=("clinic", "name"), name="monitor_name_once_per_clinic"),
        ),
        migrations.AddConstraint(
            model_name="monitor",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="monitor_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="monitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("interval_s__gte", 1)), name="monitor_interval_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="monitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("cuff_interval_s__gte", 30)), name="monitor_cuff_interval_is_positive"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_monitorhistory" ("bed", "clinic_id", "cuff_interval_s", "id", "interval_s", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."bed", NEW."clinic_id", NEW."cuff_interval_s", NEW."id", NEW."interval_s", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'insert\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="1b19a4a160a405c92144ab22f1725230eb1bd67f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a14c0",
                    table="devices_monitor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "devices_monitorhistory" ("bed", "clinic_id", "cuff_interval_s", "id", "interval_s", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."bed", NEW."clinic_id", NEW."cuff_interval_s", NEW."id", NEW."interval_s", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'update\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="7ee2d8c6d88e93ebeaab399ad6c3dedb426ef1d8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed14f",
                    table="devices_monitor",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__isnull", True), ("until_at__gt", models.F("from_at")), _connector="OR"),
                name="assignment_ends_after_it_starts",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_assignmenthistory" ("assigned_by_id", "clinic_id", "from_at", "id", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "until_at") VALUES (NEW."assigned_by_id", NEW."clinic_id", NEW."from_at", NEW."id", NEW."monitor_id", NOW(), \'insert\', NEW."id", NEW."room_id", NEW."until_at"); RETURN NULL;',
                    hash="920d87ba5130722b752075f3bf08983e75ec2574",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_52005",
                    table="devices_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "devices_assignmenthistory" ("assigned_by_id", "clinic_id", "from_at", "id", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "until_at") VALUES (NEW."assigned_by_id", NEW."clinic_id", NEW."from_at", NEW."id", NEW."monitor_id", NOW(), \'update\', NEW."id", NEW."room_id", NEW."until_at"); RETURN NULL;',
                    hash="bcacc9874bd5b4bbbbb55aa3712cee4cc2b7c2ef",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cb82f",
                    table="devices_assignment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stranger",
            constraint=models.UniqueConstraint(
                fields=("clinic", "peer", "sending_application", "bed"), name="stranger_once_per_clinic"
            ),
        ),
    ]
