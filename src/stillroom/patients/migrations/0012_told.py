"""A weight that was measured elsewhere says who told it; what was measured elsewhere and documents are history too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0011_merge"),
    ]

    operations = [
        migrations.AddField(
            model_name="weight",
            name="told_by",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name="historyitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("condition", "condition"),
                    ("medicine", "medicine"),
                    ("measured", "measured elsewhere"),
                    ("document", "document"),
                ],
                max_length=10,
            ),
        ),
    ]
