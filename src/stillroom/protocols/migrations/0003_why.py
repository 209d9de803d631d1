"""Why a version differs from the one before, and bounds of several infusions of one patient."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("protocols", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="protocolversion",
            name="why",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name="librarylimit",
            name="quantity",
            field=models.CharField(
                choices=[
                    ("dose_mg_per_kg", "dose, mg/kg"),
                    ("dose_mg", "dose, mg"),
                    ("rate_mg_per_kg_per_h", "rate, mg/kg/h"),
                    ("duration_min", "duration, min"),
                    ("dose_mg_in_24_h", "doses within 24 hours, mg"),
                    ("dose_mg_in_7_days", "doses within seven days, mg"),
                    ("infusions_per_day", "infusions in one day"),
                    ("infusions_per_week", "infusions in seven days"),
                ],
                max_length=24,
            ),
        ),
    ]
