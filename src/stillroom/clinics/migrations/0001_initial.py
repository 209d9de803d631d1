import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import stillroom.clinics.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("display_name", models.CharField(max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "people",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="person_email_is_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "time_zone",
                    models.CharField(max_length=64, validators=[stillroom.clinics.models.refuse_unknown_time_zone]),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("after_hours_phone", models.CharField(blank=True, max_length=40)),
                ("opens_door_with_adult", models.BooleanField(default=True)),
                ("opens_door_stay_until_clear", models.BooleanField(default=False)),
                ("requires_second_factor", models.BooleanField(default=False)),
                ("takeover_lasts_min", models.PositiveSmallIntegerField(default=15)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_door_with_adult", True), ("opens_door_stay_until_clear", True), _connector="OR"
                        ),
                        name="clinic_opens_a_door_home",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("is_private", models.BooleanField(default=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Display",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                ("enrolled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="clinics.room"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SecondSigner",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "position",
                    models.CharField(
                        choices=[
                            ("pharmacist", "pharmacist"),
                            ("charge_nurse", "charge nurse"),
                            ("colleague_outside", "colleague outside"),
                        ],
                        max_length=24,
                    ),
                ),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_signer_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("prescriber", "prescriber"),
                            ("nurse_anaesthetist", "nurse anaesthetist"),
                            ("nurse", "nurse"),
                            ("front_desk", "front desk"),
                            ("technician", "technician"),
                            ("library_approver", "library approver"),
                            ("administrator", "administrator"),
                            ("editor", "editor"),
                        ],
                        max_length=24,
                    ),
                ),
                ("short_name", models.CharField(max_length=40)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(blank=True, null=True)),
                ("pin_digest", models.CharField(blank=True, max_length=160)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "staff",
                "ordering": ["short_name", "role"],
            },
        ),
        migrations.CreateModel(
            name="Takeover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tried_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("was_right", models.BooleanField()),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
                ("display", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.display")),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.staff")),
            ],
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("clinic", "name"), name="room_name_once_per_clinic"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="room_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="display",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="display_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="secondsigner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("clinic", "person"),
                name="second_signer_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondsigner",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("named_by")), _negated=True),
                name="second_signer_is_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.UniqueConstraint(fields=("clinic", "person", "role"), name="staff_role_once_per_person"),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="staff_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "prescriber",
                            "nurse_anaesthetist",
                            "nurse",
                            "front_desk",
                            "technician",
                            "library_approver",
                            "administrator",
                            "editor",
                        ],
                    )
                ),
                name="staff_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                ),
                name="staff_ends_after_it_starts",
            ),
        ),
        migrations.AddIndex(
            model_name="takeover",
            index=models.Index(fields=["display", "staff", "tried_at"], name="takeover_recent"),
        ),
    ]
