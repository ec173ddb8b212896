-- Which life of the database this is. ``home`` names the cluster, the database in it and the timeline: a dump restored
-- elsewhere, a clone, a recovery to a point in time and a promoted standby each have another, and desks must then
-- begin anew with a snapshot and offer again what the server may have lost (reliability, 2.2 and 2.8).

CREATE OR REPLACE FUNCTION desk.home() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT (SELECT s.system_identifier::text FROM pg_control_system() AS s)
        || '/' || (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database())
        || '/' || CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END
$$;

INSERT INTO desk.meta (epoch, home, protocol_min, protocol_max, state, feed_floor)
VALUES (gen_random_uuid(), desk.home(), 1, 1, 'filling', pg_current_xact_id())
ON CONFLICT DO NOTHING;

-- A new life: stored transaction ids may be those of another cluster, ahead of this one's for years.
CREATE OR REPLACE FUNCTION desk.renew() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    me CONSTANT xid8 := pg_current_xact_id();
BEGIN
    UPDATE desk.meta SET epoch = gen_random_uuid(), home = desk.home(), feed_floor = me WHERE home <> desk.home();
    IF FOUND THEN
        UPDATE desk.head SET xid = me;
        UPDATE desk.history SET xid = me;
        UPDATE desk.card SET xid = me;
        PERFORM setval('desk.ver', greatest((SELECT coalesce(max(ver), 0) FROM desk.head), nextval('desk.ver')));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.revision() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, desk, pg_temp AS $$ SELECT v.version_num::text FROM desk.alembic_version AS v $$;
