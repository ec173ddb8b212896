"""A person with a login and ``psql`` gets nowhere (reliability, S20 to S27): a hostile role against everything.

The role is a receptionist's of clinic A. Clinic B has patients, appointments and refusals of its own, each with a
canary in it: nothing of it is read, nothing of it changes.
"""

# ruff: noqa: E501 - a try is a line

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from himsog_desktop.domain.intents import Intent
from tests.contracts.remote_hands import booking, one, patch
from tests.support.shared import SharedClinic, new_id, now

pytestmark = pytest.mark.timeout(240)

CANARY = "CANARY of clinic B"
FORBIDDEN = "42501"

# What no SQL state but "insufficient privilege" may answer. {…} are ids of the tests' clinics.
STATEMENTS = [
    # roles
    "SET ROLE himsog_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT set_config('role', 'himsog_owner', false)",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000",
    "CREATE ROLE intruder LOGIN",
    "GRANT himsog_owner TO CURRENT_USER",
    "ALTER ROLE himsog_desk SUPERUSER",
    "DROP ROLE himsog_desk",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    # making things
    "CREATE TABLE desk.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION desk.actor(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION desk.actor() RETURNS desk.staff LANGUAGE sql AS 'SELECT s FROM desk.staff AS s'",
    "DROP FUNCTION desk.push_v1(jsonb)",
    "ALTER FUNCTION desk.push_v1(jsonb) SECURITY INVOKER",
    "ALTER FUNCTION desk.push_v1(jsonb) SET search_path = pg_temp",
    "ALTER FUNCTION desk.push_v1(jsonb) OWNER TO CURRENT_USER",
    "CREATE TRIGGER mine AFTER INSERT ON desk.staff EXECUTE FUNCTION desk.no_truncate()",
    "CREATE RULE mine AS ON INSERT TO desk.staff DO INSTEAD NOTHING",
    "CREATE POLICY mine ON desk.staff USING (true)",
    "ALTER TABLE desk.staff DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE desk.staff DISABLE TRIGGER ALL",
    "CREATE TEMP VIEW mine AS SELECT * FROM desk.staff; SELECT * FROM mine",
    "CREATE TEMP TABLE stolen AS SELECT * FROM desk.patients",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "CREATE SUBSCRIPTION mine CONNECTION 'host=127.0.0.1' PUBLICATION mine",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION desk.no_truncate()",
    "COMMENT ON TABLE desk.staff IS 'mine'",
    # files and the server
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/himsog-stolen'",
    "CREATE TEMP TABLE files (x text); COPY files FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/himsog-stolen')",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT pg_reload_conf()",
    "SET log_statement = 'all'",
    "SET session_replication_role = replica",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_physical_replication_slot('mine')",
    "CHECKPOINT",
    "ALTER DATABASE postgres SET x.y = 1",
    # the desk's own functions that are not for people
    "SELECT desk.put('appointment', '{}', '{}', '{B}')",
    "SELECT desk.decide('{}'::jsonb, NULL, '{B}')",
    "SELECT desk.admit('{B}'::text, ARRAY['{x}'])",
    "SELECT desk.image('patient', '{b}', '{B}')",
    "SELECT desk.images('patient', ARRAY['{b}'], '{B}')",
    "SELECT desk.patient_images(ARRAY['{b}'], '{B}')",
    "SELECT desk.actor()",
    "SELECT desk.my_clinics()",
    "SELECT desk.cards_seen(NULL, '{B}')",
    "SELECT desk.renew()",
    "SELECT desk.home()",
    "SELECT desk.note_web('x', 'x', '{B}', '{}', '{}')",
    "SELECT desk.file_card('{}', '{}', '{B}', 'x')",
    "SELECT nextval('desk.ver')",
    # another clinic by name
    "SELECT desk.cards_v1('{B}')",
]


