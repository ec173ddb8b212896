"""People of the staff at a shared database: who they are, where they work, and their logins.

One login role per person (reliability, S20), in the group ``himsog_desk``, which may call the versioned functions
and nothing else. A password is turned into its verifier here and never sent, kept or repeated.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, LiteralString, NamedTuple

import psycopg
from psycopg import sql

from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.migrate import DESK, OWNER
from himsog_desktop.server.state import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.server.connection import Connection

CONNECTIONS = 8
"""How many connections a person may hold: a window, an agent and commands, on two workstations."""

_SPACE = uuid.UUID("8f0d1c1e-5b0a-4d57-9a0e-2f6c4f5d7a31")
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,62}")
_KEPT = ("pg_", "himsog_")
_PEOPLE = """
SELECT s.id, s.login, s.name, s.role, s.email, s.active, l.name IS NOT NULL,
       coalesce((SELECT json_agg(json_build_array(c.id, c.name) ORDER BY c.name, c.id)
                   FROM desk.staff_clinic AS w JOIN desk.clinics AS c ON c.id = w.clinic_id
                  WHERE w.staff_id = s.id), '[]')
  FROM desk.staff AS s LEFT JOIN desk.login AS l ON l.staff_id = s.id
 WHERE %(login)s::text IS NULL OR s.login = %(login)s::text
 ORDER BY s.login"""


_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()"


class Employed(NamedTuple):
    """A person of the staff. ``signs_in``: has a login at the database; ``clinics``: id and name of each."""

    id: str
    login: str
    name: str
    role: str
    email: str | None
    active: bool
    signs_in: bool
    clinics: tuple[tuple[str, str], ...]


class Wanted(NamedTuple):
    """What is to be true of a person. ``provider``: whose column is this person's own."""

    login: str
    role: Role
    clinics: Sequence[str]
    name: str | None = None
    email: str | None = None
    provider: str | None = None
    password: str | None = None


def add(url: str, wanted: Wanted) -> Employed:
    """Make a person or change one: role, clinics (added to those that are there), name, password; lets her in again.

    Raises BadInput for what can't be right, Refused ``in_use`` for a role of the database that is something else, and
    as ``administrator`` does.
    """
    _checked(wanted)
    with administrator(url) as db, db.transaction():
        prepared(db)
        for clinic in wanted.clinics:
            if db.execute("SELECT 1 FROM desk.clinics WHERE id = %s", (clinic,)).fetchone() is None:
                raise _missing("clinic", clinic)
        person = _person(db, wanted)
        for clinic in wanted.clinics:
            db.execute("INSERT INTO desk.staff_clinic VALUES (%s, %s) ON CONFLICT DO NOTHING", (person, clinic))
        _role(db, wanted)
        db.execute(
            "INSERT INTO desk.login (name, staff_id) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET staff_id = excluded.staff_id",
            (wanted.login, person),
        )
        return _listed(db, wanted.login)[0]


def people(url: str) -> list[Employed]:
    """Everybody, by login."""
    with administrator(url) as db:
        prepared(db)
        return _listed(db, None)


def disable(url: str, login: str) -> Employed:
    """Let a person in no more, at once; what she did stays hers. Raises BadInput("not_found")."""
    with administrator(url) as db:
        prepared(db)
        with db.transaction():
            found = _listed(db, login)
            if not found:
                raise _missing("person", login)
            db.execute("UPDATE desk.staff SET active = false WHERE id = %s AND active", (found[0].id,))
            if found[0].signs_in and _known(db, login):
                _run(db, "ALTER ROLE {} NOLOGIN", sql.Identifier(login))
        with suppress(psycopg.errors.InsufficientPrivilege):
            # Without it her open connections are told at their next call.
            db.execute(_END, (login,))
        return _listed(db, login)[0]


def _missing(what: str, key: str) -> BadInput:
    return BadInput("not_found", f"There is no {what} {key[:60]!r} at this database.")


def _checked(wanted: Wanted) -> None:
    if not _LOGIN.fullmatch(wanted.login) or wanted.login.startswith(_KEPT):
        raise BadInput(
            "bad_value", "A login has 2 to 63 small letters, digits, dots, hyphens or underscores, a letter first."
        )
    if not wanted.clinics:
        raise BadInput("usage", "Say for which clinic: --clinic ID, once for each.")
    if wanted.name is not None and not 1 <= len(wanted.name.strip()) <= 200:
        raise BadInput("bad_value", "A name has 1 to 200 characters.")
    if wanted.password is not None and len(wanted.password) < 8:
        raise BadInput("bad_value", "A password has 8 characters or more.")
    if wanted.provider is not None and wanted.role is not Role.PROVIDER:
        raise BadInput("usage", "--provider goes with --role provider.")


