"""Answers to what was asked of the history, conditions and medicines. The patient may see them too."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_rows_to_person


TABLES = ("patients_historyanswer", "patients_historyitem")


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("patients", "0007_weight_clinic_and_id"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("question", models.CharField(max_length=40)),
                (
                    "said",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("told_by", models.CharField(max_length=120)),
                ("stated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_answers",
                        to="patients.patient",
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-stated_at"],
            },
        ),
        migrations.CreateModel(
            name="HistoryItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("condition", "condition"), ("medicine", "medicine")], max_length=10),
                ),
                ("words", models.TextField(max_length=2000)),
                ("told_by", models.CharField(max_length=120)),
                ("stated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history_items", to="patients.patient"
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "stated_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="history_item_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="history_item_ended_by_somebody",
                    ),
                ],
            },
        ),
        guard_clinic_rows("patients_historyanswer", may="SELECT, INSERT"),
        guard_clinic_rows("patients_historyitem", may="SELECT, INSERT, UPDATE (ended_at, ended_by_id)"),
        *(keep_in_one_clinic(table, "patient_id", "patients_patient") for table in TABLES),
        *(show_rows_to_person(table, through="patient_id") for table in TABLES),
    ]