class Hostile:
    """A receptionist's bare connection, and the ids of what is nobody's business of hers."""

    def __init__(self, clinic: SharedClinic) -> None:
        self.clinic = clinic
        key = new_id()
        self.appointment = clinic.put(
            "appointment",
            clinic.appointment(key, 9000) | {
                "id": key, "clinic_id": clinic.id("B"), "provider_id": clinic.id("z"), "patient_id": clinic.id("b"),
                "notes": CANARY, "patient_name": CANARY,
            },
            "B",
        )  # fmt: skip
        clinic.put("patient", clinic.patient("b") | {"name": CANARY, "private_notes": CANARY}, "B", clinic.patient("b"))
        self.patient = clinic.image("patient", clinic.id("b"), "B")
        self.card = one(clinic, self._of_b({"notes": "seen"}, {"notes": CANARY + " refused"}), "bea")
        clinic.admin.execute(
            "INSERT INTO desk.rooms VALUES (%s, %s, 'B', 'room', NULL, 0)", (clinic.id("rb"), clinic.id("B"))
        )

    def _of_b(self, before: dict[str, Any], after: dict[str, Any]) -> Intent:
        return self.clinic.intent("appointment", str(self.appointment["id"]), before, after, by="bea")

    def fingerprint(self) -> list[tuple[Any, ...]]:
        """Every row that speaks of clinic B, but what others tried there."""
        admin, ids = self.clinic.admin, self.clinic.ids
        wanted = "|".join(ids[name] for name in ("B", "z", "b", "far", "rb", "bea", "user of z")) + f"|{CANARY}"
        found: list[tuple[Any, ...]] = []
        for (table,) in admin.execute(_TABLES).fetchall():
            if table in ("desk.ledger", "desk.card"):
                continue
            text = (
                f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)), count(*) FROM {table} AS t WHERE t::text ~ %s"
            )
            found.append((table, *(admin.execute(text.encode(), (wanted,)).fetchone() or ())))
        return found


