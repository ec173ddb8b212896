"""Making, opening and describing profiles."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Clinic
from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Role, Staff
from himsog_desktop.domain.time import zone
from himsog_desktop.services import texts
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ClinicDoc, CountsDoc, CreatedDoc, ProfileDoc, RemoteDoc
from himsog_desktop.services.syncing import status
from himsog_desktop.storage import load
from himsog_desktop.storage.cache import LOCAL, REMOTE, SCHEMA_HEAD, Cache
from himsog_desktop.storage.sessions import sessions
from himsog_desktop.system import agentear, vault

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.ports import Clock
    from himsog_desktop.storage.connection import Raw

OWNER = "owner"
"""The login of the one manager that a profile without a server has at first (contract)."""

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What a profile needs to begin: a clinic's name, zone and currency; its id is drawn when None."""

    clinic: str
    timezone: str
    currency: str = "PHP"
    clinic_id: str | None = None


def create(profile_dir: Path, new: NewProfile, clock: Clock, passphrase: str | None = None) -> CreatedDoc:
    """Make a profile in a folder that has none.

    Raises BadInput for a bad zone, name or currency or a folder in use, NoAccess("no_key") when there
    is neither a passphrase nor a keyring; in all these cases nothing is written.
    """
    new = _checked(new)
    profile_id = new_id()
    made = vault.create_slots(profile_dir, profile_id, passphrase)
    write_new(profile_dir, made.data_key, profile_id, new, clock)
    return CreatedDoc(profile_id, made.recovery_key)


def _checked(new: NewProfile) -> NewProfile:
    try:
        zone(new.timezone)
    except ValueError as error:
        problem = str(error)
        raise BadInput("bad_value", f"{problem[:1].upper()}{problem[1:]}. Write it like Asia/Manila.") from None
    currency = new.currency.strip().upper()
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise BadInput("bad_value", "The currency is three letters, like PHP.")
    return NewProfile(texts.name(new.clinic, "clinic's name"), new.timezone, currency, new.clinic_id)


def write_new(profile_dir: Path, key: bytes, profile_id: str, new: NewProfile, clock: Clock) -> None:
    """Write the cache of a new profile: the clinic and its owner. The folder and its key slots are there."""
    from himsog_desktop.storage.create import create_cache

    clinic_id, at = new.clinic_id or new_id(), clock.now()
    clinic = Clinic(clinic_id, new.clinic, new.timezone, new.currency, key="clinic")
    owner = Staff(new_id(), OWNER, "Owner", Role.MANAGER, clinic_id)
    settings = {"profile": profile_id, "clinic": clinic_id, "authority": LOCAL, "created": str(at), "device": new_id()}
    create_cache(profile_dir, key, settings)
    _first_rows(profile_dir, key, clinic, owner)


def _first_rows(profile_dir: Path, key: bytes, clinic: Clinic, owner: Staff) -> None:
    from himsog_desktop.storage import rows, sql
    from himsog_desktop.storage.connection import transaction

    with Cache(profile_dir, key) as cache, transaction(cache.writer):
        for name, row in [*rows.clinic_rows(clinic), *rows.staff_rows(owner)]:
            cache.writer.execute(sql.upsert_text(name), row)


def open_desk(profile_dir: Path, key: bytes, clock: Clock, *, person: str | None = None, initiator: str = "") -> Desk:
    """The desk of a person on an unlocked profile.

    ``person`` is an id, login or e-mail; by default the only one. Raises NoAccess("signed_out") when
    there is no such person or several to choose from.
    """
    cache = Cache(profile_dir, key)
    # The agent sends what was done at once, if there is one.
    cache.on_written = lambda: agentear.nudge(profile_dir)
    try:
        staff = signed_in(cache.reader, person)
    except NoAccess:
        cache.close()
        raise
    return Desk(cache, clock, staff, device_name(cache), initiator)


def open_onlooker(profile_dir: Path, key: bytes, clock: Clock) -> Desk:
    """A desk of nobody, for what needs no person: what the profile is and whether it is well, no patient's data."""
    cache = Cache(profile_dir, key)
    return Desk(cache, clock, Staff("", "", "", Role.IT), device_name(cache))


def signed_in(raw: Raw, person: str | None) -> Staff:
    """The person of an id, login or e-mail, or the only one.

    Without a server everybody of the staff has a session, and its owner acts unless another is named; with one
    only who signed in here.
    """
    shared = raw.execute("SELECT 1 FROM meta WHERE key = 'authority' AND value = ?", (REMOTE,)).fetchone() is not None
    everybody = with_session(raw) if shared else [s for s in load.staff(raw) if s.active]
    if person is None:
        if len(everybody) == 1:
            return everybody[0]
        owners = [] if shared else [s for s in everybody if s.login == OWNER]
        if owners:
            return owners[0]
        if shared and not everybody:
            raise NoAccess("signed_out", "Nobody is signed in on this profile. Sign in: himsog signin LOGIN")
        raise NoAccess("signed_out", "Say who you are with --as: several people use this profile.")
    wanted = person.strip().casefold()
    for s in everybody:
        if wanted in (s.id, s.login.casefold(), (s.email or "").casefold()):
            return s
    raise NoAccess("signed_out", f"Nobody called {person[:60]!r} is signed in on this profile.")


def with_session(raw: Raw) -> list[Staff]:
    """Those who signed in on a shared profile, with what the server says of them; the widest first."""
    known = {s.id: s for s in load.staff(raw)}
    found = []
    for session in sessions(raw):
        staff = known.get(session.staff_id)
        if staff is None:
            # Before the first sync the server's list is not here.
            staff = Staff(session.staff_id, session.login, session.name, Role(session.role))
        if staff.active:
            found.append(staff)
    return found


def device_name(cache: Cache) -> str:
    """How this workstation is called in history."""
    return socket.gethostname()[:60] or cache.meta("device")


def info(desk: Desk, profile_dir: Path) -> ProfileDoc:
    """What a profile is and holds."""
    raw, cache = desk.reader, desk.cache
    one = raw.execute(
        "SELECT (SELECT count(*) FROM user WHERE role = 'USER'),"
        " (SELECT count(*) FROM appointments),"
        " (SELECT count(*) FROM outbox WHERE state IN ('pending', 'doomed')),"
        " (SELECT count(*) FROM card WHERE resolved IS NULL)"
    ).fetchone()
    clinic = cache.clinic
    return ProfileDoc(
        id=cache.meta("profile"),
        path=str(profile_dir),
        clinic=ClinicDoc(clinic.id, clinic.name, clinic.timezone, clinic.currency),
        schema=SCHEMA_HEAD,
        protocol=PROTOCOL,
        remote=_remote(desk),
        key=list(vault.kinds(profile_dir)),
        counts=CountsDoc(*one),
    )


def _remote(desk: Desk) -> RemoteDoc | None:
    url = desk.cache.meta("remote_url")
    if not url:
        return None
    shared = desk.cache.meta("authority") == REMOTE
    last = status(desk).last_sync
    return RemoteDoc(
        url,
        "http" if url.startswith("https:") else "postgres",
        [s.login for s in sessions(desk.reader)] if shared else [],
        None if last is None else desk.zone.iso(last),
    )
