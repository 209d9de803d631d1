"""Signs of life: which screens somebody can see, and that a watch process looked."""

import django.db.models.deletion
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("devices", "0006_alarms_said"),
        ("infusions", "0006_erasures_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="Screen",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("can_sound", models.BooleanField(default=False)),
                ("is_hidden", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="clinics.clinic")),
                (
                    "infusion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screens",
                        to="infusions.infusion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Watcher",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("process", models.UUIDField()),
                ("looked_at", models.DateTimeField()),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="clinics.clinic")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("clinic", "process"), name="watcher_once_per_clinic")],
            },
        ),
        guard_clinic_rows("devices_screen", may="SELECT, INSERT, UPDATE, DELETE"),
        guard_clinic_rows("devices_watcher", may="SELECT, INSERT, UPDATE, DELETE"),
        keep_in_one_clinic("devices_screen", "infusion_id", "infusions_infusion"),
    ]
