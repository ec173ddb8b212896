-- What becomes of an intent against the aggregate as it stands: the same law as domain/merge.py, tested by one
-- table of cases (tests/contracts/remote_cases.py). Pure; whether a place is free is the table's to say.

-- Whether a transition may follow from where the appointment is now, and was meant by who saw ``seen``.
CREATE OR REPLACE FUNCTION desk.may_follow(current text, target text, seen text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (
        SELECT 1 FROM (VALUES
            ('PENDING', 'CONFIRMED', 'confirm'),
            ('CONFIRMED', 'COMPLETED', 'complete'),
            ('PENDING', 'CANCELLED', 'cancel'),
            ('CONFIRMED', 'CANCELLED', 'cancel'),
            ('CONFIRMED', 'NO_SHOW', 'no-show'),
            ('CONFIRMED', 'PENDING', 'unconfirm'),
            ('COMPLETED', 'CONFIRMED', 'reopen'),
            ('CANCELLED', 'CONFIRMED', 'reopen'),
            ('NO_SHOW', 'CONFIRMED', 'reopen')) AS now (source, target, act)
        JOIN (VALUES
            ('PENDING', 'confirm'), ('CONFIRMED', 'complete'), ('PENDING', 'cancel'), ('CONFIRMED', 'cancel'),
            ('CONFIRMED', 'no-show'), ('CONFIRMED', 'unconfirm'), ('COMPLETED', 'reopen'), ('CANCELLED', 'reopen'),
            ('NO_SHOW', 'reopen')) AS meant (source, act) USING (act)
        WHERE now.source = may_follow.current AND now.target = may_follow.target
          AND (seen IS NULL OR meant.source = seen)));
END $$;

