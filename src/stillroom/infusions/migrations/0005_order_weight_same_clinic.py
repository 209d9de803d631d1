"""The weight that an order was worked out with is one of the same clinic."""

from __future__ import annotations

from django.db import migrations

from stillroom.clinics.rows import keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [("infusions", "0004_patient_order"), ("patients", "0007_weight_clinic_and_id")]

    operations = [keep_in_one_clinic("infusions_patientorder", "weight_id", "patients_weight")]
