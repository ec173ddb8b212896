-- Providers, services, clinics, blocked time and people of the staff: images as rows.

CREATE OR REPLACE FUNCTION desk.put_block(old jsonb, new jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now CONSTANT timestamp := desk.now_utc();
BEGIN
    IF new = '{}' THEN
        DELETE FROM desk.blocks AS b WHERE b.id = old->>'id';
        RETURN;
    END IF;
    INSERT INTO desk.blocks (id, provider_id, start_time, end_time, title, all_day, external_system, external_id,
                             created_at, updated_at)
    VALUES (new->>'id', new->>'provider_id', desk.instant_of(new->>'start'), desk.instant_of(new->>'end'),
            new->>'title', coalesce((new->>'all_day')::boolean, false), new->>'external_system', new->>'external_id',
            least(coalesce(desk.utc_of(new->>'created'), now), now), now)
    ON CONFLICT (id) DO UPDATE SET
        provider_id = excluded.provider_id, start_time = excluded.start_time, end_time = excluded.end_time,
        title = excluded.title, all_day = excluded.all_day, external_system = excluded.external_system,
        external_id = excluded.external_id, updated_at = excluded.updated_at;
END $$;

CREATE OR REPLACE FUNCTION desk.put_service(old jsonb, new jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT text := coalesce(new->>'id', old->>'id');
    now CONSTANT timestamp := desk.now_utc();
    -- The platform keeps whole pesos.
    low CONSTANT integer := (new->>'price_min')::bigint / 100;
    high CONSTANT integer := (new->>'price_max')::bigint / 100;
    fixed CONSTANT integer := CASE WHEN new->>'pricing' = 'FIXED' THEN low ELSE 0 END;
    made timestamp;
BEGIN
    IF new = '{}' THEN
        DELETE FROM public.services AS s WHERE s.id = this;
        DELETE FROM desk.service_desk AS d WHERE d.service_id = this;
        RETURN;
    END IF;
    made := least(coalesce(desk.utc_of(new->>'created'), now), now);
    INSERT INTO desk.service_desk (service_id, provider_id, duration_minutes, buffer_before, buffer_after, max_per_day,
                                   catalogue_id, key)
    VALUES (this, new->>'provider_id', (new->>'duration')::int, (new->>'buffer_before')::int,
            (new->>'buffer_after')::int, (new->>'max_per_day')::int, new->>'catalogue', new->>'key')
    ON CONFLICT (service_id) DO UPDATE SET
        provider_id = excluded.provider_id, duration_minutes = excluded.duration_minutes,
        buffer_before = excluded.buffer_before, buffer_after = excluded.buffer_after,
        max_per_day = excluded.max_per_day, catalogue_id = excluded.catalogue_id, key = excluded.key;
    IF new->>'catalogue' IS NOT NULL THEN
        INSERT INTO desk.catalogue (id, name) VALUES (new->>'catalogue', new->>'name') ON CONFLICT DO NOTHING;
    END IF;
    IF old = '{}' THEN
        INSERT INTO public.services (id, provider_id, name, description, price_min, price_max, is_active, created_at,
                                     updated_at, fixed_price, "pricingModel", type)
        VALUES (this, new->>'provider_id', new->>'name', new->>'description', low, high, (new->>'active')::boolean, made,
                now, fixed, (new->>'pricing')::public."PricingModel", (new->>'kind')::public."ServiceType");
    ELSE
        UPDATE public.services AS s SET
            name = new->>'name', description = new->>'description', price_min = low, price_max = high,
            is_active = (new->>'active')::boolean, updated_at = now, fixed_price = fixed,
            "pricingModel" = (new->>'pricing')::public."PricingModel", type = (new->>'kind')::public."ServiceType"
        WHERE s.id = this;
    END IF;
    IF old = '{}' OR old->'parts' IS DISTINCT FROM new->'parts' THEN
        DELETE FROM public.service_packages AS p WHERE p.parent_package_id = this;
        INSERT INTO public.service_packages (parent_package_id, child_service_id, created_at)
        SELECT this, part, date_trunc('milliseconds', now) + place * interval '1 millisecond'
          FROM jsonb_array_elements_text(coalesce(new->'parts', '[]')) WITH ORDINALITY AS p (part, place);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.put_clinic(old jsonb, new jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE desk.clinics AS c SET
        name = new->>'name', timezone = new->>'timezone', currency = new->>'currency', key = new->>'key'
    WHERE c.id = old->>'id';
    IF old->'rooms' IS DISTINCT FROM new->'rooms' THEN
        DELETE FROM desk.rooms AS r WHERE r.clinic_id = old->>'id'
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(new->'rooms') AS w (room) WHERE w.room->>'id' = r.id);
        INSERT INTO desk.rooms AS r (id, clinic_id, name, kind, key, position)
        SELECT room->>'id', old->>'id', room->>'name', room->>'kind', room->>'key', place - 1
          FROM jsonb_array_elements(new->'rooms') WITH ORDINALITY AS w (room, place)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, kind = excluded.kind, key = excluded.key, position = excluded.position
        WHERE r.clinic_id = excluded.clinic_id;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.put_staff(old jsonb, new jsonb, clinic text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT text := coalesce(new->>'id', old->>'id');
BEGIN
    IF new = '{}' THEN
        DELETE FROM desk.staff_clinic AS c WHERE c.staff_id = this;
        DELETE FROM desk.staff AS s WHERE s.id = this;
        RETURN;
    END IF;
    INSERT INTO desk.staff_clinic (staff_id, clinic_id) VALUES (this, clinic) ON CONFLICT DO NOTHING;
    INSERT INTO desk.staff (id, login, name, role, clinic_id, email, active)
    VALUES (this, new->>'login', new->>'name', new->>'role', coalesce(new->>'clinic_id', clinic), new->>'email',
            coalesce((new->>'active')::boolean, true))
    ON CONFLICT ON CONSTRAINT staff_pkey DO UPDATE SET
        name = excluded.name, role = excluded.role, email = excluded.email, active = excluded.active;
END $$;

-- A provider has a platform user behind it. One that the desk makes gets one without an address.
CREATE OR REPLACE FUNCTION desk.provider_user(person text, called text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public."user" (id, name, email, role, "emailVerified", "createdAt", "updatedAt", status)
    VALUES (person, called, person || '@patients.invalid', 'PROVIDER', false, desk.now_utc(), desk.now_utc(), 'ACTIVE')
    ON CONFLICT (id) DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION desk.put_provider(old jsonb, new jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT text := coalesce(new->>'id', old->>'id');
    now CONSTANT timestamp := desk.now_utc();
    policy CONSTANT jsonb := coalesce(new->'policy', '{}');
BEGIN
    IF new = '{}' THEN
        DELETE FROM public.providers AS p WHERE p.id = this;
        RETURN;
    END IF;
    IF old = '{}' OR old->'clinics' IS DISTINCT FROM new->'clinics' OR old->'position' <> new->'position' THEN
        DELETE FROM desk.clinic_providers AS c WHERE c.provider_id = this AND NOT new->'clinics' ? c.clinic_id;
        INSERT INTO desk.clinic_providers (provider_id, clinic_id, position)
        SELECT this, clinic, (new->>'position')::int FROM jsonb_array_elements_text(new->'clinics') AS c (clinic)
        ON CONFLICT (provider_id, clinic_id) DO UPDATE SET position = excluded.position;
    END IF;
    INSERT INTO desk.provider_desk AS d (provider_id, specialty, key, position, notice_minutes, cancel_hours,
        auto_confirm, max_per_day, buffer_before, buffer_after, overbook_lanes)
    VALUES (this, new->>'specialty', new->>'key', (new->>'position')::int, (policy->>'notice_minutes')::int,
        (policy->>'cancel_hours')::int, (policy->>'auto_confirm')::boolean, (policy->>'max_per_day')::int,
        (policy->>'buffer_before')::int, (policy->>'buffer_after')::int, (policy->>'overbook_lanes')::int)
    ON CONFLICT (provider_id) DO UPDATE SET
        specialty = excluded.specialty, key = excluded.key, position = excluded.position,
        notice_minutes = excluded.notice_minutes, cancel_hours = excluded.cancel_hours,
        auto_confirm = excluded.auto_confirm, max_per_day = excluded.max_per_day,
        buffer_before = excluded.buffer_before, buffer_after = excluded.buffer_after,
        overbook_lanes = excluded.overbook_lanes;
    IF old = '{}' THEN
        PERFORM desk.provider_user(new->>'user_id', new->>'name');
        -- Only an administrator of the platform verifies one.
        INSERT INTO public.providers (id, user_id, healthcare_name, status, address, slot_duration_minutes, created_at,
                                      updated_at)
        VALUES (this, new->>'user_id', new->>'name', 'PENDING', '', (new->>'slot_minutes')::int,
                least(coalesce(desk.utc_of(new->>'created'), now), now), now);
    ELSIF old->'name' <> new->'name' OR old->'slot_minutes' <> new->'slot_minutes'
        OR old->'user_id' <> new->'user_id' THEN
        PERFORM desk.provider_user(new->>'user_id', new->>'name');
        UPDATE public.providers AS p SET
            healthcare_name = new->>'name', slot_duration_minutes = (new->>'slot_minutes')::int,
            user_id = new->>'user_id', updated_at = now
        WHERE p.id = this;
    END IF;
    IF old = '{}' OR old->'hours' IS DISTINCT FROM new->'hours' THEN
        PERFORM desk.put_hours(this, new->'hours', now);
    END IF;
    IF old = '{}' OR old->'breaks' IS DISTINCT FROM new->'breaks' THEN
        DELETE FROM public.break_times AS b WHERE b.provider_id = this AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(new->'breaks') AS w (one)
             WHERE w.one->>'name' = b.name AND (w.one->>'day')::int = b.day_of_week
               AND desk.wall((w.one->>'start')::int) = b.start_time AND desk.wall((w.one->>'end')::int) = b.end_time);
        INSERT INTO public.break_times (id, provider_id, name, day_of_week, start_time, end_time, created_at, updated_at)
        SELECT desk.derived_id(this, 'break', w.one->>'name', w.one->>'day', w.one->>'start', w.one->>'end'),
               this, w.one->>'name', (w.one->>'day')::int,
               desk.wall((w.one->>'start')::int), desk.wall((w.one->>'end')::int), now, now
          FROM jsonb_array_elements(new->'breaks') AS w (one)
         WHERE NOT EXISTS (
            SELECT 1 FROM public.break_times AS b
             WHERE b.provider_id = this AND w.one->>'name' = b.name
               AND (w.one->>'day')::int = b.day_of_week AND desk.wall((w.one->>'start')::int) = b.start_time
               AND desk.wall((w.one->>'end')::int) = b.end_time);
    END IF;
    IF old = '{}' OR old->'overrides' IS DISTINCT FROM new->'overrides' THEN
        DELETE FROM desk.overrides AS o WHERE o.provider_id = this;
        INSERT INTO desk.overrides (id, provider_id, date, available, start_time, end_time, kind, reason)
        SELECT desk.derived_id(this, 'override', o->>'date', initcap(o->>'available'), o->>'start',
                               o->>'end', o->>'kind'),
               this, o->>'date', (o->>'available')::boolean,
               desk.wall((o->>'start')::int), desk.wall((o->>'end')::int), o->>'kind', o->>'reason'
          FROM jsonb_array_elements(new->'overrides') AS w (o);
    END IF;
END $$;

-- The hours of a week. The web wants a row for each day: one without hours says that it is closed.
CREATE OR REPLACE FUNCTION desk.put_hours(provider text, hours jsonb, now timestamp) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    gone text[];
BEGIN
    gone := ARRAY(
        SELECT h.id FROM public.operating_hours AS h LEFT JOIN desk.hours_desk AS d ON d.hours_id = h.id
         WHERE h.provider_id = provider AND (h.is_closed OR NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(hours) AS w (one)
             WHERE (w.one->>'day')::int = h.day_of_week AND desk.wall((w.one->>'start')::int) = h.start_time
               AND desk.wall((w.one->>'end')::int) = h.end_time
               AND w.one->>'clinic_id' = coalesce(d.clinic_id, desk.home_clinic(provider)))));
    DELETE FROM public.operating_hours AS h WHERE h.id = ANY (gone);
    DELETE FROM desk.hours_desk AS d WHERE d.hours_id = ANY (gone);
    WITH fresh AS (
        SELECT desk.derived_id(provider, 'hours', w.one->>'clinic_id', w.one->>'day', w.one->>'start',
                               w.one->>'end') AS id,
               (w.one->>'day')::int AS day, desk.wall((w.one->>'start')::int) AS start,
               desk.wall((w.one->>'end')::int) AS until, w.one->>'clinic_id' AS clinic
          FROM jsonb_array_elements(hours) AS w (one)
         WHERE NOT EXISTS (
            SELECT 1 FROM public.operating_hours AS h LEFT JOIN desk.hours_desk AS d ON d.hours_id = h.id
             WHERE h.provider_id = provider AND NOT h.is_closed AND h.day_of_week = (w.one->>'day')::int
               AND h.start_time = desk.wall((w.one->>'start')::int) AND h.end_time = desk.wall((w.one->>'end')::int)
               AND w.one->>'clinic_id' = coalesce(d.clinic_id, desk.home_clinic(provider)))
    ), placed AS (
        INSERT INTO desk.hours_desk (hours_id, provider_id, clinic_id) SELECT id, provider, clinic FROM fresh
    )
    INSERT INTO public.operating_hours (id, provider_id, day_of_week, start_time, end_time, is_closed, created_at,
                                        updated_at)
    SELECT id, provider, day, start, until, false, now, now FROM fresh;
    INSERT INTO public.operating_hours (id, provider_id, day_of_week, is_closed, created_at, updated_at)
    SELECT gen_random_uuid()::text, provider, day, true, now, now FROM generate_series(0, 6) AS d (day)
     WHERE NOT EXISTS (SELECT 1 FROM public.operating_hours AS h WHERE h.provider_id = provider AND h.day_of_week = day);
END $$;
