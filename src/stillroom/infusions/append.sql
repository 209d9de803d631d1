-- The one way into the log. Runs as its owner; row security is forced, so it writes only within the caller's clinic.
--
-- The bytes that a hash covers are lines joined by a line feed: domain, infusion, seq, previous hash (hex), act, kind,
-- version, occurred_at and recorded_at (UTC, microseconds), by, payload. No field but the last can hold a line feed.

CREATE FUNCTION infusions_utc(at timestamptz) RETURNS text
LANGUAGE sql STABLE SET timezone = 'UTC' SET search_path = pg_catalog, pg_temp AS
$$ SELECT to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE FUNCTION open_infusion(p_id uuid, p_clinic uuid, p_patient uuid, p_room uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO infusions_infusion (id, clinic_id, patient_id, room_id, status, rate_ml_per_h, is_in_doubt, open_alarms,
                                    last_seq, head_hash, created_at)
    VALUES (p_id, p_clinic, p_patient, p_room, 'new', 0, false, 0, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
$$;

CREATE FUNCTION append_entries(
    p_infusion uuid, p_expected_seq int, p_act uuid, p_command text, p_by text, p_device uuid, p_seen_seq int,
    p_software text, p_received_at timestamptz, p_answer text, p_kinds text[], p_versions smallint[],
    p_occurred_at timestamptz[], p_payloads text[], p_text_places int[], p_text_fields text[], p_text_salts bytea[],
    p_texts text[], p_summary jsonb, OUT outcome text, OUT answer text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v infusions_infusion%ROWTYPE;
    v_seq int;
    v_hash bytea;
    v_next bytea;
    v_now timestamptz := clock_timestamp();
    v_now_text text := infusions_utc(v_now);
BEGIN
    SELECT * INTO v FROM infusions_infusion WHERE id = p_infusion FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no infusion % in this clinic', p_infusion USING ERRCODE = 'no_data_found';
    END IF;
    SELECT a.answer INTO answer FROM infusions_act a WHERE a.id = p_act AND a.infusion_id = p_infusion;
    IF FOUND THEN
        outcome := 'repeated';
        RETURN;
    END IF;
    IF cardinality(p_kinds) > 0 AND v.last_seq <> p_expected_seq THEN
        outcome := 'behind';
        RETURN;
    END IF;
    INSERT INTO infusions_act (id, clinic_id, infusion_id, command, by, device, seen_seq, software, received_at, answer)
    VALUES (p_act, v.clinic_id, p_infusion, p_command, p_by, p_device, p_seen_seq, p_software, p_received_at, p_answer);
    v_seq := v.last_seq;
    v_hash := v.head_hash;
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        v_seq := v_seq + 1;
        v_next := sha256(convert_to(concat_ws(E'\n', 'stillroom entry 1', p_infusion, v_seq, encode(v_hash, 'hex'), p_act,
            p_kinds[i], p_versions[i], infusions_utc(p_occurred_at[i]), v_now_text, p_by, p_payloads[i]), 'UTF8'));
        INSERT INTO infusions_entry (clinic_id, infusion_id, seq, act_id, kind, version, occurred_at, recorded_at, by,
                                     payload, prev_hash, hash)
        VALUES (v.clinic_id, p_infusion, v_seq, p_act, p_kinds[i], p_versions[i], p_occurred_at[i], v_now, p_by,
                p_payloads[i], v_hash, v_next);
        v_hash := v_next;
    END LOOP;
    FOR i IN 1 .. cardinality(p_texts) LOOP
        INSERT INTO infusions_entrytext (clinic_id, infusion_id, seq, field, salt, text)
        VALUES (v.clinic_id, p_infusion, v.last_seq + p_text_places[i], p_text_fields[i], p_text_salts[i], p_texts[i]);
    END LOOP;
    IF v_seq > v.last_seq THEN
        UPDATE infusions_infusion SET
            last_seq = v_seq, head_hash = v_hash,
            patient_id = coalesce((p_summary->>'patient_id')::uuid, patient_id), status = p_summary->>'status',
            started_at = (p_summary->>'started_at')::timestamptz, ended_at = (p_summary->>'ended_at')::timestamptz,
            rate_ml_per_h = (p_summary->>'rate_ml_per_h')::numeric, is_in_doubt = (p_summary->>'is_in_doubt')::boolean,
            open_alarms = (p_summary->>'open_alarms')::int
        WHERE id = p_infusion;
    END IF;
    outcome := 'done';
    answer := p_answer;
END $$;

CREATE FUNCTION erase_text(p_infusion uuid, p_seq int, p_field text, p_by text, p_ground text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_clinic uuid;
BEGIN
    IF coalesce(trim(p_ground), '') = '' THEN
        RAISE EXCEPTION 'an erasure needs a ground';
    END IF;
    DELETE FROM infusions_entrytext WHERE infusion_id = p_infusion AND seq = p_seq AND field = p_field
    RETURNING clinic_id INTO v_clinic;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO infusions_texterasure (clinic_id, infusion_id, seq, field, erased_at, by, ground)
    VALUES (v_clinic, p_infusion, p_seq, p_field, clock_timestamp(), p_by, p_ground);
    RETURN true;
END $$;

CREATE FUNCTION infusions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not possible: the log only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
