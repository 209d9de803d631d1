"""A merge points at a statement about allergies of its own clinic only."""

from __future__ import annotations

from django.db import migrations, models

from stillroom.clinics.rows import keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [("patients", "0013_imports")]

    operations = [
        migrations.AddConstraint(
            model_name="allergystatement",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="allergies_clinic_and_id"),
        ),
        keep_in_one_clinic("patients_recordmerge", "allergies_id", "patients_allergystatement"),
    ]
