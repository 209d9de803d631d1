"""For how many days the answers of the screening are good enough to order by."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from stillroom.clinics.history import close_history_again


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="clinic",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="clinic",
            name="update_update",
        ),
        migrations.AddField(
            model_name="clinic",
            name="screening_good_for_days",
            field=models.PositiveSmallIntegerField(default=90),
        ),
        migrations.AddField(
            model_name="clinichistory",
            name="screening_good_for_days",
            field=models.PositiveSmallIntegerField(default=90),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clinic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "requires_second_factor", "screening_good_for_days", "takeover_lasts_min", "time_zone", "weight_change_noted_percent", "weight_good_for_days") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'insert\', NEW."id", NEW."phone", NEW."requires_second_factor", NEW."screening_good_for_days", NEW."takeover_lasts_min", NEW."time_zone", NEW."weight_change_noted_percent", NEW."weight_good_for_days"); RETURN NULL;',
                    hash="8d8188505c3184f0dcfb2390d44597a17dfd7004",
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
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "requires_second_factor", "screening_good_for_days", "takeover_lasts_min", "time_zone", "weight_change_noted_percent", "weight_good_for_days") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'update\', NEW."id", NEW."phone", NEW."requires_second_factor", NEW."screening_good_for_days", NEW."takeover_lasts_min", NEW."time_zone", NEW."weight_change_noted_percent", NEW."weight_good_for_days"); RETURN NULL;',
                    hash="a58e5e470fb8c7b77c3efedea229826019367349",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2f1c8",
                    table="clinics_clinic",
                    when="AFTER",
                ),
            ),
        ),
        *close_history_again("clinics_clinic"),
    ]
