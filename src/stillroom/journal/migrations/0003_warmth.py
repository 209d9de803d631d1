"""The function that erases a person's own words knows of warmth, and of what they wrote by a link before their visit."""

from django.db import migrations

from stillroom.clinics.rows import THIS_PERSON

COLUMNS = ("music", "with_me", "lights", "warmth", "talk", "intention", "to_bring", "way_home_words")
EMPTIED = ", ".join(f"{column} = CASE {column} WHEN '' THEN '' ELSE '[erased]' END" for column in COLUMNS)

# Row security still holds it to rows of this person's own patients.
ERASE = f"""
    CREATE OR REPLACE FUNCTION outcomes_wishes_erase_words(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE outcomes_wishes SET {EMPTIED}
        WHERE id = p_id AND (by = 'person:' || {THIS_PERSON} OR by LIKE 'link:%');
        RETURN FOUND;
    END $$;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_rights"), ("outcomes", "0003_warmth")]

    operations = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
