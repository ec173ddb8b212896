"""What the server told and this version of the program can't read: a state, a role or a kind that a newer one made.

It stays as it was here, or is not here, while the cursor goes on. So it is remembered which program left out what: a
person is told that not everything is shown, and as soon as another version opens the profile everything is fetched
anew (``SqliteStore.cursor``), for nothing else would bring it back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from himsog_desktop import __version__
from himsog_desktop.storage.cache import SCHEMA_HEAD
from himsog_desktop.storage.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from enum import StrEnum

    from himsog_desktop.storage.connection import Raw

Key = tuple[str, str]
"""Kind and id of an aggregate."""

KEY: Final = "unread"
"""Key of ``meta``."""

MOST: Final = 1000
"""So many are remembered one by one; whether there are more changes nothing."""

PROGRAM: Final = f"{__version__} {SCHEMA_HEAD}"


class Unread(msgspec.Struct, frozen=True):
    """Which program could not read what."""

    by: str = ""
    keys: tuple[Key, ...] = ()


def unread(raw: Raw) -> Unread:
    """What is left out."""
    found = raw.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return msgspec.json.decode(found[0], type=Unread) if found else Unread()


def another_could(raw: Raw) -> bool:
    """Whether another version of the program left something out, which this one may be able to read."""
    found = unread(raw)
    return bool(found.keys) and found.by != PROGRAM


def note(raw: Raw, skipped: Iterable[Key], read: Collection[Key]) -> None:
    """In the caller's transaction: these could not be read, those were."""
    found, skipped = unread(raw), list(skipped)
    if not skipped and not found.keys:
        return
    kept = dict.fromkeys(key for key in found.keys if key not in read)
    kept.update(dict.fromkeys(skipped))
    # Of a round that an older program began its name stays, until everything was fetched anew.
    _keep(raw, Unread(found.by if found.keys else PROGRAM, tuple(kept)[:MOST]))


def begin_anew(raw: Raw, skipped: Iterable[Key]) -> None:
    """In the caller's transaction: everything was fetched, and of it only this could not be read."""
    _keep(raw, Unread(PROGRAM, tuple(dict.fromkeys(skipped))[:MOST]))


def _keep(raw: Raw, found: Unread) -> None:
    if found.keys:
        text = msgspec.json.encode(found).decode()
        raw.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (KEY, text))
    else:
        raw.execute("DELETE FROM meta WHERE key = ?", (KEY,))


# ------------------------------------------------------------------------------------- rows of a snapshot


@cache
def _known() -> dict[str, tuple[str, int, tuple[tuple[int, frozenset[object]], ...]]]:
    """Per table the kind and place of its aggregate's id, and which columns hold which words."""
    from himsog_desktop.domain.appointment import CancelledBy, Location, Source, Status, VisitState
    from himsog_desktop.domain.clinic import OverrideKind, Pricing, ProviderStatus, ServiceKind
    from himsog_desktop.domain.people import Role

    wanted: dict[str, tuple[str, str, dict[str, type[StrEnum]]]] = {
        "appointments": ("appointment", "id", {"status": Status}),
        "appointment_desk": (
            "appointment",
            "appointment_id",
            {"location": Location, "source": Source, "cancelled_for": CancelledBy},
        ),
        "visit": ("appointment", "appointment_id", {"state": VisitState}),
        "providers": ("provider", "id", {"status": ProviderStatus}),
        "overrides": ("provider", "provider_id", {"kind": OverrideKind}),
        "services": ("service", "id", {"type": ServiceKind, "pricingModel": Pricing}),
        "staff": ("staff", "id", {"role": Role}),
    }
    found: dict[str, tuple[str, int, tuple[tuple[int, frozenset[object]], ...]]] = {}
    for table, (entity, key, columns) in wanted.items():
        names = SHAPES[table][0].split()
        words = tuple((names.index(name), frozenset[object]([None, *map(str, kind)])) for name, kind in columns.items())
        found[table] = (entity, names.index(key), words)
    return found


def readable(table: str, rows: Sequence[tuple[object, ...]]) -> tuple[Sequence[tuple[object, ...]], list[Key]]:
    """The rows of a snapshot that this version can read, and whose the others are."""
    known = _known().get(table)
    if known is None:
        return rows, []
    entity, at, columns = known
    if all({row[place] for row in rows} <= words for place, words in columns):
        return rows, []
    good = [row for row in rows if all(row[place] in words for place, words in columns)]
    bad = [(entity, str(row[at])) for row in rows if any(row[place] not in words for place, words in columns)]
    return good, bad
