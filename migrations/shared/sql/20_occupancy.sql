-- Who takes which time (design, section 2, "Never double-booked"). A provider and a room are resources by their ids.
-- What is written here is what follows from the tables; an overlap fails with 23P01 at the end of the statement, or,
-- after SET CONSTRAINTS desk.occupancy_free DEFERRED, when it is made IMMEDIATE again (two that change places).
-- Here and in the feed everything is found by an index, and what is compared is hashed (NOT IN): a plan made while a
-- table was small must not be kept for 100,000 rows, which took minutes.

CREATE OR REPLACE FUNCTION desk.resource_of_provider(provider text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT provider $$;

-- The resources that an appointment's or a block's image takes.
CREATE OR REPLACE FUNCTION desk.resources_of(image jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT (image->>'provider_id') || ARRAY(SELECT jsonb_array_elements_text(coalesce(image->'resources', '[]')))
$$;

-- Whether a resource's lane is taken in a range, by the index of the constraint.
CREATE OR REPLACE FUNCTION desk.takers(resource text, lane integer, during tstzrange) RETURNS SETOF desk.occupancy
LANGUAGE sql STABLE SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
    SELECT o.* FROM desk.occupancy AS o
     WHERE desk.textrange(o.place, o.place, '[]') && desk.textrange($1 || '/' || $2::text, $1 || '/' || $2::text, '[]')
       AND o.during && $3
$$;

-- Blocked time takes what nobody has in it: an appointment that was there stays, and its time is blocked when it goes.
CREATE OR REPLACE FUNCTION desk.occupy_block(id text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    b desk.blocks;
    whole tstzrange;
BEGIN
    DELETE FROM desk.occupancy AS o WHERE o.kind = 'block' AND o.owner = occupy_block.id;
    SELECT x.* INTO b FROM desk.blocks AS x WHERE x.id = occupy_block.id;
    IF NOT FOUND OR b.start_time >= b.end_time OR NOT isfinite(b.start_time) OR NOT isfinite(b.end_time) THEN
        RETURN;
    END IF;
    whole := tstzrange(b.start_time, b.end_time, '[)');
    INSERT INTO desk.occupancy (resource, lane, during, kind, owner)
    SELECT b.provider_id, 0, piece, 'block', b.id
      FROM unnest(tstzmultirange(whole) - coalesce(
          (SELECT range_agg(o.during) FROM desk.takers(b.provider_id, 0, whole) AS o), '{}')) AS piece;
END $$;

-- Blocks whose rows changed. What one of them leaves free, another that lies there may take.
CREATE OR REPLACE FUNCTION desk.occupy_blocks(keys text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    one text;
    others text[];
BEGIN
    SELECT array_agg(DISTINCT b.id) INTO others
      FROM desk.occupancy AS o
      JOIN desk.blocks AS b ON b.provider_id = o.resource
       AND b.start_time < upper(o.during) AND b.end_time > lower(o.during)
     WHERE o.kind = 'block' AND o.owner = ANY (keys) AND b.id NOT IN (SELECT unnest(keys));
    FOREACH one IN ARRAY keys LOOP
        PERFORM desk.occupy_block(one);
    END LOOP;
    FOR one IN SELECT unnest(others) ORDER BY 1 LOOP
        PERFORM desk.occupy_block(one);
    END LOOP;
END $$;

-- Appointments whose rows, lane or rooms changed.
CREATE OR REPLACE FUNCTION desk.occupy(keys text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off SET work_mem = '128MB' AS $$
-- NOT IN is hashed only where it fits into the memory for work.
DECLARE
    freed text[];
    one text;
BEGIN
    WITH here AS MATERIALIZED (
        SELECT a.id, a.provider_id, d.lane, tstzrange(a.start_time, a.end_time, '[)') AS during
          FROM unnest(keys) AS wanted (id)
          JOIN public.appointments AS a ON a.id = wanted.id
          JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
         WHERE CASE WHEN a.status IN ('PENDING', 'CONFIRMED') AND isfinite(a.start_time) AND isfinite(a.end_time)
                    THEN a.start_time < a.end_time ELSE false END
    ), wanted AS MATERIALIZED (
        SELECT h.provider_id AS resource, h.lane, h.during, h.id AS owner FROM here AS h
        UNION ALL
        SELECT r.room_id, h.lane, h.during, h.id FROM here AS h JOIN desk.appointment_rooms AS r ON r.appointment_id = h.id
    ), gone AS (
        DELETE FROM desk.occupancy AS o
         WHERE o.kind = 'appointment' AND o.owner = ANY (keys) AND (o.owner, o.resource, o.lane, o.during) NOT IN (
            SELECT w.owner, w.resource, w.lane, w.during FROM wanted AS w)
        RETURNING o.resource, o.lane, o.during
    ), made AS (
        INSERT INTO desk.occupancy (resource, lane, during, kind, owner)
        SELECT w.resource, w.lane, w.during, 'appointment', w.owner FROM wanted AS w
         WHERE (w.owner, w.resource, w.lane, w.during) NOT IN (
            SELECT o.owner, o.resource, o.lane, o.during FROM desk.occupancy AS o
             WHERE o.kind = 'appointment' AND o.owner = ANY (keys))
    )
    SELECT array_agg(DISTINCT b.id) INTO freed
      FROM gone AS g
      JOIN desk.blocks AS b ON g.lane = 0 AND b.provider_id = g.resource
       AND b.start_time < upper(g.during) AND b.end_time > lower(g.during);
    FOR one IN SELECT unnest(freed) ORDER BY 1 LOOP
        PERFORM desk.occupy_block(one);
    END LOOP;
END $$;