-- Whether an intent would move, or tell the visit of, an appointment that is closed and stays so: then its time is
-- nobody's to change. What stands there already is no trouble.
CREATE OR REPLACE FUNCTION desk.is_over(current jsonb, seen jsonb, want jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN current <> '{}' AND seen <> '{}' AND want <> '{}' AND NOT want ? 'status'
        AND current->>'status' NOT IN ('PENDING', 'CONFIRMED')
        AND EXISTS (
            SELECT 1 FROM jsonb_each(want) AS w (field, value)
             WHERE w.field IN ('start', 'end', 'provider_id', 'resources', 'lane', 'overbook_reason', 'clinic_id', 'visit')
               AND w.value IS DISTINCT FROM current->w.field);
END $$;

-- A value as it is compared: what a service was called is the service's own.
CREATE OR REPLACE FUNCTION desk.compared(field text, value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF field = 'services' AND jsonb_typeof(value) = 'array' THEN
        RETURN (SELECT coalesce(jsonb_agg(one - 'name' ORDER BY place), '[]')
                  FROM jsonb_array_elements(value) WITH ORDINALITY AS e (one, place));
    END IF;
    RETURN coalesce(value, 'null');
END $$;

-- The fields of an image that differ from the current one.
CREATE OR REPLACE FUNCTION desk.differ(seen jsonb, current jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(key ORDER BY place), '{}') FROM jsonb_each(seen) WITH ORDINALITY AS f (key, value, place)
     WHERE key NOT IN ('created', 'updated')
       AND (NOT current ? key OR desk.compared(key, current->key) IS DISTINCT FROM desk.compared(key, value)));
END $$;

CREATE OR REPLACE FUNCTION desk.merge(
    entity text, current jsonb, seen jsonb, want jsonb, undo boolean,
    OUT next jsonb, OUT trouble text, OUT fields text[])
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    slot CONSTANT text[] := ARRAY['start', 'end', 'provider_id', 'resources', 'lane', 'overbook_reason', 'clinic_id'];
    states CONSTANT text[] := ARRAY['status', 'cancelled_at', 'cancelled_by', 'cancelled_by_id',
                                    'cancellation_reason', 'outcome_missing'];
    todo jsonb := want - ARRAY['created', 'updated'];
    unit text[];
    field text;
    was text;
    wish text;
    stands text;
    added text;
BEGIN
    next := current;
    fields := '{}';
    IF seen = '{}' THEN
        IF current = '{}' THEN
            next := want;
        ELSE
            fields := desk.differ(want, current);
            trouble := CASE WHEN fields <> '{}' THEN 'field' END;
        END IF;
        RETURN;
    END IF;
    IF want = '{}' THEN
        IF current <> '{}' THEN
            fields := desk.differ(seen, current);
            trouble := CASE WHEN fields <> '{}' THEN 'deleted' END;
            next := CASE WHEN fields <> '{}' THEN current ELSE '{}' END;
        END IF;
        RETURN;
    END IF;
    IF current = '{}' THEN
        trouble := 'deleted';
        fields := ARRAY(SELECT jsonb_object_keys(want));
        RETURN;
    END IF;
    fields := ARRAY(SELECT k FROM jsonb_object_keys(want) AS k WHERE NOT current ? k);
    IF fields <> '{}' THEN
        trouble := 'unknown';
        RETURN;
    END IF;

    IF entity = 'appointment' THEN
        IF todo ? 'status' THEN
            IF current->'status' <> todo->'status' THEN
                IF undo THEN
                    trouble := CASE WHEN current->'status' IS DISTINCT FROM seen->'status' THEN 'status' END;
                ELSIF NOT desk.may_follow(current->>'status', todo->>'status', seen->>'status') THEN
                    trouble := 'status';
                END IF;
                IF trouble IS NOT NULL THEN
                    next := current;
                    fields := ARRAY['status'];
                    RETURN;
                END IF;
                next := next || (SELECT jsonb_object_agg(key, value) FROM jsonb_each(todo) WHERE key = ANY (states));
            END IF;
            todo := todo - states;
        END IF;
        -- Notes append: what was added goes behind what stands there now.
        FOREACH field IN ARRAY ARRAY['notes', 'activity_notes'] LOOP
            CONTINUE WHEN NOT todo ? field;
            was := coalesce(seen->>field, '');
            wish := todo->>field;
            stands := coalesce(current->>field, '');
            IF current->field = coalesce(seen->field, 'null') OR current->field = todo->field THEN
                next := jsonb_set(next, ARRAY[field], todo->field);
            ELSIF wish IS NULL OR NOT starts_with(wish, was) THEN
                fields := fields || field;
            ELSE
                added := ltrim(substr(wish, length(was) + 1), E'\n');
                next := jsonb_set(next, ARRAY[field], to_jsonb(
                    CASE WHEN stands = '' THEN added ELSE stands || E'\n' || added END));
            END IF;
            todo := todo - field;
        END LOOP;
    END IF;

    -- Units first, then each field by itself: compared as it was seen, replaced or left alone together.
    FOR unit IN
        SELECT members FROM (
            SELECT ARRAY(SELECT u FROM unnest(slot) AS u WHERE entity = 'appointment' AND todo ? u), 1
            UNION ALL
            SELECT ARRAY(SELECT u FROM unnest(ARRAY['services', 'total']) AS u
                          WHERE entity = 'appointment' AND todo ? u), 2
            UNION ALL
            SELECT ARRAY[k], 3 FROM jsonb_object_keys(todo) AS k
             WHERE entity <> 'appointment' OR NOT k = ANY (slot || ARRAY['services', 'total'])
        ) AS u (members, place) ORDER BY place
    LOOP
        IF NOT EXISTS (SELECT 1 FROM unnest(unit) AS n
                        WHERE desk.compared(n, current->n) IS DISTINCT FROM desk.compared(n, seen->n)) THEN
            next := next || (SELECT coalesce(jsonb_object_agg(n, todo->n), '{}') FROM unnest(unit) AS n);
        ELSIF EXISTS (SELECT 1 FROM unnest(unit) AS n
                       WHERE desk.compared(n, current->n) IS DISTINCT FROM desk.compared(n, todo->n)) THEN
            fields := fields || ARRAY(
                SELECT n FROM unnest(unit) AS n
                 WHERE desk.compared(n, current->n) IS DISTINCT FROM desk.compared(n, seen->n));
        END IF;
    END LOOP;
    IF fields <> '{}' THEN
        trouble := 'field';
        next := current;
    END IF;
END $$;
