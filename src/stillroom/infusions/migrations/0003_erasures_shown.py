"""A patient reads that words of their own log were erased: without that trace, what they export would not verify."""

from django.db import migrations

from stillroom.clinics.rows import THIS_CLINIC, THIS_PERSON

SHOWN = f"""
    CREATE POLICY this_person ON infusions_texterasure FOR SELECT USING (
        {THIS_CLINIC} IS NULL AND infusion_id IN (
            SELECT i.id FROM infusions_infusion i JOIN patients_patient p ON p.id = i.patient_id
            WHERE p.person_id = {THIS_PERSON}));
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("infusions", "0002_log")]

    operations = [migrations.RunSQL(SHOWN, "DROP POLICY this_person ON infusions_texterasure;")]
