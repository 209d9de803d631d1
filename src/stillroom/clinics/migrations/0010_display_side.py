"""On which side of the room a display stands. Those enrolled before showed rooms, and go on doing so."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from stillroom.clinics.history import close_history_again


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0009_rehearsal"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="display",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="display",
            name="update_update",
        ),
        migrations.AddField(
            model_name="display",
            name="side",
            field=models.CharField(
                choices=[
                    ("staff", "With the staff: it shows the rooms and can be heard"),
                    ("patient", "With the patient: dark, silent, nothing clinical"),
                ],
                default="staff",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="displayhistory",
            name="side",
            field=models.CharField(
                choices=[
                    ("staff", "With the staff: it shows the rooms and can be heard"),
                    ("patient", "With the patient: dark, silent, nothing clinical"),
                ],
                default="staff",
                max_length=10,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="display",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_displayhistory" ("clinic_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "room_id", "side") VALUES (NEW."clinic_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."room_id", NEW."side"); RETURN NULL;',
                    hash="8f5ff5f21275ddb5de07643d9d1a8586fdcfcb89",
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
                    condition='WHEN (OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id") OR OLD."enrolled_at" IS DISTINCT FROM (NEW."enrolled_at") OR OLD."enrolled_by_id" IS DISTINCT FROM (NEW."enrolled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."room_id" IS DISTINCT FROM (NEW."room_id") OR OLD."side" IS DISTINCT FROM (NEW."side"))',
                    func='INSERT INTO "clinics_displayhistory" ("clinic_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "room_id", "side") VALUES (NEW."clinic_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."room_id", NEW."side"); RETURN NULL;',
                    hash="e258ba884d5615bcbd1b4605b937112d92a7194f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3fa44",
                    table="clinics_display",
                    when="AFTER",
                ),
            ),
        ),
        *close_history_again("clinics_display"),
    ]
