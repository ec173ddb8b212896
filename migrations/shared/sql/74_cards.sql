-- Needs attention: a card for each refused intent, seen at every desk of its clinic until a person resolves it.

CREATE OR REPLACE FUNCTION desk.file_card(intent jsonb, verdict jsonb, clinic text, person text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- A card about a card helps nobody; of what is far too long the card holds the head.
    IF intent->>'entity' = 'card' THEN
        RETURN;
    END IF;
    INSERT INTO desk.card (id, clinic_id, intent, verdict, author, author_name)
    VALUES (intent->>'id', clinic,
            CASE WHEN octet_length(intent::text) > 1000000
                THEN intent || '{"before": {}, "after": {}}' ELSE intent - 'clinic' END,
            verdict, person, (SELECT s.name FROM desk.staff AS s WHERE s.id = person))
    ON CONFLICT (id) DO NOTHING;
    PERFORM pg_notify('himsog_hint', '');
END $$;

CREATE OR REPLACE FUNCTION desk.card_image(card desk.card) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN card.id IS NULL THEN '{}'
        ELSE jsonb_build_object('resolved', card.resolved, 'reason', card.reason) END
$$;

-- A person answers a card: {"resolved": null, "reason": null} becomes a way out and a reason, compared and set like
-- fields (domain/intents.py, CARD). Nothing else closes one, and an undo opens it again.
CREATE OR REPLACE FUNCTION desk.decide_card(intent jsonb, who desk.staff, author desk.staff, clinic text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    want CONSTANT jsonb := coalesce(intent->'after', '{}');
    card desk.card;
    found record;
BEGIN
    SELECT c.* INTO card FROM desk.card AS c WHERE c.id = decide_card.intent->>'key' AND c.clinic_id = clinic FOR UPDATE;
    IF card.id IS NULL THEN
        RETURN desk.answer(intent, clinic, who, desk.no('deleted', '{}', 'not_found', 'There is no such card.'), '{}');
    END IF;
    IF author.id IS DISTINCT FROM card.author AND NOT desk.may(author.role, 'book', false) THEN
        RETURN desk.answer(intent, clinic, who, desk.no('forbidden', '{}', 'forbidden',
            format('The role %s doesn''t allow it.', author.role)), desk.card_image(card));
    END IF;
    IF author.id <> who.id AND NOT desk.may(who.role, 'book', false) THEN
        RAISE EXCEPTION 'who did this has to sign in' USING ERRCODE = '42501';
    END IF;
    IF intent->'before' = '{}' OR want = '{}'
        OR coalesce(want->>'resolved', 'mine') NOT IN ('mine', 'theirs', 'slot', 'discard')
        OR length(coalesce(want->>'reason', '')) > 2000 THEN
        RETURN desk.answer(intent, clinic, who, desk.no('unknown', ARRAY['resolved'], 'bad_value',
            'A value can''t be right.'), desk.card_image(card));
    END IF;
    SELECT m.next, m.trouble, m.fields INTO found
      FROM desk.merge('card', desk.card_image(card), coalesce(intent->'before', '{}'), want, false) AS m;
    IF found.trouble IS NOT NULL THEN
        RETURN desk.answer(intent, clinic, who, desk.no(found.trouble, found.fields, NULL, NULL),
                           desk.card_image(card));
    END IF;
    IF found.next = desk.card_image(card) THEN
        RETURN desk.answer(intent, clinic, who, NULL, desk.card_image(card), true);
    END IF;
    UPDATE desk.card AS c SET
        resolved = found.next->>'resolved', reason = found.next->>'reason', resolved_by = author.id,
        resolved_at = clock_timestamp(), xid = pg_current_xact_id()
     WHERE c.id = card.id;
    PERFORM pg_notify('himsog_hint', '');
    RETURN desk.answer(intent, clinic, who, NULL, found.next, false);
END $$;

-- A card as ports.Remote tells it (domain/intents.py, Card).
CREATE OR REPLACE FUNCTION desk.card_document(card desk.card) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('intent', card.intent, 'verdict', card.verdict, 'author_name', card.author_name,
                              'resolved', card.resolved)
$$;

-- The cards that a person sees at a clinic: everybody's, a provider the own ones, "it" none.
CREATE OR REPLACE FUNCTION desk.cards_seen(who desk.staff, clinic text) RETURNS SETOF desk.card LANGUAGE sql STABLE AS $$
    SELECT c.* FROM desk.card AS c
     WHERE c.clinic_id = clinic AND desk.works_at(who.id, clinic)
       AND (c.author = who.id OR desk.may(who.role, 'see', false))
$$;

-- The open cards of a clinic, oldest first.
CREATE OR REPLACE FUNCTION desk.cards_v1(clinic text) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp AS $$
DECLARE
    who CONSTANT desk.staff := desk.actor();
BEGIN
    RETURN QUERY SELECT desk.card_document(c) FROM desk.cards_seen(who, desk.clinic_for(who, clinic)) AS c
                  WHERE c.resolved IS NULL ORDER BY c.made, c.id;
END $$;

-- Giving up on an intent is a verdict too: whatever comes late under its id stays refused.
CREATE OR REPLACE FUNCTION desk.abandon_v1(intent jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who CONSTANT desk.staff := desk.actor();
    clinic CONSTANT text := desk.clinic_of(who, intent);
    this CONSTANT text := intent->>'id';
    hash CONSTANT bytea := desk.intent_hash(intent);
    kept desk.ledger;
    answer jsonb;
BEGIN
    PERFORM desk.require_primary();
    PERFORM desk.require_shape(intent);
    INSERT INTO desk.ledger (id, clinic_id, entity, key, kind, version, req_hash, author, pushed_by, device, client_at)
    VALUES (this, clinic, intent->>'entity', intent->>'key', intent->>'kind', (intent->>'version')::int, hash,
            coalesce(intent->>'author', who.id), who.id, coalesce(intent->>'device', ''), (intent->>'at')::bigint)
    ON CONFLICT ON CONSTRAINT ledger_pkey DO NOTHING;
    IF NOT FOUND THEN
        SELECT l.* INTO kept FROM desk.ledger AS l WHERE l.id = this;
        IF NOT desk.works_at(who.id, kept.clinic_id) OR kept.req_hash <> hash THEN
            RAISE EXCEPTION 'this id stands for another intent' USING ERRCODE = '22023';
        END IF;
        RETURN desk.kept_verdict(kept);
    END IF;
    answer := desk.answer(intent, clinic, who, desk.no('unknown', '{}', 'abandoned', 'It was given up at the desk.'),
                           desk.image_at(clinic, intent->>'entity', intent->>'key'));
    PERFORM desk.file_card(intent, answer, clinic, coalesce(intent->>'author', who.id));
    UPDATE desk.ledger AS l SET word = 'refused', verdict = answer WHERE l.id = this;
    RETURN answer;
END $$;

-- Those of these ids that the ledger has: after a restore a desk offers the others again.
CREATE OR REPLACE FUNCTION desk.known_v1(ids text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, desk, pg_temp AS $$
    SELECT coalesce(array_agg(l.id), '{}') FROM desk.ledger AS l
     WHERE l.id = ANY (ids) AND l.clinic_id = ANY (desk.my_clinics())
$$;
