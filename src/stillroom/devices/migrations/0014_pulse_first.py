"""By which sensor the pulse counts first in the room of a monitor."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from stillroom.clinics.history import close_history_again


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0013_counting_in_one_clinic"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="monitor",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="monitor",
            name="update_update",
        ),
        migrations.AddField(
            model_name="monitor",
            name="pulse_first",
            field=models.CharField(
                choices=[("pulse_per_min", "pulse_per_min"), ("heart_rate_per_min", "heart_rate_per_min")],
                default="pulse_per_min",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="monitorhistory",
            name="pulse_first",
            field=models.CharField(
                choices=[("pulse_per_min", "pulse_per_min"), ("heart_rate_per_min", "heart_rate_per_min")],
                default="pulse_per_min",
                max_length=20,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "goes_first_for", "id", "interval_s", "is_beside", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "pulse_first", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."goes_first_for", NEW."id", NEW."interval_s", NEW."is_beside", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'insert\', NEW."id", NEW."pulse_first", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="253d652be781b820311cbea193af411b9d331429",
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
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "goes_first_for", "id", "interval_s", "is_beside", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "pulse_first", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."goes_first_for", NEW."id", NEW."interval_s", NEW."is_beside", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'update\', NEW."id", NEW."pulse_first", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="21793fd9ef509ae0cba64e578813f04a123610a2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed14f",
                    table="devices_monitor",
                    when="AFTER",
                ),
            ),
        ),
        *close_history_again("devices_monitor"),
    ]
