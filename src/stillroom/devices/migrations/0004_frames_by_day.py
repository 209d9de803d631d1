"""Messages as they came, day by day; a day that need not be kept any more is dropped whole."""

from django.db import migrations

from stillroom.clinics.history import close_history_again
from stillroom.clinics.rows import APP_ROLE, THIS_CLINIC, guard_clinic_rows

CREATE_FRAMES = """
    CREATE TABLE devices_frame (
        clinic_id uuid NOT NULL,
        monitor_id uuid NOT NULL,
        received_at timestamptz NOT NULL,
        frame_digest bytea NOT NULL,
        peer text NOT NULL,
        answer text COLLATE "C" NOT NULL,
        reasons text COLLATE "C" NOT NULL,
        packed bytea STORAGE EXTERNAL NOT NULL,
        PRIMARY KEY (monitor_id, received_at, frame_digest)
    ) PARTITION BY RANGE (received_at);
"""

# The gateway calls it in a role that owns no table, so it cannot drop a day by itself. As with the months of samples,
# a day on its own is fenced, and the application has no right to it.
CREATE_PREPARE_DAYS = f"""
    CREATE FUNCTION devices_prepare_days(around timestamptz, kept_days int) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        today timestamp := date_trunc('day', around AT TIME ZONE 'UTC');
        starts timestamp;
        day text;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('devices_prepare_days'));
        FOR starts IN SELECT today + n * interval '1 day' FROM generate_series(-1, 1) n LOOP
            day := 'devices_frame_' || to_char(starts, 'YYYY_MM_DD');
            CONTINUE WHEN to_regclass(day) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE devices_frame INCLUDING ALL)', day);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', day);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', day);
            EXECUTE format($policy$
                CREATE POLICY this_clinic ON %I
                    USING (clinic_id = {THIS_CLINIC}) WITH CHECK (clinic_id = {THIS_CLINIC})
            $policy$, day);
            EXECUTE format('REVOKE ALL ON %I FROM {APP_ROLE}', day);
            EXECUTE format('ALTER TABLE devices_frame ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                day, starts AT TIME ZONE 'UTC', (starts + interval '1 day') AT TIME ZONE 'UTC');
        END LOOP;
        FOR day IN
            SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'devices_frame'::regclass
        LOOP
            starts := to_date(right(day, 10), 'YYYY_MM_DD')::timestamp;
            IF starts < today - greatest(kept_days, 1) * interval '1 day' THEN
                EXECUTE format('DROP TABLE %s', day);
            END IF;
        END LOOP;
    END $$;
    REVOKE ALL ON FUNCTION devices_prepare_days(timestamptz, int) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION devices_prepare_days(timestamptz, int) TO {APP_ROLE};
    SELECT devices_prepare_days(now(), 7);
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_certificate_and_frames")]

    operations = [
        *close_history_again("devices_monitor"),
        migrations.RunSQL(CREATE_FRAMES, "DROP TABLE devices_frame;"),
        guard_clinic_rows("devices_frame", may="SELECT, INSERT"),
        migrations.RunSQL(CREATE_PREPARE_DAYS, "DROP FUNCTION devices_prepare_days(timestamptz, int);"),
    ]
