"""A clinic that rehearses another: made for trial runs, and counted among the clinics only where they are served."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from stillroom.clinics.history import close_history_again
from stillroom.clinics.rows import APP_ROLE

REAL = f"""
    CREATE FUNCTION clinics_real_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        AS 'SELECT id FROM clinics_clinic WHERE rehearses_id IS NULL ORDER BY id';
    REVOKE ALL ON FUNCTION clinics_real_ids() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION clinics_real_ids() TO {APP_ROLE};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_screening_good_for"),
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
            name="rehearses",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rehearsal",
                to="clinics.clinic",
            ),
        ),
        migrations.AddField(
            model_name="clinichistory",
            name="rehearses",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="clinics.clinic",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clinic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rehearses_id", "requires_second_factor", "screening_good_for_days", "takeover_lasts_min", "time_zone", "weight_change_noted_percent", "weight_good_for_days") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'insert\', NEW."id", NEW."phone", NEW."rehearses_id", NEW."requires_second_factor", NEW."screening_good_for_days", NEW."takeover_lasts_min", NEW."time_zone", NEW."weight_change_noted_percent", NEW."weight_good_for_days"); RETURN NULL;',
                    hash="d730623fbff6286a8da919298c30b59e562e33de",
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
                    func='INSERT INTO "clinics_clinichistory" ("after_hours_phone", "id", "name", "opens_door_stay_until_clear", "opens_door_with_adult", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rehearses_id", "requires_second_factor", "screening_good_for_days", "takeover_lasts_min", "time_zone", "weight_change_noted_percent", "weight_good_for_days") VALUES (NEW."after_hours_phone", NEW."id", NEW."name", NEW."opens_door_stay_until_clear", NEW."opens_door_with_adult", NOW(), \'update\', NEW."id", NEW."phone", NEW."rehearses_id", NEW."requires_second_factor", NEW."screening_good_for_days", NEW."takeover_lasts_min", NEW."time_zone", NEW."weight_change_noted_percent", NEW."weight_good_for_days"); RETURN NULL;',
                    hash="427f12c3a218d210523bd3fe71307e5b4aa9a657",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2f1c8",
                    table="clinics_clinic",
                    when="AFTER",
                ),
            ),
        ),
        *close_history_again("clinics_clinic"),
        migrations.RunSQL(REAL, "DROP FUNCTION clinics_real_ids();"),
    ]
