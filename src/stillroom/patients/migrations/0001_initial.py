import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("identifier", models.CharField(max_length=40)),
                ("given_name", models.CharField(max_length=80)),
                ("family_name", models.CharField(max_length=80)),
                ("birth_date", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[("female", "female"), ("male", "male"), ("other", "other"), ("unknown", "unknown")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("height_cm", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                (
                    "motion_sickness",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "nausea_after_anaesthesia",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                (
                    "smokes",
                    models.CharField(
                        choices=[
                            ("not_asked", "not asked"),
                            ("unknown", "asked, not known"),
                            ("no", "no"),
                            ("yes", "yes"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["family_name", "given_name", "birth_date"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("signed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "witnessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-signed_at"],
            },
        ),
        migrations.CreateModel(
            name="AllergyStatement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_none_known", models.BooleanField()),
                (
                    "substances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("stated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allergy_statements",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-stated_at"],
            },
        ),
        migrations.CreateModel(
            name="Weight",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("weight_kg", models.DecimalField(decimal_places=2, max_digits=5)),
                ("measured_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "measured_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="weights", to="patients.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-measured_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("clinic", "identifier"), name="patient_identifier_once_per_clinic"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(fields=("clinic", "person"), name="patient_person_once_per_clinic"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="patient_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("height_cm__isnull", True), ("height_cm__gt", 0), _connector="OR"),
                name="patient_height_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("patient", "kind", "version"), name="consent_signed_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="allergystatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_none_known", True), ("substances__len", 0)),
                    models.Q(("is_none_known", False), ("substances__len__gt", 0)),
                    _connector="OR",
                ),
                name="allergies_none_known_or_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="weight",
            constraint=models.CheckConstraint(condition=models.Q(("weight_kg__gt", 0)), name="weight_is_positive"),
        ),
    ]
