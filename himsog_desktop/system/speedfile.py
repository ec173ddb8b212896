"""``speed.json`` in a profile: how fast its window answered, as counts. Readable, without patient data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.speed import Speeds, read_document
from himsog_desktop.system.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "speed.json"
_LONGEST_FILE: Final = 1 << 18


def load(profile: Path) -> Speeds:
    """What was counted so far; nothing where there is no file, or a damaged one. Never raises."""
    try:
        with (profile / NAME).open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
        return read_document(json.loads(content)) if len(content) <= _LONGEST_FILE else Speeds()
    except (OSError, ValueError, RecursionError):
        return Speeds()


def save(profile: Path, speeds: Speeds) -> None:
    """Write the counts down. A full disk loses them, and nothing else."""
    content = json.dumps(speeds.as_document(), sort_keys=True, indent=1).encode() + b"\n"
    try:
        write_atomically(profile / NAME, content)
    except OSError:
        return


def clear(profile: Path) -> None:
    """Begin anew."""
    (profile / NAME).unlink(missing_ok=True)
