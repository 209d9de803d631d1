"""Calls to people who have no page open: kept until the clinic's address has taken them."""

import django.db.models.deletion
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0009_rehearsal"),
        ("devices", "0010_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutCall",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("room", models.CharField(max_length=60)),
                ("urgency", models.PositiveSmallIntegerField()),
                ("condition", models.CharField(max_length=40)),
                ("step", models.PositiveSmallIntegerField()),
                ("called", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("called_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="clinics.clinic")),
            ],
        ),
        guard_clinic_rows("devices_outcall", may="SELECT, INSERT, UPDATE, DELETE"),
    ]
