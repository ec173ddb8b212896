"""When to try again: full jitter, one second doubling to five minutes. Source: reliability, section 2.3.

Time is monotonic seconds, handed in; so is the jitter, a number from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FIRST: Final = 1.0
LONGEST: Final = 300.0


class Backoff:
    """The pause after failures in a row of one thing; none at first. ``since`` is the last failure."""

    __slots__ = ("_jitter", "_longest", "failures", "since", "until")

    def __init__(self, jitter: Callable[[], float], longest: float = LONGEST) -> None:
        self._jitter = jitter
        self._longest = longest
        self.failures = 0
        self.since = 0.0
        self.until = 0.0

    def failed(self, now: float) -> float:
        """One more failure; answers when to try again."""
        longest = min(self._longest, FIRST * 2.0 ** min(self.failures, 16))
        self.failures += 1
        self.since = now
        self.until = now + longest * self._jitter()
        return self.until

    def worked(self) -> None:
        """It works again."""
        self.failures = 0
        self.until = 0.0
