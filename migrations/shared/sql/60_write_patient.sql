-- A patient's image as rows. A user who registered on the web is never rewritten: corrections stand beside it in
-- desk.patients and win on the desks' screens (design, "Who is who").

-- Whether somebody signs in with this user: then it is the web's.
CREATE OR REPLACE FUNCTION desk.registered(person text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT 1 FROM public.account AS a WHERE a."userId" = person)
        OR EXISTS (SELECT 1 FROM public."user" AS u WHERE u.id = person AND u.role <> 'USER'));
END $$;

CREATE OR REPLACE FUNCTION desk.put_patient(old jsonb, new jsonb, clinic text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT text := coalesce(new->>'id', old->>'id');
    now CONSTANT timestamp := desk.now_utc();
    made timestamp;
    consent CONSTANT jsonb := coalesce(new->'consent', '{}');
    web boolean;
    shared boolean := false;
    mail text := new->>'email';
BEGIN
    IF new = '{}' THEN
        DELETE FROM public."user" AS u WHERE u.id = this;
        RETURN;
    END IF;
    made := least(coalesce(desk.utc_of(new->>'created'), now), now);
    web := old <> '{}' AND (coalesce((old->>'web_account')::boolean, false) OR desk.registered(this));
    IF NOT web THEN
        shared := EXISTS (SELECT 1 FROM public."user" AS u WHERE lower(u.email) = lower(mail) AND u.id <> this);
        mail := CASE WHEN shared THEN this || '@patients.invalid' ELSE mail END;
        IF old = '{}' THEN
            INSERT INTO public."user" (id, name, email, role, "emailVerified", "createdAt", "updatedAt", status)
            VALUES (this, new->>'name', mail, 'USER', false, made, now, 'ACTIVE');
            PERFORM desk.admit(clinic, ARRAY[this]);
        ELSIF old->'name' <> new->'name' OR old->'email' <> new->'email' THEN
            UPDATE public."user" AS u SET name = new->>'name', email = mail, "updatedAt" = now
             WHERE u.id = this;
        END IF;
    END IF;
    INSERT INTO desk.patients AS p (
        user_id, phone, birth_date, sex, address, consent_email, consent_sms, consent_push, consent_whatsapp, alerts,
        external_system, external_id, corrected_name, corrected_email, created_at, updated_at)
    VALUES (
        this, new->>'phone', new->>'birth_date', new->>'sex', new->>'address',
        coalesce((consent->>'email')::boolean, true), coalesce((consent->>'sms')::boolean, true),
        coalesce((consent->>'push')::boolean, false), coalesce((consent->>'whatsapp')::boolean, false),
        CASE WHEN jsonb_array_length(coalesce(new->'alerts', '[]')) > 0 THEN (new->'alerts')::text END,
        new->>'external_system', new->>'external_id',
        CASE WHEN web THEN new->>'name' END,
        CASE WHEN web OR shared THEN new->>'email' END, made, now)
    ON CONFLICT (user_id) DO UPDATE SET
        phone = excluded.phone, birth_date = excluded.birth_date, sex = excluded.sex, address = excluded.address,
        consent_email = excluded.consent_email, consent_sms = excluded.consent_sms,
        consent_push = excluded.consent_push, consent_whatsapp = excluded.consent_whatsapp, alerts = excluded.alerts,
        external_system = excluded.external_system, external_id = excluded.external_id,
        corrected_name = excluded.corrected_name, corrected_email = excluded.corrected_email,
        updated_at = excluded.updated_at;
    IF (new->>'favorite')::boolean OR (new->>'blocked')::boolean OR new->>'private_notes' IS NOT NULL THEN
        INSERT INTO desk.patient_clinic AS c (patient_id, clinic_id, favorite, blocked, notes)
        VALUES (this, clinic, coalesce((new->>'favorite')::boolean, false),
                coalesce((new->>'blocked')::boolean, false), new->>'private_notes')
        ON CONFLICT (patient_id, clinic_id) DO UPDATE SET
            favorite = excluded.favorite, blocked = excluded.blocked, notes = excluded.notes;
    ELSE
        -- The row stays, so that the patient stays this clinic's.
        UPDATE desk.patient_clinic AS c SET favorite = false, blocked = false, notes = NULL
         WHERE c.patient_id = this AND c.clinic_id = clinic;
    END IF;
END $$;
