"""Notices a sync that stands still without an error, and says how long the oldest intent has waited.

Others' sync wedged for good after partitions without a line in a log (reliability, section 1b); so whoever drives
the engine asks this beside it, and when it barks ends the connection and starts anew.
"""

from __future__ import annotations

from typing import Final, Literal

STUCK_AFTER: Final = 60.0
RED_AFTER: Final = 900.0


class Watchdog:
    """Barks when something waits, the line is up, and no exchange was completed for a minute."""

    __slots__ = ("_quiet_since",)

    def __init__(self, now: float) -> None:
        self._quiet_since = now

    def exchanged(self, now: float) -> None:
        """An exchange with the server was completed."""
        self._quiet_since = now

    def stuck(self, now: float, *, waiting: bool, online: bool) -> bool:
        """Whether to tear the connection down and build it again (``engine.resume``); the minute then begins anew.

        ``waiting``: something is in the outbox, or a request is under way. ``online``: the engine is not
        ``pausing``. Progress of a long snapshot counts as an exchange.
        """
        if not (waiting and online):
            self._quiet_since = now
            return False
        if now - self._quiet_since < STUCK_AFTER:
            return False
        self._quiet_since = now
        return True


def level(oldest_seconds: float | None) -> Literal["none", "waiting", "late"]:
    """How the status bar shows what waits: ``late`` (red) from 15 minutes on."""
    if oldest_seconds is None:
        return "none"
    return "late" if oldest_seconds >= RED_AFTER else "waiting"
