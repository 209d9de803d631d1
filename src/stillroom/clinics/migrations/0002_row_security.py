"""Row security for clinics, and the one function that lists their ids to processes that serve them all."""

from django.db import migrations

from stillroom.clinics.rows import (
    APP_ROLE,
    grant,
    guard_clinic_rows,
    keep_in_one_clinic,
    show_clinics_of,
    show_rows_to_person,
)

LIST_CLINIC_IDS = f"""
    CREATE POLICY every_clinic_for_owner ON clinics_clinic FOR SELECT TO CURRENT_USER USING (true);
    CREATE FUNCTION clinics_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        AS 'SELECT id FROM clinics_clinic ORDER BY id';
    REVOKE ALL ON FUNCTION clinics_ids() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION clinics_ids() TO {APP_ROLE};
"""  # noqa: S608
FORGET_CLINIC_IDS = """
    DROP FUNCTION clinics_ids();
    DROP POLICY every_clinic_for_owner ON clinics_clinic;
"""


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_initial")]

    operations = [
        grant("clinics_person", "SELECT, INSERT, UPDATE"),
        guard_clinic_rows("clinics_clinic", column="id"),
        guard_clinic_rows("clinics_room"),
        guard_clinic_rows("clinics_staff"),
        guard_clinic_rows("clinics_secondsigner"),
        guard_clinic_rows("clinics_display"),
        guard_clinic_rows("clinics_takeover", may="SELECT, INSERT"),
        keep_in_one_clinic("clinics_display", "room_id", "clinics_room"),
        keep_in_one_clinic("clinics_takeover", "display_id", "clinics_display"),
        keep_in_one_clinic("clinics_takeover", "staff_id", "clinics_staff"),
        show_rows_to_person("clinics_staff", through="person_id"),
        show_rows_to_person("clinics_secondsigner", through="person_id"),
        show_clinics_of("clinics_staff"),
        show_clinics_of("clinics_secondsigner"),
        migrations.RunSQL(LIST_CLINIC_IDS, FORGET_CLINIC_IDS),
    ]
