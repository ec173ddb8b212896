-- Who calls: people of the staff, the clinics they work for, their logins.
-- The caller is session_user and nobody else: no setting, no parameter can say otherwise (reliability, S20, S23).

-- The person who calls. Raises 42501 for a login that is nobody's, HS002 for a person who was disabled.
CREATE OR REPLACE FUNCTION desk.actor() RETURNS desk.staff
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    who desk.staff;
BEGIN
    SELECT s.* INTO who FROM desk.login AS l JOIN desk.staff AS s ON s.id = l.staff_id WHERE l.name = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this login is not one of the staff' USING ERRCODE = '42501';
    END IF;
    IF NOT who.active THEN
        RAISE EXCEPTION 'revoked' USING ERRCODE = 'HS002';
    END IF;
    RETURN who;
END $$;

CREATE OR REPLACE FUNCTION desk.works_at(person text, clinic text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT 1 FROM desk.staff_clinic AS c WHERE c.staff_id = person AND c.clinic_id = clinic));
END $$;

-- The clinics that the caller works for.
CREATE OR REPLACE FUNCTION desk.my_clinics() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT coalesce(array_agg(c.clinic_id ORDER BY c.clinic_id), '{}')
      FROM desk.staff_clinic AS c WHERE c.staff_id = (desk.actor()).id
$$;

-- The clinic of a call: the one asked for, if the person works there; without one, the person's own.
CREATE OR REPLACE FUNCTION desk.clinic_for(who desk.staff, asked text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    clinic text := coalesce(asked, who.clinic_id,
        (SELECT min(c.clinic_id) FROM desk.staff_clinic AS c WHERE c.staff_id = who.id));
BEGIN
    IF clinic IS NULL OR NOT desk.works_at(who.id, clinic) THEN
        RAISE EXCEPTION 'not a clinic of this person' USING ERRCODE = '42501';
    END IF;
    RETURN clinic;
END $$;

-- The clinic of an intent: the one it names; else where its appointment is booked, or where the person's clinics have
-- what it changes; else the person's own.
CREATE OR REPLACE FUNCTION desk.clinic_of(who desk.staff, intent jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    clinic text := intent->>'clinic';
BEGIN
    IF clinic IS NULL AND intent->>'entity' = 'appointment' AND coalesce(intent->'before', '{}') = '{}' THEN
        SELECT c.clinic_id INTO clinic FROM desk.staff_clinic AS c
         WHERE c.staff_id = who.id AND c.clinic_id = intent->'after'->>'clinic_id';
    ELSIF clinic IS NULL AND intent->>'entity' = 'card' THEN
        SELECT c.clinic_id INTO clinic FROM desk.card AS c
         WHERE c.id = clinic_of.intent->>'key' AND desk.works_at(who.id, c.clinic_id);
    ELSIF clinic IS NULL THEN
        SELECT h.clinic_id INTO clinic FROM desk.head AS h
         WHERE h.entity = intent->>'entity' AND h.key = intent->>'key' AND desk.works_at(who.id, h.clinic_id)
         ORDER BY h.state = 'live' DESC, h.clinic_id = who.clinic_id DESC, h.clinic_id LIMIT 1;
    END IF;
    RETURN desk.clinic_for(who, clinic);
END $$;

-- Intents are taken where they are kept: never on a standby.
CREATE OR REPLACE FUNCTION desk.require_primary() RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF pg_is_in_recovery() THEN
        RAISE EXCEPTION 'this server is a standby' USING ERRCODE = 'HS003';
    END IF;
END $$;
