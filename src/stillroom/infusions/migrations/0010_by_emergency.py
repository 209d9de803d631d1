"""Entries may be written under emergency access, which is no person: clinics.EmergencyAccess says whose it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0011_emergency_access"),
        ("infusions", "0009_reassigned_shown"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="entry_by_names_an_author",
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__regex", "^(person|device|system|emergency):\\S+$")),
                name="entry_by_names_an_author",
            ),
        ),
    ]
