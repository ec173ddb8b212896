"""The shared database from the administrator's side: made empty or from a profile, and its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.rights import Verb
from himsog_desktop.services.digests import document
from himsog_desktop.services.documents import Doc
from himsog_desktop.storage import handover
from himsog_desktop.storage import sessions as kept
from himsog_desktop.storage.cache import REMOTE
from himsog_desktop.storage.connection import transaction
from himsog_desktop.sync import address as addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import DigestDoc


class ClinicThere(Doc, frozen=True):
    """A clinic of a shared database."""

    id: str
    name: str
    providers: int


class DatabaseDoc(Doc, frozen=True):
    """A shared database after something was done to it; ``rows`` were put into it."""

    clinics: list[ClinicThere]
    rows: int = 0
    connected: str | None = None


def create(url: str) -> DatabaseDoc:
    """The platform's tables and the desk's on an empty database. Raises as ``server.create`` does."""
    from himsog_desktop.server import create as server

    server.create(url)
    return DatabaseDoc(clinics_of(url))


def refuse_shared(desk: Desk) -> None:
    """Raises Refused ``in_use`` for a profile that has a server."""
    if desk.cache.meta("authority") == REMOTE:
        raise Refused("in_use", "This profile has a server already.")


def create_from(desk: Desk, url: str, progress: Callable[[int, int], None] | None = None) -> DatabaseDoc:
    """The same, with everything that this profile holds; from then on the profile is one of many at it.

    Nothing is done by halves: when it breaks off, the database is empty and the profile as it was. Who works at
    it then needs a login (``himsog staff add LOGIN --database URL``), also on this profile.
    Raises Refused ``in_use`` for a profile that has a server, and for a database that is not empty.
    """
    from himsog_desktop.server import fill

    refuse_shared(desk)
    desk.require(Verb.CONNECT)
    cache = desk.cache
    if desk.unfinished:
        raise Refused("in_use", "An import is under way in this profile. Try again when it is done.")
    writer = cache.writer
    total = desk.reader.execute("SELECT count(*) FROM appointments").fetchone()[0] * 4

    def told(_: str, done: int) -> None:
        if progress is not None:
            progress(done, total)

    # The profile's write lock is held, so that nobody acts on what has just been handed over.
    with transaction(writer):
        rows = fill.create_filled(
            url, handover.tables(writer), handover.history(writer), handover.patients(writer), desk.clinic.id, told
        )
        writer.execute(handover.NAME_HISTORY)
        writer.execute("DELETE FROM notice")
        values: dict[str, str | None] = {"authority": REMOTE}
        address = _address(url)
        if address is not None:
            values |= {"remote_url": address.url, "remote_host": address.host}
        kept.set_meta(writer, values)
    cache.forget()
    return DatabaseDoc(clinics_of(url), rows, None if address is None else address.url)


def _address(url: str) -> addresses.Address | None:
    """The URL as a desk may keep it: without the administrator's name and password. None when desks can't use it."""
    try:
        return addresses.parse(addresses.without_secret(url))
    except BadInput:
        return None


def clinics_of(url: str) -> list[ClinicThere]:
    """The clinics of a shared database, by name."""
    from himsog_desktop.server.connection import administrator
    from himsog_desktop.server.create import clinics

    with administrator(url) as db:
        return [ClinicThere(*row) for row in clinics(db)]


def digest(url: str, clinic: str) -> DigestDoc:
    """The fingerprint of what a clinic's desks hold, at the server: equal to theirs when they are in step."""
    from himsog_desktop.server.digest import digests

    return document(clinic, digests(url, clinic))
