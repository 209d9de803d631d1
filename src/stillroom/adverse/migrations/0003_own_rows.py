"""A person reads what went wrong with themselves, wherever it was: it goes along in their record."""

from django.db import migrations

from stillroom.clinics.rows import THIS_CLINIC, THIS_PERSON, show_rows_to_person

OWN_ACCOUNTS = f"""
    CREATE POLICY this_person ON adverse_account FOR SELECT USING ({THIS_CLINIC} IS NULL AND event_id IN (
        SELECT event.id FROM adverse_adverseevent event
        JOIN patients_patient patient ON patient.id = event.patient_id WHERE patient.person_id = {THIS_PERSON}
    ));
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("adverse", "0002_rows"), ("patients", "0001_initial")]

    operations = [
        show_rows_to_person("adverse_adverseevent", through="patient_id"),
        migrations.RunSQL(OWN_ACCOUNTS, "DROP POLICY this_person ON adverse_account;"),
    ]
