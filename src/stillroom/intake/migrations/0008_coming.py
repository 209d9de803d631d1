"""By their link a patient reads how to come and what to sign, signs it, takes it back, and sees when they are expected."""

from django.db import migrations

from stillroom.clinics.rows import show_rows_by_link

CONSENT = "patients_consent"


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_answered_twice"),
        ("patients", "0010_consent_rows"),
        ("schedule", "0004_rows_of_before_and_feed"),
    ]

    operations = [
        show_rows_by_link("schedule_beforeyoucome", "clinic_id", of="clinic_id"),
        show_rows_by_link("schedule_appointment", "patient_id", of="patient_id"),
        show_rows_by_link("patients_consenttext", "clinic_id", of="clinic_id"),
        *(show_rows_by_link(CONSENT, "patient_id", of="patient_id", may=may) for may in ("SELECT", "INSERT", "UPDATE")),
        show_rows_by_link(f"{CONSENT}history", "patient_id", of="patient_id", may="INSERT"),
    ]
