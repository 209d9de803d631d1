"""Whose adverse events are, that nothing said of them is changed, and that what belongs together is of one clinic."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

TABLES = ("adverse_emergencylist", "adverse_reportingdays", "adverse_adverseevent", "adverse_account")


class Migration(migrations.Migration):
    dependencies = [("adverse", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in TABLES),
        keep_in_one_clinic("adverse_adverseevent", "patient_id", "patients_patient"),
        keep_in_one_clinic("adverse_adverseevent", "infusion_id", "infusions_infusion"),
        keep_in_one_clinic("adverse_account", "event_id", "adverse_adverseevent"),
    ]
