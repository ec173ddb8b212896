"""Whether a database is the web platform's as we need it: every difference in plain words.

What we need is read from the statements that make the platform on an empty database
(``migrations/shared/sql/10_platform.sql``), for the tables that the desk's functions touch. What a platform has
beyond that (tables, columns that may stay empty, indexes, values of an enum) is no difference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.server.migrate import DESK, OWNER, PLATFORM, SCRIPTS

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection

TABLES = (
    "appointments",
    "appointment_service",
    "user",
    "providers",
    "operating_hours",
    "break_times",
    "services",
    "service_packages",
    "notifications",
    "account",
)
"""The platform's tables that the desk's functions read or write."""

_READ_ONLY = frozenset({"account"})
_TYPE = re.compile(r'^CREATE TYPE public\."(\w+)" AS ENUM \((.*)\);$', re.M)
_TABLE = re.compile(r'^CREATE TABLE public\."?(\w+)"? \(\n(.*?)\n\);$', re.M | re.S)
_COLUMN = re.compile(r'^    "?(\w+)"? (.+?)( NOT NULL)?( DEFAULT .+)?,?$')
_PRIMARY = re.compile(r"CONSTRAINT \S+ PRIMARY KEY \((.*)\)")
_UNIQUE = re.compile(r'^CREATE UNIQUE INDEX \S+ ON public\."?(\w+)"? \((.*)\);$', re.M)
_LABEL = re.compile(r"'(\w+)'")


class Column(NamedTuple):
    """A column as a catalog has it."""

    type: str
    required: bool
    filled: bool
    """Has a default (or fills itself)."""


class Shape(NamedTuple):
    """Tables by name (None: a kind that is no plain table), their keys, enums by name."""

    tables: dict[str, dict[str, Column]]
    keys: dict[str, set[tuple[str, ...]]]
    enums: dict[str, list[str]]


_KINDS = {"p": "a partitioned table", "v": "a view", "m": "a materialized view", "f": "a foreign table"}
_RELATIONS = """
SELECT c.relname, c.relkind::text, c.relrowsecurity, pg_has_role(c.relowner, 'USAGE')
  FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY (%s)
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY (%s) AND c.relkind IN ('r', 'p')
   AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
"""
_KEYS = """
SELECT c.relname, ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k (n, place)
                          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place)
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
 WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY (%s)
   AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
"""
_ENUMS = """
SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_type AS t
  JOIN pg_enum AS e ON e.enumtypid = t.oid WHERE t.typnamespace = to_regnamespace('public') GROUP BY 1
