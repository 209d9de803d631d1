"""Whose the texts and consents are; what was signed stays as it is; a patient signs and withdraws by link and journal."""

from django.db import migrations

from stillroom.clinics.history import close_history_again
from stillroom.clinics.rows import (
    APP_ROLE,
    THIS_CLINIC,
    THIS_PERSON,
    guard_clinic_rows,
    keep_in_one_clinic,
    let_person_add,
    show_rows_to_person,
)

TEXT, CONSENT, HISTORY = "patients_consenttext", "patients_consent", "patients_consenthistory"

# Approved, a text never changes; a consent is withdrawn once and nothing else of it ever changes but whose it is.
FREEZE = f"""
    CREATE FUNCTION patients_keep_approved_text() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.approved_at IS NOT NULL THEN
            RAISE EXCEPTION 'the text % is approved and never changes', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER keep_approved BEFORE UPDATE ON {TEXT}
        FOR EACH ROW EXECUTE FUNCTION patients_keep_approved_text();

    CREATE FUNCTION patients_keep_signed_consent() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by) IS DISTINCT FROM
           (OLD.withdrawn_at, OLD.withdrawn_by) THEN
            RAISE EXCEPTION 'the consent % was withdrawn, and that stays so', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER keep_signed BEFORE UPDATE ON {CONSENT}
        FOR EACH ROW EXECUTE FUNCTION patients_keep_signed_consent();
    REVOKE UPDATE ON {CONSENT} FROM {APP_ROLE};
    GRANT UPDATE (withdrawn_at, withdrawn_by) ON {CONSENT} TO {APP_ROLE};
"""  # noqa: S608
THAW = f"""
    GRANT UPDATE ON {CONSENT} TO {APP_ROLE};
    DROP TRIGGER keep_signed ON {CONSENT};
    DROP FUNCTION patients_keep_signed_consent();
    DROP TRIGGER keep_approved ON {TEXT};
    DROP FUNCTION patients_keep_approved_text();
"""

# The patient's own act, without an account or with one. The history is written by its triggers in the same scope. The
# table of links is of a room above this one, so what a link opens here is said there (intake, which comes later).
MINE = f"{THIS_CLINIC} IS NULL AND patient_id IN (SELECT id FROM patients_patient WHERE person_id = {THIS_PERSON})"  # noqa: S608
WITHDRAW = f"CREATE POLICY this_person_withdraws ON {CONSENT} FOR UPDATE USING ({MINE}) WITH CHECK ({MINE});"
KEEP = f"DROP POLICY this_person_withdraws ON {CONSENT};"


class Migration(migrations.Migration):
    dependencies = [("patients", "0009_consent_text")]

    operations = [
        *close_history_again(CONSENT),
        guard_clinic_rows(TEXT, may="SELECT, INSERT, UPDATE (approved_by_id, approved_at)"),
        keep_in_one_clinic(CONSENT, "text_id", TEXT),
        show_rows_to_person(TEXT, through="clinic_id"),
        migrations.RunSQL(FREEZE, THAW),
        let_person_add(CONSENT),
        let_person_add(HISTORY),
        migrations.RunSQL(WITHDRAW, KEEP),
    ]
