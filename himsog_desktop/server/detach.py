"""Taking the desk away again: schema ``desk``, the triggers and grants on the platform's tables, and our roles.

A schema-only dump taken before attaching and one taken after detaching are the same. What only ``desk`` holds is
lost with it, so it is counted first, and nothing is done until somebody says yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import psycopg
from psycopg import sql

from himsog_desktop.domain.errors import NoAccess
from himsog_desktop.server import triggers
from himsog_desktop.server.attach import Step
from himsog_desktop.server.briefly import alone, briefly
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.migrate import DESK, OWNER

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection


class Lost(NamedTuple):
    """What only the desk holds: how many of what."""

    what: str
    rows: int


class Detached(NamedTuple):
    """What was done, or would be. ``kept``: roles that stay, and why."""

    state: Literal["detached", "not attached", "would detach", "refused"]
    lost: list[Lost]
    steps: list[Step]
    kept: list[str]


_HELD = (
    ("patients' details that desks wrote (birth date, address, phone, consent, alerts)", "patients", "true"),
    ("notes, favourites and blocks of patients at a clinic", "patient_clinic", "favorite OR blocked OR notes <> ''"),
    ("appointments with something that the platform has no column for", "appointment_desk", "source <> 'web'"),
    ("visits (arrived, in room, with provider, checked out)", "visit", "state IS NOT NULL OR arrived_at IS NOT NULL"),
    ("blocked times and leave", "blocks", "true"),
    ("rooms and devices", "rooms", "true"),
    ("days with hours of their own", "overrides", "true"),
    ("policies of providers", "provider_desk", "true"),
    ("durations and buffers of services", "service_desk", "true"),
    ("people of the staff", "staff", "true"),
    ("rows of history of what desks did", "history", "source <> 'web'"),
    ("cards that wait in Needs attention", "card", "resolved IS NULL"),
    ("notices to patients that are not sent yet", "notice", "true"),
)
"""Words, table of schema ``desk``, which of its rows somebody would miss."""

_MEMBERS = """
SELECT m.rolname FROM pg_auth_members AS a JOIN pg_roles AS g ON g.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
 WHERE g.rolname = %s AND NOT m.rolsuper AND m.rolname NOT LIKE 'himsog\\_%%' ORDER BY 1
"""
_ELSEWHERE = """
SELECT DISTINCT d.datname FROM pg_shdepend AS s JOIN pg_database AS d ON d.oid = s.dbid
 WHERE s.refclassid = 'pg_authid'::regclass AND d.datname <> current_database()
   AND s.refobjid IN (SELECT oid FROM pg_roles WHERE rolname IN (%s, %s)) ORDER BY 1
"""


def detach(url: str, *, yes: bool = False, dry_run: bool = False) -> Detached:
    """Take the desk away; without ``yes`` only where nothing would be lost.

    Raises NoAccess ``forbidden`` for who is not allowed to, Refused ``in_use`` when another is at it or the tables
    were never free, and as ``administrator`` does.
    """
    with administrator(url) as db:
        there = db.execute("SELECT to_regnamespace('desk') IS NOT NULL").fetchone() == (True,)
        known = [
            name for (name,) in db.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", (OWNER, DESK))
        ]
        if not there and not known:
            return Detached("not attached", [], [], [])
        _refuse_strangers(db, known)
        lost = held(db) if there else []
        if dry_run:
            return Detached("would detach", lost, _plan(db), _staying(db))
        if lost and not yes:
            return Detached("refused", lost, _plan(db), _staying(db))
        with alone(db):
            steps = _schema_away(db, there=there)
            gone, kept = _roles_away(db)
        return Detached("detached" if there else "not attached", lost, steps + gone, kept)


def _refuse_strangers(db: Connection, known: list[str]) -> None:
    if OWNER in known and db.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (OWNER,)).fetchone() != (True,):
        raise NoAccess("forbidden", "Only who attached the desk, or a superuser, can take it away.")


def held(db: Connection) -> list[Lost]:
    """What only the desk holds, of each kind that has any."""
    found = []
    for words, table, which in _HELD:
        if db.execute("SELECT to_regclass(%s)", (f"desk.{table}",)).fetchone() == (None,):
            continue
        text = f"SELECT count(*) FROM desk.{table} WHERE {which}"
        count = db.execute(text.encode()).fetchall()[0][0]  # sql: identifiers and our own conditions
        if count:
            found.append(Lost(words, int(count)))
    return found


def _plan(db: Connection) -> list[Step]:
    steps = [Step("desks", "Let no desk in any more.")]
    steps += [
        Step("triggers", f"Take the triggers off {table}. Writers wait 1 s at most.")
        for schema, table in triggers.tables()
        if schema == "public"
    ]
    steps.append(Step("schema", "Drop schema desk with everything in it, and the grants on the platform's tables."))
    if not _elsewhere(db):
        names = ", ".join([*_members(db), DESK, OWNER])
        steps.append(Step("roles", f"Drop the roles {names}."))
    return steps


def _members(db: Connection) -> list[str]:
    """The logins of people: whoever is in the desk's group."""
    return [name for (name,) in db.execute(_MEMBERS, (DESK,))]


