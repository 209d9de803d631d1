"""Why a weight is far from the one before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="weight",
            name="reason",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
