-- What a field may hold: what one desk writes, every other has to be able to read. Checked for what an intent sets.

-- Per field a word and its bounds: ``text low high``, ``int low high``, ``bool``, ``instant``, ``date``, ``one a|b``, or a
-- shape by name; a question mark: may be null; ``list of``: any number of them.
CREATE OR REPLACE FUNCTION desk.shape(entity text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE entity
    WHEN 'appointment' THEN '{"id": "text 1 100", "number": "text 1 40", "clinic_id": "text 1 100",
        "provider_id": "text 1 100", "patient_id": "text 1 100", "start": "instant", "end": "instant",
        "status": "one PENDING|CONFIRMED|COMPLETED|CANCELLED|NO_SHOW", "patient_name": "text 0 500",
        "patient_email": "text 0 320", "created": "instant", "updated": "instant", "patient_phone": "?text 0 60",
        "notes": "?text 0 100000", "activity_notes": "?text 0 100000", "services": "list of booked",
        "total": "int 0 9999999999", "location": "one in_person|video|phone", "type": "?text 0 500",
        "resources": "list of text 1 100", "lane": "int 0 999", "overbook_reason": "?text 0 5000",
        "source": "one desk|web|import", "external_system": "?text 0 500", "external_id": "?text 0 1000",
        "outcome_missing": "bool", "cancelled_at": "?instant", "cancelled_by": "?one patient|clinic|system",
        "cancelled_by_id": "?text 1 100", "cancellation_reason": "?text 0 5000", "visit": "visit"}'
    WHEN 'booked' THEN '{"service_id": "text 1 100", "name": "text 0 1000", "price": "int 0 9999999999"}'
    WHEN 'visit' THEN '{"state": "?one arrived|in_room|with_provider|checked_out", "arrived_at": "?instant",
        "in_room_at": "?instant", "with_provider_at": "?instant", "checked_out_at": "?instant"}'
    WHEN 'patient' THEN '{"id": "text 1 100", "name": "text 1 500", "email": "text 1 320", "created": "instant",
        "updated": "instant", "phone": "?text 0 60", "birth_date": "?date", "sex": "?text 0 40",
        "address": "?text 0 5000", "consent": "consent", "alerts": "list of text 0 5000", "blocked": "bool",
        "favorite": "bool", "private_notes": "?text 0 100000", "external_system": "?text 0 500",
        "external_id": "?text 0 1000", "web_account": "bool", "email_shared": "bool"}'
    WHEN 'consent' THEN '{"email": "bool", "sms": "bool", "push": "bool", "whatsapp": "bool"}'
    WHEN 'provider' THEN '{"id": "text 1 100", "user_id": "text 1 100", "name": "text 1 500",
        "status": "one PENDING|VERIFIED|SUSPENDED|REJECTED", "slot_minutes": "int 1 1440", "created": "instant",
        "updated": "instant", "clinics": "list of text 1 100", "hours": "list of hours", "breaks": "list of break",
        "overrides": "list of override", "policy": "policy", "specialty": "?text 0 500", "key": "?text 0 200",
        "position": "int 0 100000"}'
    WHEN 'hours' THEN '{"clinic_id": "text 1 100", "day": "int 0 6", "start": "int 0 1440", "end": "int 0 1440"}'
    WHEN 'break' THEN '{"name": "text 0 500", "day": "int 0 6", "start": "int 0 1440", "end": "int 0 1440"}'
    WHEN 'override' THEN '{"date": "date", "available": "bool", "start": "?int 0 1440", "end": "?int 0 1440",
        "kind": "one vacation|holiday|sick_leave|conference|custom_hours|blocked", "reason": "?text 0 5000"}'
    WHEN 'policy' THEN '{"notice_minutes": "int 0 1000000", "cancel_hours": "int 0 100000", "auto_confirm": "bool",
        "max_per_day": "?int 0 100000", "buffer_before": "int 0 1440", "buffer_after": "int 0 1440",
        "overbook_lanes": "int 0 999"}'
    WHEN 'service' THEN '{"id": "text 1 100", "provider_id": "text 1 100", "name": "text 1 500",
        "kind": "one SINGLE|PACKAGE", "pricing": "one FIXED|RANGE|INQUIRE", "created": "instant",
        "updated": "instant", "price_min": "int 0 99999999900", "price_max": "int 0 99999999900",
        "duration": "?int 1 1440", "buffer_before": "int 0 1440", "buffer_after": "int 0 1440",
        "max_per_day": "?int 0 100000", "active": "bool", "description": "?text 0 20000",
        "parts": "list of text 1 100", "catalogue": "?text 0 200", "key": "?text 0 200"}'
    WHEN 'clinic' THEN '{"id": "text 1 100", "name": "text 1 500", "timezone": "text 1 100", "currency": "text 3 3",
        "rooms": "list of room", "key": "?text 0 200"}'
    WHEN 'room' THEN '{"id": "text 1 100", "clinic_id": "text 1 100", "name": "text 1 500", "kind": "text 1 100",
        "key": "?text 0 200"}'
    WHEN 'block' THEN '{"id": "text 1 100", "provider_id": "text 1 100", "start": "instant", "end": "instant",
        "title": "text 0 5000", "created": "instant", "updated": "instant", "all_day": "bool",
        "external_system": "?text 0 500", "external_id": "?text 0 1000"}'
    WHEN 'staff' THEN '{"id": "text 1 100", "login": "text 1 100", "name": "text 1 500",
        "role": "one read-only|provider|receptionist|manager|it", "clinic_id": "?text 1 100",
        "email": "?text 0 320", "active": "bool"}'
    END::jsonb
