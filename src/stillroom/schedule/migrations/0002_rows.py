"""Row security and history of appointments; one patient to a room and one room to a patient at a time; private rooms."""

from django.db import migrations

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic, show_rows_to_person

# Two of them overlap if they name the same thing at the same time. GiST has ranges and no uuids without an extension,
# so the uuid stands as a range of one number: 63 bits of its hash.
ONE_AT_A_TIME = """
    ALTER TABLE schedule_appointment ADD CONSTRAINT appointment_one_per_{thing} EXCLUDE USING gist (
        int8range(uuid_hash_extended({thing}_id, 0) >> 1, uuid_hash_extended({thing}_id, 0) >> 1, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (cancelled_at IS NULL);
"""
NOT_ONE_AT_A_TIME = "ALTER TABLE schedule_appointment DROP CONSTRAINT appointment_one_per_{thing};"

# The room's row is locked until the appointment is there: who makes it less private at the same moment waits.
PRIVATE_ROOMS = """
    CREATE FUNCTION schedule_in_private() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM FROM clinics_room WHERE id = NEW.room_id AND is_private FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'room % is not private, and holds no infusion', NEW.room_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER in_private BEFORE INSERT OR UPDATE OF room_id ON schedule_appointment
        FOR EACH ROW EXECUTE FUNCTION schedule_in_private();
"""
NO_PRIVATE_ROOMS = "DROP TRIGGER in_private ON schedule_appointment; DROP FUNCTION schedule_in_private();"


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_initial"), ("patients", "0005_weight_reason")]

    operations = [
        guard_clinic_rows("schedule_appointment"),
        keep_in_one_clinic("schedule_appointment", "patient_id", "patients_patient"),
        keep_in_one_clinic("schedule_appointment", "room_id", "clinics_room"),
        show_rows_to_person("schedule_appointment", through="patient_id"),
        *close_history("schedule_appointment"),
        *(
            migrations.RunSQL(ONE_AT_A_TIME.format(thing=thing), NOT_ONE_AT_A_TIME.format(thing=thing))
            for thing in ("room", "patient")
        ),
        migrations.RunSQL(PRIVATE_ROOMS, NO_PRIVATE_ROOMS),
    ]
