-- What a place needs beyond being free, and why a place is not free.

-- Who sits where the appointment wants to be: the rules of it, in the contract's words.
CREATE OR REPLACE FUNCTION desk.taken(image jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('rule', t.rule, 'text', CASE t.rule
               WHEN 'resource_busy' THEN 'In use' WHEN 'blocked_time' THEN 'Blocked time'
               WHEN 'held' THEN 'Held for an offer' ELSE 'Already booked' END)),
           desk.told('booked', 'Already booked'))
      FROM (
        SELECT CASE WHEN o.resource <> desk.resource_of_provider(image->>'provider_id') THEN 'resource_busy'
                    WHEN o.kind = 'block' THEN 'blocked_time' WHEN o.kind = 'hold' THEN 'held' ELSE 'booked' END AS rule
          FROM unnest(desk.resources_of(image)) AS r (name)
         CROSS JOIN LATERAL desk.takers(r.name, (image->>'lane')::int, desk.during(image)) AS o
         WHERE o.owner <> image->>'id') AS t);
END $$;

CREATE OR REPLACE FUNCTION desk.during(image jsonb) RETURNS tstzrange LANGUAGE sql STABLE AS $$
    SELECT tstzrange(desk.instant_of(image->>'start'), desk.instant_of(image->>'end'), '[)')
$$;

-- Whether an image takes time.
CREATE OR REPLACE FUNCTION desk.takes_time(image jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT image <> '{}' AND image->>'status' IN ('PENDING', 'CONFIRMED')
$$;

-- What stands against an appointment as it would be, but for the time being free; null: nothing.
CREATE OR REPLACE FUNCTION desk.place_trouble(
    old jsonb, new jsonb, clinic text, by_role text, importing boolean, undoing boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    anew CONSTANT boolean := old = '{}';
    placed CONSTANT boolean := anew OR old->'provider_id' <> new->'provider_id' OR old->'start' <> new->'start'
        OR old->'end' <> new->'end' OR (desk.takes_time(new) AND NOT desk.takes_time(old));
    status text;
    most integer;
BEGIN
    IF new->>'clinic_id' IS DISTINCT FROM clinic AND (anew OR new->'clinic_id' <> old->'clinic_id') THEN
        RETURN desk.no('forbidden', ARRAY['clinic_id'], 'forbidden', 'It is another clinic''s.');
    END IF;
    IF (new->>'end')::bigint <= (new->>'start')::bigint
        OR (new->>'end')::bigint - (new->>'start')::bigint > 31 * 86400000000
        OR (new->>'start')::bigint NOT BETWEEN 0 AND 7258118400000000 THEN
        RETURN desk.no('unknown', ARRAY['start', 'end'], 'bad_value', 'An end must be after its start.');
    END IF;
    IF anew OR old->'patient_id' <> new->'patient_id' THEN
        IF NOT desk.known_at(clinic, 'patient', new->>'patient_id') THEN
            RETURN desk.no('deleted', ARRAY['patient_id'], 'not_found', 'The patient is not there any more.');
        END IF;
        IF NOT importing AND NOT undoing AND EXISTS (
            SELECT 1 FROM desk.patient_clinic AS c
             WHERE c.patient_id = new->>'patient_id' AND c.clinic_id = clinic AND c.blocked) THEN
            RETURN desk.no('forbidden', ARRAY['patient_id'], 'patient_blocked',
                'This patient is blocked at this clinic. A manager can unblock.');
        END IF;
    END IF;
    IF anew OR old->'provider_id' <> new->'provider_id' THEN
        IF NOT EXISTS (SELECT 1 FROM desk.clinic_providers AS c
                        WHERE c.provider_id = new->>'provider_id' AND c.clinic_id = clinic) THEN
            RETURN desk.no('deleted', ARRAY['provider_id'], 'not_found', 'The provider is not there any more.');
        END IF;
    END IF;
    IF placed AND desk.takes_time(new) AND NOT importing THEN
        SELECT p.status::text INTO status FROM public.providers AS p WHERE p.id = new->>'provider_id';
        IF status IN ('SUSPENDED', 'REJECTED') THEN
            RETURN desk.no('slot', ARRAY['provider_id'], 'provider_inactive',
                'The provider takes no bookings at present');
        END IF;
    END IF;
    IF anew OR old->'provider_id' <> new->'provider_id'
        OR desk.compared('services', old->'services') <> desk.compared('services', new->'services') THEN
        IF EXISTS (SELECT 1 FROM jsonb_array_elements(new->'services') AS b (one)
                    WHERE NOT EXISTS (SELECT 1 FROM public.services AS s
                                       WHERE s.id = b.one->>'service_id' AND s.provider_id = new->>'provider_id')) THEN
            RETURN desk.no('slot', ARRAY['services'], 'service_not_offered',
                'The provider does not offer this service.');
        END IF;
    END IF;
    IF new->'resources' <> coalesce(old->'resources', '[]') AND EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(new->'resources') AS r (room)
         WHERE NOT EXISTS (SELECT 1 FROM desk.rooms AS x WHERE x.id = r.room AND x.clinic_id = clinic)) THEN
        RETURN desk.no('deleted', ARRAY['resources'], 'not_found', 'The room is not there any more.');
    END IF;
    IF NOT importing AND NOT undoing AND (new->>'lane')::int > 0
        AND (anew OR old->'lane' <> new->'lane' OR placed) THEN
        IF EXISTS (SELECT 1 FROM desk.takers(new->>'provider_id', 0, desk.during(new)) AS o WHERE o.kind = 'block') THEN
            RETURN desk.no('slot', ARRAY['start', 'end'], 'blocked_time', 'Blocked time');
        END IF;
        most := CASE WHEN by_role = 'manager' THEN 9 ELSE coalesce(
            (SELECT d.overbook_lanes FROM desk.provider_desk AS d WHERE d.provider_id = new->>'provider_id'), 0) END;
        IF (new->>'lane')::int > most OR coalesce(btrim(new->>'overbook_reason'), '') = '' THEN
            RETURN desk.no('forbidden', ARRAY['lane'], 'forbidden', 'The policy allows no more overbooking here.');
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.no(trouble text, fields text[], rule text, words text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('trouble', trouble, 'fields', to_jsonb(fields),
        'rules', CASE WHEN rule IS NULL THEN '[]' ELSE desk.told(rule, words) END)
$$;

-- The first lane, from the one wanted on, where nobody sits: imports are never refused for an overlap.
CREATE OR REPLACE FUNCTION desk.free_lane(image jsonb) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    place integer := (image->>'lane')::int;
BEGIN
    WHILE EXISTS (SELECT 1 FROM unnest(desk.resources_of(image)) AS r (name)
                   CROSS JOIN LATERAL desk.takers(r.name, place, desk.during(image)) AS o
                   WHERE o.owner <> image->>'id') LOOP
        place := place + 1;
    END LOOP;
    RETURN place;
END $$;
