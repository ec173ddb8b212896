"""A copy of the encrypted file while others write, and the proof that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.storage.connection import open_raw
from himsog_desktop.storage.digest import digests

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.domain.fingerprint import TableDigest
    from himsog_desktop.storage.connection import Raw


def copy_to(raw: Raw, target: Path) -> None:
    """Write a copy under the same key as it stands at this moment; ``target`` must not exist yet."""
    raw.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def prove(path: Path, key: bytes) -> dict[str, TableDigest]:
    """Open a copy, check that it is sound, and answer its digest. Raises Surroundings when it is not."""
    raw = open_raw(path, key)
    try:
        if raw.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Surroundings("disk", "The copy is damaged. Make the backup again, on another disk.")
        return digests(raw)
    finally:
        raw.close()
