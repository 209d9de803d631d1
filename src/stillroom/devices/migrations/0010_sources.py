"""Several devices in one room: which stands beside the room's monitor, and which counts for which sign."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from stillroom.clinics.history import close_history_again
from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

# As in 0002, save for what stands beside the room's monitor.
ONE_PER_ROOM = """
    ALTER TABLE devices_assignment DROP CONSTRAINT assignment_one_per_room;
    ALTER TABLE devices_assignment ADD CONSTRAINT assignment_one_per_room EXCLUDE USING gist (
        int8range(uuid_hash_extended(room_id, 0) >> 1, uuid_hash_extended(room_id, 0) >> 1, '[]') WITH &&,
        tstzrange(from_at, until_at) WITH &&
    ) WHERE (NOT is_beside);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0010_display_side"),
        ("devices", "0009_drivers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "signal",
                    models.CharField(
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
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assignment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assignment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="monitor",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="monitor",
            name="update_update",
        ),
        migrations.AddField(
            model_name="assignment",
            name="is_beside",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="assignmenthistory",
            name="is_beside",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="monitor",
            name="goes_first_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
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
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="monitor",
            name="is_beside",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="monitorhistory",
            name="goes_first_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
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
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="monitorhistory",
            name="is_beside",
            field=models.BooleanField(default=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_assignmenthistory" ("assigned_by_id", "clinic_id", "from_at", "id", "is_beside", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "until_at") VALUES (NEW."assigned_by_id", NEW."clinic_id", NEW."from_at", NEW."id", NEW."is_beside", NEW."monitor_id", NOW(), \'insert\', NEW."id", NEW."room_id", NEW."until_at"); RETURN NULL;',
                    hash="df80f03382c01d127871e8d68df8ecebe7103f48",
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
                    func='INSERT INTO "devices_assignmenthistory" ("assigned_by_id", "clinic_id", "from_at", "id", "is_beside", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_id", "until_at") VALUES (NEW."assigned_by_id", NEW."clinic_id", NEW."from_at", NEW."id", NEW."is_beside", NEW."monitor_id", NOW(), \'update\', NEW."id", NEW."room_id", NEW."until_at"); RETURN NULL;',
                    hash="77a6fc202582118da64d4e80e7f97ac8386bfcc9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cb82f",
                    table="devices_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "goes_first_for", "id", "interval_s", "is_beside", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."goes_first_for", NEW."id", NEW."interval_s", NEW."is_beside", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'insert\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="2eadfc10b1b2598e65c945ac6bfc31cc3f3a6ccb",
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
                    func='INSERT INTO "devices_monitorhistory" ("address", "bed", "certificate", "clinic_id", "cuff_interval_s", "driver", "goes_first_for", "id", "interval_s", "is_beside", "is_enrolled", "name", "peers", "pgh_created_at", "pgh_label", "pgh_obj_id", "sending_application", "time_zone") VALUES (NEW."address", NEW."bed", NEW."certificate", NEW."clinic_id", NEW."cuff_interval_s", NEW."driver", NEW."goes_first_for", NEW."id", NEW."interval_s", NEW."is_beside", NEW."is_enrolled", NEW."name", NEW."peers", NOW(), \'update\', NEW."id", NEW."sending_application", NEW."time_zone"); RETURN NULL;',
                    hash="eccfcd9979127848abc6b04e58cf32367a601ef0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed14f",
                    table="devices_monitor",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="counting",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="clinics.clinic"),
        ),
        migrations.AddField(
            model_name="counting",
            name="monitor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="counting", to="devices.monitor"
            ),
        ),
        migrations.AddField(
            model_name="counting",
            name="room",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="counting", to="clinics.room"
            ),
        ),
        migrations.AddConstraint(
            model_name="counting",
            constraint=models.UniqueConstraint(fields=("room", "signal"), name="counting_one_per_room_and_sign"),
        ),
        *close_history_again("devices_monitor"),
        *close_history_again("devices_assignment"),
        migrations.RunSQL(ONE_PER_ROOM, migrations.RunSQL.noop),
        guard_clinic_rows("devices_counting", may="SELECT, INSERT, UPDATE, DELETE"),
        keep_in_one_clinic("devices_counting", "monitor_id", "devices_monitor"),
    ]
