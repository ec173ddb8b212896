-- Everything of a clinic as rows of the cache's tables (himsog_desktop/schema, storage/rows.py), page by page: each
-- call is short and names the place where to go on, so that a broken line costs one page. The cursor at the end is of
-- the moment before the first page: what changed meanwhile comes with the first pull (reliability, 2.2).

-- One page of one table: rows as a JSON array of arrays, in the order of the cache's columns, and the last key.
-- ``own`` are the columns of a provider who sees those alone, null for everybody else.
CREATE OR REPLACE FUNCTION desk.page(clinic text, tbl text, after text, most integer, own text[],
                                     OUT body text, OUT last text, OUT n integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    keys text[];
    made json;
    whole CONSTANT text := desk.paged_by(tbl);
BEGIN
    IF whole = 'head' THEN
        -- entity and key are one place: no key has a line break in it.
        SELECT json_agg(json_build_array(h.entity, h.key, h.ver))::text, count(*),
               (array_agg(h.entity || E'\n' || h.key))[count(*)]
          INTO body, n, last
          FROM (SELECT g.entity, g.key, g.ver FROM desk.head AS g
                 WHERE g.clinic_id = page.clinic
                   AND (g.entity, g.key) > (split_part(coalesce(page.after, ''), E'\n', 1),
                                            split_part(coalesce(page.after, ''), E'\n', 2))
                 ORDER BY g.entity, g.key LIMIT most) AS h;
        RETURN;
    END IF;
    -- The aggregates of the page, in the order of their keys.
    IF whole = 'history' THEN
        SELECT array_agg(h.seq::text ORDER BY h.seq) INTO keys FROM (
            SELECT g.seq FROM desk.history AS g
             WHERE g.clinic_id = page.clinic AND g.seq > coalesce(page.after, '0')::bigint
               AND g.at > now() - interval '30 days'
             ORDER BY g.seq LIMIT most) AS h;
    ELSIF whole = 'card' THEN
        SELECT array_agg(c.id ORDER BY c.id) INTO keys FROM (
            SELECT d.id FROM desk.card AS d
             WHERE d.clinic_id = page.clinic AND d.id > coalesce(page.after, '')
               AND (d.resolved IS NULL OR d.resolved_at > now() - interval '30 days')
             ORDER BY d.id LIMIT most) AS c;
    ELSE
        SELECT array_agg(h.key ORDER BY h.key) INTO keys FROM (
            SELECT g.key FROM desk.head AS g
             WHERE g.clinic_id = page.clinic AND g.entity = whole AND g.state = 'live'
               AND g.key > coalesce(page.after, '')
             ORDER BY g.key LIMIT most) AS h;
    END IF;
    n := coalesce(cardinality(keys), 0);
    last := keys[n];
    IF n = 0 THEN
        RETURN;
    END IF;
    IF own IS NOT NULL AND whole = 'appointment' THEN
        keys := ARRAY(SELECT a.id FROM public.appointments AS a WHERE a.id = ANY (keys) AND a.provider_id = ANY (own));
    ELSIF own IS NOT NULL AND whole = 'patient' THEN
        keys := ARRAY(SELECT k.key FROM unnest(keys) AS k (key)
                       WHERE EXISTS (SELECT FROM public.appointments AS a
                                      WHERE a.user_id = k.key AND a.provider_id = ANY (own)));
    ELSIF own IS NOT NULL AND whole = 'card' THEN
        keys := ARRAY(SELECT c.id FROM desk.card AS c WHERE c.id = ANY (keys) AND c.author = (desk.actor()).id);
    ELSIF own IS NOT NULL AND whole = 'history' THEN
        keys := ARRAY(SELECT h.seq::text FROM desk.history AS h
                       WHERE h.seq = ANY (keys::bigint[])
                         AND CASE h.entity_type
                             WHEN 'appointment' THEN EXISTS (
                                 SELECT FROM public.appointments AS a
                                  WHERE a.id = h.entity_id AND a.provider_id = ANY (own))
                             WHEN 'patient' THEN EXISTS (
                                 SELECT FROM public.appointments AS a
                                  WHERE a.user_id = h.entity_id AND a.provider_id = ANY (own))
                             ELSE h.entity_type <> 'card' END);
    END IF;
    -- A statement each: only the one that is needed is planned, once a session.
    CASE tbl
    WHEN 'clinics' THEN
        made := (
            SELECT json_agg(json_build_array(c.id, c.name, c.timezone, c.currency, c.key))
              FROM desk.clinics AS c WHERE c.id = ANY (keys));
    WHEN 'rooms' THEN
        made := (
            SELECT json_agg(json_build_array(r.id, r.clinic_id, r.name, r.kind, r.key, r.place))
              FROM (SELECT x.*, row_number() OVER (PARTITION BY x.clinic_id ORDER BY x.position, x.id COLLATE "C") - 1 AS place
                      FROM desk.rooms AS x WHERE x.clinic_id = ANY (keys)) AS r);
    WHEN 'staff' THEN
        made := (
            SELECT json_agg(json_build_array(s.id, s.login, s.name, s.role, s.clinic_id, s.email, s.active))
              FROM desk.staff AS s WHERE s.id = ANY (keys));
    WHEN 'providers' THEN
        made := (
            SELECT json_agg(json_build_array(
                       p.id, p.user_id, p.category_id, p.verified_by, p.healthcare_name, p.description, p.phone_number,
                       p.email, NULL, p.status, p.address, p.city, p.province, p.latitude, p.longitude,
                       p.slot_duration_minutes, desk.micros(p.verified_at), desk.micros(p.created_at),
                       desk.micros(p.updated_at)))
              FROM public.providers AS p WHERE p.id = ANY (keys));
    WHEN 'provider_desk' THEN
        made := (
            SELECT json_agg(json_build_array(
                       p.id, d.specialty, d.key, coalesce(d.position, 0), coalesce(d.notice_minutes, 0),
                       coalesce(d.cancel_hours, 24), coalesce(d.auto_confirm, false), d.max_per_day,
                       coalesce(d.buffer_before, 0), coalesce(d.buffer_after, 0), coalesce(d.overbook_lanes, 0)))
              FROM public.providers AS p LEFT JOIN desk.provider_desk AS d ON d.provider_id = p.id WHERE p.id = ANY (keys));
    WHEN 'clinic_providers' THEN
        made := (
            SELECT json_agg(json_build_array(c.provider_id, c.clinic_id, c.position))
              FROM desk.clinic_providers AS c WHERE c.provider_id = ANY (keys));
    WHEN 'operating_hours' THEN
        made := (
            SELECT json_agg(json_build_array(h.id, h.provider_id, h.day, desk.wall(h.start), desk.wall(h.until), false,
                                             h.created, h.created))
              FROM desk.cache_hours(keys) AS h);
    WHEN 'hours_desk' THEN
        made := (
            SELECT json_agg(json_build_array(h.id, h.provider_id, h.clinic)) FROM desk.cache_hours(keys) AS h);
    WHEN 'break_times' THEN
        made := (
            SELECT json_agg(json_build_array(
                       desk.derived_id(b.provider_id, 'break', b.name, b.day_of_week::text,
                                       desk.minutes(b.start_time)::text, desk.minutes(b.end_time)::text),
                       b.provider_id, b.name, b.day_of_week, desk.wall(desk.minutes(b.start_time)),
                       desk.wall(desk.minutes(b.end_time)), desk.micros(p.created_at), desk.micros(p.created_at)))
              FROM public.break_times AS b JOIN public.providers AS p ON p.id = b.provider_id
             WHERE b.provider_id = ANY (keys) AND desk.minutes(b.start_time) < desk.minutes(b.end_time));
    WHEN 'overrides' THEN
        made := (
            SELECT json_agg(json_build_array(
                       desk.derived_id(o.provider_id, 'override', o.date, CASE WHEN o.available THEN 'True' ELSE 'False' END,
                                       desk.minutes(o.start_time)::text, desk.minutes(o.end_time)::text, o.kind),
                       o.provider_id, o.date, o.available, desk.wall(desk.minutes(o.start_time)),
                       desk.wall(desk.minutes(o.end_time)), o.kind, o.reason))
              FROM desk.overrides AS o WHERE o.provider_id = ANY (keys));
    WHEN 'services' THEN
        made := (
            SELECT json_agg(json_build_array(
                       s.id, s.provider_id, s.name, s.description,
                       CASE WHEN s."pricingModel" = 'FIXED' THEN s.fixed_price ELSE s.price_min END,
                       CASE WHEN s."pricingModel" = 'FIXED' THEN s.fixed_price ELSE s.price_max END,
                       s.is_active, desk.micros(s.created_at), desk.micros(s.updated_at),
                       CASE WHEN s."pricingModel" = 'FIXED' THEN s.fixed_price ELSE 0 END, s."pricingModel", s.type)
                       ORDER BY s.created_at, s.id COLLATE "C")
              FROM public.services AS s WHERE s.id = ANY (keys));
    WHEN 'service_desk' THEN
        made := (
            SELECT json_agg(json_build_array(
                       s.id, s.provider_id, d.duration_minutes, coalesce(d.buffer_before, 0), coalesce(d.buffer_after, 0),
                       d.max_per_day, d.catalogue_id, d.key))
              FROM public.services AS s LEFT JOIN desk.service_desk AS d ON d.service_id = s.id WHERE s.id = ANY (keys));
    WHEN 'service_packages' THEN
        made := (
            SELECT json_agg(json_build_array(x.parent_package_id, x.child_service_id, x.made + x.place - 1))
              FROM (SELECT p.parent_package_id, p.child_service_id, desk.micros(s.created_at) AS made, row_number() OVER (
                               PARTITION BY p.parent_package_id ORDER BY p.created_at, p.child_service_id COLLATE "C") AS place
                      FROM public.service_packages AS p JOIN public.services AS s ON s.id = p.parent_package_id
                     WHERE p.parent_package_id = ANY (keys)) AS x);
    WHEN 'catalogue' THEN
        made := (
            SELECT json_agg(DISTINCT jsonb_build_array(c.id, c.name))
              FROM desk.service_desk AS d JOIN desk.catalogue AS c ON c.id = d.catalogue_id WHERE d.service_id = ANY (keys));
    WHEN 'blocks' THEN
        made := (
            SELECT json_agg(json_build_array(
                       b.id, b.provider_id, desk.micros(b.start_time), desk.micros(b.end_time), b.title, b.all_day,
                       b.external_system, b.external_id, desk.micros(b.created_at), desk.micros(b.updated_at)))
              FROM desk.blocks AS b WHERE b.id = ANY (keys));
    WHEN 'user' THEN
        made := (
            SELECT json_agg(json_build_array(
                       u.id, u.name, u.email, u.role, u."emailVerified", u.image, desk.micros(u."createdAt"),
                       desk.micros(u."updatedAt"), u.status, u.suspend_reason, desk.micros(u.suspended_at),
                       u.suspended_by_id))
              FROM public."user" AS u WHERE u.id = ANY (keys));
    WHEN 'patients' THEN
        made := (
            SELECT json_agg(json_build_array(
                       p.user_id, p.phone, p.birth_date, p.sex, p.address, p.consent_email, p.consent_sms, p.consent_push,
                       p.consent_whatsapp,
                       CASE WHEN p.alerts IS NOT NULL THEN '[' || (
                           SELECT string_agg(one::text, ',') FROM json_array_elements(p.alerts::json) AS one) || ']' END,
                       p.external_system, p.external_id, p.corrected_name, p.corrected_email,
                       desk.micros(u."createdAt"), desk.micros(u."updatedAt")))
              FROM desk.patients AS p JOIN public."user" AS u ON u.id = p.user_id WHERE p.user_id = ANY (keys));
    WHEN 'patient_clinic' THEN
        made := (
            SELECT json_agg(json_build_array(c.patient_id, c.clinic_id, c.favorite, c.blocked, c.notes))
              FROM desk.patient_clinic AS c WHERE c.patient_id = ANY (keys) AND c.clinic_id = page.clinic);
    WHEN 'appointments' THEN
        made := (
            SELECT json_agg(json_build_array(
                       a.id, a.appointment_number, a.user_id, a.provider_id, desk.micros(a.start_time),
                       desk.micros(a.end_time), a.status, a.notes, desk.centavos(a.total_price), a.patient_name,
                       a.patient_email, a.patient_phone, desk.micros(a.cancelled_at), a.cancellation_reason, a.cancelled_by,
                       desk.micros(a.created_at), desk.micros(a.updated_at), a.activity_notes, NULL, NULL, NULL))
              FROM public.appointments AS a WHERE a.id = ANY (keys));
    WHEN 'appointment_desk' THEN
        made := (
            SELECT json_agg(json_build_array(
                       d.appointment_id, d.clinic_id, d.location, d.type, d.lane, d.overbook_reason, d.source,
                       d.external_system, d.external_id, d.outcome_missing, d.cancelled_for))
              FROM desk.appointment_desk AS d WHERE d.appointment_id = ANY (keys));
    WHEN 'appointment_service' THEN
        made := (
            SELECT json_agg(json_build_array(x.appointment_id, x.service_id, x.price, x.made + x.place - 1, x.made))
              FROM (SELECT b.appointment_id, b.service_id, desk.centavos(b.price_at_booking) AS price,
                           desk.micros(a.created_at) AS made,
                           row_number() OVER (PARTITION BY b.appointment_id
                                              ORDER BY b.created_at, b.service_id COLLATE "C") AS place
                      FROM public.appointment_service AS b JOIN public.appointments AS a ON a.id = b.appointment_id
                     WHERE b.appointment_id = ANY (keys)) AS x);
    WHEN 'appointment_rooms' THEN
        made := (
            SELECT json_agg(json_build_array(r.appointment_id, r.room_id))
              FROM desk.appointment_rooms AS r WHERE r.appointment_id = ANY (keys));
    WHEN 'visit' THEN
        made := (
            SELECT json_agg(json_build_array(
                       v.appointment_id, v.state, desk.micros(v.arrived_at), desk.micros(v.in_room_at),
                       desk.micros(v.with_provider_at), desk.micros(v.checked_out_at)))
              FROM desk.visit AS v
             WHERE v.appointment_id = ANY (keys)
               AND (v.state IS NOT NULL OR v.arrived_at IS NOT NULL OR v.with_provider_at IS NOT NULL));
    WHEN 'history' THEN
        made := (
            SELECT json_agg(json_build_array(
                       h.seq, desk.micros(h.at), h.by_id, h.source, h.device, h.act_id, h.kind, h.entity_type, h.entity_id,
                       h.before::text, h.after::text, h.uid) ORDER BY h.seq)
              FROM desk.history AS h WHERE h.seq = ANY (keys::bigint[]));
    WHEN 'card' THEN
        made := (
            SELECT json_agg(json_build_array(c.id, desk.card_document(c)::text, c.resolved))
              FROM desk.card AS c WHERE c.id = ANY (keys));
    END CASE;
    body := made::text;
END $$;

-- Hours with the ids and clinics that the cache gives them.
CREATE OR REPLACE FUNCTION desk.cache_hours(keys text[])
RETURNS TABLE (id text, provider_id text, clinic text, day integer, start integer, until integer, created bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT desk.derived_id(w.provider_id, 'hours', w.clinic, w.day::text, w.start::text, w.until::text), w.provider_id,
           w.clinic, w.day, w.start, w.until, w.created
      FROM (SELECT h.provider_id, coalesce(x.clinic_id, desk.home_clinic(h.provider_id)) AS clinic, h.day_of_week AS day,
                   desk.minutes(h.start_time) AS start, desk.minutes(h.end_time) AS until,
                   desk.micros(p.created_at) AS created
              FROM public.operating_hours AS h
              JOIN public.providers AS p ON p.id = h.provider_id
              LEFT JOIN desk.hours_desk AS x ON x.hours_id = h.id
             WHERE h.provider_id = ANY (keys) AND NOT h.is_closed
               AND desk.minutes(h.start_time) < desk.minutes(h.end_time)) AS w
$$;

-- Tables of the cache in the order in which they are told, and the kind of head whose keys page each. Versions come
-- first: each page is of a moment of its own, and what changes meanwhile must be later than the version told for it,
-- or the pull that brings it would be taken for known.
CREATE OR REPLACE FUNCTION desk.cache_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['synced', 'clinics', 'rooms', 'staff', 'providers', 'provider_desk', 'clinic_providers', 'operating_hours',
                 'hours_desk', 'break_times', 'overrides', 'services', 'service_desk', 'service_packages', 'catalogue',
                 'blocks', 'user', 'patients', 'patient_clinic', 'appointments', 'appointment_desk',
                 'appointment_service', 'appointment_rooms', 'visit', 'history', 'card']
$$;

CREATE OR REPLACE FUNCTION desk.paged_by(tbl text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN tbl IN ('clinics', 'rooms') THEN 'clinic'
        WHEN tbl = 'staff' THEN 'staff'
        WHEN tbl IN ('services', 'service_desk', 'service_packages', 'catalogue') THEN 'service'
        WHEN tbl = 'blocks' THEN 'block'
        WHEN tbl IN ('user', 'patients', 'patient_clinic') THEN 'patient'
        WHEN tbl IN ('appointments', 'appointment_desk', 'appointment_service', 'appointment_rooms', 'visit')
            THEN 'appointment'
        WHEN tbl = 'history' THEN 'history'
        WHEN tbl = 'card' THEN 'card'
        WHEN tbl = 'synced' THEN 'head'
        ELSE 'provider' END
$$;

-- The page after ``place`` (null: the first). ``body`` is null where a table has no rows. ``done`` and ``total`` count
-- keys that were gone through. Only the last answer has a cursor. A place of another life is refused with HS010.
CREATE OR REPLACE FUNCTION desk.snapshot_v1(
    clinic text, place text, most integer DEFAULT 4000,
    OUT tbl text, OUT body text, OUT next text, OUT done integer, OUT total integer, OUT cursor text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET jit = off AS $$
DECLARE
    who desk.staff;
    reach text[];
    here jsonb;
    tables CONSTANT text[] := desk.cache_tables();
    i integer;
    after text;
    size integer;
    page record;
BEGIN
    PERFORM desk.require_primary();
    who := desk.actor();
    IF NOT desk.works_at(who.id, snapshot_v1.clinic) THEN
        RAISE EXCEPTION 'not a clinic of this person' USING ERRCODE = '42501';
    END IF;
    reach := desk.reach(who);
    most := least(greatest(coalesce(most, 4000), 1), 20000);
    IF place IS NULL THEN
        here := jsonb_build_object('cursor', desk.cursor_now(snapshot_v1.clinic, reach), 'i', 1, 'done', 0, 'total', (
            SELECT coalesce(sum(x.n * (SELECT count(*) FROM unnest(tables) AS t (name) WHERE desk.paged_by(t.name) = x.entity)
                       + x.every), 0)
              FROM (SELECT h.entity, count(*) FILTER (WHERE h.state = 'live') AS n, count(*) AS every
                      FROM desk.head AS h WHERE h.clinic_id = snapshot_v1.clinic GROUP BY 1) AS x));
    ELSE
        BEGIN
            here := place::jsonb;
        EXCEPTION WHEN data_exception THEN
            RAISE EXCEPTION 'the place fits no more' USING ERRCODE = 'HS010';
        END;
    END IF;
    -- The same checks as for a pull: the cursor that this snapshot will end with must still be of use.
    PERFORM desk.moment_of(snapshot_v1.clinic, (here->'cursor')::text, reach);
    i := (here->>'i')::integer;
    after := here->>'after';
    done := (here->>'done')::integer;
    total := (here->>'total')::integer;
    LOOP
        tbl := tables[i];
        -- Providers are few, and each has many rows.
        size := CASE desk.paged_by(tbl) WHEN 'provider' THEN least(most, 200) ELSE most END;
        SELECT p.* INTO page FROM desk.page(snapshot_v1.clinic, tbl, after, size, reach) AS p;
        done := done + page.n;
        IF page.n < size THEN
            i := i + 1;
            after := NULL;
        ELSE
            after := page.last;
        END IF;
        -- Small tables travel one by one, empty ones not at all.
        EXIT WHEN page.body IS NOT NULL OR i > cardinality(tables);
    END LOOP;
    body := page.body;
    done := least(done, total);
    IF i > cardinality(tables) THEN
        cursor := (here->'cursor')::text;
        done := total;
    END IF;
    next := (here || jsonb_build_object('i', i, 'after', after, 'done', done))::text;
END $$;
