"""Whose the new rows are: patients read what their clinic tells them; one function finds a feed by its secret."""

from django.db import migrations

from stillroom.clinics.history import close_history, close_history_again
from stillroom.clinics.rows import APP_ROLE, guard_clinic_rows, show_rows_to_person

BEFORE, FEED = "schedule_beforeyoucome", "schedule_calendarfeed"

# A calendar that asks is nobody here, so no row is open to it. The function alone looks past that, and says whose feed
# has this secret, while it stands, and nothing else.
FIND_FEED = f"""
    CREATE POLICY found_by_secret ON {FEED} FOR SELECT TO CURRENT_USER USING (true);
    CREATE FUNCTION schedule_standing_feed(p_digest text) RETURNS TABLE (id uuid, clinic_id uuid, person_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT f.id, f.clinic_id, f.person_id FROM {FEED} f WHERE f.token_digest = p_digest AND f.revoked_at IS NULL
    $$;
    REVOKE ALL ON FUNCTION schedule_standing_feed(text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION schedule_standing_feed(text) TO {APP_ROLE};
"""  # noqa: S608
FORGET_FEED = f"""
    DROP FUNCTION schedule_standing_feed(text);
    DROP POLICY found_by_secret ON {FEED};
"""


class Migration(migrations.Migration):
    dependencies = [("schedule", "0003_before_and_feed"), ("clinics", "0002_row_security")]

    operations = [
        *close_history_again("schedule_appointment"),
        guard_clinic_rows(BEFORE, may="SELECT, INSERT"),
        show_rows_to_person(BEFORE, through="clinic_id"),
        guard_clinic_rows(FEED, may="SELECT, INSERT, UPDATE (revoked_at)"),
        *close_history(FEED),
        migrations.RunSQL(FIND_FEED, FORGET_FEED),
    ]
