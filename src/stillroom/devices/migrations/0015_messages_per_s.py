"""How many messages a second a link brings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0014_pulse_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkstate",
            name="messages_per_s",
            field=models.FloatField(null=True),
        ),
    ]
