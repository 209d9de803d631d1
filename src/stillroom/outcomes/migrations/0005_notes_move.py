"""A merge of two records of one patient moves their private notes too, which still no clinic reads."""

from django.db import migrations

from stillroom.clinics.rows import THIS_CLINIC

MOVED_BY_OWNER = f"""
    CREATE POLICY moved_by_owner ON outcomes_note TO stillroom_owner
        USING (clinic_id = {THIS_CLINIC}) WITH CHECK (clinic_id = {THIS_CLINIC});
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0004_wording"), ("patients", "0011_merge")]

    operations = [migrations.RunSQL(MOVED_BY_OWNER, "DROP POLICY moved_by_owner ON outcomes_note;")]
