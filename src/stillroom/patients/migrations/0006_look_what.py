"""Which page was looked at; and that nobody, the owner of the tables too, changes or removes a look."""

from django.db import migrations, models

ONLY_GROWS = """
    CREATE FUNCTION patients_looks_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% on % is not possible: who looked is only ever added', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON patients_look
        FOR EACH ROW EXECUTE FUNCTION patients_looks_only_grow();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON patients_look
        FOR EACH STATEMENT EXECUTE FUNCTION patients_looks_only_grow();
    ALTER TABLE patients_look ENABLE ALWAYS TRIGGER only_grows;
    ALTER TABLE patients_look ENABLE ALWAYS TRIGGER never_emptied;
"""
UNDONE = """
    DROP TRIGGER only_grows ON patients_look;
    DROP TRIGGER never_emptied ON patients_look;
    DROP FUNCTION patients_looks_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_weight_reason")]

    operations = [
        migrations.AddField(
            "look", "what", models.CharField(blank=True, default="", max_length=60), preserve_default=False
        ),
        migrations.RunSQL(ONLY_GROWS, UNDONE),
    ]
