-- An appointment's image as rows of the platform and of the desk. Rows of the desk go first: what keeps places
-- (occupancy) reads lane, clinic and rooms when the platform's row is written.

CREATE OR REPLACE FUNCTION desk.instant_of(micros text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT desk.instant(micros::bigint)
$$;

CREATE OR REPLACE FUNCTION desk.utc_of(micros text) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
    SELECT desk.utc(micros::bigint)
$$;

CREATE OR REPLACE FUNCTION desk.now_utc() RETURNS timestamp LANGUAGE sql STABLE AS $$
    SELECT date_trunc('milliseconds', clock_timestamp() AT TIME ZONE 'UTC')
$$;

-- A free number as the platform writes them; the unique index has the last word.
CREATE OR REPLACE FUNCTION desk.free_number(wish text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    signs CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    number text := wish;
BEGIN
    WHILE number IS NULL OR EXISTS (SELECT 1 FROM public.appointments AS a WHERE a.appointment_number = number) LOOP
        number := 'APT' || lpad(floor(random() * 1e8)::text, 8, '0')
            || (SELECT string_agg(substr(signs, 1 + floor(random() * 36)::int, 1), '') FROM generate_series(1, 4));
    END LOOP;
    RETURN number;
END $$;

-- Whether mail to the patient of an appointment goes nowhere: then the web's job has nothing to remind of.
CREATE OR REPLACE FUNCTION desk.no_mail(patient text, address text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT address ILIKE '%@patients.invalid' OR coalesce(
        (SELECT u.email ILIKE '%@patients.invalid' FROM public."user" AS u WHERE u.id = patient), false));
END $$;

CREATE OR REPLACE FUNCTION desk.put_appointment(old jsonb, new jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT text := coalesce(new->>'id', old->>'id');
    now CONSTANT timestamp := desk.now_utc();
    made timestamp;
    stamp timestamp;
    silent boolean;
    beside CONSTANT text[] := ARRAY['clinic_id', 'location', 'type', 'lane', 'overbook_reason', 'source',
                                    'external_system', 'external_id', 'outcome_missing', 'cancelled_by'];
    elsewhere CONSTANT text[] := ARRAY['visit', 'resources', 'clinic_id', 'location', 'type', 'lane', 'overbook_reason',
                                       'source', 'external_system', 'external_id', 'outcome_missing', 'services'];
BEGIN
    IF new = '{}' THEN
        -- The trigger takes the desk's rows along.
        DELETE FROM public.appointments AS a WHERE a.id = this;
        RETURN;
    END IF;

    -- Lane, rooms and time are written one after the other: only where all of them end has to be free.
    IF old <> '{}' AND desk.takes_time(old) AND (old->'lane' <> new->'lane' OR old->'resources' <> new->'resources') THEN
        SET CONSTRAINTS desk.occupancy_free DEFERRED;
    END IF;
    -- A statement that changes nothing still costs its triggers: none is made without need.
    IF coalesce(old->'resources', '[]') <> new->'resources' THEN
        DELETE FROM desk.appointment_rooms AS r WHERE r.appointment_id = this AND NOT new->'resources' ? r.room_id;
        INSERT INTO desk.appointment_rooms (appointment_id, room_id)
        SELECT this, room FROM jsonb_array_elements_text(coalesce(new->'resources', '[]')) AS r (room)
        ON CONFLICT DO NOTHING;
    END IF;
    IF old = '{}' THEN
        INSERT INTO desk.appointment_desk (
            appointment_id, clinic_id, location, type, lane, overbook_reason, source, external_system, external_id,
            outcome_missing, cancelled_for)
        VALUES (
            this, new->>'clinic_id', new->>'location', new->>'type', (new->>'lane')::int, new->>'overbook_reason',
            new->>'source', new->>'external_system', new->>'external_id', (new->>'outcome_missing')::boolean,
            new->>'cancelled_by');
    ELSIF desk.only(old, beside) <> desk.only(new, beside) THEN
        UPDATE desk.appointment_desk AS d SET
            clinic_id = new->>'clinic_id', location = new->>'location', type = new->>'type',
            lane = (new->>'lane')::int, overbook_reason = new->>'overbook_reason', source = new->>'source',
            external_system = new->>'external_system', external_id = new->>'external_id',
            outcome_missing = (new->>'outcome_missing')::boolean, cancelled_for = new->>'cancelled_by'
        WHERE d.appointment_id = this;
    END IF;

    silent := desk.no_mail(new->>'patient_id', new->>'patient_email');
    stamp := CASE WHEN silent THEN now END;
    IF old = '{}' THEN
        made := least(coalesce(desk.utc_of(new->>'created'), now), now);
        INSERT INTO public.appointments (
            id, appointment_number, user_id, provider_id, start_time, end_time, status, notes, total_price,
            patient_name, patient_email, patient_phone, cancelled_at, cancellation_reason, cancelled_by, created_at,
            updated_at, activity_notes, confirmation_email_sent_at, reminder_1h_sent_at, reminder_24h_sent_at)
        VALUES (
            this, new->>'number', new->>'patient_id', new->>'provider_id', desk.instant_of(new->>'start'),
            desk.instant_of(new->>'end'), (new->>'status')::public."AppointmentStatus", new->>'notes',
            (new->>'total')::numeric / 100, new->>'patient_name', new->>'patient_email', new->>'patient_phone',
            desk.utc_of(new->>'cancelled_at'), new->>'cancellation_reason', desk.cancelled_by(new), made, now,
            new->>'activity_notes', stamp, stamp, stamp);
    ELSIF old - elsewhere <> new - elsewhere THEN
        UPDATE public.appointments AS a SET
            user_id = new->>'patient_id', provider_id = new->>'provider_id',
            start_time = desk.instant_of(new->>'start'), end_time = desk.instant_of(new->>'end'),
            status = (new->>'status')::public."AppointmentStatus", notes = new->>'notes',
            total_price = (new->>'total')::numeric / 100, patient_name = new->>'patient_name',
            patient_email = new->>'patient_email', patient_phone = new->>'patient_phone',
            cancelled_at = desk.utc_of(new->>'cancelled_at'), cancellation_reason = new->>'cancellation_reason',
            cancelled_by = desk.cancelled_by(new), updated_at = now, activity_notes = new->>'activity_notes',
            -- Another time is reminded of anew; who has no address never is.
            reminder_1h_sent_at = CASE WHEN silent THEN coalesce(a.reminder_1h_sent_at, now)
                WHEN new->'start' <> old->'start' THEN NULL ELSE a.reminder_1h_sent_at END,
            reminder_24h_sent_at = CASE WHEN silent THEN coalesce(a.reminder_24h_sent_at, now)
                WHEN new->'start' <> old->'start' THEN NULL ELSE a.reminder_24h_sent_at END
        WHERE a.id = this;
    END IF;

    IF old = '{}' OR desk.compared('services', old->'services') <> desk.compared('services', new->'services') THEN
        IF old <> '{}' THEN
            DELETE FROM public.appointment_service AS s WHERE s.appointment_id = this;
        END IF;
        -- Their order is kept in created_at, a millisecond apart.
        IF new->'services' <> '[]' THEN
            INSERT INTO public.appointment_service (appointment_id, service_id, price_at_booking, created_at, updated_at)
            SELECT this, one->>'service_id', (one->>'price')::numeric / 100,
                   date_trunc('milliseconds', coalesce(made, now)) + place * interval '1 millisecond', now
              FROM jsonb_array_elements(new->'services') WITH ORDINALITY AS s (one, place);
        END IF;
    END IF;
    IF coalesce(old->'visit', jsonb_build_object()) <> new->'visit'
        AND (old <> '{}' OR jsonb_strip_nulls(new->'visit') <> '{}') THEN
        PERFORM desk.put_visit(this, new->'visit');
    END IF;
    SET CONSTRAINTS desk.occupancy_free IMMEDIATE;
END $$;

-- The platform's column names a user of its own: who cancelled on the clinic's behalf is the provider's.
CREATE OR REPLACE FUNCTION desk.cancelled_by(a jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN a->>'status' <> 'CANCELLED' AND a->>'cancelled_by_id' IS NULL THEN NULL ELSE coalesce(
        (SELECT u.id FROM public."user" AS u WHERE u.id = a->>'cancelled_by_id'),
        CASE a->>'cancelled_by'
            WHEN 'patient' THEN a->>'patient_id'
            WHEN 'clinic' THEN (SELECT p.user_id FROM public.providers AS p WHERE p.id = a->>'provider_id')
        END) END);
END $$;

CREATE OR REPLACE FUNCTION desk.put_visit(appointment text, visit jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF visit IS NULL OR jsonb_strip_nulls(visit) = '{}' THEN
        DELETE FROM desk.visit AS v WHERE v.appointment_id = appointment;
        RETURN;
    END IF;
    INSERT INTO desk.visit (appointment_id, state, arrived_at, in_room_at, with_provider_at, checked_out_at)
    VALUES (appointment, visit->>'state', desk.utc_of(visit->>'arrived_at'), desk.utc_of(visit->>'in_room_at'),
            desk.utc_of(visit->>'with_provider_at'), desk.utc_of(visit->>'checked_out_at'))
    ON CONFLICT (appointment_id) DO UPDATE SET
        state = excluded.state, arrived_at = excluded.arrived_at, in_room_at = excluded.in_room_at,
        with_provider_at = excluded.with_provider_at, checked_out_at = excluded.checked_out_at;
END $$;
