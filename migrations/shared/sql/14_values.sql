-- Values as images have them: instants in microseconds since the epoch, money in centavos, wall time in minutes.
-- One expression each and without settings, so that they are expanded where they are used.

-- What lies outside of our years (infinity too, which the platform's columns may hold) is brought to their ends.
CREATE OR REPLACE FUNCTION desk.micros(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$ SELECT round(date_part('epoch', greatest(least(moment, '9999-01-01 00:00+00'), '0002-01-01 00:00+00')) * 1000000)::bigint $$;

CREATE OR REPLACE FUNCTION desk.micros(moment timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT round(date_part('epoch', greatest(least(moment, '9999-01-01 00:00'), '0002-01-01 00:00')) * 1000000)::bigint $$;

CREATE OR REPLACE FUNCTION desk.instant(micros bigint) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$ SELECT timestamptz 'epoch' + micros * interval '1 microsecond' $$;

-- The platform keeps milliseconds: what is finer is cut off, never rounded up into the future.
CREATE OR REPLACE FUNCTION desk.utc(micros bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT timestamp 'epoch' + floor(micros / 1000.0)::float8 * interval '1 millisecond' $$;

CREATE OR REPLACE FUNCTION desk.centavos(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT round(amount * 100)::bigint $$;

CREATE OR REPLACE FUNCTION desk.pesos(centavos bigint) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT round(centavos::numeric / 100, 2) $$;

-- Null for what is no time of day: the platform's column is text, and whoever writes there is not ours.
CREATE OR REPLACE FUNCTION desk.minutes(wall text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE WHEN wall ~ '^([01]?[0-9]|2[0-3]):[0-5][0-9]$' OR wall = '24:00'
        THEN split_part(wall, ':', 1)::integer * 60 + split_part(wall, ':', 2)::integer END
$$;

CREATE OR REPLACE FUNCTION desk.wall(minutes integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lpad((minutes / 60)::text, 2, '0') || ':' || lpad((minutes % 60)::text, 2, '0') $$;

-- The clinic of what the web makes: the provider's first.
CREATE OR REPLACE FUNCTION desk.home_clinic(provider text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT c.clinic_id FROM desk.clinic_providers AS c WHERE c.provider_id = provider
     ORDER BY c.position, c.clinic_id COLLATE "C" LIMIT 1
$$;

-- SHA-1 (FIPS 180-4), which PostgreSQL has in extensions only; for the few ids that follow from content.
CREATE OR REPLACE FUNCTION desk.sha1(message bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    mask CONSTANT bigint := 4294967295;
    whole bytea := message || '\x80'::bytea;
    w bigint[];
    h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102;
    h3 bigint := 271733878; h4 bigint := 3285377520;
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
BEGIN
    whole := whole || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
        || int8send(length(message)::bigint * 8);
    FOR block IN 0 .. length(whole) / 64 - 1 LOOP
        FOR i IN 0 .. 15 LOOP
            w[i] := (get_byte(whole, block * 64 + i * 4)::bigint << 24)
                | (get_byte(whole, block * 64 + i * 4 + 1) << 16)
                | (get_byte(whole, block * 64 + i * 4 + 2) << 8) | get_byte(whole, block * 64 + i * 4 + 3);
        END LOOP;
        FOR i IN 16 .. 79 LOOP
            t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
            w[i] := ((t << 1) | (t >> 31)) & mask;
        END LOOP;
        a := h0; b := h1; c := h2; d := h3; e := h4;
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN f := (b & c) | ((b # mask) & d); k := 1518500249;
            ELSIF i < 40 THEN f := b # c # d; k := 1859775393;
            ELSIF i < 60 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
            ELSE f := b # c # d; k := 3395469782;
            END IF;
            t := (((a << 5) | (a >> 27)) + f + e + k + w[i]) & mask;
            e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t;
        END LOOP;
        h0 := (h0 + a) & mask; h1 := (h1 + b) & mask; h2 := (h2 + c) & mask;
        h3 := (h3 + d) & mask; h4 := (h4 + e) & mask;
    END LOOP;
    RETURN substr(int8send(h0), 5) || substr(int8send(h1), 5) || substr(int8send(h2), 5)
        || substr(int8send(h3), 5) || substr(int8send(h4), 5);
END $$;

-- The id of a row that the cache keys by what it says (storage/rows.py, derived_id): a UUID of version 5.
CREATE OR REPLACE FUNCTION desk.named_id(space bytea, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE made bytea := substr(desk.sha1(space || convert_to(name, 'UTF8')), 1, 16);
BEGIN
    made := set_byte(made, 6, (get_byte(made, 6) & 15) | 80);
    made := set_byte(made, 8, (get_byte(made, 8) & 63) | 128);
    RETURN encode(made, 'hex')::uuid::text;
END $$;

CREATE OR REPLACE FUNCTION desk.derived_id(parent text, VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT desk.named_id(
        decode(replace(CASE
            WHEN parent ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN parent
            ELSE desk.named_id('\x6ba7b8129dad11d180b400c04fd430c8'::bytea, parent)
        END, '-', ''), 'hex'),
        array_to_string(parts, chr(31), 'None'))
$$;
