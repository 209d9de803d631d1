"""Telephone calls about a patient."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("intake", "0004_sent"),
        ("patients", "0008_history_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("with_whom", models.CharField(max_length=120)),
                ("day", models.DateField()),
                ("words", models.TextField(max_length=4000)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phone_calls", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-noted_at"],
            },
        ),
        guard_clinic_rows("intake_phonecall", may="SELECT, INSERT"),
        keep_in_one_clinic("intake_phonecall", "patient_id", "patients_patient"),
    ]
