"""Row security for protocols and drug libraries, and the triggers that freeze what was signed or approved."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

FREEZE_PROTOCOLS = """
    CREATE FUNCTION protocols_keep_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.signed_at IS NOT NULL THEN
            RAISE EXCEPTION 'protocol version % is signed and never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF NEW.digest IS DISTINCT FROM encode(sha256(convert_to(NEW.document, 'UTF8')), 'hex') THEN
            RAISE EXCEPTION 'the digest of protocol version % is not that of its document', NEW.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER keep_signed BEFORE INSERT OR UPDATE OR DELETE ON protocols_protocolversion
        FOR EACH ROW EXECUTE FUNCTION protocols_keep_signed();
"""
THAW_PROTOCOLS = """
    DROP TRIGGER keep_signed ON protocols_protocolversion;
    DROP FUNCTION protocols_keep_signed();
"""

# A drug or a limit locks its version before it looks: whoever approves at the same moment waits, or is waited for.
FREEZE_LIBRARIES = """
    CREATE FUNCTION protocols_keep_approved() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.approved_at IS NOT NULL THEN
            RAISE EXCEPTION 'library version % is approved and never changes', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN coalesce(NEW, OLD);
    END $$;
    CREATE TRIGGER keep_approved BEFORE UPDATE OR DELETE ON protocols_libraryversion
        FOR EACH ROW EXECUTE FUNCTION protocols_keep_approved();

    CREATE FUNCTION protocols_refuse_if_approved(of_version uuid) RETURNS void LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM protocols_libraryversion WHERE id = of_version FOR SHARE;
        IF EXISTS (SELECT 1 FROM protocols_libraryversion WHERE id = of_version AND approved_at IS NOT NULL) THEN
            RAISE EXCEPTION 'library version % is approved and never changes', of_version
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END $$;

    CREATE FUNCTION protocols_keep_approved_drug() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM protocols_refuse_if_approved(OLD.version_id); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM protocols_refuse_if_approved(NEW.version_id); END IF;
        RETURN coalesce(NEW, OLD);
    END $$;
    CREATE TRIGGER keep_approved BEFORE INSERT OR UPDATE OR DELETE ON protocols_librarydrug
        FOR EACH ROW EXECUTE FUNCTION protocols_keep_approved_drug();

    CREATE FUNCTION protocols_keep_approved_limit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            PERFORM protocols_refuse_if_approved((SELECT version_id FROM protocols_librarydrug WHERE id = OLD.drug_id));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM protocols_refuse_if_approved((SELECT version_id FROM protocols_librarydrug WHERE id = NEW.drug_id));
        END IF;
        RETURN coalesce(NEW, OLD);
    END $$;
    CREATE TRIGGER keep_approved BEFORE INSERT OR UPDATE OR DELETE ON protocols_librarylimit
        FOR EACH ROW EXECUTE FUNCTION protocols_keep_approved_limit();
"""
THAW_LIBRARIES = """
    DROP TRIGGER keep_approved ON protocols_librarylimit;
    DROP TRIGGER keep_approved ON protocols_librarydrug;
    DROP TRIGGER keep_approved ON protocols_libraryversion;
    DROP FUNCTION protocols_keep_approved_limit();
    DROP FUNCTION protocols_keep_approved_drug();
    DROP FUNCTION protocols_refuse_if_approved(uuid);
    DROP FUNCTION protocols_keep_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("protocols", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        guard_clinic_rows("protocols_protocol"),
        guard_clinic_rows("protocols_protocolversion"),
        guard_clinic_rows("protocols_libraryversion"),
        guard_clinic_rows("protocols_librarydrug", may="SELECT, INSERT, UPDATE, DELETE"),
        guard_clinic_rows("protocols_librarylimit", may="SELECT, INSERT, UPDATE, DELETE"),
        keep_in_one_clinic("protocols_protocolversion", "protocol_id", "protocols_protocol"),
        keep_in_one_clinic("protocols_librarydrug", "version_id", "protocols_libraryversion"),
        keep_in_one_clinic("protocols_librarylimit", "drug_id", "protocols_librarydrug"),
        migrations.RunSQL(FREEZE_PROTOCOLS, THAW_PROTOCOLS),
        migrations.RunSQL(FREEZE_LIBRARIES, THAW_LIBRARIES),
    ]
