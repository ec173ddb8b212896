"""The way to the server for the page of the connection: ``ui.sync.line.Line``.

Each call opens the cache anew, on the thread that it is made on: a login over a slow line holds up no booking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.services import sessions
from himsog_desktop.storage.cache import Cache
from himsog_desktop.storage.sessions import remember
from himsog_desktop.system import agentear
from himsog_desktop.ui.sync.line import Finding, Standing, Wish

if TYPE_CHECKING:
    from pathlib import Path


class ProfileLine:
    """The way to the server of one profile."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key

    def standing(self) -> Standing:
        """See ``Line``."""
        with Cache(self._folder, self._key) as cache:
            shared = cache.meta("clinic") if cache.meta("authority") == "remote" else ""
            return Standing(cache.meta(sessions.URL), shared, tuple(sessions.signed_in(cache)))

    def test(self, wish: Wish) -> list[Finding]:
        """See ``Line``."""
        from himsog_desktop.sync import address
        from himsog_desktop.sync.remotes import probe

        where = address.parse(wish.url)
        found = probe.probe(where, wish.login, wish.password) if wish.login and wish.password else probe.reach(where)
        return [Finding(one.what, one.level, one.text, one.todo, one.clinics) for one in found]

    def connect(self, wish: Wish) -> None:
        """See ``Line``."""
        with Cache(self._folder, self._key) as cache:
            sessions.connect(cache, wish.url, wish.clinic or None)
            sessions.sign_in(cache, wish.login, wish.password)
        self.sync_now()

    def sign_in(self, login: str, password: str) -> None:
        """See ``Line``."""
        with Cache(self._folder, self._key) as cache:
            sessions.sign_in(cache, login, password)
        self.sync_now()

    def sign_out(self, login: str) -> None:
        """See ``Line``."""
        with Cache(self._folder, self._key) as cache:
            sessions.sign_out(cache, login)
        self.sync_now()

    def accept_deletions(self) -> None:
        """See ``Line``."""
        with Cache(self._folder, self._key) as cache:
            remember(cache.writer, {sessions.ACCEPT: "1"})
        self.sync_now()

    def sync_now(self) -> None:
        """See ``Line``."""
        agentear.nudge(self._folder, agentear.SYNC)
