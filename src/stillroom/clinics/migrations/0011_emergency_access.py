"""Acting when signing in does not work: who, why, for how long, and who looked at it after."""

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


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0010_display_side"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("infusion", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review", models.CharField(blank=True, max_length=300)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "display",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.display"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "emergency accesses",
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="EmergencyAccessHistory",
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
                ("infusion", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review", models.CharField(blank=True, max_length=300)),
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
                    "display",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinics.display",
                    ),
                ),
                (
                    "person",
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinics.emergencyaccess",
                    ),
                ),
                (
                    "reviewed_by",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["display", "ends_at"], name="emergency_of_display"),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("reason", ""), _negated=True)),
                name="emergency_says_who_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("review", ""), ("reviewed_at", None), ("reviewed_by", None)),
                    models.Q(
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                        models.Q(("review", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="emergency_review_is_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergencyaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_emergencyaccesshistory" ("clinic_id", "display_id", "ends_at", "id", "infusion", "name", "opened_at", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review", "reviewed_at", "reviewed_by_id", "told_at") VALUES (NEW."clinic_id", NEW."display_id", NEW."ends_at", NEW."id", NEW."infusion", NEW."name", NEW."opened_at", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."reason", NEW."review", NEW."reviewed_at", NEW."reviewed_by_id", NEW."told_at"); RETURN NULL;',
                    hash="6236de4c1783f12e6f3b542092f93a8ff71dc394",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bb3b2",
                    table="clinics_emergencyaccess",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergencyaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "clinics_emergencyaccesshistory" ("clinic_id", "display_id", "ends_at", "id", "infusion", "name", "opened_at", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review", "reviewed_at", "reviewed_by_id", "told_at") VALUES (NEW."clinic_id", NEW."display_id", NEW."ends_at", NEW."id", NEW."infusion", NEW."name", NEW."opened_at", NEW."person_id", NOW(), \'update\', NEW."id", NEW."reason", NEW."review", NEW."reviewed_at", NEW."reviewed_by_id", NEW."told_at"); RETURN NULL;',
                    hash="2c94d73a0ec2381fea1464113addad15c482d72c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e8a9b",
                    table="clinics_emergencyaccess",
                    when="AFTER",
                ),
            ),
        ),
        guard_clinic_rows("clinics_emergencyaccess"),
        keep_in_one_clinic("clinics_emergencyaccess", "display_id", "clinics_display"),
        *close_history("clinics_emergencyaccess"),
    ]
