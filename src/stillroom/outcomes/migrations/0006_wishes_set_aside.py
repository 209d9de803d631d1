"""Of two pages that were open at once, what was wished on the later is marked as set aside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0005_notes_move")]

    operations = [
        migrations.AddField(model_name="wishes", name="set_aside", field=models.BooleanField(default=False)),
    ]
