"""Row security for patients: their clinic sees them, and so does the person they are."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_clinics_of, show_rows_to_person


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        guard_clinic_rows("patients_patient"),
        guard_clinic_rows("patients_weight", may="SELECT, INSERT"),
        guard_clinic_rows("patients_allergystatement", may="SELECT, INSERT"),
        guard_clinic_rows("patients_consent"),
        keep_in_one_clinic("patients_weight", "patient_id", "patients_patient"),
        keep_in_one_clinic("patients_allergystatement", "patient_id", "patients_patient"),
        keep_in_one_clinic("patients_consent", "patient_id", "patients_patient"),
        show_rows_to_person("patients_patient", through="person_id"),
        show_clinics_of("patients_patient"),
        show_rows_to_person("patients_weight", through="patient_id"),
        show_rows_to_person("patients_allergystatement", through="patient_id"),
        show_rows_to_person("patients_consent", through="patient_id"),
    ]
