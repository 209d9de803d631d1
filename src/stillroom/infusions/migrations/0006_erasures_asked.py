"""What patients ask to have erased of staff's words, and what a named person answered; both are only ever added."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, let_person_add, show_rows_to_person

ASKED, ANSWERED = "infusions_erasureasked", "infusions_erasureanswered"


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("infusions", "0005_order_weight_same_clinic"),
        ("patients", "0007_weight_clinic_and_id"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureAsked",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("seq", models.IntegerField()),
                ("field", models.CharField(max_length=40)),
                ("because", models.TextField(blank=True, max_length=1000)),
                ("by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "infusion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.infusion"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures_asked",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="ErasureAnswered",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_erased", models.BooleanField()),
                ("because", models.CharField(max_length=200)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="infusions.erasureasked"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="erasureasked",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="erasure_asked_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="erasureasked",
            constraint=models.UniqueConstraint(
                fields=("infusion", "seq", "field"), name="erasure_asked_once_per_field"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasureanswered",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True), name="erasure_answered_says_why"
            ),
        ),
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in (ASKED, ANSWERED)),
        *(keep_in_one_clinic(table, "patient_id", "patients_patient") for table in (ASKED, ANSWERED)),
        keep_in_one_clinic(ASKED, "infusion_id", "infusions_infusion"),
        keep_in_one_clinic(ANSWERED, "asked_id", ASKED),
        *(show_rows_to_person(table, through="patient_id") for table in (ASKED, ANSWERED)),
        let_person_add(ASKED),
    ]
