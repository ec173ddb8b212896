-- An intent gets its first and last word here: one transaction at READ COMMITTED, the ledger first, so that twenty
-- sendings of one intent have one effect and twenty equal answers (reliability, 2.3).

-- What an id stands for. ``before`` is left out: the repair of a chain may change it between two sendings.
CREATE OR REPLACE FUNCTION desk.intent_hash(intent jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        intent->'kind', intent->'version', intent->'entity', intent->'key', intent->'author', intent->'after',
        coalesce(intent->'before', '{}') = '{}')::text, 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION desk.told(rule text, words text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(jsonb_build_object('rule', rule, 'text', words))
$$;

-- What a new aggregate says where an intent of another version says nothing: the defaults of domain's records.
CREATE OR REPLACE FUNCTION desk.blank(entity text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE entity
    WHEN 'appointment' THEN '{"id": null, "number": null, "clinic_id": null, "provider_id": null, "patient_id": null,
        "start": null, "end": null, "status": null, "patient_name": null, "patient_email": null, "created": null,
        "updated": null, "patient_phone": null, "notes": null, "activity_notes": null, "services": [], "total": 0,
        "location": "in_person", "type": null, "resources": [], "lane": 0, "overbook_reason": null, "source": "desk",
        "external_system": null, "external_id": null, "outcome_missing": false, "cancelled_at": null,
        "cancelled_by": null, "cancelled_by_id": null, "cancellation_reason": null, "visit": {"state": null,
        "arrived_at": null, "in_room_at": null, "with_provider_at": null, "checked_out_at": null}}'
    WHEN 'patient' THEN '{"id": null, "name": null, "email": null, "created": null, "updated": null, "phone": null,
        "birth_date": null, "sex": null, "address": null, "consent": {"email": true, "sms": true, "push": false,
        "whatsapp": false}, "alerts": [], "blocked": false, "favorite": false, "private_notes": null,
        "external_system": null, "external_id": null, "web_account": false, "email_shared": false}'
    WHEN 'provider' THEN '{"id": null, "user_id": null, "name": null, "status": "PENDING", "slot_minutes": 30,
        "created": null, "updated": null, "clinics": [], "hours": [], "breaks": [], "overrides": [],
        "policy": {"notice_minutes": 0, "cancel_hours": 24, "auto_confirm": false, "max_per_day": null,
        "buffer_before": 0, "buffer_after": 0, "overbook_lanes": 0}, "specialty": null, "key": null, "position": 0}'
    WHEN 'service' THEN '{"id": null, "provider_id": null, "name": null, "kind": "SINGLE", "pricing": "FIXED",
        "created": null, "updated": null, "price_min": 0, "price_max": 0, "duration": null, "buffer_before": 0,
        "buffer_after": 0, "max_per_day": null, "active": true, "description": null, "parts": [], "catalogue": null,
        "key": null}'
    WHEN 'clinic' THEN '{"id": null, "name": null, "timezone": null, "currency": "PHP", "rooms": [], "key": null}'
    WHEN 'block' THEN '{"id": null, "provider_id": null, "start": null, "end": null, "title": null, "created": null,
        "updated": null, "all_day": false, "external_system": null, "external_id": null}'
    WHEN 'staff' THEN '{"id": null, "login": null, "name": null, "role": null, "clinic_id": null, "email": null,
        "active": true}'
    END::jsonb
$$;

