"""``doctor``: what is well and what is not, with what to do about it. No patient data in any finding."""

from __future__ import annotations

import os
import shutil
from itertools import islice
from typing import TYPE_CHECKING

from himsog_desktop.domain import speed
from himsog_desktop.domain.syncstate import unread_words
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.domain.wording import counted
from himsog_desktop.services import syncing
from himsog_desktop.services.documents import FindingDoc, HealthDoc
from himsog_desktop.storage import cards, check, ledger, notices, sessions, unread
from himsog_desktop.storage.cache import LOCAL, REMOTE, SCHEMA_HEAD
from himsog_desktop.storage.connection import DATABASE_NAME, DatabaseError
from himsog_desktop.system import speedfile, vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from himsog_desktop.services.desk import Desk

OK, WARNING, ERROR = "ok", "warning", "error"
ENOUGH_BYTES = 500 * 1024**2
LARGE_WAL_BYTES = 64 * 1024**2
OLD_MINUTES = 15
"""After so long it is worth saying that something waits (reliability, 2.6)."""

_RESTORE = "Restore the last backup into a new folder: himsog restore FILE."
_NOT_WRITABLE = FindingDoc(
    "file",
    ERROR,
    "The profile's folder or its files cannot be written by this user.",
    "Give this user the right to write there, or start the program as who made the profile.",
)
_DAMAGED = FindingDoc("integrity", ERROR, "The cache file is damaged or missing.", _RESTORE)


def doctor(desk: Desk, profile_dir: Path, *, thorough: bool = True) -> HealthDoc:
    """Look a profile over; ``thorough`` tells its whole history again (10 s for 100,000 appointments)."""
    findings: list[FindingDoc] = []
    try:
        # One by one: what was found before the damage is told too.
        for finding in _findings(desk, profile_dir, thorough=thorough):
            findings.append(finding)
    except DatabaseError:
        findings += [_DAMAGED, _disk(profile_dir)]
    return HealthDoc(all(f.level != ERROR for f in findings), findings)


def unreadable(profile_dir: Path) -> HealthDoc:
    """What can be said where a key fits and the cache file can't be read."""
    cache = profile_dir / DATABASE_NAME
    if cache.exists() and not (os.access(profile_dir, os.W_OK) and os.access(cache, os.R_OK | os.W_OK)):
        return HealthDoc(False, [_keys(profile_dir), _NOT_WRITABLE, _disk(profile_dir)])
    return HealthDoc(False, [_keys(profile_dir), _DAMAGED, _disk(profile_dir)])


def _findings(desk: Desk, profile_dir: Path, *, thorough: bool) -> Iterator[FindingDoc]:
    raw, clinic = desk.reader, desk.clinic
    yield _file(profile_dir)
    cipher = raw.execute("PRAGMA cipher_version").fetchone()[0]
    yield FindingDoc("cipher", OK, f"The cache is encrypted (SQLCipher {cipher}).")
    version = raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    yield FindingDoc("schema", OK if version == SCHEMA_HEAD else ERROR, f"The cache has schema {version}.")
    yield _keys(profile_dir)
    sound = check.file_is_sound(desk.cache.path, desk.cache.key, thorough=thorough)
    yield _verdict("integrity", sound, "The file is sound.", "The file is damaged.", _RESTORE)
    wrong = check.wrong_tiles(raw)
    yield _verdict(
        "calendar", not wrong, "The calendar shows what was booked.", f"{wrong} calendar rows are not right.", _RESTORE
    )
    wrong = check.wrong_search(raw)
    yield _verdict(
        "search", not wrong, "Every patient can be found.", f"{wrong} patients can't be found by searching.", _RESTORE
    )
    shared = desk.cache.meta("authority", LOCAL) == REMOTE
    wrong = check.double_booked(raw)
    yield _verdict(
        "double_booking",
        not wrong,
        "No time is booked twice.",
        f"{wrong} appointments overlap another one without being marked as overbooked.",
        "Open the days in the calendar, where they stand side by side, and move one of each.",
        level=WARNING if shared else ERROR,
    )
    if shared:
        yield from _sync(desk)
    elif thorough:
        lost = [f"{entity} {key}" for entity, key in islice(check.astray(raw, clinic.id), 20)]
        yield _verdict(
            "history",
            not lost,
            "History and data agree.",
            f"History does not lead to the data of: {', '.join(lost[:5])}" + (" and others." if lost[5:] else "."),
            "Make a backup and send a support bundle.",
        )
    yield _open_acts(desk)
    yield _notices(desk)
    yield _disk(profile_dir)
    yield _speed(profile_dir)


