"""Where the files that ship with the program lie: fonts, icons, translations.

One function, the same from a checkout, an installed package and a frozen build.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

FOLDER = "resources"
"""The folder's name, in the repository beside the package."""


@lru_cache(maxsize=1)
def _root() -> Path:
    package = Path(__file__).resolve().parents[2]
    # A checkout has it beside the package, an installation may have put it inside.
    candidates = [package.parent / FOLDER, package / FOLDER]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        candidates.insert(0, Path(bundle) / FOLDER)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {FOLDER!r} is missing from this installation")


def resource(*parts: str) -> str:
    """The path of a shipped file or folder. Raises FileNotFoundError when it is not there."""
    path = _root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"{'/'.join((FOLDER, *parts))} is missing from this installation")
    return str(path)
