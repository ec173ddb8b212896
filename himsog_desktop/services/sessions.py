"""Connecting a profile to its server, and who is signed in on it: connect, signin, signout.

``connect`` keeps the address; the first ``signin`` makes the profile a shared one, whose clinic is the server's.
Only an empty profile is taken: one with data goes the other way, by ``database create --from-profile``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services.documents import Doc
from himsog_desktop.storage import sessions as kept
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.connection import transaction
from himsog_desktop.sync import address as addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.intents import Welcome
    from himsog_desktop.ports import Remote
    from himsog_desktop.sync.address import Address
    from himsog_desktop.sync.remotes.probe import Finding

URL, HOST, WANTED, SIGNED_IN = "remote_url", "remote_host", "clinic_wanted", kept.SEAT
"""Keys of ``meta``."""

ACCEPT = kept.ACCEPT

PASSWORD_MOST = 1000
CLINIC_MOST = 100


class FindingDoc(Doc, frozen=True):
    """One thing that was looked at on the way to the server."""

    what: str
    level: str
    text: str
    todo: str


class ConnectDoc(Doc, frozen=True):
    """Where the profile's server is."""

    url: str
    kind: str
    clinic: str | None
    reachable: bool
    findings: list[FindingDoc]


class SessionDoc(Doc, frozen=True):
    """Who signed in, and for which clinic."""

    login: str
    id: str
    name: str
    role: str
    clinic: str
    signed_in: list[str]


class SignedOutDoc(Doc, frozen=True):
    """Who is still signed in, and what waits for the one who left."""

    login: str
    waiting: int
    signed_in: list[str]


def address_of(cache: Cache) -> Address:
    """The server of this profile. Raises BadInput when it has none."""
    url = cache.meta(URL)
    if not url:
        raise BadInput("usage", "This profile has no server. Name it first: himsog connect URL")
    return addresses.parse(url)


def connect(cache: Cache, url: str, clinic: str | None = None) -> ConnectDoc:
    """Keep the address of a server, and look how far the way there goes without a login.

    Raises BadInput for a bad address, one with a secret in it, or what can't be a clinic's id; Refused("in_use") when
    the profile has data. Which clinics there are a server tells those alone who sign in.
    """
    found = addresses.parse(url)
    clinic = None if clinic is None else _clinic_id(clinic)
    if found.kind == "http":
        raise BadInput("bad_value", "A gateway can't be used by this version: connect to the database itself.")
    shared = cache.meta("authority") == REMOTE
    if not shared and not kept.is_empty(cache.reader):
        raise Refused(
            "in_use",
            "This profile has data of its own. Bring it to the server with: himsog database create URL --from-profile",
        )
    if shared and clinic is not None and clinic != cache.meta("clinic"):
        raise Refused("in_use", "This profile holds another clinic. Make a new profile for that one.")
    values: dict[str, str | None] = {URL: found.url, HOST: found.host}
    if not shared:
        values[WANTED] = clinic
    kept.remember(cache.writer, values)
    cache.forget()
    from himsog_desktop.sync.remotes.probe import reach

    findings = documents(reach(found))
    reachable = all(finding.level != "error" for finding in findings)
    if reachable and clinic is not None and not shared:
        findings.append(
            FindingDoc(
                "clinic",
                "warning",
                f"Whether the server has a clinic {clinic} is known when somebody signs in: it tells nobody before.",
                "Should it have none, the sign-in says which ones there are.",
            )
        )
    return ConnectDoc(found.url, found.kind, cache.meta("clinic") if shared else clinic, reachable, findings)


def _clinic_id(text: str) -> str:
    """What can be the id of a clinic. Raises BadInput."""
    found = text.strip()
    if not found:
        raise BadInput("bad_value", "--clinic names no clinic: give its id, or leave it out where there is one alone.")
    if len(found) > CLINIC_MOST:
        raise BadInput("too_long", f"A clinic's id has at most {CLINIC_MOST} characters.")
    if not found.isprintable():
        raise BadInput("bad_value", "A clinic's id is one line of text.")
    return found


def documents(findings: list[Finding]) -> list[FindingDoc]:
    """Findings as documents."""
    return [FindingDoc(f.what, f.level, f.text, f.todo) for f in findings]


def remote_of(cache: Cache, login: str, password: str) -> Remote:
    """The way to the server in a person's name; nothing is sent yet."""
    from himsog_desktop.sync.remotes.postgres import PostgresRemote

    return PostgresRemote(address_of(cache), login, password)