$$;

CREATE OR REPLACE FUNCTION desk.fits(word text, value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    kind CONSTANT text := coalesce(jsonb_typeof(value), 'null');
    part text[];
BEGIN
    IF word LIKE '?%' THEN
        RETURN kind = 'null' OR desk.fits(substr(word, 2), value);
    END IF;
    IF word LIKE 'list of %' THEN
        RETURN CASE WHEN kind = 'array' THEN jsonb_array_length(value) <= 2000 AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(value) AS e WHERE NOT desk.fits(substr(word, 9), e)) ELSE false END;
    END IF;
    part := string_to_array(word, ' ');
    CASE part[1]
    WHEN 'text' THEN
        RETURN CASE WHEN kind = 'string' THEN length(value #>> '{}') BETWEEN part[2]::int AND part[3]::int ELSE false END;
    WHEN 'bool' THEN
        RETURN kind = 'boolean';
    WHEN 'int' THEN
        RETURN CASE WHEN kind = 'number' THEN value::numeric % 1 = 0
            AND value::numeric BETWEEN part[2]::numeric AND part[3]::numeric ELSE false END;
    WHEN 'instant' THEN
        RETURN CASE WHEN kind = 'number' THEN value::numeric % 1 = 0
            AND value::numeric BETWEEN -2208988800000000 AND 7258118400000000 ELSE false END;
    WHEN 'one' THEN
        RETURN kind = 'string' AND value #>> '{}' = ANY (string_to_array(part[2], '|'));
    WHEN 'date' THEN
        RETURN CASE WHEN kind = 'string' AND value #>> '{}' ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'
            THEN to_char((value #>> '{}')::date, 'YYYY-MM-DD') = value #>> '{}' ELSE false END;
    ELSE
        RETURN kind = 'object' AND desk.misfits(word, value) = '{}' AND value ?& ARRAY(
            SELECT jsonb_object_keys(desk.shape(word)));
    END CASE;
END $$;

-- The fields of an image that hold what they can't; one of no shape holds nothing.
CREATE OR REPLACE FUNCTION desk.misfits(entity text, image jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    shape CONSTANT jsonb := desk.shape(entity);
BEGIN
    RETURN ARRAY(SELECT f.key FROM jsonb_each(image) AS f
                  WHERE NOT coalesce(desk.fits(shape->>f.key, f.value), false));
END $$;