"""


def needed() -> Shape:
    """The shape that the desk needs, from the statements that make it."""
    text = (SCRIPTS / "sql" / PLATFORM).read_text(encoding="utf-8")
    tables: dict[str, dict[str, Column]] = {}
    keys: dict[str, set[tuple[str, ...]]] = {}
    for name, body in _TABLE.findall(text):
        if name not in TABLES:
            continue
        for line in body.splitlines():
            primary = _PRIMARY.search(line)
            if primary:
                keys.setdefault(name, set()).add(_names(primary[1]))
                continue
            column = _COLUMN.match(line)
            assert column, line
            tables.setdefault(name, {})[column[1]] = Column(column[2], bool(column[3]), bool(column[4]))
    for name, names in _UNIQUE.findall(text):
        if name in TABLES:
            keys[name].add(_names(names))
    enums = {name: _LABEL.findall(labels) for name, labels in _TYPE.findall(text)}
    used = {column.type for columns in tables.values() for column in columns.values()}
    return Shape(tables, keys, {name: labels for name, labels in enums.items() if f'public."{name}"' in used})


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip('"') for part in text.split(","))


def found(db: Connection) -> Shape:
    """The shape that is there."""
    wanted = list(TABLES)
    with db.transaction():
        db.execute("SET LOCAL search_path = pg_catalog")  # then types are named with their schema
        tables: dict[str, dict[str, Column]] = {}
        for table, name, kind, required, filled in db.execute(_COLUMNS, (wanted,)):
            tables.setdefault(table, {})[name] = Column(kind, required, filled)
        keys: dict[str, set[tuple[str, ...]]] = {}
        for table, names in db.execute(_KEYS, (wanted,)):
            keys.setdefault(table, set()).add(tuple(names))
        return Shape(tables, keys, dict(db.execute(_ENUMS).fetchall()))


def differences(db: Connection) -> list[str]:
    """What is not as we need it, each a sentence; nothing when the desk can be attached."""
    there = found(db)
    relations = {row[0]: row[1:] for row in db.execute(_RELATIONS, (list(TABLES),))}
    told: list[str] = []
    wanted = needed()
    for table, columns in wanted.tables.items():
        if table not in relations:
            told.append(f"Table {table} is missing.")
            continue
        kind, secured, _ = relations[table]
        if kind != "r":
            told.append(f"{table} is {_KINDS[kind]}; a plain table is needed.")
        if secured:
            told.append(f"Row-level security is on at table {table}: the desk's functions would not see its rows.")
        told += _of_table(table, columns, there.tables.get(table, {}))
        told += [
            f"Table {table} has no unique key ({', '.join(key)})."
            for key in sorted(wanted.keys.get(table, ()))
            if not any(set(other) == set(key) for other in there.keys.get(table, ()))
        ]
    for name, labels in wanted.enums.items():
        if name not in there.enums:
            told.append(f"The enum {name} is missing.")
        else:
            told += [f"The enum {name} has no value {x}." for x in labels if x not in there.enums[name]]
    return told


def _of_table(table: str, wanted: dict[str, Column], there: dict[str, Column]) -> list[str]:
    told = []
    for name, need in wanted.items():
        has = there.get(name)
        place = f"Column {table}.{name}"
        if has is None:
            told.append(f"{place} is missing.")
            continue
        if has.type != need.type:
            told.append(f"{place} is {_plain(has.type)}; {_plain(need.type)} is needed.")
        if need.required and not has.required:
            told.append(f"{place} may be empty; it must not be (NOT NULL).")
        if has.required and not need.required and table not in _READ_ONLY:
            told.append(f"{place} must not be empty (NOT NULL); it has to allow that.")
        if need.required and need.filled and not has.filled and table not in _READ_ONLY:
            told.append(f"{place} has no default.")
    if table not in _READ_ONLY:
        told += [
            f"Column {table}.{name}, which is not known here, must be filled and has no default: nothing could be"
            " written by a desk."
            for name, has in there.items()
            if name not in wanted and has.required and not has.filled
        ]
    return told


def _plain(kind: str) -> str:
    return kind.replace("public.", "").replace('"', "")


# -------------------------------------------------------------------------------------------- rights

_ME = """
SELECT r.rolsuper, r.rolcreaterole, has_database_privilege(current_database(), 'CREATE'), current_user::text
  FROM pg_roles AS r WHERE r.rolname = current_user
"""
_ROLES = """
SELECT r.rolname, r.rolsuper OR r.rolcanlogin OR r.rolcreaterole OR r.rolbypassrls, pg_has_role(r.oid, 'MEMBER')
  FROM pg_roles AS r WHERE r.rolname = ANY (%s)
"""
_SCHEMA = """
SELECT r.rolname, to_regclass('desk.meta') IS NOT NULL
  FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner WHERE n.nspname = 'desk'
"""


def rights(db: Connection) -> list[str]:
    """What the administrator of this connection lacks to attach, each a sentence."""
    superuser, makes_roles, makes_schemas, me = db.execute(_ME).fetchall()[0]
    roles = {name: (mighty, member) for name, mighty, member in db.execute(_ROLES, ([OWNER, DESK],))}
    told = [
        f"A role {name} is there which is none of ours: it may sign in or has rights of an administrator."
        for name, (mighty, _) in sorted(roles.items())
        if mighty
    ]
    schema = db.execute(_SCHEMA).fetchone()
    if schema and schema[0] != OWNER:
        told.append(f"A schema desk is there which is none of ours: it belongs to {schema[0]}.")
    if superuser:
        return told
    if not makes_schemas:
        told.append(f"{me} may not make a schema in this database (GRANT CREATE ON DATABASE is missing).")
    if roles.keys() < {OWNER, DESK}:
        if not makes_roles:
            told.append(f"{me} may not make roles (CREATEROLE is missing).")
    elif not roles[OWNER][1] and (not makes_roles or db.info.server_version >= 160_000):
        told.append(f"{me} is no member of {OWNER} (GRANT {OWNER} TO {me} is missing).")
    for name, _, _, owns in db.execute(_RELATIONS, (list(TABLES),)):
        if not owns:
            told.append(f"{me} does not own table {name}: triggers and grants on it are its owner's to make.")
    return told
