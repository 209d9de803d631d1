"""Whose links are whose, the one function that opens one, and the one that erases a person's own words."""

from django.db import migrations

from stillroom.clinics.rows import APP_ROLE, THIS_CLINIC, THIS_PERSON, guard_person_rows

# A link is opened by somebody who is nobody here, so no row is open to them. The function alone looks past that: it
# gives whose record it is, or nothing, and leaves a line that says who opened it. It cannot be called without a name.
OPEN_SHARE = f"""
    CREATE POLICY found_by_link ON journal_share FOR SELECT TO CURRENT_USER USING (true);
    CREATE POLICY noted_by_link ON journal_shareuse FOR INSERT TO CURRENT_USER WITH CHECK (true);
    CREATE FUNCTION journal_share_stands(p_digest text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT EXISTS (SELECT FROM journal_share
            WHERE token_digest = p_digest AND revoked_at IS NULL AND expires_at > clock_timestamp())
    $$;
    CREATE FUNCTION journal_open_share(p_digest text, p_name text, p_page text)
    RETURNS TABLE (person uuid, shows_weeks boolean, until timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE v_share journal_share;
    BEGIN
        IF coalesce(trim(p_name), '') = '' THEN
            RAISE EXCEPTION 'whoever opens a link says who they are' USING ERRCODE = 'check_violation';
        END IF;
        SELECT * INTO v_share FROM journal_share
        WHERE token_digest = p_digest AND revoked_at IS NULL AND expires_at > clock_timestamp();
        IF NOT FOUND THEN
            RETURN;
        END IF;
        INSERT INTO journal_shareuse (person_id, share_id, name, page, used_at)
        VALUES (v_share.person_id, v_share.id, left(trim(p_name), 120), p_page, clock_timestamp());
        RETURN QUERY SELECT v_share.person_id, v_share.with_weeks, v_share.expires_at;
    END $$;
    REVOKE ALL ON FUNCTION journal_share_stands(text) FROM PUBLIC;
    REVOKE ALL ON FUNCTION journal_open_share(text, text, text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION journal_share_stands(text) TO {APP_ROLE};
    GRANT EXECUTE ON FUNCTION journal_open_share(text, text, text) TO {APP_ROLE};
"""  # noqa: S608
FORGET_SHARE = """
    DROP FUNCTION journal_open_share(text, text, text);
    DROP FUNCTION journal_share_stands(text);
    DROP POLICY noted_by_link ON journal_shareuse;
    DROP POLICY found_by_link ON journal_share;
"""

WORDS = {
    "outcomes_checkin": ("words",),
    "outcomes_note": ("words",),
    "outcomes_wishes": ("music", "with_me", "lights", "talk", "intention", "to_bring", "way_home_words"),
}


def erase_own(table: str, columns: tuple[str, ...]) -> str:
    """Rows are only added; but a person's own free words go when they say so, and "[erased]" stands in their place."""
    own = f"""{THIS_CLINIC} IS NULL
        AND patient_id IN (SELECT id FROM patients_patient WHERE person_id = {THIS_PERSON})"""  # noqa: S608
    emptied = ", ".join(f"{column} = CASE {column} WHEN '' THEN '' ELSE '[erased]' END" for column in columns)
    return f"""
        CREATE POLICY words_erased ON {table} FOR UPDATE TO CURRENT_USER USING ({own}) WITH CHECK ({own});
        CREATE FUNCTION {table}_erase_words(p_id uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE {table} SET {emptied} WHERE id = p_id AND by = 'person:' || {THIS_PERSON};
            RETURN FOUND;
        END $$;
        REVOKE ALL ON FUNCTION {table}_erase_words(uuid) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {table}_erase_words(uuid) TO {APP_ROLE};
    """  # noqa: S608


def keep_own(table: str) -> str:
    return f"DROP FUNCTION {table}_erase_words(uuid); DROP POLICY words_erased ON {table};"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("outcomes", "0002_rows"), ("clinics", "0002_row_security")]

    operations = [
        guard_person_rows("journal_share", may="SELECT, INSERT, UPDATE (revoked_at)"),
        guard_person_rows("journal_shareuse", may="SELECT"),
        migrations.RunSQL(OPEN_SHARE, FORGET_SHARE),
        *(migrations.RunSQL(erase_own(table, columns), keep_own(table)) for table, columns in WORDS.items()),
    ]
