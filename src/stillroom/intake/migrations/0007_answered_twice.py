"""Answers of two pages that were open at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_answers_move"),
    ]

    operations = [
        migrations.AddField(
            model_name="ownanswer",
            name="set_aside",
            field=models.BooleanField(default=False),
        ),
    ]
