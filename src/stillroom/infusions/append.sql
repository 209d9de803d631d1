-- The one way into the log. Runs as its owner; row security is forced, so it writes only within the caller's clinic.

-- A moment in the fixed form that is hashed and exported.
CREATE FUNCTION infusions_utc(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- The bytes that a hash covers are lines joined by a line feed. No line but the last, the payload, can hold one.
CREATE FUNCTION infusions_hash(
    infusion uuid, seq int, prev_hash bytea, act uuid, kind text, version smallint, occurred_at timestamptz,
    recorded_at timestamptz, by text, payload text
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(concat_ws(E'\n', 'stillroom entry 1', infusion, seq, encode(prev_hash, 'hex'), act, kind,
        version, infusions_utc(occurred_at), infusions_utc(recorded_at), by, payload), 'UTF8'))
$$;

CREATE FUNCTION open_infusion(p_id uuid, p_clinic uuid, p_patient uuid, p_room uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO infusions_infusion (id, clinic_id, patient_id, room_id, status, rate_ml_per_h, is_in_doubt, open_alarms,
                                    last_seq, head_hash, created_at)
    VALUES (p_id, p_clinic, p_patient, p_room, 'new', 0, false, 0, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
$$;

-- A rehearsal tells stories of months ago. Only in a database that its owner declared to be one, for good, may an act
-- say when it was recorded; anywhere else that is the clock of the database.
CREATE TABLE infusions_rehearsal (declared_at timestamptz NOT NULL DEFAULT clock_timestamp());

-- `p_entries` is a list of {kind, version, occurred_at, payload}; `p_texts`, NULL without words, one of {place, field,
-- salt (hex), words}, where `place` counts the entries from 1.
-- Returns the answer that the act has now: this one, or the one it got before. NULL: the log does not end where the
-- caller believed. Then nothing was written, but the infusion's row stays locked: whoever reads and calls again in the
-- same transaction is not behind a second time.
CREATE FUNCTION append_entries(
    p_infusion uuid, p_expected_seq int, p_act uuid, p_command text, p_by text, p_device uuid, p_seen_seq int,
    p_software text, p_received_at timestamptz, p_recorded_at timestamptz, p_answer text, p_entries jsonb,
    p_texts jsonb, p_summary jsonb
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_clinic uuid;
    v_seq int;
    v_head bytea;
    v_now timestamptz := clock_timestamp();
    v_answer text;
    v_kind text;
    v_version smallint;
    v_occurred_at timestamptz;
    v_payload text;
    v_hash bytea;
BEGIN
    SELECT clinic_id, last_seq, head_hash INTO v_clinic, v_seq, v_head
    FROM infusions_infusion WHERE id = p_infusion FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no infusion % in this clinic', p_infusion USING ERRCODE = 'no_data_found';
    END IF;
    SELECT answer INTO v_answer FROM infusions_act WHERE id = p_act AND infusion_id = p_infusion;
    IF FOUND OR v_seq <> p_expected_seq THEN
        RETURN v_answer;
    END IF;
    IF p_recorded_at IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM infusions_rehearsal) THEN
            RAISE EXCEPTION 'only a rehearsal says when it was recorded' USING ERRCODE = 'insufficient_privilege';
        END IF;
        v_now := p_recorded_at;
    END IF;

    INSERT INTO infusions_act (id, clinic_id, infusion_id, command, by, device, seen_seq, software, received_at, answer)
    VALUES (p_act, v_clinic, p_infusion, p_command, p_by, p_device, p_seen_seq, p_software, p_received_at, p_answer);
    FOR place IN 0 .. jsonb_array_length(p_entries) - 1 LOOP
        v_seq := v_seq + 1;
        v_kind := p_entries -> place ->> 'kind';
        v_version := p_entries -> place ->> 'version';
        v_occurred_at := p_entries -> place ->> 'occurred_at';
        v_payload := p_entries -> place ->> 'payload';
        -- Reckoned before the INSERT, not in it: plpgsql has a short way for a plain expression.
        v_hash := infusions_hash(
            p_infusion, v_seq, v_head, p_act, v_kind, v_version, v_occurred_at, v_now, p_by, v_payload);
        INSERT INTO infusions_entry (clinic_id, infusion_id, seq, act_id, kind, version, occurred_at, recorded_at, by,
                                     payload, prev_hash, hash)
        VALUES (v_clinic, p_infusion, v_seq, p_act, v_kind, v_version, v_occurred_at, v_now, p_by,
                v_payload, v_head, v_hash);
        v_head := v_hash;
    END LOOP;
    IF p_texts IS NOT NULL THEN
        INSERT INTO infusions_entrytext (clinic_id, infusion_id, seq, field, salt, text)
        SELECT v_clinic, p_infusion, p_expected_seq + place, field, decode(salt, 'hex'), words
        FROM jsonb_to_recordset(p_texts) AS given (place int, field text, salt text, words text);
    END IF;
    IF p_summary IS NOT NULL THEN
        UPDATE infusions_infusion SET
            last_seq = v_seq, head_hash = v_head, patient_id = (p_summary->>'patient_id')::uuid,
            status = p_summary->>'status', started_at = (p_summary->>'started_at')::timestamptz,
            ended_at = (p_summary->>'ended_at')::timestamptz, rate_ml_per_h = (p_summary->>'rate_ml_per_h')::numeric,
            is_in_doubt = (p_summary->>'is_in_doubt')::boolean, open_alarms = (p_summary->>'open_alarms')::int
        WHERE id = p_infusion;
    ELSIF v_seq > p_expected_seq THEN
        UPDATE infusions_infusion SET last_seq = v_seq, head_hash = v_head WHERE id = p_infusion;
    END IF;
    RETURN p_answer;
END $$;

-- Words go for good; that they went, by whom and on what ground, stays. The trace comes first: without it the trigger
-- below refuses. False: there was nothing to erase.
CREATE FUNCTION erase_text(p_infusion uuid, p_seq int, p_field text, p_by text, p_ground text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(trim(p_ground), '') = '' THEN
        RAISE EXCEPTION 'an erasure needs a ground' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO infusions_texterasure (clinic_id, infusion_id, seq, field, erased_at, by, ground)
    SELECT clinic_id, infusion_id, seq, field, clock_timestamp(), p_by, p_ground
    FROM infusions_entrytext WHERE infusion_id = p_infusion AND seq = p_seq AND field = p_field;
    DELETE FROM infusions_entrytext WHERE infusion_id = p_infusion AND seq = p_seq AND field = p_field;
    RETURN FOUND;
END $$;

CREATE FUNCTION infusions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not possible: the log only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION infusions_keep_words() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM infusions_texterasure
               WHERE infusion_id = OLD.infusion_id AND seq = OLD.seq AND field = OLD.field) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'words go by erase_text, which leaves a trace' USING ERRCODE = 'restrict_violation';
END $$;