_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'desk') AND c.relkind = 'r' ORDER BY 1"""


@pytest.fixture(scope="module")
def hostile(clinic: SharedClinic) -> Iterator[Hostile]:
    made = Hostile(clinic)
    before = made.fingerprint()
    yield made
    assert made.fingerprint() == before, "nothing of clinic B changed, whatever was tried"


def _said(db: psycopg.Connection[Any], text: str) -> str:
    """The SQL state that a statement is answered with; empty when it was done."""
    try:
        found = db.execute(text.encode())
        while True:
            if found.description is not None:
                assert CANARY not in str(found.fetchall())
            if not found.nextset():
                return ""
    except psycopg.Error as error:
        return "told" if CANARY in str(error) else error.sqlstate or "?"


@pytest.mark.parametrize("text", STATEMENTS)
def test_is_not_for_people(hostile: Hostile, text: str) -> None:
    for name, key in hostile.clinic.ids.items():
        text = text.replace(f"{{{name}}}", key)
    with hostile.clinic.person("ana") as db:
        assert _said(db, text) == FORBIDDEN


def test_no_table_is_for_people(hostile: Hostile) -> None:
    """Read, write, copy, lock, describe: each of every table of both schemas."""
    tables = [row[0] for row in hostile.clinic.admin.execute(_TABLES).fetchall()]
    assert len(tables) > 45
    with hostile.clinic.person("ana") as db:
        for table in tables:
            for text in (
                "SELECT * FROM {}", "SELECT count(*) FROM {}", "DELETE FROM {}", "TRUNCATE {}", "LOCK TABLE {}",
                "COPY {} TO STDOUT", "COPY {} FROM STDIN", "INSERT INTO {} DEFAULT VALUES", "EXPLAIN SELECT * FROM {}",
                "TABLE {} LIMIT 1", "SELECT 1 FROM {} FOR UPDATE", "ALTER TABLE {} ADD COLUMN x int", "DROP TABLE {}",
            ):  # fmt: skip
                assert _said(db, text.format(table)) in (FORBIDDEN, "25P01"), (text, table)


def test_every_privilege_in_the_catalogue(hostile: Hostile) -> None:
    login = hostile.clinic.login("ana")
    count = hostile.clinic.count
    privileges = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
    of_desk = "JOIN pg_namespace AS n ON n.oid = {} WHERE n.nspname IN ('desk', 'public')"
    assert not count(
        f"SELECT count(*) FROM pg_class AS c {of_desk.format('c.relnamespace')} AND c.relkind IN ('r', 'v', 'm', 'p')"
        " AND (has_table_privilege(%s, c.oid, %s) OR has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE'))",
        login, privileges, login,
    )  # fmt: skip
    assert not count(
        f"SELECT count(*) FROM pg_class AS c {of_desk.format('c.relnamespace')} "
        " AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(%s, c.oid, 'USAGE, SELECT, UPDATE') END",
        login,
    )
    callable_by = hostile.clinic.admin.execute(
        f"SELECT p.proname, p.prosecdef FROM pg_proc AS p {of_desk.format('p.pronamespace')}"
        " AND has_function_privilege(%s, p.oid, 'EXECUTE')"
        # What makes a value of a range type is the type's, and the server's own.
        " AND p.prosrc !~ '^(multi)?range_constructor'",
        (login,),
    ).fetchall()
    assert callable_by
    assert all(name.rsplit("_v", 1)[-1].isdigit() and definer for name, definer in callable_by), callable_by
    assert not count(
        "SELECT count(*) FROM pg_namespace WHERE nspname = 'desk' AND has_schema_privilege(%s, oid, 'CREATE')", login
    )


def test_nothing_is_hers_to_give(hostile: Hostile) -> None:
    """PostgreSQL only warns: what counts is that nothing was granted."""
    clinic = hostile.clinic
    with clinic.person("ana") as db:
        for text in ("GRANT EXECUTE ON FUNCTION desk.push_v1(jsonb) TO PUBLIC", "GRANT USAGE ON SCHEMA desk TO PUBLIC"):
            db.execute(text.encode())
    granted = "has_function_privilege('public', 'desk.push_v1(jsonb)', 'EXECUTE')"
    assert not clinic.count(f"SELECT ({granted} OR has_schema_privilege('public', 'desk', 'USAGE'))::int")


def test_every_function_with_its_owners_rights_is_closed(clinic: SharedClinic) -> None:
    """S22: a path of its own with the temporary schema last, an owner without power, nothing to PUBLIC."""
    functions = clinic.admin.execute(
        "SELECT p.proname, p.proconfig, r.rolname, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcanlogin,"
        "       has_function_privilege('public', p.oid, 'EXECUTE'), p.prosrc"
        "  FROM pg_proc AS p JOIN pg_roles AS r ON r.oid = p.proowner"
        " WHERE p.pronamespace = 'desk'::regnamespace AND p.prosecdef"
    ).fetchall()
    assert len(functions) > 10
    for name, settings, owner, mighty, public, text in functions:
        path = [s for s in settings or () if s.startswith("search_path=")]
        assert path == ["search_path=pg_catalog, desk, pg_temp"], name
        assert (owner, mighty, public) == ("himsog_owner", False, False), name
        assert "EXECUTE" not in text.replace("EXECUTE FUNCTION", ""), f"{name} makes SQL of what it is given"


def test_row_security_is_a_second_wall(hostile: Hostile) -> None:
    """A table granted by mistake shows nothing."""
    clinic = hostile.clinic
    clinic.admin.execute("GRANT SELECT, DELETE ON desk.patients, desk.appointment_desk, desk.history TO himsog_desk")
    try:
        with clinic.person("ana") as db:
            for table in ("patients", "appointment_desk", "history"):
                assert db.execute(f"SELECT count(*) FROM desk.{table}".encode()).fetchone() == (0,)
                assert db.execute(f"DELETE FROM desk.{table}".encode()).rowcount == 0
    finally:
        clinic.admin.execute("REVOKE ALL ON desk.patients, desk.appointment_desk, desk.history FROM himsog_desk")


def _wire(intent: Intent, **more: Any) -> str:
    return json.dumps({**{n: getattr(intent, n) for n in Intent.__dataclass_fields__}, **more})


def test_no_setting_and_no_shadow_makes_her_somebody_else(hostile: Hostile) -> None:
    """Temporary tables, functions and operators of the names that the functions use; settings; the search path."""
    clinic = hostile.clinic
    made = one(clinic, booking(clinic))
    edit = clinic.intent("clinic", clinic.id("A"), {"name": "Clinic A"}, {"name": "Mine"}, by="ana")
    note = patch(clinic, made, {"notes": None}, {"notes": "by ana"}, "ana")
    with clinic.person("ana") as db:
        for table in ("staff", "login", "staff_clinic", "head", "ledger", "clinics", "pg_proc", "pg_authid"):
            db.execute(
                f"CREATE TEMP TABLE {table} (name text, staff_id text, id text, role text, clinic_id text)".encode()
            )
        db.execute(
            "INSERT INTO pg_temp.login (name, staff_id) VALUES (%s, %s)", (clinic.login("ana"), clinic.ids["bea"])
        )
        for text in (
            "CREATE FUNCTION pg_temp.works_at(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE FUNCTION pg_temp.may(text, text, boolean) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE FUNCTION pg_temp.lies(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.lies)",
            "CREATE TYPE pg_temp.jsonb AS (x int)",
            "SET search_path = pg_temp, desk, public",
            f"SET desk.author = '{clinic.ids['bea']}'",
            "SET desk.source = 'web'",
            f"SET himsog.person = '{clinic.ids['bea']}'",
            f"SET app.user_id = '{clinic.ids['mia']}'",
            "SET plan_cache_mode = force_custom_plan",
            "SET row_security = off",
            "SET check_function_bodies = off",
        ):
            db.execute(text.encode())
        told = db.execute("SELECT desk.push_v1(%s::pg_catalog.jsonb)", (_wire(edit),)).fetchone()
        assert told is not None
        assert told[0]["trouble"] == "forbidden"
        told = db.execute("SELECT desk.push_v1(%s::pg_catalog.jsonb)", (_wire(note),)).fetchone()
        assert told is not None
        assert told[0]["verdict"] == "accepted"
    row = clinic.admin.execute("SELECT by_id, source FROM desk.history WHERE uid = %s", (note.id,)).fetchone()
    assert row == (clinic.ids["ana"], "desk")


def test_another_clinics_ids_are_as_if_they_were_not_there(hostile: Hostile) -> None:
    clinic = hostile.clinic
    other, patient = hostile.appointment, hostile.patient
    key, mine = str(other["id"]), one(clinic, booking(clinic))
    room = {"id": clinic.id("rb"), "clinic_id": clinic.id("A"), "name": "Mine", "kind": "room", "key": None}
    block = {
        "id": new_id(), "provider_id": clinic.id("z"), "start": clinic.start, "end": clinic.start + 10**9,
        "title": "x", "created": now(), "updated": now(), "all_day": False, "external_system": None,
        "external_id": None,
    }  # fmt: skip
    place = {
        n: mine.image[n] for n in ("start", "end", "provider_id", "resources", "lane", "overbook_reason", "clinic_id")
    }
    staff = {"id": clinic.ids["bea"], "login": "x", "name": "x", "role": "manager", "clinic_id": clinic.id("A"),
             "email": None, "active": True}  # fmt: skip
    tries: list[tuple[str, str, dict[str, Any], dict[str, Any], str, str]] = [
        ("appointment", key, {"notes": None}, {"notes": "x"}, "deleted", "ana"),
        ("appointment", key, {"status": "CONFIRMED"}, {"status": "CANCELLED"}, "deleted", "ana"),
        ("appointment", key, {}, dict(other), "forbidden", "ana"),
        ("appointment", key, {}, {**other, "clinic_id": clinic.id("A"), "provider_id": clinic.id("p"), "patient_id": clinic.id("x")}, "unknown", "ana"),
        ("patient", clinic.id("b"), {"name": CANARY}, {"name": "x"}, "deleted", "ana"),
        ("patient", clinic.id("b"), {}, {**patient, "name": "x"}, "unknown", "ana"),
        ("provider", clinic.id("z"), {"name": "Dr z"}, {"name": "x"}, "deleted", "mia"),
        ("provider", clinic.id("p"), {"clinics": [clinic.id("A")]}, {"clinics": sorted([clinic.id("A"), clinic.id("B")])}, "forbidden", "mia"),
        ("service", clinic.id("far"), {"active": True}, {"active": False}, "deleted", "mia"),
        ("service", clinic.id("plain"), {"parts": []}, {"parts": [clinic.id("far")]}, "deleted", "mia"),
        ("clinic", clinic.id("B"), {"name": "Clinic B"}, {"name": "x"}, "deleted", "mia"),
        ("clinic", clinic.id("A"), {"rooms": clinic.image("clinic", clinic.id("A"))["rooms"]}, {"rooms": [room]}, "forbidden", "mia"),
        ("staff", clinic.ids["bea"], {"role": "manager"}, {"role": "read-only"}, "deleted", "mia"),
        ("staff", clinic.ids["bea"], {}, staff, "forbidden", "mia"),
        ("staff", clinic.ids["duo"], {"role": "receptionist"}, {"role": "manager"}, "forbidden", "mia"),
        ("block", str(block["id"]), {}, block, "deleted", "mia"),
        ("appointment", mine.key, place, {**place, "provider_id": clinic.id("z")}, "deleted", "ana"),
        ("appointment", mine.key, place, {**place, "clinic_id": clinic.id("B")}, "forbidden", "ana"),
        ("appointment", mine.key, place, {**place, "resources": [clinic.id("rb")]}, "deleted", "ana"),
        ("appointment", mine.key, {"patient_id": clinic.id("x")}, {"patient_id": clinic.id("b")}, "deleted", "ana"),
        ("card", hostile.card.id, {"resolved": None, "reason": None}, {"resolved": "theirs", "reason": None}, "deleted", "ana"),
    ]  # fmt: skip
    for entity, target, before, after, trouble, by in tries:
        told = one(clinic, clinic.intent(entity, target, before, after, by=by), by)
        assert (told.verdict, told.trouble) == ("refused", trouble), (entity, after, told)
        assert CANARY not in json.dumps({"image": told.image, "rules": [r.text for r in told.rules]}, default=str)
        assert told.theirs.by != "Bea"
    with clinic.person("ana") as db:
        for text in (
            _wire(clinic.intent("patient", clinic.id("b"), {"name": CANARY}, {"name": "x"}, by="ana"), clinic=clinic.id("B")),
            _wire(clinic.intent("patient", clinic.id("b"), {"name": CANARY}, {"name": "x"}, by="bea"), clinic=clinic.id("B")),
        ):  # fmt: skip
            for function in ("push_v1", "abandon_v1"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(f"SELECT desk.{function}(%s::jsonb)".encode(), (text,))
        # An id of clinic B's ledger tells nothing, also under the very same words.
        theirs = hostile._of_b({"notes": "seen"}, {"notes": CANARY + " refused"})
        for author in (clinic.ids["ana"], clinic.ids["bea"]):
            with pytest.raises(psycopg.errors.InvalidParameterValue):
                db.execute("SELECT desk.push_v1(%s::jsonb)", (_wire(theirs, id=hostile.card.id, author=author),))
        assert db.execute("SELECT desk.known_v1(%s)", ([hostile.card.id],)).fetchone() == ([],)


def test_others_sessions_are_not_hers(hostile: Hostile) -> None:
    with hostile.clinic.person("mia") as other, hostile.clinic.person("ana") as db:
        other.execute("SELECT 'a word of mia'")
        pid = other.info.backend_pid
        assert _said(db, f"SELECT pg_terminate_backend({pid})") == FORBIDDEN
        assert _said(db, f"SELECT pg_cancel_backend({pid})") == FORBIDDEN
        seen = db.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone()
        assert seen == ("<insufficient privilege>",)


def test_large_objects_and_notifications_carry_nothing_of_ours(hostile: Hostile) -> None:
    """What PostgreSQL lets anybody do stays her own: no function of ours reads it."""
    with hostile.clinic.person("ana") as db, hostile.clinic.person("mia") as other:
        made = db.execute("SELECT lo_from_bytea(0, 'x')").fetchone()
        assert made is not None
        assert _said(other, f"SELECT lo_get({made[0]})") == FORBIDDEN
        db.execute(f"SELECT lo_unlink({made[0]})".encode())
        db.execute("NOTIFY himsog_hint, 'lies'")


def test_the_role_it_sees_no_patient(hostile: Hostile) -> None:
    clinic = hostile.clinic
    made = one(clinic, booking(clinic, patient_name="Seen by nobody"))
    told = one(clinic, patch(clinic, made, {"notes": None}, {"notes": "x"}, "ivan"), "ivan")
    assert (told.trouble, told.image) == ("forbidden", {})
    other = one(clinic, booking(clinic, provider_id=clinic.id("q")))
    told = one(clinic, patch(clinic, other, {"notes": None}, {"notes": "x"}, "dora"), "dora")
    assert (told.trouble, told.image) == ("forbidden", {})
