"""What a person brought along is theirs: they add, read and remove it, and nobody else sees that it is there."""

from django.db import migrations

from stillroom.clinics.rows import guard_person_rows


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [guard_person_rows("exchange_broughtpart", may="SELECT, INSERT, DELETE")]
