"""Who is signed in on this profile, and where its server is. The file is encrypted, so the secrets are.

The password of a direct connection stands in the cache and nowhere else: whoever can read it has the data key
(design, section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.storage.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from himsog_desktop.storage.connection import Raw


class Session(NamedTuple):
    """A person who is signed in. ``secret`` never stands in a log or a message."""

    login: str
    staff_id: str
    name: str
    role: str
    secret: str

    def __repr__(self) -> str:
        return f"Session({self.login!r}, {self.role!r})"


ACCEPT = "accept_deletions"
"""Key of ``meta``: a person said that what the server says is gone may go. It stands until that was carried out."""

WIDEST = ("manager", "receptionist", "read-only", "provider", "it")
"""Roles by how much they see, the widest first: pulls are made in the widest name (design, section 3)."""


SEAT = "signed_in"
"""Key of ``meta``: the login of whoever sits here."""


def seated(raw: Raw) -> str | None:
    """The login of whoever sits here: who signed in last."""
    row = raw.execute("SELECT value FROM meta WHERE key = ?", (SEAT,)).fetchone()
    return None if row is None else str(row[0])


def sessions(raw: Raw) -> list[Session]:
    """Everybody who is signed in, the widest first; of those who see as much as each other who sits here.

    So of two providers, each of whom sees her own column alone, it is hers that is fetched.
    """
    rows = raw.execute("SELECT login, staff_id, name, role, secret FROM session WHERE secret IS NOT NULL").fetchall()
    order, seat = {role: at for at, role in enumerate(WIDEST)}, seated(raw)
    return sorted(
        (Session(*row) for row in rows), key=lambda s: (order.get(s.role, len(order)), s.login != seat, s.login)
    )


def keep(raw: Raw, session: Session) -> None:
    """Keep a session, in the caller's transaction; one of the same login is replaced."""
    raw.execute("INSERT OR REPLACE INTO session (login, staff_id, name, role, secret) VALUES (?,?,?,?,?)", session)


def drop(raw: Raw, login: str) -> bool:
    """Forget a session, in the caller's transaction; whether there was one."""
    return raw.execute("DELETE FROM session WHERE login = ?", (login,)).rowcount > 0


def set_meta(raw: Raw, values: Mapping[str, str | None]) -> None:
    """Set what the profile remembers, in the caller's transaction; None takes it away."""
    for key, value in values.items():
        if value is None:
            raw.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            raw.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def remember(raw: Raw, values: Mapping[str, str | None]) -> None:
    """The same in a transaction of its own."""
    with transaction(raw):
        set_meta(raw, values)


def is_empty(raw: Raw) -> bool:
    """Whether nothing stands in the profile but what every new one has."""
    tables = ("appointments", "patients", "providers", "services", "blocks", "rooms")
    return not any(raw.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in tables)  # sql: identifiers only


def begin_shared(raw: Raw, clinic: tuple[object, ...], staff: tuple[object, ...]) -> None:
    """Put the server's clinic and person in the place of the new profile's own, in the caller's transaction."""
    for name in ("clinics", "rooms", "staff", "act", "history", "outbox", "base", "drafts"):
        raw.execute(f"DELETE FROM {name}")  # sql: identifiers only
    raw.execute("INSERT INTO clinics (id, name, timezone, currency, key) VALUES (?,?,?,?,?)", clinic)
    raw.execute("INSERT INTO staff (id, login, name, role, clinic_id, email, active) VALUES (?,?,?,?,?,?,1)", staff)


def announce(raw: Raw, changes: str) -> None:
    """Tell whoever follows, in the caller's transaction."""
    raw.execute("INSERT INTO change_log (changes) VALUES (?)", (changes,))
