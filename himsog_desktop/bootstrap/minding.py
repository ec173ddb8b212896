"""The agent beside an open window: begun after the first paint, begun anew when it dies, ended with the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.runtime.agent import Minder

AFTER_S: Final = 1.0
"""Seconds from the first look at the profile to the agent's start: the window settles first."""


class Minding:
    """Made with the session; all but ``stop`` happens on the follower's thread, ``stop`` when that has ended."""

    def __init__(self, folder: Path, key: bytes, *, wanted: bool) -> None:
        self._folder, self._key, self._wanted = folder, key, wanted
        self._minder: Minder | None = None

    def look(self, *, shared: bool) -> None:
        """Have an agent run if the profile has a server."""
        if self._minder is None and self._wanted and shared:
            from himsog_desktop.runtime.agent import Minder

            key = self._key.hex().encode()
            self._minder = Minder([str(self._folder)], lambda: key + b"\n", died=self._died, after=AFTER_S)
            self._minder.start()

    def _died(self, code: int) -> None:
        """On the minder's thread: the window should know that nobody syncs just now."""
        from himsog_desktop.runtime.agent import TAKEN

        if code not in (0, TAKEN):
            from himsog_desktop.services import syncing

            syncing.note_gone(self._folder, self._key)

    def stop(self) -> None:
        """End the agent."""
        minder, self._minder, self._wanted = self._minder, None, False
        if minder is not None:
            minder.stop()
        self._key = b""