def _person(db: Connection, wanted: Wanted) -> str:
    """The id of the person's row, made or changed."""
    found = db.execute("SELECT id FROM desk.staff WHERE login = %s FOR UPDATE", (wanted.login,)).fetchone()
    own = _own_user(db, wanted) if wanted.provider is not None else None
    if found is None:
        # The same person has the same id when a database was restored or attached anew: what she did is hers still.
        made = own or str(uuid.uuid5(_SPACE, wanted.login))
        if db.execute("SELECT 1 FROM desk.staff WHERE id = %s", (made,)).fetchone() is not None:
            raise Refused("in_use", "That provider's column is another person's already.")
        db.execute(
            "INSERT INTO desk.staff (id, login, name, role, clinic_id, email, active)"
            " VALUES (%s, %s, %s, %s, %s, %s, true)",
            (made, wanted.login, wanted.name or wanted.login, wanted.role.value, wanted.clinics[0], wanted.email),
        )
        return made
    person = str(found[0])
    if own is not None and own != person:
        raise Refused("in_use", "This person has done work already and can't become that provider. Use another login.")
    db.execute(
        "UPDATE desk.staff SET role = %s, name = coalesce(%s, name), email = coalesce(%s, email), active = true,"
        " clinic_id = coalesce(clinic_id, %s) WHERE id = %s",
        (wanted.role.value, wanted.name, wanted.email, wanted.clinics[0], person),
    )
    return person


def _own_user(db: Connection, wanted: Wanted) -> str:
    """The platform's user of the provider whose column is to be this person's own."""
    found = db.execute(
        "SELECT p.user_id FROM public.providers AS p JOIN desk.clinic_providers AS c ON c.provider_id = p.id"
        " WHERE p.id = %s AND c.clinic_id = ANY (%s)",
        (wanted.provider, list(wanted.clinics)),
    ).fetchone()
    if found is None:
        raise _missing("provider", str(wanted.provider))
    return str(found[0])


def _role(db: Connection, wanted: Wanted) -> None:
    """The login role: nothing but a way in (reliability, S20)."""
    name = sql.Identifier(wanted.login)
    known = _known(db, wanted.login)
    if known is False:
        raise Refused("in_use", "The database has a role of that name which is none of the desk's. Use another login.")
    if known is None:
        _run(db, "CREATE ROLE {} NOLOGIN", name)
        _run(db, "GRANT {} TO {}", sql.Identifier(DESK), name)
    _run(db, "ALTER ROLE {} LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT {}", name, sql.Literal(CONNECTIONS))
    if wanted.password is not None:
        # What is sent is the verifier that the server keeps: it proves a password and is none.
        verifier = db.pgconn.encrypt_password(wanted.password.encode(), wanted.login.encode(), b"scram-sha-256")
        _run(db, "ALTER ROLE {} PASSWORD {}", name, sql.Literal(verifier.decode()))
    _run(db, "GRANT CONNECT ON DATABASE {} TO {}", sql.Identifier(db.info.dbname), sql.Identifier(DESK))


def _run(db: Connection, text: LiteralString, *parts: sql.Composable) -> None:
    """What has no parameters in SQL: names and literals, each quoted as what it is."""
    db.execute(sql.SQL(text).format(*parts))  # sql: identifiers only


def _known(db: Connection, login: str) -> bool | None:
    """Whether a role of that name is a person's: in the desk's group, in no other, and without any privilege.

    None: there is no such role.
    """
    found = db.execute(
        "SELECT NOT (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls)"
        "   AND ARRAY(SELECT m.roleid::regrole::text FROM pg_auth_members AS m WHERE m.member = r.oid)"
        "     = ARRAY[%(desk)s::text]"
        "  FROM pg_roles AS r WHERE r.rolname = %(login)s AND r.rolname NOT IN (%(desk)s, %(owner)s)",
        {"login": login, "desk": DESK, "owner": OWNER},
    ).fetchone()
    return None if found is None else bool(found[0])


def _listed(db: Connection, login: str | None) -> list[Employed]:
    return [
        Employed._make((*row[:7], tuple((clinic, name) for clinic, name in row[7])))
        for row in db.execute(_PEOPLE, {"login": login})
    ]
