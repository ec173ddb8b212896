-- What triggers run, after each statement over all its rows (server/triggers.py says which table has which). A
-- statement of the web application is refused for an overlap and for nothing else; a TRUNCATE, which would leave no
-- trace of what it removes, is refused to everybody.

CREATE OR REPLACE FUNCTION desk.on_appointments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
    filling CONSTANT boolean := (SELECT m.state = 'filling' FROM desk.meta AS m);
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(o.id) INTO touched FROM old_rows AS o;
        IF touched IS NULL THEN
            RETURN NULL;
        END IF;
        PERFORM desk.occupy(touched);
        PERFORM desk.touch_appointments(touched);
        PERFORM desk.touch_seen(array_agg(o.user_id), array_agg(o.provider_id)) FROM old_rows AS o;
        DELETE FROM desk.appointment_rooms AS d WHERE d.appointment_id = ANY (touched);
        DELETE FROM desk.visit AS d WHERE d.appointment_id = ANY (touched);
        DELETE FROM desk.notice AS d WHERE d.appointment_id = ANY (touched);
        DELETE FROM desk.appointment_desk AS d WHERE d.appointment_id = ANY (touched);
        RETURN NULL;
    END IF;
    SELECT array_agg(n.id) INTO touched FROM new_rows AS n;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO desk.appointment_desk (appointment_id, clinic_id, location, lane, source, outcome_missing)
    SELECT n.id, coalesce(desk.home_clinic(n.provider_id), n.provider_id), 'in_person', 0, 'web', false
      FROM new_rows AS n
     WHERE NOT EXISTS (SELECT FROM desk.appointment_desk AS d WHERE d.appointment_id = n.id)
    ON CONFLICT DO NOTHING; -- `database attach` fills beside us
    IF TG_OP = 'UPDATE' THEN
        -- Gone over to a provider of another clinic by a hand that knows no clinics: it goes there too.
        UPDATE desk.appointment_desk AS d SET clinic_id = coalesce(desk.home_clinic(n.provider_id), n.provider_id)
          FROM (SELECT w.id, w.provider_id FROM new_rows AS w EXCEPT SELECT o.id, o.provider_id FROM old_rows AS o) AS n
         WHERE d.appointment_id = n.id AND NOT EXISTS (
            SELECT FROM desk.clinic_providers AS c
             WHERE c.provider_id = n.provider_id AND c.clinic_id = d.clinic_id);
        -- Two at one time were meant for that time (a desk said so, or they stood so before the desk came): the web
        -- may not take its lane along to where somebody else sits.
        IF desk.source() = 'web' AND NOT filling THEN
            UPDATE desk.appointment_desk AS d SET lane = 0
              FROM (SELECT w.id, w.provider_id, w.start_time, w.end_time FROM new_rows AS w
                    EXCEPT SELECT o.id, o.provider_id, o.start_time, o.end_time FROM old_rows AS o) AS n
             WHERE d.appointment_id = n.id AND d.lane > 0;
        END IF;
        SELECT array_agg(w.id) INTO touched FROM (SELECT n.id FROM new_rows AS n UNION SELECT o.id FROM old_rows AS o) AS w;
    END IF;
    IF filling THEN
        PERFORM desk.occupy_filling(touched);
    ELSE
        PERFORM desk.occupy(touched);
    END IF;
    PERFORM desk.touch_appointments(touched);
    PERFORM desk.admit(array_agg(d.clinic_id), array_agg(n.user_id))
       FROM new_rows AS n JOIN desk.appointment_desk AS d ON d.appointment_id = n.id;
    IF TG_OP = 'INSERT' THEN
        PERFORM desk.touch_seen(array_agg(n.user_id), array_agg(n.provider_id)) FROM new_rows AS n;
    ELSE
        PERFORM desk.touch_seen(array_agg(w.user_id), array_agg(w.provider_id))
           FROM ((SELECT n.id, n.user_id, n.provider_id FROM new_rows AS n
                  EXCEPT SELECT o.id, o.user_id, o.provider_id FROM old_rows AS o)
                 UNION ALL
                 (SELECT o.id, o.user_id, o.provider_id FROM old_rows AS o
                  EXCEPT SELECT n.id, n.user_id, n.provider_id FROM new_rows AS n)) AS w;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_appointment_services() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.appointment_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.appointment_id) INTO touched FROM old_rows AS o;
    END IF;
    PERFORM desk.touch_appointments(touched);
    RETURN NULL;
END $$;

