"""By which driver a device is read, and where one is called that does not call us."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
import stillroom.devices.models
from django.db import migrations, models

from stillroom.clinics.history import close_history_again


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0009_rehearsal"),
        ("devices", "0008_months_gone"),
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
            name="address",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="monitor",
            name="driver",
            field=models.CharField(default="hl7", max_length=20),
        ),
        migrations.AddField(
            model_name="monitorhistory",
            name="address",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="monitorhistory",
            name="driver",
            field=models.CharField(default="hl7", max_length=20),
        ),
        migrations.AlterField(
            model_name="monitor",
            name="peers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43, validators=[stillroom.devices.models.refuse_no_network]),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="monitorhistory",
            name="peers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43, validators=[stillroom.devices.models.refuse_no_network]),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "id", "interval_s", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."id", NEW."interval_s", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'insert\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="295261dac7d4c6aa1e56fa7bdbb6e81bec11d7fb",
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
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "id", "interval_s", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."id", NEW."interval_s", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'update\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="deb19d06327c241375072a5e339d8ee8bbf6a85c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed14f",
                    table="devices_monitor",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="monitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), ("peers__len", 0), _connector="XOR"),
                name="monitor_calls_or_is_called",
            ),
        ),
        *close_history_again("devices_monitor"),
    ]
