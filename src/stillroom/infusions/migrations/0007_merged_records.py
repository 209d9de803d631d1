"""An infusion and its order go with the record they are moved to; the log is not touched, and says what it said."""

from django.db import migrations

from stillroom.clinics.rows import APP_ROLE

# What a log says of whose infusion it is was true of the record then: since a merge, that is part of another.
OF_KEPT_RECORD = """
    CREATE FUNCTION infusions_of_kept_record() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        NEW.patient_id := patients_kept(NEW.patient_id);
        RETURN NEW;
    END $$;
    CREATE TRIGGER of_kept_record BEFORE UPDATE ON infusions_infusion
        FOR EACH ROW WHEN (NEW.patient_id IS DISTINCT FROM OLD.patient_id) EXECUTE FUNCTION infusions_of_kept_record();
"""
NOT_SO = "DROP TRIGGER of_kept_record ON infusions_infusion; DROP FUNCTION infusions_of_kept_record();"

# A signed order is frozen but for whose record it lies in, and which number it has there; the owner alone moves it.
KEEP_SIGNED = f"""
    CREATE OR REPLACE FUNCTION infusions_keep_signed_order() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND current_user <> '{APP_ROLE}'
            AND to_jsonb(NEW) - 'patient_id' - 'number' = to_jsonb(OLD) - 'patient_id' - 'number' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'order % is signed and never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("infusions", "0006_erasures_asked"), ("patients", "0011_merge")]

    operations = [
        migrations.RunSQL(OF_KEPT_RECORD, NOT_SO),
        migrations.RunSQL(KEEP_SIGNED, migrations.RunSQL.noop),
    ]
