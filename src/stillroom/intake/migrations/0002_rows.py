"""Whose rows these are: the clinic's, and each link's own; and the one function that finds a link by its secret."""

from django.db import migrations

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import (
    APP_ROLE,
    guard_clinic_rows,
    keep_in_one_clinic,
    show_rows_by_link,
    show_rows_to_person,
)

# Who holds a link is nobody here, so no row is open to them. The function alone looks past that: it says which link has
# this secret, while it stands, and nothing else. What the link then opens is said by the policies below.
FIND_LINK = f"""
    CREATE POLICY found_by_secret ON intake_link FOR SELECT TO CURRENT_USER USING (true);
    CREATE FUNCTION intake_standing_link(p_digest text, p_kind text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT id FROM intake_link
        WHERE token_digest = p_digest AND kind = p_kind AND revoked_at IS NULL AND expires_at > clock_timestamp()
    $$;
    REVOKE ALL ON FUNCTION intake_standing_link(text, text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION intake_standing_link(text, text) TO {APP_ROLE};
"""  # noqa: S608
FORGET_LINK = """
    DROP FUNCTION intake_standing_link(text, text);
    DROP POLICY found_by_secret ON intake_link;
"""

# An answer is about the patient whom its link is for.
ANSWERS_ARE_THEIRS = """
    ALTER TABLE intake_link ADD CONSTRAINT intake_link_and_its_patient UNIQUE (id, patient_id);
    ALTER TABLE intake_ownanswer ADD CONSTRAINT own_answer_is_of_the_links_patient
        FOREIGN KEY (link_id, patient_id) REFERENCES intake_link (id, patient_id);
"""
ANSWERS_ARE_ANYBODYS = """
    ALTER TABLE intake_ownanswer DROP CONSTRAINT own_answer_is_of_the_links_patient;
    ALTER TABLE intake_link DROP CONSTRAINT intake_link_and_its_patient;
"""

PATIENT, LINK = "patients_patient", "intake_link"
# What a patient writes by their link goes where it goes from their journal.
WRITTEN_BY_PATIENTS = ("outcomes_wishes", "outcomes_questionnaire", "outcomes_concern")


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("outcomes", "0002_rows"), ("patients", "0008_history_told")]

    operations = [
        guard_clinic_rows(LINK, may="SELECT, INSERT, UPDATE (mailed_at, revoked_at)"),
        *close_history(LINK),
        guard_clinic_rows("intake_ownanswer", may="SELECT, INSERT"),
        guard_clinic_rows("intake_answerreview", may="SELECT, INSERT"),
        keep_in_one_clinic(LINK, "patient_id", PATIENT),
        keep_in_one_clinic("intake_ownanswer", "patient_id", PATIENT),
        keep_in_one_clinic("intake_ownanswer", "link_id", LINK),
        keep_in_one_clinic("intake_answerreview", "answer_id", "intake_ownanswer"),
        migrations.RunSQL(FIND_LINK, FORGET_LINK),
        show_rows_by_link(LINK, "id"),
        show_rows_by_link("clinics_clinic", "id", of="clinic_id"),
        show_rows_by_link("outcomes_reach", "clinic_id", of="clinic_id"),
        show_rows_by_link(PATIENT, "id", of="patient_id"),
        migrations.RunSQL(ANSWERS_ARE_THEIRS, ANSWERS_ARE_ANYBODYS),
        show_rows_by_link("intake_ownanswer", "patient_id", of="patient_id"),
        show_rows_by_link("intake_ownanswer", "link_id", may="INSERT"),
        show_rows_to_person("intake_ownanswer", through="patient_id"),
        *(show_rows_by_link(table, "patient_id", of="patient_id") for table in WRITTEN_BY_PATIENTS),
        *(show_rows_by_link(table, "patient_id", of="patient_id", may="INSERT") for table in WRITTEN_BY_PATIENTS),
    ]
