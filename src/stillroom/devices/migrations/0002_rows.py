"""Row security of monitors and what they send, one place at a time for each monitor, and samples month by month."""

from django.db import migrations

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import APP_ROLE, THIS_CLINIC, guard_clinic_rows, keep_in_one_clinic

# Two of them overlap if they name the same thing at the same time. GiST has ranges and no uuids without an extension,
# so the uuid stands as a range of one number: 63 bits of its hash.
ONE_AT_A_TIME = """
    ALTER TABLE devices_assignment ADD CONSTRAINT assignment_one_per_{thing} EXCLUDE USING gist (
        int8range(uuid_hash_extended({thing}_id, 0) >> 1, uuid_hash_extended({thing}_id, 0) >> 1, '[]') WITH &&,
        tstzrange(from_at, until_at) WITH &&
    );
"""

CREATE_SAMPLES = """
    CREATE TABLE devices_sample (
        clinic_id uuid NOT NULL,
        monitor_id uuid NOT NULL,
        signal text COLLATE "C" NOT NULL,
        measured_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        value numeric NOT NULL,
        validity text COLLATE "C" NOT NULL,
        frame_digest bytea NOT NULL,
        PRIMARY KEY (monitor_id, signal, measured_at, frame_digest)
    ) PARTITION BY RANGE (measured_at);
"""

# Asked through the table itself, its policies rule. A month on its own is fenced too, and the application has no right
# to it at all.
CREATE_PREPARE_MONTHS = f"""
    CREATE FUNCTION devices_prepare_months(around timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        starts timestamp;
        month text;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('devices_prepare_months'));
        FOR starts IN
            SELECT date_trunc('month', around AT TIME ZONE 'UTC') + n * interval '1 month' FROM generate_series(-1, 1) n
        LOOP
            month := 'devices_sample_' || to_char(starts, 'YYYY_MM');
            CONTINUE WHEN to_regclass(month) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE devices_sample INCLUDING ALL)', month);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', month);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', month);
            EXECUTE format($policy$
                CREATE POLICY this_clinic ON %I
                    USING (clinic_id = {THIS_CLINIC}) WITH CHECK (clinic_id = {THIS_CLINIC})
            $policy$, month);
            EXECUTE format('REVOKE ALL ON %I FROM {APP_ROLE}', month);
            EXECUTE format('ALTER TABLE devices_sample ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                month, starts AT TIME ZONE 'UTC', (starts + interval '1 month') AT TIME ZONE 'UTC');
        END LOOP;
    END $$;
    REVOKE ALL ON FUNCTION devices_prepare_months(timestamptz) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION devices_prepare_months(timestamptz) TO {APP_ROLE};
    SELECT devices_prepare_months(now());
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial"), ("clinics", "0003_history")]

    operations = [
        migrations.RunSQL(CREATE_SAMPLES, "DROP TABLE devices_sample;"),
        guard_clinic_rows("devices_sample", may="SELECT, INSERT"),
        migrations.RunSQL(CREATE_PREPARE_MONTHS, "DROP FUNCTION devices_prepare_months(timestamptz);"),
        guard_clinic_rows("devices_monitor"),
        guard_clinic_rows("devices_assignment"),
        guard_clinic_rows("devices_linkstate"),
        guard_clinic_rows("devices_stranger", may="SELECT, INSERT, UPDATE, DELETE"),
        keep_in_one_clinic("devices_assignment", "monitor_id", "devices_monitor"),
        keep_in_one_clinic("devices_assignment", "room_id", "clinics_room"),
        keep_in_one_clinic("devices_linkstate", "monitor_id", "devices_monitor"),
        migrations.RunSQL(
            [ONE_AT_A_TIME.format(thing="monitor"), ONE_AT_A_TIME.format(thing="room")],
            [
                "ALTER TABLE devices_assignment DROP CONSTRAINT assignment_one_per_monitor;",
                "ALTER TABLE devices_assignment DROP CONSTRAINT assignment_one_per_room;",
            ],
        ),
        *close_history("devices_monitor"),
        *close_history("devices_assignment"),
    ]
