-- What `himsog database attach` fills after the triggers are there (server/attach.py), in batches, each a transaction
-- of its own. While desk.meta.state is 'filling' no statement of the web is refused: what overlaps goes on a lane.
-- Rows that somebody is changing are left for the next round; with the row held nobody changes it between what is
-- read and what is written here.

-- The lowest lane of a resource with nothing in it in a range but ``mine``.
CREATE OR REPLACE FUNCTION desk.free_lane(resource text, during tstzrange, mine text) RETURNS integer LANGUAGE plpgsql
STABLE SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
    FOR lane IN 0 .. 999 LOOP
        IF NOT EXISTS (SELECT FROM desk.takers(free_lane.resource, lane, free_lane.during) AS o
                        WHERE (o.kind, o.owner) <> ('appointment', mine)) THEN
            RETURN lane;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'more than a thousand appointments at one time' USING ERRCODE = '54000';
END $$;

-- The time that an appointment takes; nothing for one that takes none.
CREATE OR REPLACE FUNCTION desk.taken_time(a public.appointments) RETURNS tstzrange LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.status IN ('PENDING', 'CONFIRMED') AND isfinite(a.start_time) AND isfinite(a.end_time)
                 AND a.start_time < a.end_time THEN tstzrange(a.start_time, a.end_time, '[)') END
$$;

