-- What desks read: hello, pull and snapshot. All know the caller (desk.actor) and answer for one clinic of hers.

-- Who sees of appointments, patients, history and cards: everything (null), the own columns, or nothing at all ({}).
CREATE OR REPLACE FUNCTION desk.reach(who desk.staff) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT CASE WHEN desk.may(who.role, 'see', false) THEN NULL
                WHEN desk.may(who.role, 'see', true) THEN
                    ARRAY(SELECT p.id FROM public.providers AS p WHERE p.user_id = who.id ORDER BY p.id)
                ELSE '{}' END
$$;

-- The server says what it is. The first who comes after a restore finds that it is another life now, and begins it.
CREATE OR REPLACE FUNCTION desk.hello_v1() RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    who desk.staff;
    what desk.meta;
BEGIN
    PERFORM desk.require_primary();
    who := desk.actor();
    SELECT m.* INTO what FROM desk.meta AS m;
    IF what.home <> desk.home() THEN
        PERFORM desk.renew();
        SELECT m.* INTO what FROM desk.meta AS m;
    END IF;
    IF what.state <> 'ready' THEN
        RAISE EXCEPTION 'the desk is being set up' USING ERRCODE = '57P03';
    END IF;
    RETURN jsonb_build_object(
        'protocol_min', what.protocol_min, 'protocol_max', what.protocol_max, 'schema', desk.revision(),
        'epoch', what.epoch,
        'person', jsonb_build_object('id', who.id, 'login', who.login, 'name', who.name, 'role', who.role),
        'clinics', coalesce((
            SELECT jsonb_agg(jsonb_build_array(c.id, c.name) ORDER BY c.name, c.id)
              FROM desk.clinics AS c WHERE c.id = ANY (desk.my_clinics())), '[]'),
        'now', desk.micros(clock_timestamp()));
END $$;

-- A cursor names the life, the clinic, the tables' revision, who saw so far and the moment. STABLE functions see one moment: that of
-- the statement that calls them, which is the one that is told here.
CREATE OR REPLACE FUNCTION desk.cursor_now(clinic text, reach text[]) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT jsonb_build_object('v', 1, 'epoch', m.epoch, 'clinic', clinic, 'schema', desk.revision(),
                              'reach', reach, 'snapshot', pg_current_snapshot()::text) FROM desk.meta AS m
$$;

-- The moment of a cursor. One that fits no more is refused with HS010: a snapshot is needed. So it is where the last
-- pull was made by somebody who sees less, other columns or more: what was left out then would never come, and what
-- she may not see would never go (reliability, P31).
CREATE OR REPLACE FUNCTION desk.moment_of(clinic text, given text, reach text[]) RETURNS pg_snapshot LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    what desk.meta;
    told jsonb;
    moment pg_snapshot;
BEGIN
    SELECT m.* INTO what FROM desk.meta AS m;
    IF what.home <> desk.home() THEN
        RAISE EXCEPTION 'this database has another life now' USING ERRCODE = 'HS010';
    END IF;
    BEGIN
        told := given::jsonb;
        moment := (told->>'snapshot')::pg_snapshot;
    EXCEPTION WHEN data_exception OR invalid_text_representation OR invalid_parameter_value THEN
        moment := NULL;
    END;
    IF moment IS NULL OR told->>'v' IS DISTINCT FROM '1' OR told->>'epoch' IS DISTINCT FROM what.epoch::text
        OR told->>'clinic' IS DISTINCT FROM clinic OR told->>'schema' IS DISTINCT FROM desk.revision()
        OR coalesce(told->'reach', 'null') IS DISTINCT FROM coalesce(to_jsonb(reach), 'null')
        OR pg_snapshot_xmax(moment) < what.feed_floor
        OR pg_snapshot_xmax(moment) > pg_snapshot_xmax(pg_current_snapshot()) THEN
        RAISE EXCEPTION 'the cursor fits no more' USING ERRCODE = 'HS010';
    END IF;
    RETURN moment;
END $$;

-- The heads of a clinic that changed since a moment: those of later transactions and of those that were then open.
CREATE OR REPLACE FUNCTION desk.heads_since(clinic text, moment pg_snapshot) RETURNS SETOF desk.head
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    one xid8;
BEGIN
    RETURN QUERY SELECT h.* FROM desk.head AS h WHERE h.clinic_id = clinic AND h.xid >= pg_snapshot_xmax(moment);
    -- One by one: with ANY the planner went through everything that the clinic has.
    FOR one IN SELECT pg_snapshot_xip(moment) LOOP
        RETURN QUERY SELECT h.* FROM desk.head AS h WHERE h.clinic_id = clinic AND h.xid = one;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION desk.history_since(clinic text, moment pg_snapshot) RETURNS SETOF desk.history
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, desk, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
    one xid8;
