"""Row security of the directory: editors see their clinic's, the desk what is handed in there, all what is published."""

from django.db import migrations

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_rows_at_desk, show_rows_to_all

ONLY_ADDED = "SELECT, INSERT"

# What was let stand once leaves by two editors (a removal), by the clinic's own word, or by the passing of its day.
LEAVE_BY_TWO = """
    CREATE FUNCTION directory_leave_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.verdict = 'refused' AND EXISTS (
            SELECT FROM directory_judgement WHERE said_id = NEW.said_id AND verdict <> 'refused'
        ) THEN
            RAISE EXCEPTION 'statement % was let stand: two editors take it out', NEW.said_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER leave_by_two BEFORE INSERT ON directory_judgement
        FOR EACH ROW EXECUTE FUNCTION directory_leave_by_two();
"""
LEAVE_ANYHOW = """
    DROP TRIGGER leave_by_two ON directory_judgement;
    DROP FUNCTION directory_leave_by_two();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("clinics", "0003_history")]

    operations = [
        guard_clinic_rows("directory_listing"),
        guard_clinic_rows("directory_application"),
        guard_clinic_rows("directory_said", may=ONLY_ADDED),
        guard_clinic_rows("directory_judgement", may=ONLY_ADDED),
        guard_clinic_rows("directory_removal"),
        guard_clinic_rows("directory_recordskey"),
        guard_clinic_rows("directory_fromrecords", may=ONLY_ADDED),
        guard_clinic_rows("directory_publication"),
        keep_in_one_clinic("directory_application", "listing_id", "directory_listing"),
        keep_in_one_clinic("directory_said", "listing_id", "directory_listing"),
        keep_in_one_clinic("directory_said", "application_id", "directory_application"),
        keep_in_one_clinic("directory_judgement", "said_id", "directory_said"),
        keep_in_one_clinic("directory_removal", "listing_id", "directory_listing"),
        keep_in_one_clinic("directory_removal", "said_id", "directory_said"),
        keep_in_one_clinic("directory_recordskey", "listing_id", "directory_listing"),
        keep_in_one_clinic("directory_fromrecords", "listing_id", "directory_listing"),
        keep_in_one_clinic("directory_fromrecords", "key_id", "directory_recordskey"),
        migrations.RunSQL(LEAVE_BY_TWO, LEAVE_ANYHOW),
        *close_history("directory_listing"),
        *close_history("directory_application"),
        *close_history("directory_removal"),
        *close_history("directory_recordskey"),
        show_rows_at_desk("directory_application", may="ALL"),
        show_rows_at_desk("directory_applicationhistory", may="INSERT"),
        show_rows_at_desk("directory_listing"),
        show_rows_at_desk("directory_said"),
        show_rows_to_all("directory_publication"),
    ]
