-- Aggregates as images: every field of the frozen record by name, as storage/images.py has them. Per kind one
-- function over many keys; ``desk.image`` for one. What is not there has no image.

CREATE OR REPLACE FUNCTION desk.appointment_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT a.id, jsonb_build_object(
        'id', a.id, 'number', a.appointment_number, 'clinic_id', d.clinic_id, 'provider_id', a.provider_id,
        'patient_id', a.user_id, 'start', desk.micros(a.start_time), 'end', desk.micros(a.end_time),
        'status', a.status, 'patient_name', a.patient_name, 'patient_email', a.patient_email,
        'created', desk.micros(a.created_at), 'updated', desk.micros(a.updated_at),
        'patient_phone', a.patient_phone, 'notes', a.notes, 'activity_notes', a.activity_notes,
        'services', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'service_id', b.service_id, 'name', coalesce(s.name, ''), 'price', desk.centavos(b.price_at_booking)
            ) ORDER BY b.created_at, b.service_id COLLATE "C")
              FROM public.appointment_service AS b LEFT JOIN public.services AS s ON s.id = b.service_id
             WHERE b.appointment_id = a.id), '[]'),
        'total', desk.centavos(a.total_price), 'location', d.location, 'type', d.type,
        'resources', coalesce((
            SELECT jsonb_agg(r.room_id ORDER BY r.room_id COLLATE "C")
              FROM desk.appointment_rooms AS r WHERE r.appointment_id = a.id), '[]'),
        'lane', d.lane, 'overbook_reason', d.overbook_reason, 'source', d.source,
        'external_system', d.external_system, 'external_id', d.external_id, 'outcome_missing', d.outcome_missing,
        'cancelled_at', desk.micros(a.cancelled_at), 'cancelled_by', d.cancelled_for,
        'cancelled_by_id', a.cancelled_by, 'cancellation_reason', a.cancellation_reason,
        'visit', jsonb_build_object(
            'state', v.state, 'arrived_at', desk.micros(v.arrived_at), 'in_room_at', desk.micros(v.in_room_at),
            'with_provider_at', desk.micros(v.with_provider_at), 'checked_out_at', desk.micros(v.checked_out_at)))
      FROM unnest(keys) AS wanted (key)
      JOIN public.appointments AS a ON a.id = wanted.key
      JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
      LEFT JOIN desk.visit AS v ON v.appointment_id = a.id
$$;

-- A patient as the desk of a clinic knows her; corrections of the desk win (design, section 2).
CREATE OR REPLACE FUNCTION desk.patient_images(keys text[], clinic text) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT u.id, jsonb_build_object(
        'id', u.id, 'name', coalesce(p.corrected_name, u.name), 'email', coalesce(p.corrected_email, u.email),
        'created', desk.micros(u."createdAt"), 'updated', desk.micros(u."updatedAt"),
        'phone', p.phone, 'birth_date', p.birth_date, 'sex', p.sex, 'address', p.address,
        'consent', jsonb_build_object(
            'email', coalesce(p.consent_email, true), 'sms', coalesce(p.consent_sms, true),
            'push', coalesce(p.consent_push, false), 'whatsapp', coalesce(p.consent_whatsapp, false)),
        'alerts', coalesce(p.alerts::jsonb, '[]'),
        'blocked', coalesce(c.blocked, false), 'favorite', coalesce(c.favorite, false), 'private_notes', c.notes,
        'external_system', p.external_system, 'external_id', p.external_id,
        'web_account', p.user_id IS NULL OR p.corrected_name IS NOT NULL,
        'email_shared', p.corrected_email IS NOT NULL AND p.corrected_name IS NULL)
      FROM unnest(keys) AS wanted (key)
      JOIN public."user" AS u ON u.id = wanted.key
      LEFT JOIN desk.patients AS p ON p.user_id = u.id
      LEFT JOIN desk.patient_clinic AS c ON c.patient_id = u.id AND c.clinic_id = clinic
$$;

CREATE OR REPLACE FUNCTION desk.provider_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p.id, jsonb_build_object(
        'id', p.id, 'user_id', p.user_id, 'name', p.healthcare_name, 'status', p.status,
        'slot_minutes', p.slot_duration_minutes,
        'created', desk.micros(p.created_at), 'updated', desk.micros(p.updated_at),
        'clinics', coalesce((
            SELECT jsonb_agg(c.clinic_id ORDER BY c.clinic_id COLLATE "C")
              FROM desk.clinic_providers AS c WHERE c.provider_id = p.id), '[]'),
        'hours', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'clinic_id', w.clinic, 'day', h.day_of_week,
                'start', desk.minutes(h.start_time), 'end', desk.minutes(h.end_time)
            ) ORDER BY h.day_of_week, desk.minutes(h.start_time), desk.minutes(h.end_time), w.clinic COLLATE "C")
              FROM public.operating_hours AS h LEFT JOIN desk.hours_desk AS x ON x.hours_id = h.id
             CROSS JOIN LATERAL (SELECT coalesce(x.clinic_id, desk.home_clinic(h.provider_id)) AS clinic) AS w
             WHERE h.provider_id = p.id AND NOT h.is_closed
               AND desk.minutes(h.start_time) < desk.minutes(h.end_time)), '[]'),
        'breaks', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'name', b.name, 'day', b.day_of_week,
                'start', desk.minutes(b.start_time), 'end', desk.minutes(b.end_time)
            ) ORDER BY b.day_of_week, desk.minutes(b.start_time), desk.minutes(b.end_time), b.name COLLATE "C")
              FROM public.break_times AS b
             WHERE b.provider_id = p.id AND desk.minutes(b.start_time) < desk.minutes(b.end_time)), '[]'),
        'overrides', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'date', o.date, 'available', o.available,
                'start', desk.minutes(o.start_time), 'end', desk.minutes(o.end_time),
                'kind', o.kind, 'reason', o.reason
            ) ORDER BY o.date COLLATE "C", o.start_time COLLATE "C" NULLS FIRST, o.kind COLLATE "C",
                       o.end_time COLLATE "C" NULLS FIRST, o.available)
              FROM desk.overrides AS o WHERE o.provider_id = p.id), '[]'),
        'policy', jsonb_build_object(
            'notice_minutes', coalesce(d.notice_minutes, 0), 'cancel_hours', coalesce(d.cancel_hours, 24),
            'auto_confirm', coalesce(d.auto_confirm, false), 'max_per_day', d.max_per_day,
            'buffer_before', coalesce(d.buffer_before, 0), 'buffer_after', coalesce(d.buffer_after, 0),
            'overbook_lanes', coalesce(d.overbook_lanes, 0)),
        'specialty', d.specialty, 'key', d.key, 'position', coalesce(d.position, 0))
      FROM unnest(keys) AS wanted (key)
      JOIN public.providers AS p ON p.id = wanted.key
      LEFT JOIN desk.provider_desk AS d ON d.provider_id = p.id