-- Appointments that the web wrote while we fill: occupied like all others, what overlaps on a lane of its own.
CREATE OR REPLACE FUNCTION desk.occupy_filling(keys text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    one record;
    tries integer := 0;
BEGIN
    LOOP
        BEGIN
            FOR one IN SELECT a.id, a.provider_id, d.lane, desk.taken_time(a) AS during
                         FROM public.appointments AS a JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
                        WHERE a.id = ANY (keys) AND desk.taken_time(a) IS NOT NULL ORDER BY a.start_time, a.id LOOP
                IF EXISTS (SELECT FROM desk.takers(one.provider_id, one.lane, one.during) AS o
                            WHERE (o.kind, o.owner) <> ('appointment', one.id)) THEN
                    UPDATE desk.appointment_desk AS d SET lane = desk.free_lane(one.provider_id, one.during, one.id)
                     WHERE d.appointment_id = one.id;
                END IF;
                PERFORM desk.occupy(ARRAY[one.id]);
            END LOOP;
            PERFORM desk.occupy(keys);
            RETURN;
        EXCEPTION WHEN exclusion_violation OR deadlock_detected THEN
            -- Somebody else took that lane meanwhile, or is taking it just now as we do.
            tries := tries + 1;
            IF tries > 50 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
END $$;

-- A batch of appointments: the desk's row with a lane, time taken, head, patient. Answers how many were done.
CREATE OR REPLACE FUNCTION desk.fill_appointments(keys text[]) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    held text[];
    fresh text[];
    crowded text[];
    one record;
BEGIN
    SELECT array_agg(h.id) INTO held
      FROM (SELECT a.id FROM public.appointments AS a JOIN public."user" AS u ON u.id = a.user_id
             WHERE a.id = ANY (keys) FOR SHARE OF a SKIP LOCKED FOR KEY SHARE OF u SKIP LOCKED) AS h;
    IF held IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(h.id) INTO fresh FROM unnest(held) AS h (id)
     WHERE NOT EXISTS (SELECT FROM desk.appointment_desk AS d WHERE d.appointment_id = h.id);
    WITH f AS MATERIALIZED (
        SELECT a.id, a.provider_id AS provider, a.start_time AS start, desk.taken_time(a) AS during
          FROM public.appointments AS a WHERE a.id = ANY (fresh) AND desk.taken_time(a) IS NOT NULL
    )
    SELECT array_agg(f.id ORDER BY f.start, f.id) INTO crowded
      FROM f WHERE EXISTS (SELECT FROM desk.takers(f.provider, 0, f.during))
                OR EXISTS (SELECT FROM f AS g WHERE g.provider = f.provider AND g.during && f.during
                                                AND (g.start, g.id) < (f.start, f.id));
    -- The triggers of this table see to occupancy and heads.
    INSERT INTO desk.appointment_desk (appointment_id, clinic_id, location, lane, source, outcome_missing)
    SELECT a.id, coalesce(desk.home_clinic(a.provider_id), a.provider_id), 'in_person', 0, 'web', false
      FROM public.appointments AS a WHERE a.id = ANY (fresh) AND a.id <> ALL (coalesce(crowded, '{}'));
    FOR one IN SELECT a.id, a.provider_id AS provider, desk.taken_time(a) AS during
                 FROM unnest(crowded) WITH ORDINALITY AS c (id, place)
                 JOIN public.appointments AS a ON a.id = c.id ORDER BY c.place LOOP
        INSERT INTO desk.appointment_desk (appointment_id, clinic_id, location, lane, source, outcome_missing)
        VALUES (one.id, coalesce(desk.home_clinic(one.provider), one.provider), 'in_person',
                desk.free_lane(one.provider, one.during, one.id), 'web', false);
    END LOOP;
    -- What is there in part (a trigger was off for a time).
    PERFORM desk.occupy_filling(ARRAY(SELECT unnest(held) EXCEPT SELECT unnest(fresh)));
    PERFORM desk.touch_appointments(array_agg(h.id)) FROM unnest(held) AS h (id)
      WHERE NOT EXISTS (SELECT FROM desk.head AS g
                         WHERE (g.entity, g.key, g.state) = ('appointment', h.id, 'live'));
    PERFORM desk.admit(array_agg(d.clinic_id), array_agg(a.user_id))
       FROM public.appointments AS a JOIN desk.appointment_desk AS d ON d.appointment_id = a.id WHERE a.id = ANY (held);
    RETURN cardinality(held);
END $$;

-- A batch of providers: a clinic of its own where it has none; with the clinic come heads of what is the provider's.
CREATE OR REPLACE FUNCTION desk.fill_providers(keys text[]) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    held text[];
BEGIN
    SELECT array_agg(h.id) INTO held
      FROM (SELECT p.id FROM public.providers AS p WHERE p.id = ANY (keys) FOR SHARE SKIP LOCKED) AS h;
    IF held IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM desk.house(held);
    PERFORM desk.touch_providers(held);
    PERFORM desk.touch_services(array_agg(s.id))
       FROM (SELECT s.id FROM public.services AS s WHERE s.provider_id = ANY (held) FOR SHARE SKIP LOCKED) AS s;
    RETURN cardinality(held);
END $$;

-- What is not there yet (or was lost), by kind: the keys that attach goes through and that check counts.
CREATE OR REPLACE FUNCTION desk.unfilled(kind text) RETURNS TABLE (key text) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, desk, pg_temp SET jit = off AS $$
BEGIN
    CASE kind
    WHEN 'provider' THEN
        RETURN QUERY SELECT p.id FROM public.providers AS p
            WHERE NOT EXISTS (SELECT FROM desk.clinic_providers AS c WHERE c.provider_id = p.id)
               OR NOT EXISTS (SELECT FROM desk.head AS h WHERE (h.entity, h.key, h.state) = ('provider', p.id, 'live'))
               OR EXISTS (SELECT FROM public.services AS s WHERE s.provider_id = p.id AND NOT EXISTS (
                    SELECT FROM desk.head AS h WHERE (h.entity, h.key, h.state) = ('service', s.id, 'live')))
            ORDER BY p.id;
    WHEN 'appointment' THEN
        RETURN QUERY SELECT a.id FROM public.appointments AS a
              LEFT JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
              LEFT JOIN desk.head AS h ON (h.entity, h.key, h.clinic_id, h.state) = ('appointment', a.id, d.clinic_id, 'live')
              LEFT JOIN desk.head AS p ON (p.entity, p.key, p.clinic_id, p.state) = ('patient', a.user_id, d.clinic_id, 'live')
              LEFT JOIN desk.occupancy AS o
                ON (o.kind, o.owner, o.resource, o.lane) = ('appointment', a.id, a.provider_id, d.lane)
               AND o.during = desk.taken_time(a)
             WHERE h.key IS NULL OR p.key IS NULL OR (o.id IS NULL AND desk.taken_time(a) IS NOT NULL)
             ORDER BY a.provider_id, a.start_time, a.id;
    END CASE;
END $$;
