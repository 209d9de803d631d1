"""Who of the clinic opened whose record. The patient may see it too."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_rows_to_person


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_row_security")]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("by", models.CharField(max_length=60)),
                ("looked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-looked_at"],
                "indexes": [models.Index(fields=["patient", "looked_at"], name="look_at_patient")],
            },
        ),
        guard_clinic_rows("patients_look", may="SELECT, INSERT"),
        keep_in_one_clinic("patients_look", "patient_id", "patients_patient"),
        show_rows_to_person("patients_look", through="patient_id"),
    ]
