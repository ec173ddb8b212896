-- What a role may do. The one table of truth is domain/rights.py; tests/contracts compares every cell.

CREATE OR REPLACE FUNCTION desk.may(role text, verb text, own boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE role
        WHEN 'manager' THEN true
        WHEN 'receptionist' THEN verb IN ('see', 'book', 'move', 'set status', 'reopen', 'overbook', 'note',
                                          'edit patient', 'import', 'export')
        WHEN 'provider' THEN own AND verb IN ('see', 'note', 'edit availability')
        WHEN 'read-only' THEN verb = 'see'
        WHEN 'it' THEN verb = 'connect'
        ELSE false
    END
$$;

-- Whether a column of the day view is the person's own.
CREATE OR REPLACE FUNCTION desk.owns(person text, provider text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT 1 FROM public.providers AS p WHERE p.id = provider AND p.user_id = person));
END $$;

-- What an intent has to be allowed, from what it changes: the kind is a label and decides nothing but
-- whether it is an import or an undo.
CREATE OR REPLACE FUNCTION desk.verbs(entity text, seen jsonb, want jsonb, importing boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    verbs text[] := '{}';
    closed CONSTANT text[] := ARRAY['COMPLETED', 'CANCELLED', 'NO_SHOW'];
BEGIN
    IF importing THEN
        RETURN ARRAY['import'];
    END IF;
    CASE entity
    WHEN 'appointment' THEN
        IF seen = '{}' OR want = '{}' THEN
            verbs := verbs || 'book'::text;
        ELSE
            IF want ?| ARRAY['start', 'end', 'provider_id', 'resources', 'clinic_id', 'lane', 'overbook_reason'] THEN
                verbs := verbs || 'move'::text;
            END IF;
            IF want ? 'status' THEN
                verbs := verbs || CASE
                    WHEN seen->>'status' = ANY (closed) AND want->>'status' = 'CONFIRMED' THEN 'reopen'
                    ELSE 'set status' END;
            END IF;
            IF want ?| ARRAY['visit', 'outcome_missing', 'cancelled_at', 'cancelled_by', 'cancelled_by_id',
                             'cancellation_reason'] AND NOT want ? 'status' THEN
                verbs := verbs || 'set status'::text;
            END IF;
            IF want ?| ARRAY['notes', 'activity_notes'] THEN
                verbs := verbs || 'note'::text;
            END IF;
            IF want - ARRAY['start', 'end', 'provider_id', 'resources', 'clinic_id', 'lane', 'overbook_reason',
                            'status', 'visit', 'outcome_missing', 'cancelled_at', 'cancelled_by', 'cancelled_by_id',
                            'cancellation_reason', 'notes', 'activity_notes', 'created', 'updated'] <> '{}' THEN
                verbs := verbs || 'book'::text;
            END IF;
        END IF;
        IF want ? 'lane' AND (want->>'lane')::int > 0 THEN
            verbs := verbs || 'overbook'::text;
        END IF;
    WHEN 'patient' THEN
        verbs := ARRAY['edit patient'];
    WHEN 'provider' THEN
        verbs := ARRAY[CASE WHEN seen <> '{}' AND want <> '{}'
            AND want - ARRAY['hours', 'breaks', 'overrides', 'updated'] = '{}'
            THEN 'edit availability' ELSE 'edit setup' END];
    WHEN 'block' THEN
        verbs := ARRAY['edit availability'];
    WHEN 'staff' THEN
        verbs := ARRAY['manage staff'];
    WHEN 'card' THEN
        verbs := '{}';
    ELSE
        verbs := ARRAY['edit setup'];
    END CASE;
    RETURN verbs;
END $$;
