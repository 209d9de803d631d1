-- Two records of one patient become one, and can become two again. Only these functions move rows: the application may
-- not change most of them. They run as the owner of the tables, whom row security binds too: nothing leaves its clinic.

-- Whose record this one is part of now: itself, or the one it was merged into, however often.
CREATE FUNCTION patients_kept(p_patient uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE way (id) AS (
        SELECT p_patient
        UNION
        SELECT m.kept_id FROM patients_recordmerge m JOIN way ON m.other_id = way.id WHERE m.undone_at IS NULL
    )
    SELECT id FROM way
    WHERE NOT EXISTS (SELECT FROM patients_recordmerge m WHERE m.other_id = way.id AND m.undone_at IS NULL)
    LIMIT 1
$$;

-- Every table that names a patient, as the database itself knows them: a new one cannot be forgotten. Who looked at a
-- record looked at that record, and a merge is no part of either.
CREATE FUNCTION patients_children() RETURNS TABLE (child regclass, patient_column name, id_type text, is_numbered boolean, is_replaced boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.conrelid::regclass, a.attname, format_type(i.atttypid, i.atttypmod),
           EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = c.conrelid AND n.attname = 'number' AND NOT n.attisdropped),
           EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = c.conrelid AND n.attname = 'replaces_id' AND NOT n.attisdropped)
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute i ON i.attrelid = c.conrelid AND i.attname = 'id'
    WHERE c.contype = 'f' AND c.confrelid = 'patients_patient'::regclass AND array_length(c.conkey, 1) = 1
      AND c.conrelid NOT IN ('patients_recordmerge'::regclass, 'patients_look'::regclass)
    ORDER BY 1, 2
$$;

