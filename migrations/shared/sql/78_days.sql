-- What a new workstation shows first, while everything else is still on its way: who works there, what is offered,
-- and some days with their patients. No cursor comes of it: the snapshot that follows brings all of it again.
CREATE OR REPLACE FUNCTION desk.days_v1(clinic text, first_at bigint, until_at bigint)
RETURNS TABLE (kind text, body text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who CONSTANT desk.staff := desk.actor();
    here CONSTANT text := desk.clinic_for(who, clinic);
    lower_at CONSTANT timestamp := to_timestamp(first_at / 1e6) AT TIME ZONE 'UTC';
    upper_at CONSTANT timestamp := to_timestamp(until_at / 1e6) AT TIME ZONE 'UTC';
    one text;
    found text[];
    people text[];
    times text[];
BEGIN
    -- Whoever may not see every day gets nothing ahead of what the rights let through.
    IF NOT desk.may(who.role, 'see', false) OR until_at - first_at > 32 * 86400000000::bigint THEN
        RETURN;
    END IF;
    SELECT array_agg(a.id), array_agg(DISTINCT a.user_id) INTO times, people
      FROM public.appointments AS a JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
     WHERE d.clinic_id = here AND a.start_time >= lower_at - interval '1 day' AND a.start_time < upper_at
       AND a.end_time > lower_at;
    FOREACH one IN ARRAY ARRAY['clinic', 'staff', 'provider', 'service', 'patient', 'block', 'appointment'] LOOP
        found := CASE one
            WHEN 'patient' THEN people
            WHEN 'appointment' THEN times
            WHEN 'block' THEN ARRAY(
                SELECT b.id FROM desk.blocks AS b WHERE b.start_time < upper_at AND b.end_time > lower_at)
            ELSE ARRAY(SELECT h.key FROM desk.head AS h
                        WHERE h.clinic_id = here AND h.entity = one AND h.state = 'live')
            END;
        RETURN QUERY
            SELECT 'change'::text, jsonb_build_object(
                       'entity', one, 'key', i.key, 'ver', h.ver, 'state', 'live', 'image', i.image)::text
              FROM desk.images(one, found, here) AS i
              JOIN desk.head AS h ON (h.entity, h.key, h.clinic_id, h.state) = (one, i.key, here, 'live');
    END LOOP;
END $$;
