"""A weight is pointed at by an order of its own clinic only: what that needs on this side."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_look_what")]

    operations = [
        migrations.AddConstraint(
            model_name="weight",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="weight_clinic_and_id"),
        ),
    ]