-- Keep everybody else from the aggregate until the end of the transaction. What only refers to it goes on.
CREATE OR REPLACE FUNCTION desk.lock_aggregate(entity text, key text, deleting boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CASE entity
    WHEN 'appointment' THEN
        PERFORM 1 FROM public.appointments AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
    WHEN 'patient' THEN
        IF deleting THEN
            PERFORM 1 FROM public."user" AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
        ELSE
            PERFORM 1 FROM public."user" AS t WHERE t.id = lock_aggregate.key FOR NO KEY UPDATE;
        END IF;
    WHEN 'provider' THEN
        IF deleting THEN
            PERFORM 1 FROM public.providers AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
        ELSE
            PERFORM 1 FROM public.providers AS t WHERE t.id = lock_aggregate.key FOR NO KEY UPDATE;
        END IF;
    WHEN 'service' THEN
        IF deleting THEN
            PERFORM 1 FROM public.services AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
        ELSE
            PERFORM 1 FROM public.services AS t WHERE t.id = lock_aggregate.key FOR NO KEY UPDATE;
        END IF;
    WHEN 'block' THEN
        PERFORM 1 FROM desk.blocks AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
    WHEN 'clinic' THEN
        PERFORM 1 FROM desk.clinics AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
    WHEN 'staff' THEN
        PERFORM 1 FROM desk.staff AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
    WHEN 'card' THEN
        PERFORM 1 FROM desk.card AS t WHERE t.id = lock_aggregate.key FOR UPDATE;
    END CASE;
END $$;

CREATE OR REPLACE FUNCTION desk.put(entity text, old jsonb, new jsonb, clinic text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CASE entity
    WHEN 'appointment' THEN PERFORM desk.put_appointment(old, new);
    WHEN 'patient' THEN PERFORM desk.put_patient(old, new, clinic);
    WHEN 'provider' THEN PERFORM desk.put_provider(old, new);
    WHEN 'service' THEN PERFORM desk.put_service(old, new);
    WHEN 'clinic' THEN PERFORM desk.put_clinic(old, new);
    WHEN 'block' THEN PERFORM desk.put_block(old, new);
    WHEN 'staff' THEN PERFORM desk.put_staff(old, new, clinic);
    END CASE;
END $$;

-- The provider whose column an aggregate stands in.
CREATE OR REPLACE FUNCTION desk.column_of(entity text, key text, image jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE entity WHEN 'appointment' THEN image->>'provider_id' WHEN 'block' THEN image->>'provider_id'
        WHEN 'service' THEN image->>'provider_id' WHEN 'provider' THEN key END
$$;

-- Whether the clinic's desks know the aggregate at all: another clinic's is as if it were not there.
CREATE OR REPLACE FUNCTION desk.known_at(clinic text, entity text, key text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT 1 FROM desk.head AS h
                    WHERE h.entity = known_at.entity AND h.key = known_at.key AND h.clinic_id = clinic
                      AND h.state = 'live'));
END $$;

CREATE OR REPLACE FUNCTION desk.ver_at(clinic text, entity text, key text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT h.ver FROM desk.head AS h
                      WHERE h.entity = ver_at.entity AND h.key = ver_at.key AND h.clinic_id = clinic), 0));
END $$;

-- Whether this takes back what its author did: an accepted intent of the same person on the same aggregate, not
-- longer ago by the server's clock, which made it what this one saw.
CREATE OR REPLACE FUNCTION desk.takes_back(
    person text, entity text, key text, seen jsonb, want jsonb, within interval)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (
        SELECT 1 FROM desk.ledger AS l JOIN desk.history AS h ON h.uid = l.id
         WHERE l.entity = takes_back.entity AND l.key = takes_back.key AND l.author = person AND l.word = 'accepted'
           AND l.received_at > clock_timestamp() - within
           AND CASE
               WHEN seen = '{}' THEN h.after = '{}'
               WHEN want = '{}' THEN h.before = '{}'
               ELSE h.after <> '{}' AND NOT EXISTS (
                   SELECT 1 FROM jsonb_each(want) AS w (field, value)
                    WHERE w.field NOT IN ('created', 'updated')
                      AND desk.compared(w.field, want->w.field) <> desk.compared(w.field, seen->w.field)
                      AND desk.compared(w.field, seen->w.field) <> ALL (ARRAY[
                          desk.compared(w.field, h.after->w.field),
                          desk.compared(w.field, l.verdict->'image'->w.field)]))
               END));
END $$;

-- Who gave the aggregate what stands there: the newest row of its history that touched one of these fields.
CREATE OR REPLACE FUNCTION desk.theirs(entity text, key text, fields text[]) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((
        SELECT jsonb_build_object('by', s.name, 'at', desk.micros(h.at), 'source', h.source)
          FROM desk.history AS h LEFT JOIN desk.staff AS s ON s.id = h.by_id
         WHERE h.entity_type = theirs.entity AND h.entity_id = theirs.key
           AND (fields = '{}' OR h.after ?| fields OR h.after = '{}' OR h.before = '{}')
         ORDER BY h.seq DESC LIMIT 1), '{"by": null, "at": null, "source": "web"}'));
END $$;

