-- The change feed: what tells a desk that something changed is made by the database itself, whoever wrote
-- (reliability, 2.1 and 2.2). One head per clinic and aggregate; its xid is that of the last transaction, its version
-- grows. A desk's act names itself by set_config('desk.author', staff id, true) and set_config('desk.source', 'desk',
-- true) in its transaction; a transaction that says nothing is the web's.

CREATE OR REPLACE FUNCTION desk.author() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('desk.author', true), '') $$;

CREATE OR REPLACE FUNCTION desk.source() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce(nullif(current_setting('desk.source', true), ''), 'web') $$;

-- A change of aggregates: ``keys`` with the clinics they belong to now (side by side); ``touched`` are all that
-- changed. A clinic that had one and has it no more is told to forget it.
CREATE OR REPLACE FUNCTION desk.feed(kind text, keys text[], clinics text[], touched text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    me CONSTANT xid8 := pg_current_xact_id();
    gone record;
BEGIN
    IF touched IS NULL OR cardinality(touched) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO desk.head AS h (entity, key, clinic_id, ver, state, xid, changed_at, by_id, source)
    SELECT kind, t.key, t.clinic, nextval('desk.ver'), 'live', me, now(), desk.author(), desk.source()
      FROM (SELECT DISTINCT u.key, u.clinic FROM unnest(keys, clinics) AS u (key, clinic)) AS t ORDER BY t.key, t.clinic
    ON CONFLICT (entity, key, clinic_id) DO UPDATE
       SET ver = nextval('desk.ver'), state = 'live', xid = excluded.xid, changed_at = excluded.changed_at,
           by_id = excluded.by_id, source = excluded.source
     WHERE h.xid <> excluded.xid OR h.state <> 'live';
    -- Each key is looked up by the index, whatever the planner believes (OFFSET 0), and the few that go one by one.
    FOR gone IN
        SELECT g.key, g.clinic_id FROM unnest(touched) AS w (key)
         CROSS JOIN LATERAL (SELECT h.key, h.clinic_id FROM desk.head AS h
                              WHERE h.entity = kind AND h.key = w.key AND h.state = 'live' OFFSET 0) AS g
        EXCEPT
        SELECT t.key, t.clinic FROM unnest(keys, clinics) AS t (key, clinic)
         ORDER BY 1, 2
    LOOP
        UPDATE desk.head AS h
           SET ver = nextval('desk.ver'), state = CASE WHEN h.key = ANY (keys) THEN 'evicted' ELSE 'deleted' END,
               xid = me, changed_at = now(), by_id = desk.author(), source = desk.source()
         WHERE h.entity = kind AND h.key = gone.key AND h.clinic_id = gone.clinic_id;
    END LOOP;
    PERFORM pg_notify('himsog_hint', '');
END $$;

-- In plpgsql, whose plans are kept: every booking comes by here.
CREATE OR REPLACE FUNCTION desk.touch_appointments(touched text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    keys text[];
    clinics text[];
BEGIN
    IF touched IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(a.id), array_agg(d.clinic_id) INTO keys, clinics
      FROM unnest(touched) AS t (key)
     CROSS JOIN LATERAL (SELECT x.id FROM public.appointments AS x WHERE x.id = t.key OFFSET 0) AS a
     CROSS JOIN LATERAL (SELECT x.clinic_id FROM desk.appointment_desk AS x
                          WHERE x.appointment_id = t.key OFFSET 0) AS d;
    PERFORM desk.feed('appointment', keys, clinics, touched);
END $$;

CREATE OR REPLACE FUNCTION desk.touch_providers(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('provider', array_agg(p.id), array_agg(c.clinic_id), touched)
      FROM public.providers AS p JOIN desk.clinic_providers AS c ON c.provider_id = p.id WHERE p.id = ANY (touched)
$$;

CREATE OR REPLACE FUNCTION desk.touch_services(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('service', array_agg(s.id), array_agg(c.clinic_id), touched)
      FROM public.services AS s JOIN desk.clinic_providers AS c ON c.provider_id = s.provider_id
     WHERE s.id = ANY (touched)
$$;

CREATE OR REPLACE FUNCTION desk.touch_blocks(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('block', array_agg(b.id), array_agg(c.clinic_id), touched)
      FROM desk.blocks AS b JOIN desk.clinic_providers AS c ON c.provider_id = b.provider_id
     WHERE b.id = ANY (touched)
$$;

CREATE OR REPLACE FUNCTION desk.touch_clinics(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('clinic', array_agg(c.id), array_agg(c.id), touched) FROM desk.clinics AS c WHERE c.id = ANY (touched)
$$;

CREATE OR REPLACE FUNCTION desk.touch_staff(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('staff', array_agg(w.id), array_agg(w.clinic), touched)
      FROM (SELECT s.id, s.clinic_id AS clinic FROM desk.staff AS s WHERE s.id = ANY (touched) AND s.clinic_id IS NOT NULL
            UNION
            SELECT s.id, c.clinic_id FROM desk.staff AS s JOIN desk.staff_clinic AS c ON c.staff_id = s.id
             WHERE s.id = ANY (touched)) AS w
$$;

-- A patient belongs to the clinics that have her: what a head says of it stays until her account goes.
CREATE OR REPLACE FUNCTION desk.touch_patients(touched text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.feed('patient', array_agg(u.id) FILTER (WHERE u.id IS NOT NULL),
                     array_agg(h.clinic_id) FILTER (WHERE u.id IS NOT NULL), touched)
      FROM (SELECT DISTINCT unnest(touched) AS key) AS w
     CROSS JOIN LATERAL (SELECT x.key, x.clinic_id FROM desk.head AS x
                          WHERE x.entity = 'patient' AND x.key = w.key AND x.state <> 'evicted' OFFSET 0) AS h
      LEFT JOIN LATERAL (SELECT x.id FROM public."user" AS x WHERE x.id = h.key OFFSET 0) AS u ON true
    HAVING count(*) > 0
$$;

-- From now on a clinic has these patients: by an appointment, by what it says of them, or because its desk made them.
CREATE OR REPLACE FUNCTION desk.admit(clinics text[], patients text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
    INSERT INTO desk.head AS h (entity, key, clinic_id, ver, state, xid, changed_at, by_id, source)
    SELECT 'patient', t.patient, t.clinic, nextval('desk.ver'), 'live', pg_current_xact_id(), now(), desk.author(),
           desk.source()
      FROM (SELECT DISTINCT w.clinic, w.patient FROM unnest(clinics, patients) AS w (clinic, patient)
             WHERE NOT EXISTS (SELECT FROM desk.head AS g
                                WHERE (g.entity, g.key, g.clinic_id, g.state) = ('patient', w.patient, w.clinic, 'live'))
             ORDER BY 2, 1) AS t
    ON CONFLICT (entity, key, clinic_id) DO UPDATE
       SET ver = nextval('desk.ver'), state = 'live', xid = excluded.xid, changed_at = excluded.changed_at,
           by_id = excluded.by_id, source = excluded.source
     WHERE h.state <> 'live';
    IF FOUND THEN
        PERFORM pg_notify('himsog_hint', '');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.admit(clinic text, patients text[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT desk.admit(array_fill(clinic, ARRAY[cardinality(patients)]), patients)
$$;

-- Patients of appointments that came to a column or left it (side by side). Whoever sees her own column alone sees its
-- patients (desk.sees), so to her they come or go with that: their heads move on, and a pull looks again. Always, and not
-- only for the first or the last: of two transactions at once neither would know that it is that. Columns of nobody who
-- signs in as a provider are left out, and who changed the patient stays who it was.
CREATE OR REPLACE FUNCTION desk.touch_seen(patients text[], providers text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    me CONSTANT xid8 := pg_current_xact_id();
    one record;
BEGIN
    -- One by one in the order of their keys, as everybody takes them.
    FOR one IN
        SELECT DISTINCT h.key, h.clinic_id
          FROM unnest(patients, providers) AS w (patient, provider)
         CROSS JOIN LATERAL (SELECT p.user_id FROM public.providers AS p WHERE p.id = w.provider OFFSET 0) AS p
         CROSS JOIN LATERAL (SELECT FROM desk.staff AS s
                              WHERE s.id = p.user_id AND s.role = 'provider' OFFSET 0) AS s
         CROSS JOIN LATERAL (SELECT x.key, x.clinic_id FROM desk.head AS x
                              WHERE x.entity = 'patient' AND x.key = w.patient AND x.state = 'live'
                                AND x.xid <> me OFFSET 0) AS h
         ORDER BY 1, 2
    LOOP
        UPDATE desk.head AS h SET ver = nextval('desk.ver'), xid = me
         WHERE h.entity = 'patient' AND h.key = one.key AND h.clinic_id = one.clinic_id AND h.state = 'live'
           AND h.xid <> me;
    END LOOP;
END $$;
