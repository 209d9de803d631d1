"""History of clinics, rooms, staff, second signers and displays."""

import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import stillroom.clinics.models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClinicHistory",
            fields=[
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
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "time_zone",
                    models.CharField(max_length=64, validators=[stillroom.clinics.models.refuse_unknown_time_zone]),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("after_hours_phone", models.CharField(blank=True, max_length=40)),
                ("opens_door_with_adult", models.BooleanField(default=True)),
                ("opens_door_stay_until_clear", models.BooleanField(default=False)),
                ("requires_second_factor", models.BooleanField(default=False)),
                ("takeover_lasts_min", models.PositiveSmallIntegerField(default=15)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DisplayHistory",
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
                ("enrolled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoomHistory",
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
                ("is_private", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SecondSignerHistory",
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
                (
                    "position",
                    models.CharField(
                        choices=[
                            ("pharmacist", "pharmacist"),
                            ("charge_nurse", "charge nurse"),
                            ("colleague_outside", "colleague outside"),
                        ],
                        max_length=24,
                    ),
                ),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffHistory",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("prescriber", "prescriber"),
                            ("nurse_anaesthetist", "nurse anaesthetist"),
                            ("nurse", "nurse"),
                            ("front_desk", "front desk"),
                            ("technician", "technician"),
                            ("library_approver", "library approver"),
                            ("administrator", "administrator"),
                            ("editor", "editor"),
                        ],
                        max_length=24,
                    ),
                ),
                ("short_name", models.CharField(max_length=40)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clinic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "requires_second_factor", "takeover_lasts_min", "time_zone") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'insert\', NEW."id", NEW."phone", NEW."requires_second_factor", NEW."takeover_lasts_min", NEW."time_zone"); RETURN NULL;',
                    hash="bcd55fa600cbc4209ae3d2f5456b021c239f7be4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_59aa9",
                    table="clinics_clinic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clinic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "requires_second_factor", "takeover_lasts_min", "time_zone") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'update\', NEW."id", NEW."phone", NEW."requires_second_factor", NEW."takeover_lasts_min", NEW."time_zone"); RETURN NULL;',
                    hash="12db31bd5796b8bb7d73b5ba9ecb94612b8c36a2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2f1c8",
                    table="clinics_clinic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="display",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_displayhistory" ("clinic_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "room_id") VALUES (NEW."clinic_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."room_id"); RETURN NULL;',
                    hash="fd7788b4d7b17db364e03062881eca7ecec7346b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b2ac3",
                    table="clinics_display",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="display",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id") OR OLD."enrolled_at" IS DISTINCT FROM (NEW."enrolled_at") OR OLD."enrolled_by_id" IS DISTINCT FROM (NEW."enrolled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."room_id" IS DISTINCT FROM (NEW."room_id"))',
                    func='INSERT INTO "clinics_displayhistory" ("clinic_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "room_id") VALUES (NEW."clinic_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."room_id"); RETURN NULL;',
                    hash="14e04e65593ae021c3e7e9c5f209de47b943600a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3fa44",
                    table="clinics_display",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="room",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_roomhistory" ("clinic_id", "id", "is_private", "name", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."clinic_id", NEW."id", NEW."is_private", NEW."name", NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="e0f6bf32210bde5f1defd969771801d98a449e76",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_88a9e",
                    table="clinics_room",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="room",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "clinics_roomhistory" ("clinic_id", "id", "is_private", "name", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."clinic_id", NEW."id", NEW."is_private", NEW."name", NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="cdb98c43a35d5f187e8f304936ddab65c50451e9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ab720",
                    table="clinics_room",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondsigner",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_secondsignerhistory" ("clinic_id", "ended_at", "id", "named_at", "named_by_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."clinic_id", NEW."ended_at", NEW."id", NEW."named_at", NEW."named_by_id", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="e9aa83517f638944caf5a67011027712d2c8ee11",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_60867",
                    table="clinics_secondsigner",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondsigner",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "clinics_secondsignerhistory" ("clinic_id", "ended_at", "id", "named_at", "named_by_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."clinic_id", NEW."ended_at", NEW."id", NEW."named_at", NEW."named_by_id", NEW."person_id", NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="4ebaafd7ab5026cb417f86e4c2a3ac3e1833e8b8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_66669",
                    table="clinics_secondsigner",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staff",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_staffhistory" ("clinic_id", "from_date", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "short_name", "until_date") VALUES (NEW."clinic_id", NEW."from_date", NEW."id", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."role", NEW."short_name", NEW."until_date"); RETURN NULL;',
                    hash="2b3f63d7cffcf736839d27e5a530dcb66fbcc310",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6af5c",
                    table="clinics_staff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staff",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id") OR OLD."from_date" IS DISTINCT FROM (NEW."from_date") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."until_date" IS DISTINCT FROM (NEW."until_date"))',
                    func='INSERT INTO "clinics_staffhistory" ("clinic_id", "from_date", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "short_name", "until_date") VALUES (NEW."clinic_id", NEW."from_date", NEW."id", NEW."person_id", NOW(), \'update\', NEW."id", NEW."role", NEW."short_name", NEW."until_date"); RETURN NULL;',
                    hash="a346874ebcc2aa158ae9978c4c648cd655904808",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ee639",
                    table="clinics_staff",
                    when="AFTER",
                ),
            ),
        ),
    ]
