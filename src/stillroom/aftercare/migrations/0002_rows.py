"""Whose calls are, that nothing said of them is changed, and that what belongs together is of one clinic.

A person reads the calls to themselves, wherever it was: they go along in their record.
"""

from django.db import migrations

from stillroom.clinics.rows import THIS_CLINIC, THIS_PERSON, guard_clinic_rows, keep_in_one_clinic, show_rows_to_person

TABLES = ("aftercare_call", "aftercare_worrysettled")
OWN_WORRIES = f"""
    CREATE POLICY this_person ON aftercare_worrysettled FOR SELECT USING ({THIS_CLINIC} IS NULL AND call_id IN (
        SELECT made.id FROM aftercare_call made
        JOIN patients_patient patient ON patient.id = made.patient_id WHERE patient.person_id = {THIS_PERSON}
    ));
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("aftercare", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in TABLES),
        keep_in_one_clinic("aftercare_call", "patient_id", "patients_patient"),
        keep_in_one_clinic("aftercare_call", "infusion_id", "infusions_infusion"),
        keep_in_one_clinic("aftercare_worrysettled", "call_id", "aftercare_call"),
        show_rows_to_person("aftercare_call", through="patient_id"),
        migrations.RunSQL(OWN_WORRIES, "DROP POLICY this_person ON aftercare_worrysettled;"),
    ]
