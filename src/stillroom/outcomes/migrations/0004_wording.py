"""The words of questionnaires, as a clinic brought them in."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("outcomes", "0003_warmth"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "instrument",
                    models.CharField(
                        choices=[
                            ("phq9", "PHQ-9"),
                            ("gad7", "GAD-7"),
                            ("pcl5", "PCL-5"),
                            ("madrs", "MADRS"),
                            ("qids_sr16", "QIDS-SR16"),
                            ("bdi2", "BDI-II"),
                            ("cadss", "CADSS"),
                        ],
                        max_length=12,
                    ),
                ),
                ("questions", models.JSONField()),
                ("notice", models.TextField(blank=True, max_length=4000)),
                ("digest", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
            ],
            options={
                "ordering": ["-imported_at"],
            },
        ),
        guard_clinic_rows("outcomes_wording", may="SELECT, INSERT"),
    ]
