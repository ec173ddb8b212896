"""What is not as it should be at a shared database, in plain words.

Functions, triggers and grants are compared with what this program would make: it makes them in a transaction that is
rolled back, and looks at what that changed. So the check is exact, and changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from himsog_desktop.server import overlaps, platform, triggers
from himsog_desktop.server.briefly import alone
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.migrate import DESK, HEAD, OWNER, files, repeatable, run_file
from himsog_desktop.server.state import Clinic, State, clinics, clinics_to_be, revision, state_of

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection
    from himsog_desktop.server.overlaps import Overlap


class Checked(NamedTuple):
    """``differences``: what is wrong. ``advice``: what works but should be otherwise."""

    state: State
    version: str
    differences: list[str]
    advice: list[str]
    clinics: list[Clinic]
    overlaps: list[Overlap]


def check(url: str) -> Checked:
    """Look the database over. Raises as ``administrator`` does, and Refused ``in_use`` when another is at it."""
    with administrator(url) as db:
        state = state_of(db)
        version = str(db.info.server_version // 10_000)
        if state is State.EMPTY:
            told = ["This database is empty. Use himsog database create."]
            return Checked(state, version, told, [], [], [])
        told = platform.differences(db) + platform.rights(db)
        if state is State.PLATFORM:
            found = [] if told else overlaps.to_be(db)
            there = [] if told else clinics_to_be(db)
            return Checked(state, version, told, _advice(db), there, found)
        if state is State.FILLING:
            told.append("Attaching (or detaching) was begun and not finished. Run it again: it goes on.")
        missing = _revision(db) + _roles(db) + own_tables(db)
        told += missing
        if not missing:
            with alone(db):
                told += _made(db)
            told += _triggers(db) + _entered(db) + _reach(db)
        return Checked(state, version, told, _advice(db), clinics(db), overlaps.laid(db) if not told else [])


def _revision(db: Connection) -> list[str]:
    found = revision(db)
    if found == HEAD:
        return []
    if found is not None and found > HEAD:
        return [
            f"The desk's tables are newer (revision {found}) than this program ({HEAD}). Install the newer one here."
        ]
    return [f"The desk's tables are of revision {found or 'none'}, and {HEAD} is needed: himsog database upgrade URL."]


def _roles(db: Connection) -> list[str]:
    there = {name for (name,) in db.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", (OWNER, DESK))}
    return [f"Role {name} is missing." for name in (OWNER, DESK) if name not in there]


# ---------------------------------------------------------------------------------- tables of the desk

_TABLE = re.compile(r"^CREATE TABLE desk\.(\w+) \(\n(.*?)\n\);$", re.M | re.S)
_COLUMN = re.compile(r"^    ([a-z_]\w*) [a-z]")
_INDEX = re.compile(r"^CREATE (?:UNIQUE )?INDEX (\w+) ON desk\.(\w+)", re.M)
_THERE = """
SELECT c.relname, array_agg(a.attname::text) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.relnamespace = to_regnamespace('desk') AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
 GROUP BY 1
"""
_INDEXED = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('desk') AND relkind = 'i'"
_FREE = """
SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass('desk.occupancy') AND conname = 'occupancy_free'
   AND contype = 'x' AND convalidated
"""


def own_tables(db: Connection) -> list[str]:
    """Tables, columns and indexes of the desk that are missing."""
    there: dict[str, list[str]] = dict(db.execute(_THERE).fetchall())
    indexed = {name for (name,) in db.execute(_INDEXED)}
    told = []
    for path in files():
        if "tables" not in path.stem:
            continue
        text = path.read_text(encoding="utf-8")
        for table, body in _TABLE.findall(text):
            if table not in there:
                told.append(f"Table desk.{table} is missing.")
                continue
            named = [found[1] for found in map(_COLUMN.match, body.splitlines()) if found]
            told += [f"Column desk.{table}.{name} is missing." for name in named if name not in there[table]]
        told += [
            f"Index desk.{name} on {table} is missing: desks would be slow."
            for name, table in _INDEX.findall(text)
            if name not in indexed and table in there
        ]
    if "occupancy" in there and db.execute(_FREE).fetchone() is None:
        told.append("The constraint occupancy_free is missing: nothing keeps two from booking the same time.")
    return told


# ----------------------------------------------------------------------------------- functions, grants

_FUNCTIONS = """
SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proowner::regrole::text,
       p.xmin = pg_current_xact_id()::xid
  FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace('desk') AND p.prokind = 'f'
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'i')
"""
_GRANTS = """
SELECT 'function ' || p.oid::regprocedure::text, x.grantee, x.privilege_type
  FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS x
 WHERE p.pronamespace = to_regnamespace('desk')
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'i')
UNION ALL
SELECT 'table ' || c.oid::regclass::text, x.grantee, x.privilege_type
  FROM pg_class AS c, aclexplode(coalesce(c.relacl, acldefault(
           CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))) AS x
 WHERE c.relkind IN ('r', 'p', 'v', 'S')
   AND (c.relnamespace = to_regnamespace('desk')
        OR c.relnamespace = to_regnamespace('public') AND x.grantee = to_regrole('himsog_owner'))