def sign_in(
    cache: Cache, login: str, password: str, remote: Callable[[Cache, str, str], Remote] = remote_of
) -> SessionDoc:
    """Have the server say who that is, and keep the session.

    Raises what the remote raises (NoAccess for a wrong password, Surroundings when it is not reached), BadInput
    when it is not clear which clinic is meant, Refused when the profile is that of another clinic.
    """
    login = login.strip()
    if not login or len(login) > 63 or len(password) > PASSWORD_MOST or "\0" in password:
        raise BadInput("bad_value", "That can't be a login and its password.")
    if not password:
        raise NoAccess("signed_out", "A password is needed.")
    line = remote(cache, login, password)
    try:
        welcome = line.hello()
    finally:
        line.close()
    shared = cache.meta("authority") == REMOTE
    clinic = cache.meta("clinic") if shared else _chosen(welcome, cache.meta(WANTED))
    if clinic not in {known for known, _ in welcome.clinics}:
        raise _elsewhere(welcome, shared=shared)
    person = welcome.person
    with transaction(cache.writer):
        if not shared:
            _begin(cache, welcome, clinic)
        kept.keep(cache.writer, kept.Session(person.login, person.id, person.name, person.role, password))
        # Whoever signs in sits here from now on: the window shows and acts by her rights, nobody else's.
        kept.set_meta(cache.writer, {SIGNED_IN: person.login})
        _announce(cache, everything=not shared)
    cache.forget()
    return SessionDoc(person.login, person.id, person.name, person.role, clinic, signed_in(cache))


def _chosen(welcome: Welcome, wanted: str) -> str:
    if wanted or len(welcome.clinics) == 1:
        return wanted or welcome.clinics[0][0]
    if not welcome.clinics:
        raise NoAccess("forbidden", "This login works for no clinic on that server.")
    raise BadInput(
        "usage",
        f"Say which clinic this profile is for: himsog connect URL --clinic ID. There are: {_several(welcome)}.",
    )


def _several(welcome: Welcome) -> str:
    return "; ".join(f"{key} ({name})" for key, name in welcome.clinics[:20])


def _elsewhere(welcome: Welcome, *, shared: bool) -> NoAccess:
    text = "This login does not work for the clinic of this profile."
    if not shared and welcome.clinics:
        text = f"This login does not work for the clinic that was named. It works for: {_several(welcome)}."
    return NoAccess("forbidden", text)


def _begin(cache: Cache, welcome: Welcome, clinic: str) -> None:
    """The profile becomes a shared one; names and rows come with the first sync."""
    if not kept.is_empty(cache.reader):
        raise Refused("in_use", "This profile has data of its own by now. Make a new one for the server's clinic.")
    mine, person = cache.clinic, welcome.person
    name = dict(welcome.clinics).get(clinic, mine.name)
    kept.begin_shared(
        cache.writer,
        (clinic, name, mine.timezone, mine.currency, None),
        (person.id, person.login, person.name, person.role, clinic, None),
    )
    kept.set_meta(cache.writer, {"clinic": clinic, "authority": REMOTE, WANTED: None})


def sign_out(cache: Cache, login: str) -> SignedOutDoc:
    """Forget a session and its secret. What that person did and was not sent waits for the next sign-in."""
    found = next((s for s in kept.sessions(cache.reader) if login.casefold() in (s.login.casefold(), s.staff_id)), None)
    if found is None:
        raise BadInput("not_found", f"{login[:60]!r} is not signed in on this profile.")
    with transaction(cache.writer):
        kept.drop(cache.writer, found.login)
        if found.login == kept.seated(cache.writer):
            kept.set_meta(cache.writer, {SIGNED_IN: _widest(cache)})
        _announce(cache)
    cache.forget()
    waiting = cache.reader.execute(
        "SELECT count(*) FROM outbox WHERE state = 'pending' AND author = ?", (found.staff_id,)
    ).fetchone()[0]
    return SignedOutDoc(found.login, waiting, signed_in(cache))


def signed_in(cache: Cache) -> list[str]:
    """The logins with a session, the widest first."""
    return [session.login for session in kept.sessions(cache.reader)]


def _widest(cache: Cache) -> str | None:
    # In the same transaction: the reader does not see it yet.
    found = kept.sessions(cache.writer)
    return found[0].login if found else None


def _announce(cache: Cache, *, everything: bool = False) -> None:
    changes = ChangeSet(lists=frozenset({"sync", "staff"}), everything=everything)
    kept.announce(cache.writer, msgspec.json.encode(changes).decode())
