"""Row security of check-ins, questionnaires and what follows from them.

Patients add and read their own. The clinic reads all of it but the notes, which have no policy for a clinic.
"""

from django.db import migrations

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import (
    APP_ROLE,
    guard_clinic_rows,
    keep_in_one_clinic,
    let_person_add,
    show_rows_to_person,
)

PATIENT, CHECK_IN, QUESTIONNAIRE = "patients_patient", "outcomes_checkin", "outcomes_questionnaire"
ADDED_BY_PATIENTS = (
    CHECK_IN,
    QUESTIONNAIRE,
    "outcomes_concern",
    "outcomes_reminderchoice",
    "outcomes_wishes",
    "outcomes_note",
)
ADD_ONLY = "SELECT, INSERT"

# A person's own notes: fenced like every table of a clinic, and the fence has no gate for the clinic.
NOTES_ARE_PRIVATE = migrations.RunSQL(
    f"""
    ALTER TABLE outcomes_note ENABLE ROW LEVEL SECURITY;
    ALTER TABLE outcomes_note FORCE ROW LEVEL SECURITY;
    REVOKE ALL ON outcomes_note FROM {APP_ROLE};
    GRANT {ADD_ONLY} ON outcomes_note TO {APP_ROLE};
    """,
    "ALTER TABLE outcomes_note DISABLE ROW LEVEL SECURITY;",
)


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial"), ("patients", "0003_look")]

    operations = [
        *(guard_clinic_rows(table, may=ADD_ONLY) for table in ADDED_BY_PATIENTS if table != "outcomes_note"),
        NOTES_ARE_PRIVATE,
        guard_clinic_rows("outcomes_decision", may=ADD_ONLY),
        guard_clinic_rows("outcomes_remindersent", may=ADD_ONLY),
        guard_clinic_rows("outcomes_reach"),
        *close_history("outcomes_reach"),
        *(keep_in_one_clinic(table, "patient_id", PATIENT) for table in (*ADDED_BY_PATIENTS, "outcomes_remindersent")),
        keep_in_one_clinic(CHECK_IN, "replaces_id", CHECK_IN),
        keep_in_one_clinic(QUESTIONNAIRE, "replaces_id", QUESTIONNAIRE),
        keep_in_one_clinic("outcomes_concern", "check_in_id", CHECK_IN),
        keep_in_one_clinic("outcomes_concern", "questionnaire_id", QUESTIONNAIRE),
        keep_in_one_clinic("outcomes_decision", "concern_id", "outcomes_concern"),
        *(show_rows_to_person(table, through="patient_id") for table in ADDED_BY_PATIENTS),
        *(let_person_add(table) for table in ADDED_BY_PATIENTS),
        show_rows_to_person("outcomes_reach", through="clinic_id"),
    ]
