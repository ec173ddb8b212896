"""The clock of ``ports``: the system's, or the one moment of ``HIMSOG_NOW``."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros

VARIABLE: Final = "HIMSOG_NOW"


class SystemClock:
    """The wall clock, fixed when an instant is given; the monotonic clock is always real."""

    __slots__ = ("fixed",)

    def __init__(self, fixed: Micros | None = None) -> None:
        self.fixed = fixed

    def now(self) -> Micros:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000 if self.fixed is None else self.fixed

    def monotonic(self) -> float:
        """Seconds that never run backwards, for timers and back-off."""
        return time.monotonic()

    def __repr__(self) -> str:
        return f"SystemClock({'' if self.fixed is None else self.fixed})"


def system_clock(said: str | None = None) -> SystemClock:
    """The clock that this program runs by; ``said`` is for the value of ``HIMSOG_NOW``.

    Raises BadInput ``bad_instant`` when that is no instant with an offset.
    """
    text = os.environ.get(VARIABLE) if said is None else said
    if not text:
        return SystemClock()
    from himsog_desktop.domain.time import parse_instant

    try:
        return SystemClock(parse_instant(text))
    except ValueError as problem:
        raise BadInput("bad_instant", f"{VARIABLE}: {problem}.") from None
