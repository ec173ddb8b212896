"""How a profile stands with its server, in the few words that a bar has room for. No Qt.

Ages go in steps, so that nothing in a corner of the eye counts seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.syncstate import unread_words
from himsog_desktop.domain.time import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.syncstate import SyncStatus
    from himsog_desktop.domain.time import Micros

QUIET, WARN, ALARM, BUSY = "quiet", "warn", "alarm", "busy"
"""Tones: nothing to do, look when there is time, look now, something is under way."""

BETWEEN = " · "
LATE_S = 120
"""From this age on what waits, or the last sync while online, is shown as a warning."""
MENDED_BY_PERSON = frozenset({"signed_out", "revoked", "held"})
"""States that no waiting mends."""


class Told(NamedTuple):
    """``short`` for the bar above, ``words`` for the bar below, ``tip`` in whole sentences."""

    short: str
    words: str
    tone: str
    glyph: str
    tip: str


def age_words(seconds: int) -> str:
    """``just now``, ``20 s ago``, ``3 min ago``, ``2 h ago``, ``4 days ago``."""
    if seconds < 10:
        return "just now"
    return f"{length_words(seconds)} ago"


def length_words(seconds: int) -> str:
    """``20 s``, ``12 min``, ``2 h``, ``4 days``."""
    if seconds < 60:
        return f"{seconds // 10 * 10 or seconds} s"
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400} days"


def waiting_words(status: SyncStatus, now: Micros) -> str:
    """``4 changes wait, oldest 12 min``; nothing when none waits."""
    if not status.waiting:
        return ""
    oldest = status.oldest_waiting_s(now)
    told = "1 change waits" if status.waiting == 1 else f"{status.waiting:,} changes wait"
    if oldest is None or oldest < 10:
        return told
    return f"{told}, {length_words(oldest)}" if status.waiting == 1 else f"{told}, oldest {length_words(oldest)}"


def tell(status: SyncStatus, now: Micros, moment: Callable[[Micros], str]) -> Told:
    """What the bars say. ``moment`` writes an instant."""
    waits, oldest = waiting_words(status, now), status.oldest_waiting_s(now) or 0
    server = status.server or "the server"
    age = None if status.last_sync is None else max(0, (now - status.last_sync) // SECOND)
    since = "Never synced yet" if status.last_sync is None else f"As of {moment(status.last_sync)}"
    if status.state == "signed_out":
        if status.login is None:
            tip = "What was done on this computer is kept, and goes out after the sign-in."
            return Told("Signed out", _join("Nobody is signed in", waits), WARN, "lock", tip)
        tip = f"The login or its password is not taken by {server} any more. Everything that is done here is kept."
        return Told("Signed out", _join("Signed out: sign in again", waits), ALARM, "lock", tip)
    if status.state == "revoked":
        tip = "Your access to the clinic's data was taken away. Speak to your manager."
        return Told("No access", _join("No access any more", waits), ALARM, "lock", status.reason or tip)
    if status.state == "held":
        return Told("Held", _join("Sync is held", waits), ALARM, "bang", held_words(status) or "It waits for a person.")
    if status.progress is not None:
        done, total = status.progress
        part = f"{min(100 * done // total, 100)} %" if total else f"{done:,} rows"
        tip = f"Everything of the clinic is being fetched from {server}. What is there can be used already."
        return Told(f"Filling {part}", _join(f"Fetching the clinic's data: {part}", waits), BUSY, "download", tip)
    if status.state == "offline":
        tone = ALARM if status.alarming(now) else WARN
        tip = status.reason or f"{server} is not reached."
        tip = f"{tip} {since}. Work on: what is done here is kept, and goes there when it is reached."
        return Told("Offline", _join("Offline", f"{since[0].lower()}{since[1:]}", waits), tone, "cloud-off", tip)
    synced = "Online" if age is None else f"Synced {age_words(age)}"
    tone = ALARM if status.alarming(now) else WARN if max(oldest, age or 0) >= LATE_S else QUIET
    tip = f"{since}, with {server}."
    if status.unread:
        words = "Not everything is shown: install the newer version"
        tone = ALARM if tone == ALARM else WARN
        return Told("Not all shown", _join(synced, words, waits), tone, "bang", unread_words(status.unread))
    return Told(synced if age is None or age < LATE_S else "Online", _join(synced, waits), tone, "cloud", tip)


def _join(*parts: str) -> str:
    return BETWEEN.join(part for part in parts if part)


DELETIONS = "--accept-deletions"
"""Stands in the reason when so much would be deleted that a person has to look first (complaint 7)."""


def asks_for_deletions(status: SyncStatus) -> bool:
    """Whether sync is held because much would be deleted here."""
    return status.state == "held" and DELETIONS in status.reason


def held_words(status: SyncStatus) -> str:
    """Why it is held, without the command that a script would use."""
    return status.reason.partition(" If that is right")[0] if asks_for_deletions(status) else status.reason


class Alarm(NamedTuple):
    """What the red banner says: a sentence, what to do, the word of its button."""

    text: str
    todo: str
    button: str


def alarm(status: SyncStatus) -> Alarm | None:
    """What only a person can mend, in words; None when there is nothing of that."""
    if status.state not in MENDED_BY_PERSON:
        return None
    kept = "Nothing is lost: what is done here waits."
    if status.state == "signed_out":
        if status.login is None:
            return Alarm("Nobody is signed in on this computer.", kept, "Sign in")
        return Alarm(f"The server does not take this login any more ({status.login}).", kept, "Sign in again")
    if status.state == "revoked":
        return Alarm("Your access to the clinic's data was taken away.", f"Speak to your manager. {kept}", "Connection")
    return Alarm(held_words(status) or "Sync is held.", kept, "Look" if asks_for_deletions(status) else "Connection")