BEGIN
    RETURN QUERY SELECT h.* FROM desk.history AS h WHERE h.clinic_id = clinic AND h.xid >= pg_snapshot_xmax(moment);
    -- One by one: with ANY the planner went through everything that the clinic has.
    FOR one IN SELECT pg_snapshot_xip(moment) LOOP
        RETURN QUERY SELECT h.* FROM desk.history AS h WHERE h.clinic_id = clinic AND h.xid = one;
    END LOOP;
END $$;

-- What changed for a clinic since the cursor, all of one moment: rows of kind change, history and card, then one of
-- kind cursor (body: the next one). Nothing counts without the last.
CREATE OR REPLACE FUNCTION desk.pull_v1(clinic text, cursor text) RETURNS TABLE (kind text, body jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    who desk.staff;
    moment pg_snapshot;
    reach text[];
    what text;
    everything desk.head[];
    keys text[];
BEGIN
    PERFORM desk.require_primary();
    who := desk.actor();
    IF NOT desk.works_at(who.id, pull_v1.clinic) THEN
        RAISE EXCEPTION 'not a clinic of this person' USING ERRCODE = '42501';
    END IF;
    reach := desk.reach(who);
    moment := desk.moment_of(pull_v1.clinic, pull_v1.cursor, reach);
    everything := ARRAY(SELECT h FROM desk.heads_since(pull_v1.clinic, moment) AS h);
    FOREACH what IN ARRAY ARRAY['clinic', 'staff', 'provider', 'service', 'patient', 'appointment', 'block'] LOOP
        SELECT array_agg(h.key) FILTER (WHERE h.state = 'live') INTO keys
          FROM unnest(everything) AS h WHERE h.entity = what;
        CONTINUE WHEN NOT EXISTS (SELECT FROM unnest(everything) AS h WHERE h.entity = what);
        -- What a person sees no more (it went to another's column) is told as gone from here, without its image.
        RETURN QUERY
        SELECT 'change', jsonb_build_object(
                   'entity', h.entity, 'key', h.key, 'ver', h.ver,
                   'state', CASE WHEN h.state <> 'live' THEN h.state WHEN i.image IS NULL THEN 'deleted'
                                 WHEN v.seen THEN 'live' ELSE 'evicted' END,
                   'image', CASE WHEN v.seen THEN coalesce(i.image, '{}') ELSE '{}' END,
                   'theirs', jsonb_build_object('by', s.name, 'at', desk.micros(h.changed_at), 'source', h.source))
          FROM unnest(everything) AS h
          LEFT JOIN desk.images(what, coalesce(keys, '{}'), pull_v1.clinic) AS i ON i.key = h.key
          LEFT JOIN desk.staff AS s ON s.id = h.by_id
         -- What went over to another's column is no longer hers to see, and her desk has to forget it.
         CROSS JOIN LATERAL (SELECT reach IS NULL OR what NOT IN ('appointment', 'patient')
                                 OR (i.image IS NOT NULL AND desk.sees(who, what, h.key, i.image)) AS seen) AS v
         WHERE h.entity = what
           AND (reach IS NULL OR what NOT IN ('appointment', 'patient') OR cardinality(reach) > 0);
    END LOOP;
    RETURN QUERY
    SELECT 'history', desk.history_document(h)
      FROM desk.history_since(pull_v1.clinic, moment) AS h
     WHERE (reach IS NULL OR h.entity_type NOT IN ('appointment', 'patient', 'card') OR (
           cardinality(reach) > 0 AND desk.sees(who, h.entity_type, h.entity_id,
                                                desk.image_at(pull_v1.clinic, h.entity_type, h.entity_id))))
     ORDER BY h.seq;
    RETURN QUERY
    SELECT 'card', desk.card_document(c)
      FROM desk.card AS c
     WHERE c.clinic_id = pull_v1.clinic
       AND (c.xid >= pg_snapshot_xmax(moment) OR c.xid = ANY (ARRAY(SELECT pg_snapshot_xip(moment))))
       AND (reach IS NULL OR c.author = who.id);
    RETURN QUERY SELECT 'cursor', desk.cursor_now(pull_v1.clinic, reach);
END $$;

CREATE OR REPLACE FUNCTION desk.history_document(h desk.history) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'uid', h.uid, 'at', desk.micros(h.at), 'by_id', h.by_id, 'source', h.source, 'device', h.device,
        'act', h.act_id, 'kind', h.kind, 'entity', h.entity_type, 'key', h.entity_id,
        'before', h.before, 'after', h.after)
$$;
