"""Which months of readings were exported and dropped."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows


class Migration(migrations.Migration):
    dependencies = [("clinics", "0009_rehearsal"), ("devices", "0007_screens")]

    operations = [
        migrations.CreateModel(
            name="MonthGone",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("readings", models.PositiveBigIntegerField()),
                ("dropped_at", models.DateTimeField()),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="clinics.clinic")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("clinic", "month"), name="month_gone_once_per_clinic")],
            },
        ),
        guard_clinic_rows("devices_monthgone", may="SELECT"),
    ]