def _verdict(name: str, good: bool, well: str, ill: str, todo: str, *, level: str = ERROR) -> FindingDoc:
    return FindingDoc(name, OK, well) if good else FindingDoc(name, level, ill, todo)


def _sync(desk: Desk) -> Iterator[FindingDoc]:
    """What only a profile with a server has: its history is the server's, so that it is not told again here."""
    raw = desk.reader
    lost = [f"{entity} {key}" for entity, key in islice(check.misfolded(raw, desk.clinic.id), 20)]
    yield _verdict(
        "projection",
        not lost,
        "What is shown is what the server said and what waits.",
        f"What is shown is not what waits over what the server said: {', '.join(lost[:5])}.",
        "Send a support bundle, then sync once more.",
    )
    yield _server(desk)
    waiting, oldest = raw.execute(
        "SELECT count(*), min(at) FROM outbox WHERE state IN ('pending', 'doomed')"
    ).fetchone()
    minutes = 0 if oldest is None else max(0, (desk.now() - oldest) // MINUTE)
    yield _verdict(
        "waiting",
        minutes < OLD_MINUTES,
        f"{counted(waiting, 'change')} {_wait(waiting)} to be sent." if waiting else "Nothing waits to be sent.",
        f"{counted(waiting, 'change')} {_wait(waiting)} to be sent, the oldest for {counted(minutes, 'minute')}.",
        "See why with: himsog sync.",
        level=WARNING,
    )
    left_out = len(unread.unread(raw).keys)
    yield _verdict(
        "unread",
        not left_out,
        "Everything that came can be shown.",
        unread_words(left_out),
        "Install the newest Himsog Desktop on this computer.",
        level=WARNING,
    )
    refused = cards.count(raw)
    yield _verdict(
        "attention",
        not refused,
        "Nothing needs attention.",
        f"{counted(refused, 'change')} that the server refused {_wait(refused)} for a person.",
        "Open Needs attention in the window, or: himsog attention.",
        level=WARNING,
    )


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _server(desk: Desk) -> FindingDoc:
    """How it stood when the server was last asked; nobody is asked here."""
    now = syncing.status_of(desk.cache)
    where = now.server or "the server"
    if not sessions.sessions(desk.reader):
        text = "Nobody is signed in on this profile: nothing is sent and nothing comes."
        return FindingDoc("server", WARNING, text, "himsog signin LOGIN, or Sign in, in the window.")
    todo = {
        "signed_out": "Sign in again, in the window or with: himsog signin LOGIN.",
        "revoked": "A manager can let this login in again: himsog staff add.",
        "held": "What is done here is kept until then.",
        "offline": "Work on; it goes on by itself when the server is reached. See why with: himsog sync.",
    }.get(now.state)
    if todo is None:
        return FindingDoc("server", OK, f"It was in step with {where} when it last synced.")
    if now.last_sync is None and not now.reason:
        return FindingDoc("server", WARNING, f"It has never synced with {where} yet.", "himsog sync")
    text = now.reason or f"{where} was not reached."
    return FindingDoc("server", WARNING, f"{text.rstrip('.')}.", todo)


def _file(profile_dir: Path) -> FindingDoc:
    path = profile_dir / DATABASE_NAME
    with path.open("rb") as file:
        plain = file.read(15) == b"SQLite format 3"
    if plain:
        return FindingDoc("file", ERROR, "The cache is not encrypted.", "Stop using this profile and call support.")
    if path.stat().st_mode & 0o077:
        return FindingDoc("file", WARNING, "Other users of this computer can read the (encrypted) file.", "chmod 600")
    return FindingDoc("file", OK, "Nobody else on this computer can read the file.")


def _keys(profile_dir: Path) -> FindingDoc:
    kinds = vault.kinds(profile_dir)
    if "recovery" not in kinds:
        return FindingDoc("keys", WARNING, "This profile has no recovery key.", "Make one in the settings.")
    return FindingDoc("keys", OK, f"Ways in: {', '.join(kinds)}.")


def _open_acts(desk: Desk) -> FindingDoc:
    waiting = len(ledger.open_acts(desk.reader))
    if waiting:
        return FindingDoc(
            "imports",
            WARNING,
            f"{counted(waiting, 'import')} {'is' if waiting == 1 else 'are'} under way or broken off.",
            "They end by themselves.",
        )
    return FindingDoc("imports", OK, "No import is under way.")


def _notices(desk: Desk) -> FindingDoc:
    if desk.cache.meta("authority", LOCAL) == REMOTE:
        return FindingDoc("messages", OK, "Messages to patients are the server's to send.")
    held, due = notices.count(desk.reader, desk.now())
    if not due:
        return FindingDoc("messages", OK, f"{counted(held, 'message')} to patients {_wait(held)} their three minutes.")
    return FindingDoc(
        "messages",
        OK,
        f"{counted(due, 'message')} to patients {'is' if due == 1 else 'are'} due."
        " This profile has no server, so none is sent.",
    )


def _disk(profile_dir: Path) -> FindingDoc:
    wal = profile_dir / (DATABASE_NAME + "-wal")
    if wal.exists() and wal.stat().st_size > LARGE_WAL_BYTES:
        return FindingDoc("disk", WARNING, "The write-ahead file is large.", "Close all windows of this profile once.")
    free = shutil.disk_usage(profile_dir).free
    if free < ENOUGH_BYTES:
        return FindingDoc("disk", WARNING, f"Only {free // 1024**2} MB are free on this disk.", "Free some space.")
    return FindingDoc("disk", OK, f"{free // 1024**3} GB are free.")


def _speed(profile_dir: Path) -> FindingDoc:
    """How fast the window answers, from its own counts."""
    speeds = speedfile.load(profile_dir)
    total = speeds.total
    if total.count < speed.ENOUGH:
        return FindingDoc("speed", OK, "The window has not been used enough to say how fast it answers.")
    half, most = total.percentile(0.5), total.percentile(0.95)
    text = (
        f"{total.count:,} keys and clicks: half took up to {half:.0f} ms, 95 % up to {most:.0f} ms; the longest block"
        f" of the window was {speeds.longest_block:.0f} ms."
    )
    how = speed.rating(most)
    if how == speed.GOOD:
        return FindingDoc("speed", OK, f"{text} That is good.")
    slow = sorted(
        ((gauge.percentile(0.95), kind) for kind, gauge in speeds.kinds.items() if kind != speed.BLOCK), reverse=True
    )
    worst = ", ".join(f"{kind} {ms:.0f} ms" for ms, kind in slow[:3])
    if how == speed.FAIR:
        return FindingDoc("speed", OK, f"{text} That needs improvement; slowest: {worst}.")
    return FindingDoc(
        "speed",
        WARNING,
        f"{text} That is poor; slowest: {worst}.",
        "Close other programs, look whether the disk is full or slow, then clear the counts (Performance, in the menu"
        " of the person) and look again; if it stays so, send the table that Copy gives to support.",
    )
