-- The verdict on one intent: who may, what becomes of it, whether its place is free, and its rows.

-- The image as a desk of that clinic knows it; the empty one when it is not there, or another clinic's.
CREATE OR REPLACE FUNCTION desk.image_at(clinic text, entity text, key text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT desk.known_at(clinic, entity, key) THEN
        RETURN '{}';
    END IF;
    CASE entity
    WHEN 'appointment' THEN RETURN coalesce((SELECT i.image FROM desk.appointment_images(ARRAY[key]) AS i), '{}');
    WHEN 'patient' THEN RETURN coalesce((SELECT i.image FROM desk.patient_images(ARRAY[key], clinic) AS i), '{}');
    ELSE RETURN coalesce((SELECT i.image FROM desk.images(entity, ARRAY[key], clinic) AS i), '{}');
    END CASE;
END $$;

-- Whether a person sees an aggregate: the role "it" no patient's, a provider those of the own columns.
CREATE OR REPLACE FUNCTION desk.sees(who desk.staff, entity text, key text, image jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT entity NOT IN ('appointment', 'patient', 'card')
        OR desk.may(who.role, 'see', desk.owns(who.id, desk.column_of(entity, key, image)))
        OR (who.role = 'provider' AND entity = 'patient' AND EXISTS (
            SELECT 1 FROM public.appointments AS a JOIN public.providers AS p ON p.id = a.provider_id
             WHERE a.user_id = key AND p.user_id = who.id)));
END $$;

-- What a role does not allow though its verbs do: limits that need the aggregate. Null: nothing against it.
CREATE OR REPLACE FUNCTION desk.limits(
    entity text, seen jsonb, want jsonb, current jsonb, next jsonb, author desk.staff, clinic text, importing boolean,
    undoing boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    zone text;
BEGIN
    IF (next ? 'id' AND current ? 'id' AND next->'id' <> current->'id')
        OR (entity = 'appointment' AND current <> '{}' AND next <> '{}' AND next->'number' <> current->'number') THEN
        RETURN desk.no('unknown', ARRAY['id'], 'bad_value', 'An id never changes.');
    END IF;
    IF importing AND (entity IN ('clinic', 'staff', 'card')
        OR (entity IN ('provider', 'service') AND seen <> '{}' AND want <> '{}')) THEN
        RETURN desk.no('forbidden', '{}', 'forbidden', 'An import doesn''t change the setup.');
    END IF;
    CASE entity
    WHEN 'appointment' THEN
        IF NOT undoing AND current->>'status' IN ('COMPLETED', 'CANCELLED', 'NO_SHOW')
            AND next->>'status' = 'CONFIRMED' AND author.role <> 'manager' THEN
            SELECT c.timezone INTO zone FROM desk.clinics AS c WHERE c.id = clinic;
            IF (desk.instant_of(current->>'start') AT TIME ZONE zone)::date
                <> (clock_timestamp() AT TIME ZONE zone)::date THEN
                RETURN desk.no('status', ARRAY['status'], 'transition_refused',
                    'Only a manager can reopen an appointment of another day.');
            END IF;
        END IF;
    WHEN 'patient' THEN
        IF (current->>'blocked')::boolean AND NOT (next->>'blocked')::boolean AND author.role <> 'manager'
            AND NOT undoing THEN
            RETURN desk.no('forbidden', ARRAY['blocked'], 'forbidden', 'Only a manager can unblock a patient.');
        END IF;
        IF next = '{}' AND (EXISTS (SELECT 1 FROM public.appointments AS a WHERE a.user_id = current->>'id')
                            OR desk.registered(current->>'id') OR (current->>'web_account')::boolean) THEN
            RETURN desk.no('field', '{}', 'in_use', 'The patient has appointments or an account of the web.');
        END IF;
    WHEN 'provider' THEN
        IF current <> '{}' AND next <> '{}' AND next->'status' <> current->'status' THEN
            RETURN desk.no('forbidden', ARRAY['status'], 'forbidden',
                'A provider''s state is the platform''s administrators'' to set.');
        END IF;
        IF next = '{}' AND EXISTS (SELECT 1 FROM public.appointments AS a WHERE a.provider_id = current->>'id') THEN
            RETURN desk.no('field', '{}', 'in_use', 'The provider has appointments.');
        END IF;
        IF next <> '{}' AND current <> '{}' AND next->'user_id' <> current->'user_id'
            AND EXISTS (SELECT 1 FROM public.account AS a WHERE a."userId" = current->>'user_id') THEN
            RETURN desk.no('forbidden', ARRAY['user_id'], 'forbidden', 'This provider has an account of the web.');
        END IF;
        IF next <> '{}' AND (current = '{}' OR next->'user_id' <> current->'user_id') AND EXISTS (
            SELECT 1 FROM public."user" AS u WHERE u.id = next->>'user_id' AND (desk.registered(u.id) AND EXISTS (
                SELECT 1 FROM public.account AS a WHERE a."userId" = u.id) OR u.role <> 'PROVIDER')) THEN
            RETURN desk.no('forbidden', ARRAY['user_id'], 'forbidden', 'This user is somebody else.');
        END IF;
        -- Clinics and hours of clinics where the person does not work stay as they are.
        IF EXISTS (SELECT 1 FROM (
                SELECT c FROM jsonb_array_elements_text(coalesce(next->'clinics', '[]')) AS c
                EXCEPT SELECT c FROM jsonb_array_elements_text(coalesce(current->'clinics', '[]')) AS c) AS d
             WHERE NOT desk.works_at(author.id, d.c))
            OR EXISTS (SELECT 1 FROM (
                SELECT c FROM jsonb_array_elements_text(coalesce(current->'clinics', '[]')) AS c
                EXCEPT SELECT c FROM jsonb_array_elements_text(coalesce(next->'clinics', '[]')) AS c) AS d
             WHERE NOT desk.works_at(author.id, d.c))
            OR EXISTS (SELECT 1 FROM (
                (SELECT h FROM jsonb_array_elements(coalesce(next->'hours', '[]')) AS h
                 EXCEPT SELECT h FROM jsonb_array_elements(coalesce(current->'hours', '[]')) AS h)
                UNION ALL
                (SELECT h FROM jsonb_array_elements(coalesce(current->'hours', '[]')) AS h
                 EXCEPT SELECT h FROM jsonb_array_elements(coalesce(next->'hours', '[]')) AS h)) AS d
             WHERE next <> '{}' AND NOT desk.works_at(author.id, d.h->>'clinic_id'))
        THEN
            RETURN desk.no('forbidden', ARRAY['clinics'], 'forbidden', 'It is another clinic''s.');
        END IF;
    WHEN 'service' THEN
        IF next = '{}' AND EXISTS (SELECT 1 FROM public.appointment_service AS s
                                    WHERE s.service_id = current->>'id') THEN
            RETURN desk.no('field', '{}', 'in_use', 'The service is in use: it can be taken out of use only.');
        END IF;
        IF next <> '{}' AND NOT desk.known_at(clinic, 'provider', next->>'provider_id') THEN
            RETURN desk.no('deleted', ARRAY['provider_id'], 'not_found', 'The provider is not there any more.');
        END IF;
        IF current <> '{}' AND next <> '{}' AND next->'provider_id' <> current->'provider_id' THEN
            RETURN desk.no('unknown', ARRAY['provider_id'], 'bad_value', 'A service stays its provider''s.');
        END IF;
        IF EXISTS (SELECT 1 FROM jsonb_array_elements_text(coalesce(next->'parts', '[]')) AS p
                    WHERE NOT desk.known_at(clinic, 'service', p)) THEN
            RETURN desk.no('deleted', ARRAY['parts'], 'not_found', 'A part of the package is not there any more.');
        END IF;
    WHEN 'block' THEN
        IF next <> '{}' THEN
            IF NOT desk.known_at(clinic, 'provider', next->>'provider_id') THEN
                RETURN desk.no('deleted', ARRAY['provider_id'], 'not_found', 'The provider is not there any more.');
            END IF;
            IF (next->>'end')::bigint <= (next->>'start')::bigint THEN
                RETURN desk.no('unknown', ARRAY['start', 'end'], 'bad_value', 'An end must be after its start.');
            END IF;
        END IF;
    WHEN 'clinic' THEN
        IF current = '{}' OR next = '{}' THEN
            RETURN desk.no('forbidden', '{}', 'forbidden', 'Clinics are made and removed with himsog database.');
        END IF;
        IF next->>'timezone' <> current->>'timezone'
            AND NOT EXISTS (SELECT 1 FROM pg_timezone_names AS z WHERE z.name = next->>'timezone') THEN
            RETURN desk.no('unknown', ARRAY['timezone'], 'bad_value', 'There is no such time zone.');
        END IF;
        IF EXISTS (SELECT 1 FROM jsonb_array_elements(next->'rooms') AS r JOIN desk.rooms AS x ON x.id = r->>'id'
                    WHERE x.clinic_id <> clinic) THEN
            RETURN desk.no('forbidden', ARRAY['rooms'], 'forbidden', 'It is another clinic''s.');
        END IF;
    WHEN 'staff' THEN
        IF next = '{}' THEN
            RETURN desk.no('forbidden', '{}', 'forbidden', 'People are disabled, not removed.');
        END IF;
        IF current <> '{}' AND (next->'login' <> current->'login' OR next->'clinic_id' <> current->'clinic_id') THEN
            RETURN desk.no('forbidden', ARRAY['login'], 'forbidden', 'A login is changed with himsog staff.');
        END IF;
        IF current <> '{}' AND EXISTS (
            SELECT 1 FROM desk.staff_clinic AS c
             WHERE c.staff_id = current->>'id' AND NOT desk.works_at(author.id, c.clinic_id)) THEN
            RETURN desk.no('forbidden', '{}', 'forbidden', 'This person works for another clinic as well.');
        END IF;
        IF current = '{}' AND EXISTS (SELECT 1 FROM desk.staff AS s WHERE s.id = next->>'id') THEN
            RETURN desk.no('forbidden', ARRAY['id'], 'forbidden', 'This person is another clinic''s.');
        END IF;
    ELSE
        NULL;
    END CASE;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.decide(intent jsonb, who desk.staff, clinic text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    entity CONSTANT text := intent->>'entity';
    key CONSTANT text := intent->>'key';
    kind CONSTANT text := intent->>'kind';
    seen CONSTANT jsonb := coalesce(intent->'before', '{}');
    want jsonb := coalesce(intent->'after', '{}');
    importing CONSTANT boolean := desk.importing(kind);
    author desk.staff := who;
    undoing boolean := kind LIKE 'undo.%';
    current jsonb := '{}';
    next jsonb := '{}';
    no jsonb;
    tries integer := 0;
    word text;
    own boolean;
    verb text;
BEGIN
    IF coalesce(intent->>'author', who.id) <> who.id THEN
        SELECT s.* INTO author FROM desk.staff AS s WHERE s.id = intent->>'author' AND desk.works_at(s.id, clinic);
        IF NOT FOUND OR NOT author.active THEN
            RETURN desk.answer(intent, clinic, who, desk.no('forbidden', '{}', 'forbidden',
                'Whoever did this does not work here any more.'), '{}');
        END IF;
    END IF;
    IF octet_length(intent::text) > 1000000 THEN
        RETURN desk.answer(intent, clinic, who, desk.no('unknown', '{}', 'too_long', 'It is too long.'), '{}');
    END IF;
    IF entity = 'card' THEN
        RETURN desk.decide_card(intent, who, author, clinic);
    END IF;

    PERFORM desk.lock_aggregate(entity, key, want = '{}');
    current := desk.image_at(clinic, entity, key);
    IF seen = '{}' AND want <> '{}' THEN
        no := CASE WHEN NOT desk.blank(entity) @> jsonb_build_object() OR EXISTS (
                SELECT 1 FROM jsonb_object_keys(want) AS k WHERE NOT desk.blank(entity) ? k)
            THEN desk.no('unknown', ARRAY(SELECT k FROM jsonb_object_keys(want) AS k
                                           WHERE NOT desk.blank(entity) ? k), NULL, NULL)
            WHEN want->>'id' IS DISTINCT FROM key
            THEN desk.no('unknown', ARRAY['id'], 'bad_value', 'The id is another.') END;
        IF no IS NOT NULL THEN
            RETURN desk.answer(intent, clinic, who, no, current);
        END IF;
        want := desk.blank(entity) || want;
    END IF;

    IF want = '{}' AND current = '{}' THEN
        RETURN desk.answer(intent, clinic, who, NULL, current, true);
    END IF;

    -- Taking back one's own act needs no right but the one it was done with; an import may be taken back later too.
    IF undoing AND NOT desk.takes_back(author.id, entity, key, seen, want,
        CASE WHEN importing THEN interval '400 days' ELSE interval '10 minutes' END) THEN
        IF want = '{}' THEN
            RETURN desk.answer(intent, clinic, who, desk.no('forbidden', '{}', 'undo_refused',
                'Only the person who did it can undo it, within ten minutes.'), current);
        END IF;
        undoing := false;
    END IF;
    IF want = '{}' AND NOT undoing AND entity IN ('appointment', 'patient') THEN
        RETURN desk.answer(intent, clinic, who, desk.no('forbidden', '{}', 'forbidden',
            'It can be cancelled, not removed.'), current);
    END IF;
    own := desk.owns(author.id, desk.column_of(entity, key, CASE WHEN current = '{}' THEN want ELSE current END))
        AND (NOT want ? 'provider_id' OR desk.owns(author.id, want->>'provider_id'));
    FOREACH verb IN ARRAY desk.verbs(entity, seen, want, importing) LOOP
        verb := CASE WHEN undoing AND verb = 'reopen' THEN 'set status' ELSE verb END;
        IF NOT desk.may(author.role, verb, own) THEN
            RETURN desk.answer(intent, clinic, who, desk.no('forbidden', '{}', 'forbidden',
                format('The role %s doesn''t allow it.', author.role)), current);
        END IF;
        IF author.id <> who.id AND NOT desk.may(who.role, verb, own) THEN
            RAISE EXCEPTION 'who did this has to sign in' USING ERRCODE = '42501';
        END IF;
    END LOOP;

    SELECT CASE WHEN m.trouble IS NOT NULL THEN desk.no(m.trouble, m.fields, NULL, NULL) END, m.next INTO no, next
      FROM desk.merge(entity, current, seen, want, undoing) AS m;
    IF entity = 'appointment' AND NOT importing AND coalesce(no->>'trouble', '') NOT IN ('unknown', 'deleted')
        AND desk.is_over(current, seen, want) THEN
        RETURN desk.answer(intent, clinic, who, desk.no('status', ARRAY['status'], 'transition_refused',
            'It was closed meanwhile. Reopen it first.'), current);
    END IF;
    IF no IS NOT NULL THEN
        RETURN desk.answer(intent, clinic, who, no, current);
    END IF;
    IF next = current THEN
        RETURN desk.answer(intent, clinic, who, NULL, current, true);
    END IF;
    IF next <> '{}' AND desk.misfits(entity, want) <> '{}' THEN
        RETURN desk.answer(intent, clinic, who,
            desk.no('unknown', desk.misfits(entity, want), 'bad_value', 'A value can''t be right.'), current);
    END IF;

    -- Who wants a provider's time stands in line: two that put themselves there at once would wait for each other.
    -- The web's inserts, which only refer to the provider, do not stand here; the constraint decides between them.
    IF entity = 'block' OR (entity = 'appointment' AND desk.takes_time(next)) THEN
        PERFORM 1 FROM public.providers AS p WHERE p.id IN (next->>'provider_id', current->>'provider_id')
          ORDER BY p.id FOR NO KEY UPDATE;
    END IF;
    PERFORM set_config('desk.author', author.id, true), set_config('desk.source',
        CASE WHEN importing THEN 'import' ELSE 'desk' END, true);
    LOOP
        tries := tries + 1;
        BEGIN
            no := desk.limits(entity, seen, want, current, next, author, clinic, importing, undoing);
            IF no IS NULL AND entity = 'appointment' AND next <> '{}' THEN
                no := desk.place_trouble(current, next, clinic, author.role, importing, undoing);
                IF current = '{}' THEN
                    next := jsonb_set(next, '{number}', to_jsonb(desk.free_number(next->>'number')));
                END IF;
                IF importing AND desk.takes_time(next) THEN
                    next := jsonb_set(next, '{lane}', to_jsonb(desk.free_lane(next)));
                END IF;
            END IF;
            IF no IS NULL AND undoing AND entity = 'appointment' AND desk.takes_time(next) THEN
                PERFORM desk.put_into_blocked(current, next, clinic);
            ELSIF no IS NULL THEN
                PERFORM desk.put(entity, current, next, clinic);
            END IF;
            EXIT;
        EXCEPTION
            WHEN exclusion_violation THEN
                IF (NOT importing AND entity <> 'block') OR tries >= 20 THEN
                    no := desk.no('slot', ARRAY['start', 'end', 'provider_id'], NULL, NULL)
                        || jsonb_build_object('rules', desk.taken(next));
                    EXIT;
                END IF;
            WHEN unique_violation THEN
                -- A number or an address that somebody took at the same moment is looked for anew.
                IF tries >= 5 OR entity NOT IN ('appointment', 'patient') OR current <> '{}' THEN
                    no := desk.no('unknown', ARRAY['id'], 'bad_value', 'This id is taken.');
                    EXIT;
                END IF;
            WHEN foreign_key_violation THEN
                no := desk.no('deleted', '{}', 'not_found', 'Something that it refers to is not there any more.');
                EXIT;
            WHEN integrity_constraint_violation OR data_exception OR program_limit_exceeded THEN
                no := desk.no('unknown', '{}', 'bad_value', 'A value can''t be right.');
                EXIT;
        END;
    END LOOP;
    PERFORM set_config('desk.author', '', true), set_config('desk.source', '', true);
    IF no IS NOT NULL THEN
        RETURN desk.answer(intent, clinic, who, no, current);
    END IF;
    next := desk.image_at(clinic, entity, key);
    PERFORM desk.remember(intent, clinic, author.id, current, next, importing);
    RETURN desk.answer(intent, clinic, who, NULL, next, false);
END $$;

-- An undo puts an appointment back where it stood, also into blocked time: what is blocked takes only what nobody has.
CREATE OR REPLACE FUNCTION desk.put_into_blocked(current jsonb, next jsonb, clinic text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    blocks CONSTANT text[] := ARRAY(
        SELECT DISTINCT o.owner FROM desk.takers(next->>'provider_id', (next->>'lane')::int, desk.during(next)) AS o
         WHERE o.kind = 'block' ORDER BY 1);
    one text;
BEGIN
    DELETE FROM desk.occupancy AS o WHERE o.kind = 'block' AND o.owner = ANY (blocks);
    PERFORM desk.put('appointment', current, next, clinic);
    FOREACH one IN ARRAY blocks LOOP
        PERFORM desk.occupy_block(one);
    END LOOP;
END $$;

-- History of what was done, and what the patient is owed for it.
CREATE OR REPLACE FUNCTION desk.remember(
    intent jsonb, clinic text, person text, current jsonb, next jsonb, importing boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed CONSTANT text[] := CASE WHEN current = '{}' OR next = '{}' THEN NULL ELSE ARRAY(
        SELECT key FROM jsonb_each(next) WHERE value IS DISTINCT FROM current->key) END;
BEGIN
    INSERT INTO desk.history (uid, clinic_id, at, by_id, source, device, act_id, kind, entity_type, entity_id, before,
                              after)
    VALUES (intent->>'id', clinic, least(desk.instant_of(intent->>'at'), clock_timestamp()), person,
            CASE WHEN importing THEN 'import' ELSE 'desk' END, coalesce(intent->>'device', ''),
            coalesce(intent->>'act', intent->>'id'), intent->>'kind', intent->>'entity', intent->>'key',
            CASE WHEN changed IS NULL THEN current ELSE desk.only(current, changed) END,
            CASE WHEN changed IS NULL THEN next ELSE desk.only(next, changed) END);
    IF intent->>'entity' = 'appointment' THEN
        PERFORM desk.follow_notice(intent->>'key', coalesce(intent->>'act', intent->>'id'), current, next,
                                   NOT importing AND intent->>'kind' !~ '^(undo\.)*demo\.');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.only(image jsonb, fields text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_object_agg(f, image->f), '{}') FROM unnest(fields) AS f);
END $$;

-- The verdict as it is kept and answered. The caller is shown nothing that the role does not see; what is not shown
-- has no version either, or a desk that sees more would take the aggregate for gone. Where nothing was changed, image
-- and version are read at one moment: beside a later version an older image would stand for good.
CREATE OR REPLACE FUNCTION desk.answer(
    intent jsonb, clinic text, who desk.staff, no jsonb, image jsonb, noop boolean DEFAULT false)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    entity CONSTANT text := intent->>'entity';
    key CONSTANT text := intent->>'key';
    stands CONSTANT jsonb := CASE WHEN entity <> 'card' AND (no IS NOT NULL OR noop)
        THEN desk.image_at(clinic, entity, key) ELSE image END;
    seen CONSTANT boolean := stands <> '{}' AND desk.sees(who, entity, key, stands);
BEGIN
    RETURN jsonb_build_object(
        'id', intent->>'id',
        'verdict', CASE WHEN no IS NOT NULL THEN 'refused' WHEN noop THEN 'noop' ELSE 'accepted' END,
        'entity', entity, 'key', key,
        'ver', CASE WHEN seen OR stands = '{}' THEN desk.ver_at(clinic, entity, key) ELSE 0 END,
        'image', CASE WHEN seen THEN stands ELSE '{}' END,
        'trouble', no->'trouble', 'fields', coalesce(no->'fields', '[]'), 'rules', coalesce(no->'rules', '[]'),
        'theirs', CASE WHEN no IS NULL OR NOT seen AND stands <> '{}' THEN '{"by": null, "at": null, "source": "desk"}'
            ELSE desk.theirs(entity, key, ARRAY(SELECT jsonb_array_elements_text(coalesce(no->'fields', '[]')))) END);
END $$;
