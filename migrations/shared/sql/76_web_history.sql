-- History of what the web does: triggers on the platform's appointments only record (design, "Appointment states").
-- What a desk does is told by its intent (desk.remember) and names itself in its transaction; a transaction that says
-- nothing is the web's.

-- The fields of a platform row as an image has them.
CREATE OR REPLACE FUNCTION desk.web_image(a public.appointments) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'number', a.appointment_number, 'provider_id', a.provider_id, 'patient_id', a.user_id,
        'start', desk.micros(a.start_time), 'end', desk.micros(a.end_time), 'status', a.status,
        'patient_name', a.patient_name, 'patient_email', a.patient_email, 'patient_phone', a.patient_phone,
        'notes', a.notes, 'activity_notes', a.activity_notes, 'total', desk.centavos(a.total_price),
        'cancelled_at', desk.micros(a.cancelled_at), 'cancelled_by_id', a.cancelled_by,
        'cancellation_reason', a.cancellation_reason)
$$;

CREATE OR REPLACE FUNCTION desk.note_web(kind text, key text, clinic text, was jsonb, stands jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    drawn CONSTANT text := gen_random_uuid()::text;
    changed CONSTANT text[] := ARRAY(SELECT f.key FROM jsonb_each(stands) AS f WHERE f.value IS DISTINCT FROM was->f.key);
BEGIN
    IF was <> '{}' AND stands <> '{}' THEN
        -- The web's own bookkeeping (reminder stamps, its time of change) is no history.
        IF changed = '{}' THEN
            RETURN;
        END IF;
        was := desk.only(was, changed);
        stands := desk.only(stands, changed);
    END IF;
    INSERT INTO desk.history (uid, clinic_id, at, by_id, source, device, act_id, kind, entity_type, entity_id, before,
                              after)
    VALUES (drawn, clinic, clock_timestamp(), NULL, 'web', '', drawn, kind, 'appointment', key, was, stands);
END $$;

CREATE OR REPLACE FUNCTION desk.on_web_appointments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp AS $$
BEGIN
    IF desk.source() <> 'web' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM desk.note_web('web.book', n.id, coalesce(d.clinic_id, desk.home_clinic(n.provider_id), n.provider_id),
                              '{}', jsonb_build_object('id', n.id, 'source', 'web') || desk.web_image(n))
           FROM new_rows AS n LEFT JOIN desk.appointment_desk AS d ON d.appointment_id = n.id;
    ELSIF TG_OP = 'UPDATE' THEN
        -- Both sides of a row are brought together by sorting: joining thousands by a kept plan took minutes.
        PERFORM desk.note_web('web.change', g.id, coalesce(
                                  (SELECT d.clinic_id FROM desk.appointment_desk AS d WHERE d.appointment_id = g.id),
                                  desk.home_clinic(g.stands->>'provider_id'), g.stands->>'provider_id'),
                              g.was, g.stands)
           FROM (SELECT w.id, (array_agg(w.image) FILTER (WHERE NOT w.now))[1] AS was,
                        (array_agg(w.image) FILTER (WHERE w.now))[1] AS stands
                   FROM (SELECT n.id, true AS now, desk.web_image(n) AS image FROM new_rows AS n
                         UNION ALL
                         SELECT o.id, false, desk.web_image(o) FROM old_rows AS o) AS w
                  GROUP BY w.id) AS g
          WHERE g.was IS NOT NULL AND g.stands IS NOT NULL;
    ELSE
        PERFORM desk.note_web('web.delete', o.id, coalesce(
                                  (SELECT h.clinic_id FROM desk.head AS h
                                    WHERE h.entity = 'appointment' AND h.key = o.id ORDER BY h.ver DESC LIMIT 1),
                                  desk.home_clinic(o.provider_id), o.provider_id),
                              jsonb_build_object('id', o.id, 'source', 'web') || desk.web_image(o), '{}')
           FROM old_rows AS o;
    END IF;
    RETURN NULL;
END $$;

-- What the web makes has the services that are written after it: they join the row of history of the same transaction.
CREATE OR REPLACE FUNCTION desk.on_web_services() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp AS $$
BEGIN
    IF desk.source() <> 'web' THEN
        RETURN NULL;
    END IF;
    UPDATE desk.history AS h SET after = h.after || jsonb_build_object('services', i.image->'services')
      FROM (SELECT DISTINCT n.appointment_id AS key FROM new_rows AS n) AS t,
           desk.appointment_images(ARRAY[t.key]) AS i
     WHERE h.entity_type = 'appointment' AND h.entity_id = t.key AND h.xid = pg_current_xact_id()
       AND h.source = 'web' AND h.kind = 'web.book';
    RETURN NULL;
END $$;
