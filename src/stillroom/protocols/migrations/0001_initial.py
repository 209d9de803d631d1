import uuid

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
            name="LibraryVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="LibraryDrug",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("concentration_mg_per_ml", models.DecimalField(decimal_places=2, max_digits=6)),
                ("must_be_diluted", models.BooleanField()),
                ("source", models.CharField(max_length=300)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drugs", to="protocols.libraryversion"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "concentration_mg_per_ml"],
            },
        ),
        migrations.CreateModel(
            name="Protocol",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("document", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_name", models.CharField(blank=True, max_length=120)),
                ("signed_meaning", models.CharField(blank=True, max_length=120)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="protocols.protocol"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["protocol", "-number"],
            },
        ),
        migrations.CreateModel(
            name="LibraryLimit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "quantity",
                    models.CharField(
                        choices=[
                            ("dose_mg_per_kg", "dose, mg/kg"),
                            ("dose_mg", "dose, mg"),
                            ("rate_mg_per_kg_per_h", "rate, mg/kg/h"),
                            ("duration_min", "duration, min"),
                            ("infusions_per_day", "infusions in one day"),
                            ("infusions_per_week", "infusions in seven days"),
                        ],
                        max_length=24,
                    ),
                ),
                ("hard_low", models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True)),
                ("soft_low", models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True)),
                ("typical", models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True)),
                ("soft_high", models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True)),
                ("hard_high", models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True)),
                ("source", models.CharField(max_length=300)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "drug",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="limits", to="protocols.librarydrug"
                    ),
                ),
            ],
            options={
                "ordering": ["drug", "quantity"],
                "constraints": [
                    models.UniqueConstraint(fields=("drug", "quantity"), name="library_limit_once_per_quantity")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="libraryversion",
            constraint=models.UniqueConstraint(fields=("clinic", "number"), name="library_version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="libraryversion",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="library_version_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="libraryversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                name="library_author_is_not_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="libraryversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                        ("digest", ""),
                        ("effective_at__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("effective_at__gte", models.F("approved_at")),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="library_approval_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="librarydrug",
            constraint=models.UniqueConstraint(
                fields=("version", "name", "concentration_mg_per_ml"), name="library_drug_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="librarydrug",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="library_drug_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="librarydrug",
            constraint=models.CheckConstraint(
                condition=models.Q(("concentration_mg_per_ml__gt", 0)), name="library_concentration_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(fields=("clinic", "name"), name="protocol_name_once_per_clinic"),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="protocol_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(fields=("protocol", "number"), name="protocol_version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="protocol_version_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("signed_at__isnull", True),
                        ("signed_by__isnull", True),
                        ("signed_meaning", ""),
                        ("signed_name", ""),
                    ),
                    models.Q(
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        models.Q(("signed_name", ""), _negated=True),
                        models.Q(("signed_meaning", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="protocol_signature_is_whole",
            ),
        ),
    ]
