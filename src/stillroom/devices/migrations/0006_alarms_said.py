"""What monitors say of their own alarms: rows are only added."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows

CREATE = """
    CREATE TABLE devices_saidalarm (
        clinic_id uuid NOT NULL,
        monitor_id uuid NOT NULL,
        key text COLLATE "C" NOT NULL,
        words text NOT NULL,
        signal text COLLATE "C" NOT NULL,
        standing text COLLATE "C" NOT NULL,
        silenced text COLLATE "C" NOT NULL,
        urgency text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        said_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        frame_digest bytea NOT NULL,
        PRIMARY KEY (monitor_id, key, said_at, frame_digest)
    );
    CREATE INDEX devices_saidalarm_heard ON devices_saidalarm (monitor_id, received_at);
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0005_said_alarm")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE devices_saidalarm;"),
        guard_clinic_rows("devices_saidalarm", may="SELECT, INSERT"),
    ]