UNION ALL
SELECT 'column ' || c.oid::regclass::text || '.' || a.attname, x.grantee, x.privilege_type
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid, aclexplode(a.attacl) AS x
 WHERE c.relnamespace = to_regnamespace('public') AND x.grantee = to_regrole('himsog_owner')
UNION ALL
SELECT 'schema ' || n.nspname, x.grantee, x.privilege_type
  FROM pg_namespace AS n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS x
 WHERE n.nspname = 'desk' OR n.nspname = 'public' AND x.grantee = to_regrole('himsog_owner')
"""
_NAMED = "SELECT oid, rolname FROM pg_roles"


class _Rollback(Exception):
    """Ends the transaction in which everything was made once more."""


def _made(db: Connection) -> list[str]:
    """Functions and grants: what making them again would change."""
    told: list[str] = []
    try:
        with db.transaction():
            db.execute("SET LOCAL lock_timeout = '1s'")
            was, granted = _functions(db), _grants(db)
            paths = list(repeatable())
            for path in paths:
                if "grants" not in path.stem:
                    run_file(db, path)
            told = _compared(was, _functions(db))
            for path in paths:
                if "grants" in path.stem:
                    run_file(db, path)
            told += _granted(db, granted, _grants(db))
            raise _Rollback
    except _Rollback:
        return told
    except psycopg.errors.InsufficientPrivilege:
        return ["Functions and grants can't be compared: that takes the administrator who attached the desk."]
    except psycopg.ProgrammingError as error:
        return [f"Functions can't be made as they should be: {error.diag.message_primary}."]


def _functions(db: Connection) -> dict[str, tuple[str, str, bool]]:
    return {name: (text, owner, made) for name, text, owner, made in db.execute(_FUNCTIONS)}


def _grants(db: Connection) -> set[tuple[str, int, str]]:
    return set(db.execute(_GRANTS).fetchall())


def _compared(was: dict[str, tuple[str, str, bool]], now: dict[str, tuple[str, str, bool]]) -> list[str]:
    told = []
    for name, (text, _, made) in sorted(now.items()):
        if name not in was:
            told.append(f"Function {name} is missing.")
        elif not made:
            told.append(f"Function {name} is none of ours.")
        elif was[name][0] != text:
            told.append(f"Function {name} is not as it should be.")
        if name in was and was[name][1] != OWNER:
            told.append(f"Function {name} belongs to {was[name][1]}, not to {OWNER}.")
    return told


def _granted(db: Connection, was: set[tuple[str, int, str]], now: set[tuple[str, int, str]]) -> list[str]:
    names: dict[int, str] = {0: "PUBLIC", **dict(db.execute(_NAMED).fetchall())}
    there = {what for what, _, _ in was}
    told = [
        f"{names.get(who, '?')} lacks {right} on {what}."
        for what, who, right in sorted(now - was)
        if what in there or not what.startswith("function")
    ]
    # What making everything again takes away, and what it leaves to somebody that is none of ours.
    told += [
        f"{names.get(who, '?')} has {right} on {what} and should not."
        for what, who, right in sorted(
            (was - now) | {one for one in was & now if names.get(one[1]) not in (OWNER, DESK)}
        )
    ]
    return told


def _triggers(db: Connection) -> list[str]:
    return [
        f"Trigger {one.name} on {table} is missing or not as it should be."
        for schema, table in triggers.tables()
        for one in triggers.missing(db, schema, table)
    ]


# ------------------------------------------------------------------------------------- what is entered

_NOT_ENTERED = {
    "{n} appointments are not entered: no desk would see them, or their time is not taken.": (
        "SELECT count(*) FROM desk.unfilled('appointment')"
    ),
    "{n} providers are not entered: they have no clinic, or a service that no desk would see.": (
        "SELECT count(*) FROM desk.unfilled('provider')"
    ),
    "{n} times are taken by an appointment that does not take them.": (
        "SELECT count(*) FROM desk.occupancy AS o LEFT JOIN public.appointments AS a ON a.id = o.owner"
        " WHERE o.kind = 'appointment' AND (a.id IS NULL OR desk.taken_time(a) IS DISTINCT FROM o.during)"
    ),
    "{n} appointments are gone and no desk would hear of it.": (
        "SELECT count(*) FROM desk.head AS h LEFT JOIN public.appointments AS a ON a.id = h.key"
        " WHERE h.entity = 'appointment' AND h.state = 'live' AND a.id IS NULL"
    ),
    "{n} clinics, blocks or people of the staff have no head: desks would not see them.": (
        "SELECT count(*) FROM (SELECT 'clinic' AS entity, c.id AS key, c.id AS clinic FROM desk.clinics AS c"
        " UNION ALL SELECT 'staff', s.id, w.clinic_id FROM desk.staff AS s"
        "   JOIN desk.staff_clinic AS w ON w.staff_id = s.id"
        " UNION ALL SELECT 'block', b.id, p.clinic_id FROM desk.blocks AS b"
        "   JOIN desk.clinic_providers AS p ON p.provider_id = b.provider_id) AS t"
        " WHERE NOT EXISTS (SELECT FROM desk.head AS h WHERE (h.entity, h.key, h.clinic_id, h.state)"
        "                    = (t.entity, t.key, t.clinic, 'live'))"
    ),
}


def _entered(db: Connection) -> list[str]:
    told = []
    for words, text in _NOT_ENTERED.items():
        try:
            (count,) = db.execute(text.encode()).fetchall()[0]
        except (psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            continue  # what is missing was said already
        if count:
            told.append(words.format(n=f"{count:,}"))
    return told


# ------------------------------------------------------------------------------ who may do what, advice

_REACH = """
SELECT c.relname, p.privilege FROM pg_class AS c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
 WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
   AND has_table_privilege('himsog_desk', c.oid, p.privilege) ORDER BY 1, 2
