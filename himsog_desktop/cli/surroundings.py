"""What the system tells a command: the clock, the profile's folder, the passphrase; and where faults are kept."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.ports import Clock


def passphrase() -> str | None:
    """The value of ``HIMSOG_PASSPHRASE``; None when it is not set or empty."""
    return os.environ.get("HIMSOG_PASSPHRASE") or None


class _WallClock:
    """The wall clock, or the one moment of ``HIMSOG_NOW``."""

    def __init__(self, fixed: int | None) -> None:
        self._fixed = fixed

    def now(self) -> int:
        """Microseconds since the epoch."""
        return time.time_ns() // 1000 if self._fixed is None else self._fixed

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()


def clock() -> Clock:
    """The wall clock, fixed by ``HIMSOG_NOW``. Raises BadInput when that is no instant."""
    from himsog_desktop.domain.time import parse_instant

    said = os.environ.get("HIMSOG_NOW")
    try:
        return _WallClock(parse_instant(said) if said else None)
    except ValueError as problem:
        raise BadInput("bad_instant", f"HIMSOG_NOW: {problem}.") from None


def default_folder() -> Path:
    """``HIMSOG_PROFILE``, else the profile in the user's data folder."""
    from pathlib import Path

    said = os.environ.get("HIMSOG_PROFILE")
    if said:
        return Path(said).expanduser()
    from platformdirs import user_data_path

    return user_data_path("himsog-desktop", appauthor=False) / "profile"


def keep_record(error: BaseException, folder: Path | None) -> None:
    """Keep where a fault of ours happened, for support: types and frames, no values."""
    import traceback

    traceback.print_exception(error)
