"""How warm somebody wants it; and their words go when they say so, as those of their other wishes do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0002_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="wishes",
            name="warmth",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