$$;

CREATE OR REPLACE FUNCTION desk.service_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.id, jsonb_build_object(
        'id', s.id, 'provider_id', s.provider_id, 'name', s.name, 'kind', s.type, 'pricing', s."pricingModel",
        'created', desk.micros(s.created_at), 'updated', desk.micros(s.updated_at),
        'price_min', CASE WHEN s."pricingModel" = 'FIXED' THEN s.fixed_price ELSE s.price_min END::bigint * 100,
        'price_max', CASE WHEN s."pricingModel" = 'FIXED' THEN s.fixed_price ELSE s.price_max END::bigint * 100,
        'duration', d.duration_minutes, 'buffer_before', coalesce(d.buffer_before, 0),
        'buffer_after', coalesce(d.buffer_after, 0), 'max_per_day', d.max_per_day, 'active', s.is_active,
        'description', s.description,
        'parts', coalesce((
            SELECT jsonb_agg(p.child_service_id ORDER BY p.created_at, p.child_service_id COLLATE "C")
              FROM public.service_packages AS p WHERE p.parent_package_id = s.id), '[]'),
        'catalogue', d.catalogue_id, 'key', d.key)
      FROM unnest(keys) AS wanted (key)
      JOIN public.services AS s ON s.id = wanted.key
      LEFT JOIN desk.service_desk AS d ON d.service_id = s.id
$$;

CREATE OR REPLACE FUNCTION desk.clinic_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.id, jsonb_build_object(
        'id', c.id, 'name', c.name, 'timezone', c.timezone, 'currency', c.currency,
        'rooms', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', r.id, 'clinic_id', r.clinic_id, 'name', r.name, 'kind', r.kind, 'key', r.key
            ) ORDER BY r.position, r.id COLLATE "C")
              FROM desk.rooms AS r WHERE r.clinic_id = c.id), '[]'),
        'key', c.key)
      FROM unnest(keys) AS wanted (key)
      JOIN desk.clinics AS c ON c.id = wanted.key
$$;

CREATE OR REPLACE FUNCTION desk.block_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT b.id, jsonb_build_object(
        'id', b.id, 'provider_id', b.provider_id, 'start', desk.micros(b.start_time), 'end', desk.micros(b.end_time),
        'title', b.title, 'created', desk.micros(b.created_at), 'updated', desk.micros(b.updated_at),
        'all_day', b.all_day, 'external_system', b.external_system, 'external_id', b.external_id)
      FROM unnest(keys) AS wanted (key)
      JOIN desk.blocks AS b ON b.id = wanted.key
$$;

CREATE OR REPLACE FUNCTION desk.staff_images(keys text[]) RETURNS TABLE (key text, image jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.id, jsonb_build_object(
        'id', s.id, 'login', s.login, 'name', s.name, 'role', s.role, 'clinic_id', s.clinic_id,
        'email', s.email, 'active', s.active)
      FROM unnest(keys) AS wanted (key)
      JOIN desk.staff AS s ON s.id = wanted.key
$$;

-- Many images of one kind. Only a patient looks different from clinic to clinic.
CREATE OR REPLACE FUNCTION desk.images(entity text, keys text[], clinic text) RETURNS TABLE (key text, image jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, desk, pg_temp AS $$
BEGIN
    CASE entity
        WHEN 'appointment' THEN RETURN QUERY SELECT * FROM desk.appointment_images(keys);
        WHEN 'patient' THEN RETURN QUERY SELECT * FROM desk.patient_images(keys, clinic);
        WHEN 'provider' THEN RETURN QUERY SELECT * FROM desk.provider_images(keys);
        WHEN 'service' THEN RETURN QUERY SELECT * FROM desk.service_images(keys);
        WHEN 'clinic' THEN RETURN QUERY SELECT * FROM desk.clinic_images(keys);
        WHEN 'block' THEN RETURN QUERY SELECT * FROM desk.block_images(keys);
        WHEN 'staff' THEN RETURN QUERY SELECT * FROM desk.staff_images(keys);
    END CASE;
END $$;

CREATE OR REPLACE FUNCTION desk.image(entity text, key text, clinic text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT i.image FROM desk.images(entity, ARRAY[key], clinic) AS i
$$;
