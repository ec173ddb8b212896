"""People of the staff: on this profile, or at the shared database with the administrator's own URL."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput, Refused, not_found
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Role, Staff
from himsog_desktop.domain.rights import Verb
from himsog_desktop.services import texts
from himsog_desktop.services.documents import Doc, Named
from himsog_desktop.storage import load
from himsog_desktop.storage.cache import LOCAL, REMOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.server.people import Employed
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction


class StaffDoc(Doc, frozen=True):
    """A person of the staff. ``signs_in``: has a login at the shared database."""

    id: str
    login: str
    name: str
    role: str
    email: str | None
    active: bool
    signs_in: bool
    clinics: list[Named]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What is to be true of a person; None leaves a field as it is."""

    login: str
    role: Role
    name: str | None = None
    email: str | None = None
    clinics: tuple[str, ...] = ()
    provider: str | None = None
    password: str | None = None


# ------------------------------------------------------------------------------ a shared database


def add_there(url: str, person: Person) -> StaffDoc:
    """Make or change a person and her login. Raises as ``server.people.add`` does."""
    from himsog_desktop.server import people

    made = people.add(
        url,
        people.Wanted(
            person.login, person.role, person.clinics, person.name, person.email, person.provider, person.password
        ),
    )
    return _there(made)


def list_there(url: str) -> list[StaffDoc]:
    """Everybody, by login."""
    from himsog_desktop.server import people

    return [_there(one) for one in people.people(url)]


def disable_there(url: str, login: str) -> StaffDoc:
    """Let a person in no more. Raises BadInput("not_found")."""
    from himsog_desktop.server import people

    return _there(people.disable(url, login))


def _there(one: Employed) -> StaffDoc:
    return StaffDoc(
        one.id, one.login, one.name, one.role, one.email, one.active, one.signs_in, [Named(*c) for c in one.clinics]
    )


# --------------------------------------------------------------------------------- on this profile


def add(desk: Desk, person: Person, request_id: str | None = None) -> StaffDoc:
    """Make or change a person of a profile that is its own authority. Raises NoAccess, BadInput."""
    desk.require(Verb.MANAGE_STAFF)
    _own_authority(desk)
    if any(clinic != desk.clinic.id for clinic in person.clinics):
        raise not_found("clinic", next(c for c in person.clinics if c != desk.clinic.id))
    if person.provider is not None or person.password is not None:
        raise BadInput("usage", "--provider and --password-stdin go with --database.")

    def work(tx: Transaction) -> StaffDoc:
        old = _find(tx.raw, person.login)
        name = texts.name(person.name) if person.name is not None else None
        if old is None:
            new = Staff(
                new_id(), person.login.strip(), name or person.login, person.role, desk.clinic.id, person.email, True
            )
        else:
            new = dataclasses.replace(
                old, name=name or old.name, role=person.role, email=person.email or old.email, active=True
            )
        tx.put(old, new)
        _someone_manages(tx.raw)
        return _here(desk, new)

    return desk.act("staff.add", work, StaffDoc, request_id=request_id, asked=repr(person))


def everybody(desk: Desk) -> list[StaffDoc]:
    """Everybody of this profile, by login."""
    return [_here(desk, one) for one in sorted(load.staff(desk.reader), key=lambda s: s.login)]


def disable(desk: Desk, login: str, request_id: str | None = None) -> StaffDoc:
    """Let a person act no more; what she did stays hers. Raises NoAccess, BadInput("not_found"), Refused."""
    desk.require(Verb.MANAGE_STAFF)
    _own_authority(desk)

    def work(tx: Transaction) -> StaffDoc:
        old = _find(tx.raw, login)
        if old is None:
            raise not_found("person", login)
        new = dataclasses.replace(old, active=False)
        tx.put(old, new)
        _someone_manages(tx.raw)
        return _here(desk, new)

    return desk.act("staff.disable", work, StaffDoc, request_id=request_id, asked=login)


def _own_authority(desk: Desk) -> None:
    if desk.cache.meta("authority", LOCAL) == REMOTE:
        raise BadInput("usage", "This clinic's people are at its database: give --database URL, the administrator's.")


def _find(raw: Raw, login: str) -> Staff | None:
    wanted = login.strip().casefold()
    return next((s for s in load.staff(raw) if wanted in (s.login.casefold(), s.id)), None)


def _someone_manages(raw: Raw) -> None:
    if not any(s.active and s.role is Role.MANAGER for s in load.staff(raw)):
        raise Refused("in_use", "At least one active person must be a manager, or nobody could mend it.")


def _here(desk: Desk, one: Staff) -> StaffDoc:
    clinics = [Named(desk.clinic.id, desk.clinic.name)] if one.clinic_id in (None, desk.clinic.id) else []
    return StaffDoc(one.id, one.login, one.name, one.role.value, one.email, one.active, False, clinics)


def names(found: Sequence[StaffDoc]) -> list[tuple[str, str, str, str, str]]:
    """Rows for people: login, name, role, clinics, and whether they may come in."""
    return [
        (s.login, s.name, s.role, ", ".join(c.name for c in s.clinics), "" if s.active else "disabled") for s in found
    ]
