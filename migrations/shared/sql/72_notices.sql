-- Messages to patients wait three minutes, so that what is undone is never told; the law is domain/notices.py.

-- What the patient has to be told. ``told`` and ``now`` are {start, provider, status} or null.
CREATE OR REPLACE FUNCTION desk.owed(told jsonb, now jsonb, at bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    active CONSTANT boolean := now->>'status' IN ('PENDING', 'CONFIRMED');
BEGIN
    IF now IS NULL OR greatest((now->>'start')::bigint, coalesce((told->>'start')::bigint, 0)) <= at THEN
        RETURN NULL;
    END IF;
    IF told IS NULL THEN
        RETURN CASE WHEN active THEN 'booked' END;
    END IF;
    IF NOT active THEN
        RETURN CASE WHEN now->>'status' = 'CANCELLED' AND told->>'status' IN ('PENDING', 'CONFIRMED')
            THEN 'cancelled' END;
    END IF;
    IF told->'start' <> now->'start' OR told->'provider' <> now->'provider' THEN
        RETURN 'moved';
    END IF;
    IF told->>'status' = 'CANCELLED' THEN
        RETURN CASE WHEN now->>'status' = 'CONFIRMED' THEN 'confirmed' ELSE 'booked' END;
    END IF;
    RETURN CASE WHEN now->>'status' = 'CONFIRMED' AND told->>'status' = 'PENDING' THEN 'confirmed' END;
END $$;

CREATE OR REPLACE FUNCTION desk.known_of(image jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN image <> '{}' THEN jsonb_build_object(
        'start', image->'start', 'provider', image->'provider_id', 'status', image->'status') END
$$;

-- Whether the patient can be told anything: an address of the web's or a consent with a way to write.
CREATE OR REPLACE FUNCTION desk.reached(patient text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (
        SELECT 1 FROM public."user" AS u LEFT JOIN desk.patients AS p ON p.user_id = u.id
         WHERE u.id = patient AND (
            (coalesce(p.consent_email, true)
             AND coalesce(p.corrected_email, u.email) NOT ILIKE '%@patients.invalid')
            OR (p.phone IS NOT NULL AND (p.consent_sms OR p.consent_whatsapp)))));
END $$;

-- Bring what the patient of an appointment is owed up to date. ``tells``: whether this act is told at all.
CREATE OR REPLACE FUNCTION desk.follow_notice(appointment text, act text, old jsonb, new jsonb, tells boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now CONSTANT timestamptz := clock_timestamp();
    was CONSTANT jsonb := desk.known_of(old);
    stands CONSTANT jsonb := desk.known_of(new);
    kept desk.notice;
    waited boolean;
    told jsonb;
    kind text;
BEGIN
    IF was IS NOT DISTINCT FROM stands OR (NOT tells AND was IS NULL) THEN
        RETURN;
    END IF;
    SELECT n.* INTO kept FROM desk.notice AS n WHERE n.appointment_id = appointment FOR UPDATE;
    waited := FOUND;
    IF NOT tells AND NOT waited THEN
        RETURN;
    END IF;
    told := CASE WHEN NOT waited THEN was
        WHEN kept.told_start IS NULL THEN NULL
        ELSE jsonb_build_object('start', desk.micros(kept.told_start), 'provider', kept.told_provider,
                                'status', kept.told_status) END;
    kind := desk.owed(told, stands, desk.micros(now));
    IF (kind IS NOT NULL OR (stands IS NOT NULL AND told IS DISTINCT FROM stands
                             AND (waited OR old->>'status' IN ('PENDING', 'CONFIRMED'))))
        AND desk.reached(coalesce(new->>'patient_id', old->>'patient_id')) THEN
        INSERT INTO desk.notice (appointment_id, act_id, kind, due, told_start, told_provider, told_status)
        VALUES (appointment, act, kind, now + interval '3 minutes', desk.instant((told->>'start')::bigint),
                told->>'provider', told->>'status')
        ON CONFLICT (appointment_id) DO UPDATE SET
            act_id = excluded.act_id, kind = excluded.kind, due = excluded.due, told_start = excluded.told_start,
            told_provider = excluded.told_provider, told_status = excluded.told_status;
    ELSIF waited THEN
        DELETE FROM desk.notice AS n WHERE n.appointment_id = appointment;
    END IF;
END $$;

-- What is due goes to the patients' notifications on the web, once; every sync calls it. Answers how many.
CREATE OR REPLACE FUNCTION desk.release_v1() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    clinics CONSTANT text[] := desk.my_clinics();
    now CONSTANT timestamp := desk.now_utc();
    released integer;
BEGIN
    PERFORM desk.require_primary();
    -- What she last heard is kept, when there is nothing to say, while the act can be undone.
    DELETE FROM desk.notice AS n USING (
        SELECT x.appointment_id FROM desk.notice AS x
         WHERE x.kind IS NULL AND x.due < clock_timestamp() - interval '10 minutes'
         ORDER BY x.due LIMIT 500 FOR UPDATE SKIP LOCKED) AS old
     WHERE n.appointment_id = old.appointment_id;
    WITH due AS (
        SELECT n.appointment_id, n.kind FROM desk.notice AS n
          JOIN desk.appointment_desk AS d ON d.appointment_id = n.appointment_id
         WHERE n.kind IS NOT NULL AND n.due <= clock_timestamp() AND d.clinic_id = ANY (clinics)
         ORDER BY n.due LIMIT 500 FOR UPDATE OF n SKIP LOCKED
    ), gone AS (
        DELETE FROM desk.notice AS n USING due WHERE n.appointment_id = due.appointment_id
        RETURNING n.appointment_id, n.kind
    )
    INSERT INTO public.notifications (id, user_id, type, title, message, is_read, appointment_id, provider_id,
                                      created_at, updated_at)
    SELECT gen_random_uuid()::text, a.user_id,
           CASE g.kind WHEN 'booked' THEN 'APPOINTMENT_CREATED' WHEN 'cancelled' THEN 'APPOINTMENT_CANCELLED'
               ELSE 'APPOINTMENT_CONFIRMED' END::public."NotificationType",
           CASE g.kind WHEN 'booked' THEN 'Appointment Booked' WHEN 'moved' THEN 'Appointment Rescheduled'
               WHEN 'cancelled' THEN 'Appointment Cancelled' ELSE 'Appointment Confirmed' END,
           format(CASE g.kind
               WHEN 'booked' THEN 'Your appointment with %s on %s has been booked.'
               WHEN 'moved' THEN 'Your appointment with %s has been moved to %s.'
               WHEN 'cancelled' THEN 'Your appointment with %s on %s has been cancelled.'
               ELSE 'Your appointment with %s on %s has been confirmed.' END,
               p.healthcare_name,
               to_char(a.start_time AT TIME ZONE c.timezone, 'FMDD FMMonth YYYY "at" HH24:MI')),
           false, a.id, a.provider_id, now, now
      FROM gone AS g
      JOIN public.appointments AS a ON a.id = g.appointment_id
      JOIN public.providers AS p ON p.id = a.provider_id
      JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
      JOIN desk.clinics AS c ON c.id = d.clinic_id
      JOIN public."user" AS u ON u.id = a.user_id
     WHERE u.email NOT ILIKE '%@patients.invalid';
    GET DIAGNOSTICS released = ROW_COUNT;
    RETURN released;
END $$;
