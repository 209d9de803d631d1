"""A monitor's link is kept for each gateway that heard it, as gateways may run side by side."""

import django.db.models.deletion
from django.db import migrations, models

KEY_BY_GATEWAY = """
    ALTER TABLE devices_linkstate ADD COLUMN gateway smallint NOT NULL DEFAULT 1 CHECK (gateway >= 0);
    ALTER TABLE devices_linkstate ALTER COLUMN gateway DROP DEFAULT;
    ALTER TABLE devices_linkstate DROP CONSTRAINT devices_linkstate_pkey;
    ALTER TABLE devices_linkstate ADD PRIMARY KEY (monitor_id, gateway);
"""
# How links are is written anew as monitors send.
KEY_BY_MONITOR = """
    TRUNCATE devices_linkstate;
    ALTER TABLE devices_linkstate DROP CONSTRAINT devices_linkstate_pkey;
    ALTER TABLE devices_linkstate DROP COLUMN gateway;
    ALTER TABLE devices_linkstate ADD PRIMARY KEY (monitor_id);
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0015_messages_per_s")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEY_BY_GATEWAY, KEY_BY_MONITOR)],
            state_operations=[
                migrations.AddField("linkstate", "gateway", models.PositiveSmallIntegerField(default=1)),
                migrations.AlterField(
                    "linkstate",
                    "monitor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="devices.monitor",
                    ),
                ),
                migrations.AddField(
                    "linkstate",
                    "pk",
                    models.CompositePrimaryKey(
                        "monitor_id", "gateway", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]