-- The desk's own of an appointment: its lane and its rooms take time, its visit does not.
CREATE OR REPLACE FUNCTION desk.on_appointment_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL; -- on_appointments wrote it, and goes on from there
    END IF;
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.appointment_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.appointment_id) INTO touched FROM old_rows AS o;
    END IF;
    -- What is written before its appointment is told with it.
    SELECT array_agg(a.id) INTO touched FROM public.appointments AS a WHERE a.id = ANY (touched);
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME <> 'visit' THEN
        PERFORM desk.occupy(touched);
    END IF;
    PERFORM desk.touch_appointments(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_users() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(o.id) INTO touched FROM old_rows AS o;
        PERFORM desk.touch_patients(touched);
        DELETE FROM desk.patient_clinic AS p WHERE p.patient_id = ANY (touched);
        DELETE FROM desk.patients AS p WHERE p.user_id = ANY (touched);
    ELSE
        SELECT array_agg(n.id) INTO touched FROM new_rows AS n;
        PERFORM desk.touch_patients(touched);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_patients() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(n.user_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(o.user_id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_patients(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_patient_clinic() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM desk.admit(array_agg(n.clinic_id), array_agg(n.patient_id)) FROM new_rows AS n;
        SELECT array_agg(DISTINCT n.patient_id) INTO touched FROM new_rows AS n;
    END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(DISTINCT o.patient_id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_patients(touched);
    RETURN NULL;
END $$;

-- A provider of the web has a clinic of its own until somebody says otherwise (issue 4).
CREATE OR REPLACE FUNCTION desk.house(providers text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
    INSERT INTO desk.clinics (id, name, timezone, currency)
    SELECT p.id, p.healthcare_name, 'Asia/Manila', 'PHP' FROM public.providers AS p
     WHERE p.id = ANY (house.providers)
       AND NOT EXISTS (SELECT FROM desk.clinic_providers AS c WHERE c.provider_id = p.id)
    ON CONFLICT DO NOTHING;
    INSERT INTO desk.clinic_providers (provider_id, clinic_id, position)
    SELECT p.id, p.id, 0 FROM public.providers AS p
     WHERE p.id = ANY (house.providers)
       AND NOT EXISTS (SELECT FROM desk.clinic_providers AS c WHERE c.provider_id = p.id)
    ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION desk.on_providers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(o.id) INTO touched FROM old_rows AS o;
        PERFORM desk.touch_providers(touched);
        DELETE FROM desk.blocks AS b WHERE b.provider_id = ANY (touched);
        DELETE FROM desk.overrides AS d WHERE d.provider_id = ANY (touched);
        DELETE FROM desk.hours_desk AS d WHERE d.provider_id = ANY (touched);
        DELETE FROM desk.provider_desk AS d WHERE d.provider_id = ANY (touched);
        DELETE FROM desk.clinic_providers AS d WHERE d.provider_id = ANY (touched);
        RETURN NULL;
    END IF;
    SELECT array_agg(n.id) INTO touched FROM new_rows AS n;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM desk.house(touched);
    ELSE
        UPDATE desk.clinics AS c SET name = n.healthcare_name
          FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
         WHERE c.id = n.id AND c.name = o.healthcare_name AND n.healthcare_name <> o.healthcare_name;
    END IF;
    PERFORM desk.touch_providers(touched);
    RETURN NULL;
END $$;

-- Hours, breaks, overrides and policy: parts of a provider.
CREATE OR REPLACE FUNCTION desk.on_provider_parts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.provider_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.provider_id) INTO touched FROM old_rows AS o;
    END IF;
    PERFORM desk.touch_providers(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_hours() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.provider_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.provider_id) INTO touched FROM old_rows AS o;
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM desk.hours_desk AS d USING old_rows AS o WHERE d.hours_id = o.id;
    END IF;
    PERFORM desk.touch_providers(touched);
    RETURN NULL;
END $$;

-- Which clinic a provider works for decides who sees its services and blocks.
CREATE OR REPLACE FUNCTION desk.on_clinic_providers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.provider_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.provider_id) INTO touched FROM old_rows AS o;
    END IF;
    PERFORM desk.touch_providers(touched);
    PERFORM desk.touch_services(array_agg(s.id)) FROM public.services AS s WHERE s.provider_id = ANY (touched);
    PERFORM desk.touch_blocks(array_agg(b.id)) FROM desk.blocks AS b WHERE b.provider_id = ANY (touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_services() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(n.id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(o.id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_services(touched);
    IF TG_OP = 'DELETE' THEN
        DELETE FROM desk.service_desk AS d WHERE d.service_id = ANY (touched);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_service_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(n.service_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(o.service_id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_services(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_service_packages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.parent_package_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT touched || array_agg(DISTINCT o.parent_package_id) INTO touched FROM old_rows AS o;
    END IF;
    PERFORM desk.touch_services(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_blocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.id) INTO touched FROM new_rows AS n;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(o.id) INTO touched FROM old_rows AS o;
    ELSE
        SELECT array_agg(w.id) INTO touched FROM (SELECT n.id FROM new_rows AS n UNION SELECT o.id FROM old_rows AS o) AS w;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM desk.occupy_blocks(touched);
        PERFORM desk.touch_blocks(touched);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_clinics() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(n.id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(o.id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_clinics(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_rooms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.clinic_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(DISTINCT o.clinic_id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_clinics(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_staff() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(n.id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(o.id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_staff(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.on_staff_clinic() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    touched text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN SELECT array_agg(DISTINCT n.staff_id) INTO touched FROM new_rows AS n; END IF;
    IF TG_OP <> 'INSERT' THEN SELECT touched || array_agg(DISTINCT o.staff_id) INTO touched FROM old_rows AS o; END IF;
    PERFORM desk.touch_staff(touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION desk.no_truncate() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE is refused: desks would never hear of it. Use DELETE.' USING ERRCODE = '0A000';
END $$;
