"""How far a database is: empty, the platform's, being filled, ready for desks."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import Refused
from himsog_desktop.server.migrate import HEAD

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection


class State(Enum):
    """``platform``: no desk there. ``filling``: begun (or being taken away) and not finished."""

    EMPTY = "empty"
    PLATFORM = "platform"
    FILLING = "filling"
    READY = "ready"


class Clinic(NamedTuple):
    """A clinic, with id and name of its providers."""

    id: str
    name: str
    providers: tuple[tuple[str, str], ...]


_THERE = """
SELECT to_regclass('desk.meta') IS NOT NULL, to_regclass('desk.alembic_version') IS NOT NULL,
       EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p'))
"""
_CLINICS = """
SELECT c.id, c.name, coalesce(json_agg(json_build_array(p.id, p.healthcare_name) ORDER BY w.position, p.id)
                              FILTER (WHERE p.id IS NOT NULL), '[]')
  FROM desk.clinics AS c LEFT JOIN desk.clinic_providers AS w ON w.clinic_id = c.id
  LEFT JOIN public.providers AS p ON p.id = w.provider_id GROUP BY c.id ORDER BY c.name, c.id
"""
_TO_BE = "SELECT p.id, p.healthcare_name FROM public.providers AS p ORDER BY p.healthcare_name, p.id"


def state_of(db: Connection) -> State:
    """How far the database is."""
    desk, _, tables = db.execute(_THERE).fetchall()[0]
    if not desk:
        return State.PLATFORM if tables else State.EMPTY
    found = db.execute("SELECT state FROM desk.meta").fetchone()
    return State.READY if found and found[0] == "ready" else State.FILLING


def prepared(db: Connection) -> None:
    """Raises Refused ``in_use`` where no desk is attached, or attaching it has not come to an end."""
    if state_of(db) is not State.READY:
        raise Refused(
            "in_use", "No desk is attached to this database, or attaching broke off: himsog database attach URL."
        )


def revision(db: Connection) -> str | None:
    """The revision of the desk's tables; None without one."""
    if not db.execute(_THERE).fetchall()[0][1]:
        return None
    found = db.execute("SELECT version_num FROM desk.alembic_version").fetchone()
    return None if found is None else str(found[0])


def is_newer(db: Connection) -> bool:
    """Whether a newer program made the desk's tables than this one."""
    found = revision(db)
    return found is not None and found > HEAD


def clinics(db: Connection) -> list[Clinic]:
    """Every clinic of an attached database."""
    return [
        Clinic(key, name, tuple((one, called) for one, called in providers))
        for key, name, providers in db.execute(_CLINICS)
    ]


def clinics_to_be(db: Connection) -> list[Clinic]:
    """The clinics that attaching would make: one for each provider."""
    return [Clinic(key, name, ((key, name),)) for key, name in db.execute(_TO_BE)]