-- What both have of one day, such as two check-ins: the one written later replaces the other, which stays beneath it.
CREATE FUNCTION patients_join_days(p_merge uuid, p_child regclass, p_kept uuid, p_other uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_same text;
    v_pair record;
    v_root uuid;
    v_onto uuid;
BEGIN
    SELECT string_agg(format('m.%1$I = k.%1$I', a.attname), ' AND ') INTO v_same
    FROM pg_index x
    JOIN pg_attribute p ON p.attrelid = p_child AND p.attname = 'patient_id' AND p.attnum = ANY (x.indkey)
    JOIN pg_attribute a ON a.attrelid = p_child AND a.attnum = ANY (x.indkey) AND a.attname <> 'patient_id'
    WHERE x.indrelid = p_child AND x.indisunique AND pg_get_expr(x.indpred, p_child) LIKE '%replaces_id IS NULL%';
    IF v_same IS NULL THEN
        RETURN;
    END IF;
    FOR v_pair IN EXECUTE format(
        'SELECT m.id AS moved, k.id AS kept FROM %1$s m JOIN %1$s k ON %2$s WHERE m.patient_id = $1 AND k.patient_id = $2
         AND m.replaces_id IS NULL AND k.replaces_id IS NULL', p_child, v_same) USING p_other, p_kept
    LOOP
        EXECUTE format(
            'WITH RECURSIVE chain (root, id, written_at) AS (
                 SELECT id, id, written_at FROM %1$s WHERE id IN ($1, $2)
                 UNION ALL SELECT chain.root, t.id, t.written_at FROM %1$s t JOIN chain ON t.replaces_id = chain.id
             ), tips AS (SELECT DISTINCT ON (root) root, id, written_at FROM chain
                         WHERE NOT EXISTS (SELECT FROM %1$s t WHERE t.replaces_id = chain.id) ORDER BY root)
             SELECT later.root, earlier.id FROM tips later, tips earlier
             WHERE later.root <> earlier.root AND (later.written_at, later.root) > (earlier.written_at, earlier.root)',
            p_child) INTO v_root, v_onto USING v_pair.moved, v_pair.kept;
        EXECUTE format('UPDATE %s SET replaces_id = $1 WHERE id = $2', p_child) USING v_onto, v_root;
        INSERT INTO patients_movedrow (clinic_id, merge_id, table_name, row_id, what, before)
        SELECT clinic_id, id, p_child::text, v_root::text, 'changed', '{"replaces_id": null}' FROM patients_recordmerge WHERE id = p_merge;
    END LOOP;
END $$;

-- Moves every row of the other record to the one that is kept, and writes down which. What both have and only one may,
-- such as the same consent in the same version, stays where it is and is written down too.
CREATE FUNCTION patients_merge(p_merge uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_merge patients_recordmerge;
    v_child record;
    v_row text;
    v_more int;
    v_note constant text := 'INSERT INTO patients_movedrow (clinic_id, merge_id, table_name, row_id, what, before) ';
BEGIN
    SELECT * INTO STRICT v_merge FROM patients_recordmerge WHERE id = p_merge AND undone_at IS NULL;
    IF EXISTS (SELECT FROM patients_movedrow WHERE merge_id = p_merge) THEN
        RAISE EXCEPTION 'merge % was done before', p_merge USING ERRCODE = 'restrict_violation';
    END IF;
    -- A child and its parent move one after the other: keys between them are looked at when all are there.
    SET CONSTRAINTS ALL DEFERRED;
    FOR v_child IN SELECT * FROM patients_children() LOOP
        IF v_child.is_replaced THEN
            PERFORM patients_join_days(p_merge, v_child.child, v_merge.kept_id, v_merge.other_id);
        END IF;
        v_more := 0;
        IF v_child.is_numbered THEN
            EXECUTE format('SELECT coalesce(max(number), 0) FROM %s WHERE %I = $1', v_child.child, v_child.patient_column)
                INTO v_more USING v_merge.kept_id;
            EXECUTE format('WITH moved AS (UPDATE %1$s SET %2$I = $1, number = number + $5 WHERE %2$I = $2 RETURNING id, number)'
                || v_note || 'SELECT $3, $4, %1$L, id::text, ''moved'', jsonb_build_object(''number'', number - $5) FROM moved',
                v_child.child, v_child.patient_column)
                USING v_merge.kept_id, v_merge.other_id, v_merge.clinic_id, p_merge, v_more;
            CONTINUE;
        END IF;
        BEGIN
            EXECUTE format('WITH moved AS (UPDATE %1$s SET %2$I = $1 WHERE %2$I = $2 RETURNING id)'
                || v_note || 'SELECT $3, $4, %1$L, id::text, ''moved'', ''{}'' FROM moved',
                v_child.child, v_child.patient_column)
                USING v_merge.kept_id, v_merge.other_id, v_merge.clinic_id, p_merge;
        EXCEPTION WHEN unique_violation THEN
            FOR v_row IN EXECUTE format('SELECT id::text FROM %s WHERE %I = $1 ORDER BY id', v_child.child, v_child.patient_column)
                USING v_merge.other_id
            LOOP
                BEGIN
                    EXECUTE format('UPDATE %s SET %I = $1 WHERE id = $2::%s', v_child.child, v_child.patient_column, v_child.id_type)
                        USING v_merge.kept_id, v_row;
                    EXECUTE v_note || 'SELECT $1, $2, $3, $4, ''moved'', ''{}'''
                        USING v_merge.clinic_id, p_merge, v_child.child::text, v_row;
                EXCEPTION WHEN unique_violation THEN
                    EXECUTE v_note || 'SELECT $1, $2, $3, $4, ''stayed'', ''{}'''
                        USING v_merge.clinic_id, p_merge, v_child.child::text, v_row;
                END;
            END LOOP;
        END;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
END $$;

-- What was written since and hangs on moved rows alone, such as an answer given by a link that was moved, goes with
-- them. What hangs on rows of both stays.
CREATE FUNCTION patients_follow(p_merge uuid, p_kept uuid) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_child record;
    v_key record;
    v_some text;
    v_none text;
    v_found int;
    v_all int := 0;
BEGIN
    FOR v_child IN SELECT * FROM patients_children() LOOP
        v_some := NULL;
        v_none := NULL;
        FOR v_key IN
            SELECT a.attname, k.child AS parent FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            JOIN patients_children() k ON k.child = c.confrelid
            WHERE c.contype = 'f' AND c.conrelid = v_child.child AND array_length(c.conkey, 1) = 1
        LOOP
            v_some := concat_ws(' OR ', v_some, format('EXISTS (SELECT FROM patients_movedrow g WHERE g.merge_id = $2'
                ' AND g.what IN (''moved'', ''followed'') AND g.table_name = %L AND g.row_id = t.%I::text)', v_key.parent, v_key.attname));
            v_none := concat_ws(' AND ', v_none, format('(t.%2$I IS NULL OR EXISTS (SELECT FROM patients_movedrow g WHERE g.merge_id = $2'
                ' AND g.what IN (''moved'', ''followed'') AND g.table_name = %1$L AND g.row_id = t.%2$I::text))', v_key.parent, v_key.attname));
        END LOOP;
        IF v_some IS NOT NULL THEN
            EXECUTE format('INSERT INTO patients_movedrow (clinic_id, merge_id, table_name, row_id, what, before)'
                ' SELECT t.clinic_id, $2, %1$L, t.id::text, ''followed'', ''{}'' FROM %1$s t WHERE t.%2$I = $1'
                ' AND (%3$s) AND (%4$s) AND NOT EXISTS (SELECT FROM patients_movedrow g WHERE g.merge_id = $2'
                ' AND g.table_name = %1$L AND g.row_id = t.id::text AND g.what IN (''moved'', ''followed''))',
                v_child.child, v_child.patient_column, v_some, v_none) USING p_kept, p_merge;
            GET DIAGNOSTICS v_found = ROW_COUNT;
            v_all := v_all + v_found;
        END IF;
    END LOOP;
    RETURN v_all;
END $$;

-- Two again: every row that was moved goes back, if it still is with the record that was kept, with what follows it.
CREATE FUNCTION patients_unmerge(p_merge uuid, p_by uuid, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_merge patients_recordmerge;
    v_child record;
BEGIN
    SELECT * INTO STRICT v_merge FROM patients_recordmerge WHERE id = p_merge AND undone_at IS NULL FOR UPDATE;
    UPDATE patients_recordmerge SET undone_at = clock_timestamp(), undone_by_id = p_by, undone_reason = p_reason WHERE id = p_merge;
    SET CONSTRAINTS ALL DEFERRED;
    WHILE patients_follow(p_merge, v_merge.kept_id) > 0 LOOP
    END LOOP;
    FOR v_child IN SELECT * FROM patients_children() LOOP
        EXECUTE format('UPDATE %1$s t SET %2$I = $1%4$s FROM patients_movedrow g'
            ' WHERE g.merge_id = $3 AND g.what IN (''moved'', ''followed'') AND g.table_name = %5$L'
            ' AND t.id = g.row_id::%3$s AND t.%2$I = $2',
            v_child.child, v_child.patient_column, v_child.id_type,
            CASE WHEN v_child.is_numbered THEN ', number = coalesce((g.before->>''number'')::int, t.number)'
                 WHEN v_child.is_replaced THEN ', replaces_id = CASE WHEN EXISTS (SELECT FROM patients_movedrow c'
                      ' WHERE c.merge_id = g.merge_id AND c.what = ''changed'' AND c.row_id = g.row_id'
                      ' AND c.table_name = g.table_name) THEN NULL ELSE t.replaces_id END'
                 ELSE '' END, v_child.child)
            USING v_merge.other_id, v_merge.kept_id, p_merge;
        IF v_child.is_replaced THEN
            EXECUTE format('UPDATE %1$s t SET replaces_id = NULL FROM patients_movedrow g WHERE g.merge_id = $1'
                ' AND g.what = ''changed'' AND g.table_name = %2$L AND t.id = g.row_id::%3$s AND t.replaces_id IS NOT NULL',
                v_child.child, v_child.child, v_child.id_type) USING p_merge;
        END IF;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
END $$;