def _elsewhere(db: Connection) -> list[str]:
    """Other databases of this server that have a desk."""
    return [name for (name,) in db.execute(_ELSEWHERE, (OWNER, DESK))]


def _staying(db: Connection) -> list[str]:
    others = _elsewhere(db)
    if not others:
        return []
    why = f"another database of this server has a desk: {', '.join(others)}"
    return [f"{name} stays, because {why}." for name in [*_members(db), DESK, OWNER]]


def _schema_away(db: Connection, *, there: bool) -> list[Step]:
    steps = []
    if there:
        briefly(db, lambda: _close(db))
        steps.append(Step("desks", "No desk is let in any more."))
    for schema, table in triggers.tables():
        if schema == "public" and briefly(db, lambda table=table: _untrigger(db, table)):  # type: ignore[misc]
            steps.append(Step("triggers", f"The triggers are off {table}."))
    briefly(db, lambda: _drop(db))
    if there:
        steps.append(Step("schema", "Schema desk and the grants are gone."))
    return steps


def _close(db: Connection) -> None:
    db.execute("REVOKE ALL ON SCHEMA desk FROM himsog_desk")
    if db.execute("SELECT to_regclass('desk.meta')").fetchone() != (None,):
        db.execute("UPDATE desk.meta SET state = 'filling'")


def _untrigger(db: Connection, table: str) -> bool:
    text = "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgname LIKE 'himsog\\_%%'"
    if db.execute(text, (f'public."{table}"',)).fetchone() == (0,):
        return False
    triggers.remove(db, "public", table)
    return True


def _drop(db: Connection) -> None:
    db.execute("DROP SCHEMA IF EXISTS desk CASCADE")
    known = {name for (name,) in db.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", (OWNER, DESK))}
    if DESK in known:
        name = sql.Identifier(db.info.dbname)
        db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM himsog_desk").format(name))  # sql: identifiers only
    if OWNER in known:
        db.execute("DROP OWNED BY himsog_owner")  # grants on the platform's tables and default rights too


def _roles_away(db: Connection) -> tuple[list[Step], list[str]]:
    """Drop our roles where nothing else depends on them; who stays, and why."""
    steps: list[Step] = []
    kept = _staying(db)
    if kept:
        return steps, kept
    for name in [*_members(db), DESK, OWNER]:
        why = _role_away(db, name)
        if why is None:
            steps.append(Step("roles", f"Role {name} is gone."))
        else:
            kept.append(f"{name} stays: {why}.")
    return steps, kept


def _role_away(db: Connection, name: str) -> str | None:
    """Drop a role; why not, when it can't be."""
    try:
        db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))  # sql: identifiers only
    except psycopg.errors.DependentObjectsStillExist:
        return "it owns or may use something else on this server"
    except psycopg.errors.ObjectInUse:
        return "somebody is connected with it"
    except psycopg.errors.InsufficientPrivilege:
        return "this administrator may not drop it"
    return None