CREATE OR REPLACE FUNCTION desk.push_v1(intent jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    who CONSTANT desk.staff := desk.actor();
    clinic CONSTANT text := desk.clinic_of(who, intent);
    this CONSTANT text := intent->>'id';
    hash CONSTANT bytea := desk.intent_hash(intent);
    answer jsonb;
    kept desk.ledger;
BEGIN
    PERFORM desk.require_primary();
    PERFORM desk.require_shape(intent);
    INSERT INTO desk.ledger (id, clinic_id, entity, key, kind, version, req_hash, author, pushed_by, device, client_at)
    VALUES (this, clinic, intent->>'entity', intent->>'key', intent->>'kind', (intent->>'version')::int, hash,
            coalesce(intent->>'author', who.id), who.id, coalesce(intent->>'device', ''), (intent->>'at')::bigint)
    ON CONFLICT ON CONSTRAINT ledger_pkey DO NOTHING;
    IF NOT FOUND THEN
        SELECT l.* INTO kept FROM desk.ledger AS l WHERE l.id = this;
        IF kept.req_hash <> hash OR NOT desk.works_at(who.id, kept.clinic_id) THEN
            RAISE EXCEPTION 'this id stands for another intent' USING ERRCODE = '22023';
        END IF;
        RETURN desk.kept_verdict(kept);
    END IF;

    BEGIN
        answer := desk.decide(intent, who, clinic);
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
        -- A value that is none of its field's: also that is a word on it, or it would come again for ever.
        answer := desk.answer(intent, clinic, who, desk.no('unknown', '{}', 'bad_value', 'A value can''t be right.'),
                              desk.image_at(clinic, intent->>'entity', intent->>'key'));
    END;

    IF answer->>'verdict' = 'refused' THEN
        PERFORM desk.file_card(intent, answer, clinic, coalesce(intent->>'author', who.id));
    END IF;
    -- Of an import's rows the ledger keeps the word; an image is read again if the answer was lost.
    UPDATE desk.ledger AS l SET
        word = answer->>'verdict',
        verdict = CASE WHEN desk.importing(intent->>'kind') THEN answer - 'image' ELSE answer END
     WHERE l.id = this;
    RETURN answer;
END $$;

-- Several intents in one call, each with its own verdict. Answers fewer when a later one builds on a refused one:
-- whoever sent them has to say first what becomes of it.
CREATE OR REPLACE FUNCTION desk.push_many_v1(intents jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    one jsonb;
    verdict jsonb;
    answers jsonb[] := '{}';
    fallen text[] := '{}';
    touched text[] := '{}';
BEGIN
    IF jsonb_typeof(intents) <> 'array' OR jsonb_array_length(intents) > 1000 THEN
        RAISE EXCEPTION 'not a list of at most 1000 intents' USING ERRCODE = '22023';
    END IF;
    FOR one IN SELECT value FROM jsonb_array_elements(intents) LOOP
        EXIT WHEN (one->>'entity') || '/' || (one->>'key') = ANY (touched)
            OR (fallen <> '{}' AND coalesce(one->'needs', '[]') ?| fallen);
        verdict := desk.push_v1(one);
        answers := answers || verdict;
        IF verdict->>'verdict' = 'refused' THEN
            fallen := fallen || (one->>'id');
            touched := touched || ((one->>'entity') || '/' || (one->>'key'));
        END IF;
    END LOOP;
    RETURN to_jsonb(answers);
END $$;

CREATE OR REPLACE FUNCTION desk.importing(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind ~ '^(undo\.)*import\.' OR kind ~ '\.import$'
$$;

-- What is no intent at all is no matter of a verdict.
CREATE OR REPLACE FUNCTION desk.require_shape(intent jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF jsonb_typeof(intent) IS DISTINCT FROM 'object'
        OR coalesce(intent->>'id', '') !~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
        OR coalesce(intent->>'entity', '') NOT IN ('appointment', 'patient', 'provider', 'service', 'clinic', 'block',
                                                   'staff', 'card')
        OR length(coalesce(intent->>'key', '')) NOT BETWEEN 1 AND 100
        OR length(coalesce(intent->>'kind', '')) NOT BETWEEN 1 AND 60
        OR length(coalesce(intent->>'device', '')) > 200
        OR coalesce(intent->>'version', '') !~ '^[0-9]{1,4}$'
        OR coalesce(intent->>'at', '') !~ '^[0-9]{1,17}$'
        OR jsonb_typeof(coalesce(intent->'before', '{}')) <> 'object'
        OR jsonb_typeof(coalesce(intent->'after', '{}')) <> 'object'
        OR (coalesce(intent->'before', '{}') = '{}' AND coalesce(intent->'after', '{}') = '{}')
    THEN
        RAISE EXCEPTION 'not an intent' USING ERRCODE = '22023';
    END IF;
    IF (intent->>'version')::int > 1 THEN
        RAISE EXCEPTION 'an intent of a newer program' USING ERRCODE = 'HS001';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.kept_verdict(kept desk.ledger) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF kept.verdict ? 'image' THEN
        RETURN kept.verdict;
    END IF;
    RETURN kept.verdict || jsonb_build_object(
        'ver', desk.ver_at(kept.clinic_id, kept.entity, kept.key),
        'image', coalesce(desk.image_at(kept.clinic_id, kept.entity, kept.key), '{}'));
END $$;