"""
_LOGINS = """
SELECT l.name, r.rolname IS NOT NULL, coalesce(r.rolcanlogin, false) <> s.active
  FROM desk.login AS l JOIN desk.staff AS s ON s.id = l.staff_id
  LEFT JOIN pg_roles AS r ON r.rolname = l.name ORDER BY 1
"""


def _reach(db: Connection) -> list[str]:
    told = [
        f"Everybody of the staff may {privilege} in table {table} without the desk's functions (PUBLIC or {DESK} was"
        " given that): who sees what is then not kept."
        for table, privilege in db.execute(_REACH)
    ]
    for name, there, otherwise in db.execute(_LOGINS):
        if not there:
            told.append(f"The login {name} has no role: himsog staff add {name} makes it again.")
        elif otherwise:
            told.append(f"The login {name} may sign in although the person is disabled, or the other way round.")
    return told


def _advice(db: Connection) -> list[str]:
    settings: dict[str, Any] = dict(
        db.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN ('ssl', 'password_encryption', 'log_statement',"
            " 'log_parameter_max_length', 'log_parameter_max_length_on_error', 'fsync', 'synchronous_commit')"
        ).fetchall()
    )
    told = []
    if settings["ssl"] != "on":
        told.append("TLS is off (ssl): workstations will not connect over a network.")
    if settings["password_encryption"] != "scram-sha-256":
        told.append("password_encryption is not scram-sha-256: workstations refuse other ways to ask for a password.")
    if settings["log_statement"] in ("mod", "all"):
        told.append("log_statement writes statements to the server's log, and patients' data with them.")
    if settings["log_parameter_max_length"] != "0" or settings["log_parameter_max_length_on_error"] != "0":
        told.append("log_parameter_max_length(_on_error) is not 0: values may be written to the server's log.")
    if settings["fsync"] != "on" or settings["synchronous_commit"] == "off":
        told.append("fsync or synchronous_commit is off: what was booked may be lost when the server stops.")
    return told
