"""Calls for help are found at once, also of who has left."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("infusions", "0010_by_emergency")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("kind", "HelpCalled")), fields=["recorded_at"], name="entry_help_called"
            ),
        ),
    ]
