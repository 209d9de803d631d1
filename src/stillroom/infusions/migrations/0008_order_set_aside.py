"""Drafts of an order that somebody wrote while a colleague was quicker: kept beside theirs, never changed."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_screening_good_for"),
        ("infusions", "0007_merged_records"),
        ("patients", "0008_history_told"),
        ("protocols", "0003_why"),
        ("schedule", "0002_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="patientorder",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="patient_order_clinic_and_id"),
        ),
        migrations.CreateModel(
            name="OrderSetAside",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("document", models.TextField()),
                ("reasons", models.JSONField(default=dict)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schedule.appointment"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_aside",
                        to="infusions.patientorder",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders_set_aside",
                        to="patients.patient",
                    ),
                ),
                (
                    "protocol_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.protocolversion"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at"],
            },
        ),
        guard_clinic_rows("infusions_ordersetaside", may="SELECT, INSERT"),
        keep_in_one_clinic("infusions_ordersetaside", "patient_id", "patients_patient"),
        keep_in_one_clinic("infusions_ordersetaside", "order_id", "infusions_patientorder"),
        keep_in_one_clinic("infusions_ordersetaside", "protocol_version_id", "protocols_protocolversion"),
        keep_in_one_clinic("infusions_ordersetaside", "appointment_id", "schedule_appointment"),
    ]
